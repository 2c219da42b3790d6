"""Snapshots: complete, unique, in agreement with the catalogue, and made anew by themselves."""

from __future__ import annotations

from datetime import date

import pytest

from core.base.errors import BadInput, Conflict, NotAllowed
from core.base.period import PeriodType, between, whole
from core.catalogue.scope import Scope
from core.catalogue.service import measure
from core.context import Context
from core.figures import State
from core.snapshots import periods, service
from tests.catalogue.factories import History, fresh

AXES = {"daily": "day", "weekly": "week", "biweekly": "biweek", "monthly": "month"}
STORED = "SELECT count() FROM snapshots FINAL WHERE workspace_id = {w:String}"


def busy(ctx: Context) -> Context:
    """A few weeks of three people in two teams: commits at all hours, reviewed pull requests, a day off, a bot."""
    history = History(ctx)
    for name in ("ann", "bob", "cleo"):
        history.person(name, weekdays=(1, 2, 3, 4, 5))
    history.person("robot", is_bot=True)
    history.member("ann", "red")
    history.member("bob", "red", until="2026-02-10")
    history.member("bob", "blue", since="2026-02-10")
    history.member("cleo", "blue")
    history.off("ann", "2026-02-05")
    for day in (2, 3, 4, 7, 12, 13, 26):
        history.commit("ann", f"2026-02-{day:02} 09:30", offset=60)
        history.commit("ann", f"2026-02-{day:02} 21:30", offset=60, additions=40)
        history.commit("bob", f"2026-02-{day:02} 23:40", repo="lib", offset=-300)
    history.commit("robot", "2026-02-03 10:00")
    history.merge("bob", "2026-02-04 10:00")
    history.commit("cleo", "2026-03-02 10:00")
    for number, day in enumerate((3, 6, 12, 20), 1):
        history.pr("ann", number, opened=f"2026-02-{day:02} 10:00", first_commit=f"2026-02-{day - 1:02} 10:00",
                   merged=f"2026-02-{day + 1:02} 16:00", merged_by="ann")  # fmt: skip
        history.review("bob", number, f"2026-02-{day:02} 15:00", comments=2)
        history.comment("bob", number, f"2026-02-{day:02} 14:00")
    history.pr("cleo", 9, opened="2026-02-10 10:00", closed="2026-02-11 10:00")
    return history.ingest()


def rows(ctx: Context) -> int:
    return int(ctx.metrics.scalar(STORED, {"w": ctx.workspace.id}))


@pytest.mark.parametrize("kind", list(PeriodType))
@pytest.mark.parametrize("subject", ["person", "team"])
def test_snapshots_agree_with_the_catalogue(ctx: Context, kind: PeriodType, subject: str) -> None:
    ctx = busy(ctx)
    service.generate(ctx, [kind])

    keys = periods.metric_keys()
    first = whole(kind, date(2026, 2, 1)).start
    answer = measure(
        ctx, keys, Scope(between(first.date(), whole(kind, date(2026, 3, 11)).dates()[1])), (subject, AXES[kind])
    )
    stored = ctx.metrics.rows(
        "SELECT subject_id, toString(period_start) AS start, values, numerators, denominators, ns, states"
        " FROM snapshots FINAL WHERE workspace_id = {w:String} AND subject_kind = {s:String} AND period_type = {k:String}",
        {"w": ctx.workspace.id, "s": subject, "k": kind.value},
    )
    told = {(row["subject_id"], row["start"]): row for row in stored}
    assert told
    for key in keys:
        measured = {v.group: v for v in answer.of(key) if v.value is not None}
        kept = {group for group, row in told.items() if key in row["values"]}
        assert kept == set(measured), key
        for group, value in measured.items():
            row = told[group]
            assert row["values"][key] == pytest.approx(value.value), (key, group)
            assert row["numerators"][key] == pytest.approx(value.numerator), (key, group)
            assert row["denominators"].get(key) == pytest.approx(value.denominator), (key, group)
            assert row["ns"][key] == value.n
            assert row["states"][key] == "measured"
