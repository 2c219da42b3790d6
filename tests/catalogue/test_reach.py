"""What a question leaves unread changes no answer."""

from __future__ import annotations

from datetime import date

import pytest

from core.base.period import between
from core.catalogue import METRICS, answers, reach
from core.catalogue.fact import TABLES
from core.catalogue.facts import FACTS
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Question, measure_together
from core.context import Context
from core.stores.metrics import ONCE, store
from tests.catalogue.factories import History
from tests.snapshots.test_snapshots import busy

PERIODS = (
    between(date(2026, 2, 1), date(2026, 2, 28)),
    between(date(2026, 2, 9), date(2026, 2, 15)),
    between(date(2026, 3, 2), date(2026, 3, 2)),
    between(date(2026, 1, 5), date(2026, 4, 30)),  # ends in the future
)
GROUPINGS = ((), ("person",), ("repo", "week"))


def straddling(ctx: Context) -> Context:
    """A busy workspace, and pull requests of which only a part lies in any of the periods."""
    history = History(ctx)
    for name in ("dan", "eve"):
        history.person(name)
    history.member("dan", "red")
    history.member("eve", "blue")
    history.pr("dan", 20, repo="far", opened="2025-11-10 10:00", first_commit="2025-11-09 10:00",
               merged="2026-02-10 10:00", merged_by="eve")  # fmt: skip
    history.review("eve", 20, "2025-11-12 10:00", "changes_requested", repo="far", comments=3)
    history.review("eve", 20, "2026-02-09 10:00", repo="far")
    history.pr_commit("dan", 20, "2025-12-01 10:00", repo="far")
    history.pr("dan", 21, repo="far", opened="2026-02-11 10:00", merged="2026-03-04 10:00", merged_by="dan")
    history.request("eve", 21, "2026-02-11 11:00", repo="far")
    history.review("eve", 21, "2026-02-27 10:00", repo="far", comments=1)
    history.comment("bob", 21, "2026-02-12 10:00", repo="far")
    history.pr("eve", 22, repo="far", opened="2025-12-24 10:00")
    history.request("dan", 22, "2025-12-24 11:00", repo="far")
    history.comment("ann", 22, "2026-02-10 11:00", repo="far")
    sha = history.commit("dan", "2025-10-02 10:00", repo="far")["sha"]
    history.review("eve", 0, "2026-02-12 10:00", repo="far", review_key=f"{sha}:1", approximate=1, source="git")
    history.deploy("2026-02-12 12:00", repo="far")
    history.deploy("2026-03-05 12:00", repo="far")
    history.incident("2026-02-13 12:00", "2026-02-13 14:00", repo="far")
    history.ingest()
    return busy(ctx)


def told(ctx: Context, scope: Scope) -> list[Measured]:
    answers._answers.clear()
    keys = tuple(metric.key for metric in METRICS)
    found = measure_together(ctx, [Question(keys, scope, by) for by in GROUPINGS])
    return [one for one in found if isinstance(one, Measured)]


def test_every_metric_says_the_same_as_from_whole_tables(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    ctx = straddling(ctx)
    scopes = [Scope(period, time_zone="Asia/Kolkata") for period in PERIODS]
    near = [answer for scope in scopes for answer in told(ctx, scope)]
    monkeypatch.setattr(reach, "condition", lambda *_: "")
    whole = [answer for scope in scopes for answer in told(ctx, scope)]

    assert len(near) == len(PERIODS) * len(GROUPINGS)
    assert [one.found for one in near] == [one.found for one in whole]
    assert [one.excluded for one in near] == [one.excluded for one in whole]
    metrics_with_a_value = {value.metric for one in near for value in one.values if value.n}
    facts_with_a_value = {METRICS.get(key).fact for key in metrics_with_a_value}
    assert facts_with_a_value >= {m.fact for m in METRICS if FACTS[m.fact].reach}


def test_only_known_tables_are_cut_down() -> None:
    tables = {table.name for table in TABLES.values()}
    assert {"pull_requests", *reach.OF_PULLS} <= tables


def test_a_period_reads_the_pull_requests_that_it_touches_and_no_others(ctx: Context, asked: list[str]) -> None:
    told(busy(ctx), Scope(PERIODS[1]))

    about_pulls = [sql for sql in asked if "FROM pull_requests FINAL" in sql]
    unbounded = [
        sql for sql in about_pulls if "FROM pull_requests FINAL WHERE workspace_id = {workspace:String}\n" in sql
    ]
    assert len(about_pulls) > len(unbounded) >= 1
    assert all("deployed_changes" in sql or "planned" in sql for sql in unbounded)


def test_a_store_that_keeps_no_parts_of_a_statement_answers_the_same(
    ctx: Context, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx, scope = straddling(ctx), Scope(PERIODS[0])
    kept = told(ctx, scope)
    assert any(ONCE in sql for sql in asked)

    monkeypatch.setattr(store, "_keeps", lambda client: False)

    assert [one.found for one in told(ctx, scope)] == [one.found for one in kept]
