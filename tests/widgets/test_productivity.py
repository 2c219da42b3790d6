"""Work over time: the moving average by hand, gaps that stay gaps, and teams beside each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.base.period import between
from core.catalogue.scope import Scope
from core.context import Context
from core.figures import State
from core.people import service as people
from core.people.views import Seen
from core.widgets import WIDGETS
from core.widgets.families.productivity import moving
from tests.catalogue.factories import History

FOUR_WEEKS = Scope(between(date(2026, 2, 9), date(2026, 3, 8)))


def built(ctx: Context, scope: Scope, **given: Any) -> Any:
    widget = WIDGETS.get("productivity.trend")
    return widget.build(ctx, scope, widget.accept(given))


@pytest.fixture
def acme(ctx: Context) -> Context:
    """Ann (Atlas) commits 4, 2, 0, 6, 8 times in the weeks from 2 February on, Bob (Beam) once in the last."""
    people.register(ctx, [Seen(f"{name}@example.com", name.title()) for name in ("ann", "bob")])
    for one, name in zip(people.people(ctx), ("Atlas", "Beam"), strict=True):
        people.set_membership(ctx, one.id, people.create_team(ctx, name).id, date(2026, 1, 1))
    history = History(ctx)
    for monday, count in (("02-02", 4), ("02-09", 2), ("02-23", 6), ("03-02", 8)):
        for hour in range(count):
            history.commit("ann", f"2026-{monday} {hour + 9:02}:00")
    history.commit("bob", "2026-03-03 09:00")
    return history.ingest()


def test_a_moving_average_by_hand() -> None:
    # The third is a gap: no mean stands there, and the fourth is told from the three that are known.
    assert moving([4, 2, None, 6, 8], 4) == [None, 3, None, 4, pytest.approx(16 / 3)]
    assert moving([None, None, None, 6], 4) == [None, None, None, None]


def test_weeks_with_their_mean_and_the_comparison(acme: Context) -> None:
    chart = built(acme, replace(FOUR_WEEKS, compare=between(date(2026, 1, 12), date(2026, 2, 8))), grain="week")

    each, mean, before = chart.lines
    assert each.x == [date(2026, 2, 9), date(2026, 2, 16), date(2026, 2, 23), date(2026, 3, 2)]
    assert each.y == [2, None, 6, 9]
    assert mean.y == [3, None, 4, pytest.approx((2 + 6 + 9) / 3)]
    assert before.y == [None, None, None, 4] and before.dashed


def test_a_line_a_team(acme: Context) -> None:
    chart = built(acme, FOUR_WEEKS, grain="week", by="team")

    assert [(line.name, line.y) for line in chart.lines] == [
        ("Atlas", [2, None, 6, 8]), ("Beam", [None, None, None, 1]),
    ]  # fmt: skip


def test_what_no_source_tells_is_said_and_not_drawn_as_nothing(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.commit("ann", "2026-03-03 09:00")
    history.feed("commits")
    chart = built(history.ingest(feeds=False), FOUR_WEEKS, metric="review_given_count")

    assert chart.state is State.NOT_COLLECTED and "Connect" in chart.state_text
    assert {value for line in chart.lines for value in line.y} == {None}
