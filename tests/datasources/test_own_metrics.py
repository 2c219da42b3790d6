"""Our own catalogue as a datasource: the numbers are those that pages show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.base.errors import SightlineError
from core.base.period import Period
from core.context import Context
from core.datasources import Window
from core.datasources.datasource import Answer
from core.datasources.kinds.metrics import Metrics
from tests.catalogue.factories import History

WINDOW = Window(Period(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)), "UTC")


@pytest.fixture
def history(ctx: Context) -> Context:
    """ann: two commits on Monday, one on Tuesday; bob: one on Tuesday; one more after the window."""
    made = History(ctx)
    for name in ("ann", "bob"):
        made.person(name)
    for when in ("2026-03-02 09:00", "2026-03-02 10:00", "2026-03-03 09:00"):
        made.commit("ann", when)
    for when in ("2026-03-03 10:00", "2026-03-09 00:00"):
        made.commit("bob", when, repo="api")
    return made.ingest()


def asked(ctx: Context, text: str, /, args: dict[str, Any] | None = None, **options: Any) -> Answer:
    source = Metrics(Metrics.Args(**(args or {})), WINDOW)
    source.house = lambda: ctx
    return source.query(text, **options)


def test_a_metric_alone_is_one_number(history: Context) -> None:
    assert asked(history, "commits_count").table.to_pylist() == [{"commits_count": 4.0}]


def test_groups_are_called_by_their_names(history: Context) -> None:
    rows = asked(history, "commits_count by person").table.to_pylist()

    assert {row["person"]: row["commits_count"] for row in rows} == {"ann": 3.0, "bob": 1.0}


def test_a_time_axis_is_called_time_and_keeps_to_the_window(history: Context) -> None:
    rows = asked(history, "commits_count by day").table.to_pylist()

    counted = {row["time"].date().isoformat(): row["commits_count"] for row in rows if row["commits_count"]}
    assert counted == {"2026-03-02": 2.0, "2026-03-03": 2.0}


def test_several_metrics_stand_side_by_side_and_what_is_missing_stays_missing(history: Context) -> None:
    rows = asked(history, "commits_count, avg_pr_cycle_time_hours by person").table.to_pylist()

    assert {"person": "ann", "commits_count": 3.0, "avg_pr_cycle_time_hours": None} in rows


def test_it_is_narrowed_by_its_arguments(history: Context) -> None:
    assert asked(history, "commits_count", {"repositories": ["api"]}).table.to_pylist() == [{"commits_count": 1.0}]


def test_individuals_numbers_are_marked(history: Context) -> None:
    assert asked(history, "commits_count by person").individual
    assert not asked(history, "commits_count by day").individual


@pytest.mark.parametrize(
    ("text", "args", "options", "said"),
    [
        ("commit_count", {}, {}, "There is no metric named 'commit_count'. Did you mean 'commits_count'?"),
        ("commits_count by tem", {}, {}, "Use one of person, team"),
        ("commits per team", {}, {}, "'commits per team' is no question for metrics. Write commits_count by team."),
        ("commits_count", {"teams": ["Nobody"]}, {}, "Nobody"),
        ("commits_count", {}, {"limit": 1}, "Our own catalogue takes no 'limit' in query_args; it takes nothing."),
    ],
)
def test_what_is_wrong_is_said(
    history: Context, text: str, args: dict[str, Any], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(SightlineError) as raised:
        asked(history, text, args, **options)

    assert said in str(raised.value)


def test_whoever_may_not_see_individuals_gets_none(history: Context, house: Any) -> None:
    from dataclasses import replace

    from core.context import ROLES, Actor

    closed = replace(history, workspace=replace(history.workspace, individuals="managers"))
    viewer = closed.as_actor(Actor("u", "Vera", "viewer", ROLES["viewer"]))

    with pytest.raises(SightlineError, match="does not show individuals"):
        asked(viewer, "commits_count by person")
