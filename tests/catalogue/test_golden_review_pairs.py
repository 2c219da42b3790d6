"""Who reviews whom, over a history whose answers are worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.catalogue import pairs
from core.catalogue.pairs import OTHERS, Pair
from core.catalogue.service import evidence, measure
from core.context import ROLES, Actor, Context
from core.figures import State, Table
from core.widgets import WIDGETS
from tests.catalogue.factories import WEEK, History, answered


@pytest.fixture
def reviewed(ctx: Context) -> Context:
    """Bob gives Ann 4 and gets 1; Cleo and Ann give each other 2; a bot reviews Ann, and Bob reviews a bot."""
    history = History(ctx)
    for name in ("ann", "bob", "cleo"):
        history.person(name)
        history.member(name, "blue" if name == "cleo" else "red")
    history.person("robot", is_bot=True)
    for number in range(1, 5):
        history.pr("ann", number, opened="2026-03-02 08:00")
        history.review("bob", number, f"2026-03-03 1{number}:00")
        history.review("robot", number, f"2026-03-03 1{number}:01")
    history.review("cleo", 1, "2026-03-03 20:00")
    history.review("cleo", 2, "2026-03-03 20:00")
    history.pr("bob", 5, opened="2026-03-02 08:00")
    history.review("ann", 5, "2026-03-04 10:00")
    for number in (6, 7):
        history.pr("cleo", number, opened="2026-03-02 08:00")
        history.review("ann", number, "2026-03-04 11:00")
    history.pr("robot", 8, opened="2026-03-02 08:00")
    history.review("bob", 8, "2026-03-04 12:00")
    history.review("ann", 1, "2026-03-04 13:00")  # of her own work: no review
    return history.ingest()


def hidden(ctx: Context, individuals: str = "managers", **who: object) -> Context:
    actor = Actor("u", "Vera", "viewer", ROLES["viewer"], **who)  # type: ignore[arg-type]
    return replace(ctx, actor=actor, workspace=replace(ctx.workspace, individuals=individuals, least_group=2))


def drawn(ctx: Context, key: str) -> Table:
    widget = WIDGETS.get(key)
    table = widget.build(ctx, WEEK, widget.accept({}))
    assert isinstance(table, Table)
    return table


def test_every_pair_has_what_each_side_gave(reviewed: Context) -> None:
    found = pairs.pairs(reviewed, WEEK)

    assert found.pairs == (Pair("bob", "ann", 4, 1), Pair("ann", "cleo", 2, 2))
    assert [pair.one_sided for pair in found.pairs] == [0.6, 0]
    assert (found.by, found.reviews, found.left_out) == ("person", 9, 0)


def test_bots_stand_in_pairs_when_they_are_asked_for(reviewed: Context) -> None:
    found = pairs.pairs(reviewed, replace(WEEK, include_bots=True))

    assert Pair("robot", "ann", 4, 0) in found.pairs and Pair("bob", "robot", 1, 0) in found.pairs


def test_a_pair_counts_once_whichever_side_is_asked_about(reviewed: Context) -> None:
    assert pairs.pairs(reviewed, replace(WEEK, person_ids=("cleo",))).pairs == (Pair("ann", "cleo", 2, 2),)
    assert pairs.pairs(reviewed, replace(WEEK, person_ids=("ann", "bob"))).pairs == pairs.pairs(reviewed, WEEK).pairs
    assert pairs.pairs(reviewed, replace(WEEK, team_ids=("blue",))).pairs == (Pair("ann", "cleo", 2, 2),)


def test_the_shares_and_what_is_returned(reviewed: Context) -> None:
    # Given: Bob 5 (one of a bot's), Ann 3, Cleo 2.
    assert answered(reviewed, "review_top_share").value == 5 / 10
    assert answered(reviewed, "review_top3_share").value == 1
    # Of 9 between people 1 + 1 and 2 + 2 went both ways.
    returned = answered(reviewed, "review_reciprocity")
    assert (returned.value, returned.n) == (pytest.approx(6 / 9), 9)
    assert answered(reviewed, "review_reciprocity", team_ids=("blue",)).value == 1
    by_team = measure(reviewed, ["review_top_share"], WEEK, ("team",))
    assert by_team.get("review_top_share", "red").value == pytest.approx(5 / 8)


def test_without_reviews_nothing_is_shared_or_returned(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.commit("ann", "2026-03-03 10:00")
    ctx = history.ingest()

    for key in ("review_top_share", "review_top3_share", "review_reciprocity"):
        assert (answered(ctx, key).value, answered(ctx, key).state) == (None, State.NO_DATA)
    assert drawn(ctx, "reviews.pairs").rows == []


def test_the_rows_behind_say_with_whom(reviewed: Context) -> None:
    rows = evidence(reviewed, "review_given_count", replace(WEEK, person_ids=("bob",)))

    keys = [column.key for column in rows.cols]
    assert "other" in keys and len(rows.rows) == 5


def test_the_table_says_what_is_one_sided(reviewed: Context) -> None:
    table = drawn(reviewed, "reviews.pairs")

    assert [row[2:] for row in table.rows] == [
        [4, 1, 0.6, 5 / 9, "One-sided"],
        [2, 2, 0, 4 / 9, "Both ways"],
    ]


def test_where_individuals_are_hidden_teams_stand_for_them(reviewed: Context) -> None:
    viewer = hidden(reviewed)
    assert pairs.pairs(viewer, WEEK).pairs == ()  # blue is one person
    assert pairs.pairs(viewer, WEEK).left_out == 4

    history = History(reviewed, repos={"app": next(iter(_repos(reviewed)))})
    history.person("dan")
    history.member("dan", "blue")
    more = history.ingest(feeds=False)
    found = pairs.pairs(hidden(more), WEEK)

    assert (found.by, found.pairs) == ("team", (Pair("blue", "red", 2, 2),))
    # Red gave Ann's 3 and Bob's 5, blue gave Cleo's 2.
    assert [row[1] for row in drawn(hidden(more), "reviews.load").rows] == [8, 2]


def test_others_stand_as_one_for_whoever_sees_themselves_only(reviewed: Context) -> None:
    ann = hidden(reviewed, "self", person_id="ann")

    found = pairs.pairs(ann, replace(WEEK, person_ids=("ann",)))

    assert found.pairs == (Pair(OTHERS, "ann", 6, 3),)


def test_who_is_asked_and_has_not_answered_is_waited_for(ctx: Context) -> None:
    history = History(ctx)
    for name in ("ann", "bob", "cleo"):
        history.person(name)
    history.pr("ann", 1, opened="2026-03-02 08:00")
    history.request("bob", 1, "2026-03-05 00:00")
    history.request("cleo", 1, "2026-03-03 00:00")
    history.review("cleo", 1, "2026-03-04 00:00")
    history.request("cleo", 1, "2026-03-06 00:00")  # asked again
    history.pr("ann", 2, opened="2026-03-02 08:00")
    history.request("bob", 2, "2026-03-02 09:00")
    history.comment("bob", 2, "2026-03-02 10:00")  # answered
    history.pr("ann", 3, opened="2026-03-02 08:00", is_draft=1)
    history.request("bob", 3, "2026-03-02 09:00")  # a draft waits for its author
    history.pr("ann", 4, opened="2026-03-02 08:00", merged="2026-03-04 08:00")
    history.request("bob", 4, "2026-03-02 09:00")  # merged without
    history.pr("ann", 5, opened="2026-03-02 08:00")
    history.request("bob", 5, "2026-03-02 09:00", withdrawn="2026-03-02 10:00")  # taken back
    history.request("cleo", 5, "2026-03-06 00:00", withdrawn="2026-03-09 12:00")  # taken back after the week
    ctx = history.ingest()

    asked = measure(ctx, ["review_requests_open_count"], WEEK, ("person",))
    assert {value.group[0]: value.value for value in asked.values if value.n} == {"bob": 1, "cleo": 2}
    rows = evidence(ctx, "review_requests_open_count", WEEK)
    keys = [column.key for column in rows.cols]
    assert sorted((row[keys.index("number")], row[keys.index("waited_hours")]) for row in rows.rows) == [
        (1, 3 * 24),
        (1, 4 * 24),
        (5, 3 * 24),
    ]
    load = drawn(ctx, "reviews.load")
    assert sorted(row[4] for row in load.rows) == [1, 2]


def _repos(ctx: Context) -> list[str]:
    from core.catalogue.service import repositories

    return [one.id for one in repositories(ctx)]
