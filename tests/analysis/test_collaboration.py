"""The collaboration network over a small history whose ties, strengths and measures are worked out by hand."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from core.access.models import Look
from core.analysis import asked, collaboration, graph, layout
from core.base.errors import NotAllowed
from core.base.period import between
from core.catalogue.scope import Scope
from core.context import ROLES, Actor, Context
from tests.catalogue.factories import History, at

WINTER = Scope(between(date(2025, 12, 1), date(2026, 3, 8)))
"""Ends at 2026-03-09 00:00: 9 December is 90 days before."""


@pytest.fixture
def four(ctx: Context) -> Context:
    """Bob reviewed Ann once 90 days before the end, and once at its last moment but a second; Ann commented on Bob's
    at the last moment; Cleo wrote a commit with Bob; Dan is alone. Ann and Bob are Atlas, Cleo is Beam."""
    history = History(ctx)
    for name in ("ann", "bob", "cleo", "dan"):
        history.person(name)
    for name, team in (("ann", "atlas"), ("bob", "atlas"), ("cleo", "beam")):
        history.member(name, team)
    history.pr("ann", 1, opened="2025-12-02 08:00")
    history.pr("bob", 2, opened="2025-12-02 08:00")
    history.review("bob", 1, "2025-12-09 00:00")
    history.review("bob", 1, "2026-03-08 23:59")
    history.comment("ann", 2, "2026-03-08 23:59")
    history.commit("bob", "2026-03-08 23:59", co_author_ids=history.ids("cleo"))
    history.commit("dan", "2026-03-05 10:00")
    return history.ingest()


def test_ties_count_and_fade_by_half_in_ninety_days(four: Context) -> None:
    found = collaboration.network(four, WINTER)
    ties = {(tie.source, tie.target): tie for tie in found.ties}

    assert list(ties) == [("bob", "ann"), ("cleo", "bob"), ("ann", "bob")]
    bob = ties["bob", "ann"]
    assert (bob.interaction_count, bob.review_count, bob.comment_count, bob.co_author_count) == (2, 2, 0, 0)
    assert bob.strength_score == pytest.approx(1.5, abs=1e-4)
    assert (bob.interaction_types, bob.last_interaction_at) == (("review",), at("2026-03-08 23:59"))
    assert ties["ann", "bob"].strength_score == pytest.approx(0.25, abs=1e-4)
    assert ties["cleo", "bob"].co_author_count == 1


def test_measures_of_three_in_a_row(four: Context) -> None:
    found = collaboration.network(four, WINTER)
    bob, ann, cleo, dan = found.members

    assert [one.id for one in found.members] == ["bob", "ann", "cleo", "dan"]
    assert [one.degree for one in (bob, ann, cleo, dan)] == [2, 1, 1, 0]
    assert bob.weighted_degree == pytest.approx(1.5 + 0.25 + 1, abs=1e-3)
    # The one pair of others, Ann and Cleo, meets over Bob.
    assert [one.betweenness for one in (bob, ann, cleo)] == [1.0, 0.0, 0.0]
    assert (bob.given, bob.received, ann.given, ann.received) == (2, 2, 1, 2)
    assert found.isolated == (dan,) and dan.community == 0 and bob.community == 1
    assert (bob.team, dan.team) == ("atlas", "")


def test_of_a_team_ties_inside_it_or_to_others_too(four: Context) -> None:
    atlas = replace(WINTER, team_ids=("atlas",))

    inside = collaboration.network(four, atlas)
    assert {(tie.source, tie.target) for tie in inside.ties} == {("bob", "ann"), ("ann", "bob")}
    assert {one.id for one in inside.members} == {"ann", "bob"}
    beyond = collaboration.network(four, atlas, beyond=True)
    assert {(tie.source, tie.target) for tie in beyond.ties} == {("bob", "ann"), ("ann", "bob"), ("cleo", "bob")}


def test_whoever_may_not_see_individuals_sees_their_own_ties_alone(four: Context) -> None:
    hidden = replace(
        four.as_actor(Actor("u1", "Ann", "viewer", ROLES["viewer"], person_id="ann")),
        workspace=replace(four.workspace, individuals="self"),
    )

    with pytest.raises(NotAllowed, match="shows individuals"):
        collaboration.network(hidden, WINTER)
    with pytest.raises(NotAllowed):
        collaboration.collaborators(hidden, "bob", WINTER)
    with pytest.raises(NotAllowed):
        collaboration.rows(hidden, WINTER, "bob")
    assert {(tie.source, tie.target) for tie in collaboration.collaborators(hidden, "ann", WINTER)} == {
        ("bob", "ann"), ("ann", "bob"),
    }  # fmt: skip
    assert len(collaboration.rows(hidden, WINTER, "ann").rows) == 3


def test_looking_at_the_network_is_noted_each_time_it_is_shown(four: Context) -> None:
    mara = four.as_actor(Actor("u2", "Mara", "manager", ROLES["manager"]))
    collaboration.network(four, WINTER)
    collaboration.network(mara, WINTER)

    with four.app.reading() as session:
        assert [(look.viewer_id, look.person_id) for look in session.query(Look)] == [("u2", "everybody")]


def test_rows_behind_a_tie_and_their_file(four: Context) -> None:
    table = collaboration.rows(four, WINTER, "bob", "cleo")
    assert [row[4] for row in table.rows] == ["co-authored"]
    text = collaboration.rows_csv(four, WINTER, "bob").decode()
    assert text.splitlines()[0] == "At (UTC),Person,Given or received,With,How,Repository,Number,Subject"
    assert len(text.splitlines()) == 5


def test_two_groups_and_a_bridge_are_two_communities_with_the_same_answer_each_time() -> None:
    ring = [(a, b, 5.0) for group in ((0, 1, 2, 3), (4, 5, 6)) for a in group for b in group if a < b]
    ties = [*ring, (3, 4, 0.5)]

    first, second = graph.measured(8, ties), graph.measured(8, list(reversed(ties)))

    assert first.community == [1, 1, 1, 1, 2, 2, 2, 0]
    assert first == second
    assert first.degree[3] == 4 and first.weighted_degree[3] == pytest.approx(15.5)
    # Of 15 pairs of the six others who have ties, the nine of {0, 1, 2} with {4, 5, 6} meet over 3.
    assert first.betweenness[3] == pytest.approx(9 / 15)


def test_a_helper_of_many_has_the_highest_pagerank() -> None:
    helped = graph.measured(5, [(0, author, 1.0) for author in (1, 2, 3, 4)])

    assert max(range(5), key=lambda node: helped.pagerank[node]) == 0
    assert sum(helped.pagerank) == pytest.approx(1)


def test_places_keep_discs_apart_and_inside_the_frame() -> None:
    community = [1] * 40 + [2] * 20 + [3] * 5 + [0]
    ties = [(0, 45, 3.0), (1, 62, 1.0)]
    found = layout.places(community, [1.0] * 66, ties)

    assert max(max(abs(x), abs(y)) for x, y in found) == layout.SIZE
    middles = [[sum(axis) / len(part) for axis in zip(*part, strict=True)] for part in (found[:40], found[40:60])]
    reach = [
        max(((x - m[0]) ** 2 + (y - m[1]) ** 2) ** 0.5 for x, y in part)
        for m, part in zip(middles, (found[:40], found[40:60]), strict=True)
    ]
    apart = ((middles[0][0] - middles[1][0]) ** 2 + (middles[0][1] - middles[1][1]) ** 2) ** 0.5
    assert apart > sum(reach) * 0.95
    assert found == layout.places(community, [1.0] * 66, ties)


def test_the_network_tells_how_far_it_is(four: Context) -> None:
    told: list[tuple[float, str]] = []
    for _ in range(2):
        collaboration.network(four, WINTER, step=lambda done, what: told.append((done, what)))

    assert [what for _, what in told] == [
        "Reading who worked with whom", "Communities of 3 people with 3 ties", "On whom the work of others leans",
        "Who stands between others", "A place for everybody",
    ]  # fmt: skip
    assert [done for done, _ in told] == sorted({done for done, _ in told})


def test_whoever_asks_the_same_meanwhile_waits_for_the_one_answer(ctx: Context) -> None:
    begun, made = threading.Event(), list[int]()
    let = threading.Event()

    def make() -> list[int]:
        begun.set()
        assert let.wait(10)
        made.append(len(made))
        return made

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(asked.remembered, ctx, "test", (), make)
        assert begun.wait(10)
        second = pool.submit(asked.remembered, ctx, "test", (), make)
        let.set()
        assert first.result(10) is second.result(10) is made

    assert made == [0]


def test_an_answer_that_failed_is_asked_for_again(ctx: Context) -> None:
    def fail() -> int:
        raise NotAllowed("Not now.")

    with pytest.raises(NotAllowed):
        asked.remembered(ctx, "failing", (), fail)
    assert asked.remembered(ctx, "failing", (), lambda: 7) == 7
