"""Leaderboards, fairness of work, what needs attention, and how complete and fresh data are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.access import insights
from core.base.errors import BadInput, NotAllowed
from core.catalogue.scope import Scope
from core.context import Context
from core.documents import axes, charts
from core.figures import Axis, Line, Quantity, Series, SeriesStyle, Unit
from core.people import service as people
from core.people.views import Seen
from core.snapshots import service as snapshots
from core.widgets import WIDGETS
from core.widgets.fairness import gini, top_share, words
from tests.catalogue.factories import WEEK, History, fresh

NAMES = ("ann", "bob", "cid", "dan", "eve")


def built(ctx: Context, key: str, scope: Scope = WEEK, **given: Any) -> Any:
    widget = WIDGETS.get(key)
    return widget.build(ctx, scope, widget.accept(given))


def cells(table: Any) -> list[list[Any]]:
    return [[cell.text if isinstance(cell, Quantity) else cell for cell in row] for row in table.rows]


@pytest.fixture
def acme(ctx: Context) -> Context:
    """In the week of 2 March 2026 five people commit 1, 1, 2, 2 and 4 times."""
    people.register(ctx, [Seen(f"{name}@example.com", name.title()) for name in NAMES])
    history = History(ctx)
    for name, count in zip(NAMES, (1, 1, 2, 2, 4), strict=True):
        for number in range(count):
            history.commit(name, f"2026-03-0{2 + number} 10:00")
    ctx = history.ingest()
    insights.change(ctx, {"leaderboards": True})
    return fresh(ctx)


def test_a_gini_coefficient_by_hand() -> None:
    # In order 1 1 2 2 4 with (2i − n − 1) = −4 −2 0 2 4: −4 − 2 + 0 + 4 + 16 = 14, over 5 × 10.
    assert gini([4, 1, 2, 1, 2]) == pytest.approx(14 / 50)
    assert gini([3, 3, 3]) == 0
    assert gini([0, 0, 0, 8]) == pytest.approx(3 / 4)
    assert gini([]) is None and gini([0, 0]) is None
    assert top_share([4, 1, 2, 1, 2]) == 0.4 and top_share([]) is None
    assert [words(one, 5) for one in (0.1, 0.3, 0.6, None)] == [
        "Spread evenly.", "Leans to some people.", "Rests on a few people.", "Nothing to share out.",
    ]  # fmt: skip


def test_work_is_shared_out_with_what_that_says(acme: Context) -> None:
    table = built(acme, "workload.fairness", metrics=("commits_count",))

    assert cells(table) == [["Commits", 5, "10", "2", "4", 0.4, pytest.approx(0.28), "Leans to some people."]]
    chart = built(acme, "workload.shares", metrics=("commits_count",))
    assert chart.lines[0].x == ["Eve", "Cid", "Dan", "Ann", "Bob"]
    assert chart.lines[0].y == pytest.approx([0.4, 0.2, 0.2, 0.1, 0.1])


def test_people_in_order_share_a_place_where_they_read_the_same(acme: Context) -> None:
    table = built(acme, "people.leaderboard", metric="commits_count")

    assert [row[:4] for row in cells(table)] == [
        ["1", "Eve", "4", 4], ["2 =", "Cid", "2", 2], ["2 =", "Dan", "2", 2], ["4 =", "Ann", "1", 1],
        ["4 =", "Bob", "1", 1],
    ]  # fmt: skip
    assert {row[4] for row in cells(table)} == {"hardly: few rows"}
    assert "It does not say how hard, how useful or how good the work was" in table.note


def test_whoever_shares_the_last_place_is_shown_too(acme: Context) -> None:
    assert len(built(acme, "people.leaderboard", metric="commits_count", limit=4).rows) == 5


def test_a_leaderboard_is_off_until_an_admin_wants_it(acme: Context) -> None:
    insights.change(acme, {"leaderboards": False})
    with pytest.raises(NotAllowed, match="Leaderboards are off in 'Acme'"):
        built(acme, "people.leaderboard", metric="commits_count")


def test_a_leaderboard_has_never_fewer_people_than_the_smallest_group(acme: Context) -> None:
    insights.change(acme, {"least_group": 6})
    with pytest.raises(BadInput, match="5 people have a value here, and this workspace orders no fewer than 6"):
        built(acme, "people.leaderboard", metric="commits_count")


def test_wellbeing_is_nobodys_competition(acme: Context) -> None:
    with pytest.raises(BadInput, match="about wellbeing, and nobody is put in an order by it"):
        built(acme, "people.leaderboard", metric="weekend_commit_ratio")


def test_where_individuals_are_hidden_nobody_is_put_in_an_order(acme: Context) -> None:
    closed = replace(
        acme, workspace=replace(acme.workspace, individuals="self"), actor=replace(acme.actor, user_id="u")
    )
    for key in ("people.leaderboard", "workload.fairness", "workload.shares"):
        with pytest.raises(NotAllowed):
            built(closed, key)


def test_what_is_beyond_the_bounds_is_named_with_them(ctx: Context) -> None:
    people.register(ctx, [Seen(f"{name}@example.com", name.title()) for name in NAMES])
    team = people.create_team(ctx, "Atlas").id
    for one in people.people(ctx):
        people.set_membership(ctx, one.id, team, date(2026, 1, 1))
    history = History(ctx)
    for number in range(5):  # opened on Monday at nine, reviewed on Wednesday at nine: 48 hours
        history.pr("ann", number, opened="2026-03-02 09:00", merged="2026-03-05 09:00")
        history.review("bob", number, "2026-03-04 09:00")
    for name, count in zip(NAMES, (1, 1, 1, 1, 16), strict=True):
        for number in range(count):
            history.commit(name, f"2026-03-0{3 + number % 3} {8 + number // 3:02d}:00")
    history.feed(until="2026-03-08")
    ctx = history.ingest(feeds=False)
    insights.change(ctx, {"unfair_gini": 0.55, "least_group": 5})

    table = built(fresh(ctx), "workspace.attention")

    # Gini of 1 1 1 1 16: −4 −2 0 2 64 = 60, over 5 × 20 = 0.6. Data end on 8 March, 3.5 days before noon of the 11th.
    assert [row[:4] for row in cells(table)] == [
        ["Time to first review", "Atlas", "48.0 h", "24.0 h"],
        ["Work rests on few (Gini)", "Atlas", "0.60", "0.55"],
        ["Data are late", "app", "3.5 d", "2 d"],
    ]


def test_where_nothing_is_beyond_the_bounds_that_is_said(acme: Context) -> None:
    rows = cells(built(acme, "workspace.attention"))
    assert [row[0] for row in rows] == ["Nothing that is collected is beyond the bounds in this period"]


def test_a_bound_that_cannot_be_told_of_is_said_with_what_to_connect(ctx: Context) -> None:
    history = History(ctx)
    for hour in range(6):
        history.commit("ann", f"2026-03-07 {hour + 9:02d}:00")  # a Saturday
    history.feed("commits", "commit_files")
    ctx = history.ingest(feeds=False)

    rows = cells(built(ctx, "workspace.attention"))

    assert rows[0][:4] == ["Weekend commits", "everybody", "100 %", "20 %"]
    assert [(row[0], row[1], row[2]) for row in rows[1:]] == [
        ("Time to first review", "not to be told", "–"), ("Change failure rate", "not to be told", "–"),
    ]  # fmt: skip
    assert "Nothing collects deployments" in rows[2][4]


def test_how_complete_and_how_late_data_are(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-02 10:00", repo="app")
    history.commit("ann", "2026-03-02 10:00", repo="lib")
    history.feed("commits", repo="app", until="2026-03-11 06:00")
    history.feed("commits", "pull_requests", repo="lib", until="2026-03-01", approximate=True)
    ctx = history.ingest(feeds=False)

    complete = {row[0]: row[1:5] for row in cells(built(ctx, "data.completeness"))}
    assert complete["Commits"] == [2, 2, 1.0, 1]
    assert complete["Pull requests"] == [1, 2, 0.5, 1]
    assert complete["Deployments"] == [0, 2, 0.0, 0]
    late = {row[0]: (row[4], row[5]) for row in cells(built(ctx, "data.lag"))}
    assert late == {"lib": (252.0, "late"), "app": (6.0, "fresh")}


def test_how_fresh_snapshots_are(acme: Context) -> None:
    assert "No snapshot was made yet" in built(acme, "data.snapshots").state_text
    snapshots.generate(acme, ["weekly"])

    weekly = next(row for row in cells(built(acme, "data.snapshots")) if row[0] == "Weekly")
    assert weekly[1:5] == [2, 1, 0, 0]


def test_empty_workspaces_say_what_to_do(ctx: Context) -> None:
    for key in ("data.completeness", "data.lag"):
        assert "Add a repository on the page Sources" in built(ctx, key).state_text


def test_small_multiples_share_one_scale(acme: Context) -> None:
    ids = {one.name: one.id for one in people.people(acme)}
    everybody = replace(WEEK, person_ids=tuple(ids.values()))

    ann, eve = (
        built(acme, "compare.single", everybody, metric="commits_count", of="person", subject=ids[name])
        for name in ("Ann", "Eve")
    )

    assert (ann.title, eve.title) == ("Ann", "Eve")
    assert ann.style == eve.style
    assert axes.reach(ann) == axes.reach(eve) == [0.0, 1.0]
    with pytest.raises(BadInput, match="not among those that are compared"):
        built(acme, "compare.single", everybody, metric="commits_count", of="person", subject="zoe")


def test_two_periods_share_one_scale(acme: Context) -> None:
    compared = replace(WEEK, compare=WEEK.period.previous())  # type: ignore[union-attr]

    now, before = (
        built(acme, "compare.single", compared, metric="lines_added", of="period", subject=name)
        for name in ("now", "before")
    )

    assert (now.title, before.title) == ("2 Mar 2026 – 8 Mar 2026", "23 Feb 2026 – 1 Mar 2026")
    assert axes.reach(now)[1] == axes.reach(before)[1] == 50.0
    for series in (now, before):
        assert charts.spec(series)


def test_a_shared_scale_of_long_hours_is_in_days_for_all() -> None:
    short = Series(
        y=Axis(unit=Unit.HOURS), lines=[Line(name="x", x=[date(2026, 3, 2)], y=[4.0])], style=SeriesStyle(y_to=96.0)
    )

    assert axes.in_days(short) and axes.reach(short) == [0.0, 4.0]
