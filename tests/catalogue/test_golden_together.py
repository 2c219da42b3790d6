"""How closely people work together, over small histories whose answers are worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.catalogue import service as catalogue
from core.catalogue.service import evidence, measure
from core.context import Context
from core.figures import State
from tests.catalogue.factories import WEEK, History, answered

KEYS = ("collaboration_density", "isolated_people")


def told(ctx: Context) -> History:
    """Ann and Bob review each other, Bob reviews Cleo three times, Cleo wrote a commit with Ann; Dan is alone.

    Pairs: ann-bob (both ways), bob-cleo (one way), ann-cleo (co-written). Atlas is Ann and Bob, Beam Cleo and Dan.
    """
    history = History(ctx)
    for name, team in (("ann", "atlas"), ("bob", "atlas"), ("cleo", "beam"), ("dan", "beam")):
        history.person(name)
        history.member(name, team)
    history.person("robot", is_bot=True)
    history.pr("ann", 1, opened="2026-03-02 08:00", merged="2026-03-03 18:00")
    history.pr("bob", 2, opened="2026-03-02 08:00", merged="2026-03-03 18:00")
    history.pr("cleo", 3, opened="2026-03-02 08:00", merged="2026-03-03 18:00")
    history.review("bob", 1, "2026-03-03 09:00")
    history.review("robot", 1, "2026-03-03 09:00")
    history.comment("ann", 2, "2026-03-03 10:00")
    history.comment("cleo", 3, "2026-03-03 10:00")
    for hour in (9, 10, 11):
        history.review("bob", 3, f"2026-03-04 {hour:02}:00")
    history.commit("cleo", "2026-03-05 09:00", co_author_ids=history.ids("ann"))
    history.commit("dan", "2026-03-05 10:00")
    return history


@pytest.fixture
def four(ctx: Context) -> Context:
    return told(ctx).ingest()


def values(ctx: Context, **narrowed: Any) -> list[float | None]:
    answer = measure(ctx, KEYS, replace(WEEK, **narrowed))
    return [answer.get(key).value for key in KEYS]


def test_of_everybody_by_hand(four: Context) -> None:
    # 3 of 4 × 3 / 2 = 6 pairs; Dan worked with nobody. The robot's review and comments on own work count nowhere.
    assert values(four) == [pytest.approx(3 / 6), 1.0]


def test_of_a_team_only_pairs_inside_count(four: Context) -> None:
    # Atlas: ann-bob of one pair. Beam: no pair inside, though Cleo worked with others; Dan with nobody.
    assert values(four, team_ids=("atlas",)) == [1.0, 0.0]
    assert values(four, team_ids=("beam",)) == [0.0, 1.0]
    by_team = measure(four, KEYS, WEEK, ("team",))
    assert [by_team.get(key, team).value for team in ("atlas", "beam") for key in KEYS] == [1.0, 0.0, 0.0, 1.0]


def test_somebody_alone_in_a_team_has_no_pair_to_tell_of(ctx: Context) -> None:
    history = told(ctx)
    history.member("ann", "solo")
    density = answered(history.ingest(), "collaboration_density", team_ids=("solo",))

    assert (density.value, density.state) == (None, State.NO_DATA)


def test_bots_count_when_they_are_asked_for(four: Context) -> None:
    # Five are active now; robot-ann is a pair: 4 of 10.
    assert values(four, include_bots=True) == [pytest.approx(4 / 10), 1.0]


def test_two_who_are_one_have_no_tie_with_themselves(ctx: Context) -> None:
    history = told(ctx)
    history.version = 2
    history.person("ann", identities=("ann", "bob"))

    # Ann, Cleo, Dan: ann-cleo is the one pair of three.
    assert values(history.ingest()) == [pytest.approx(1 / 3), 1.0]


def test_somebody_whom_the_source_does_not_name_is_nobody(ctx: Context) -> None:
    history = told(ctx)
    gone = history.review("bob", 3, "2026-03-05 09:00")
    gone["reviewer_id"] = 0
    lost = history.pr("ann", 9, opened="2026-03-02 08:00")
    lost["author_id"] = 0
    history.review("dan", 9, "2026-03-05 09:00")

    assert values(history.ingest()) == [pytest.approx(3 / 6), 1.0]


def test_the_order_and_number_of_times_of_telling_change_nothing(ctx: Context) -> None:
    history = told(ctx)
    history.tables.update({table: rows[::-1] + rows for table, rows in history.tables.items()})

    assert values(history.ingest()) == [pytest.approx(3 / 6), 1.0]


def test_without_reviews_it_is_not_collected(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.commit("ann", "2026-03-03 09:00")
    history.feed("commits")
    alone = history.ingest(feeds=False)

    assert answered(alone, "isolated_people").state is State.NOT_COLLECTED


def test_the_rows_behind_name_both_sides(four: Context) -> None:
    table = evidence(four, "collaboration_density", WEEK)
    place = {column.key: number for number, column in enumerate(table.cols)}

    assert {row[place["how"]] for row in table.rows} >= {"review", "comment", "co-authored", "commit"}
    assert {row[place["other"]] for row in table.rows if row[place["side"]] == "alone"} == {None}
    assert table.total_rows == len(table.rows) == catalogue.explain(four, "collaboration_density", WEEK).n


def test_thousands_of_pairs_are_told_in_one_answer(ctx: Context) -> None:
    # 300 people in a ring: each reviews the next twenty, so nothing comes back, and 20 × 300 of all pairs are tied.
    history = History(ctx)
    names = [f"p{number}" for number in range(300)]
    for name in names:
        history.person(name)
    for number, name in enumerate(names):
        history.pr(name, number + 1, opened="2026-03-02 08:00")
        for step in range(1, 21):
            history.review(names[(number - step) % 300], number + 1, "2026-03-03 09:00")
    answer = measure(history.ingest(), ("collaboration_density", "review_reciprocity", "isolated_people"), WEEK)

    assert answer.get("collaboration_density").value == pytest.approx(6000 / (300 * 299 / 2))
    assert answer.get("review_reciprocity").value == 0
    assert answer.get("isolated_people").value == 0
