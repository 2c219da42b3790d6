"""Pull requests one by one, over a history whose answers are worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.base.errors import NotAllowed, NotFound
from core.catalogue import pulls
from core.catalogue.pulls import Wish
from core.context import ROLES, Actor, Context
from core.people.models import Person
from tests.catalogue.factories import WEEK, History


@pytest.fixture
def known(ctx: Context) -> Context:
    history = History(ctx)
    for name in ("ann", "bob"):
        history.person(name)
    history.person("robot", is_bot=True)
    history.pr(
        "ann", 1, title="Faster search", first_commit="2026-03-02 08:00", opened="2026-03-02 09:00",
        ready="2026-03-02 10:00", merged="2026-03-02 19:00", merged_by="bob", labels=["speed"], additions=30,
    )  # fmt: skip
    history.pr_commit("ann", 1, "2026-03-02 08:30")
    history.request("bob", 1, "2026-03-02 10:00")
    history.review("bob", 1, "2026-03-02 12:00", state="changes_requested", comments=2)
    history.comment("ann", 1, "2026-03-02 13:00")
    history.review("bob", 1, "2026-03-02 15:00", state="approved")
    history.deploy("2026-03-01 12:00")
    history.deploy("2026-03-03 12:00")
    history.pr("bob", 2, title="Docs", opened="2026-03-03 09:00")
    history.pr("bob", 3, title="Draft of docs", opened="2026-03-03 09:30", is_draft=1)
    history.pr("ann", 4, title="Given up", opened="2026-03-03 09:00", closed="2026-03-04 09:00")
    history.pr("robot", 5, title="Bump", opened="2026-03-03 09:00", merged="2026-03-03 10:00")
    history.pr("ann", 6, title="Older", opened="2026-02-01 09:00", merged="2026-02-03 10:00")
    known = history.ingest()
    with known.app.session() as session:
        for name in ("ann", "bob"):
            session.add(
                Person(
                    id=name, workspace_id=known.workspace.id, name=name, email=f"{name}@example.com", is_bot=False,
                    bot_reason="", bot_by_hand=False, is_locked=False, created_at=known.clock(),
                )
            )  # fmt: skip
    return known


def numbers(ctx: Context, **wish: object) -> list[int]:
    return [number for _, number in pulls.found(ctx, WEEK, Wish(**wish)).keys]  # type: ignore[arg-type]


def test_those_finished_in_the_period_or_open_at_its_end_are_found_bots_left_out(known: Context) -> None:
    assert sorted(numbers(known)) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({"words": "DOCS"}, [2, 3]),
        ({"words": "#4"}, [4]),
        ({"words": "speed"}, [1]),
        ({"states": ("merged",)}, [1]),
        ({"states": ("open", "draft")}, [2, 3]),
        ({"states": ("closed",)}, [4]),
        ({"words": "nothing like it"}, []),
        ({"words": "%"}, []),
        ({"words": "'; DROP TABLE commits"}, []),
    ],
)
def test_they_are_searched_by_words_and_state(known: Context, wish: dict[str, object], found: list[int]) -> None:
    assert sorted(numbers(known, **wish)) == found


def test_the_largest_comes_first_when_asked_for(known: Context) -> None:
    assert numbers(known, order="size")[0] == 1


def test_of_those_that_are_open_the_one_opened_last_comes_first(known: Context) -> None:
    assert numbers(known) == [3, 2, 4, 1]


def test_a_list_that_is_cut_says_how_many_there_are(known: Context) -> None:
    found = pulls.found(known, WEEK, Wish(), limit=3)

    assert (len(found.keys), found.total, found.table.total_rows) == (3, 4, 4)


def test_one_has_its_course_in_order(known: Context) -> None:
    repo = pulls.found(known, WEEK, Wish(words="Faster")).keys[0][0]

    one = pulls.one(known, repo, 1)

    assert [(f"{event.at:%d %H:%M}", event.what, event.who) for event in one.events] == [
        ("02 08:00", "first commit", "ann"),
        ("02 08:30", "pushed", "ann"),
        ("02 09:00", "opened", "ann"),
        ("02 10:00", "asked for a review", "bob"),
        ("02 10:00", "ready for review", "ann"),
        ("02 12:00", "changes requested", "bob"),
        ("02 13:00", "comment", "ann"),
        ("02 15:00", "approved", "bob"),
        ("02 19:00", "merged", "bob"),
        ("03 12:00", "deployed", ""),
    ]
    assert (one.author, one.state, one.labels, one.lines) == ("ann", "merged", ("speed",), 32)


def test_its_phases_add_up_to_the_whole_way(known: Context) -> None:
    repo = pulls.found(known, WEEK, Wish(words="Faster")).keys[0][0]

    one = pulls.one(known, repo, 1)

    assert dict(one.phases) == {"coding": 1, "draft": 1, "pickup": 2, "review": 3, "merge wait": 4}
    assert one.whole == 11


def test_each_phase_says_from_which_event_to_which_it_runs(known: Context) -> None:
    repo = pulls.found(known, WEEK, Wish(words="Faster")).keys[0][0]

    told = [
        (one.name, one.begins, one.ends, f"{one.begins_at:%d %H}", f"{one.ends_at:%d %H}", one.hours, one.unknown)
        for one in pulls.one(known, repo, 1).course
    ]

    assert told == [
        ("coding", "first commit", "opened", "02 08", "02 09", 1, ""),
        ("draft", "opened", "ready for review", "02 09", "02 10", 1, ""),
        ("pickup", "ready for review", "first response of another person", "02 10", "02 12", 2, ""),
        ("review", "first response of another person", "first approval by another person", "02 12", "02 15", 3, ""),
        ("merge wait", "first approval by another person", "merged", "02 15", "02 19", 4, ""),
        ("deploy", "merged", "deployed", "02 19", "03 12", 17, ""),
    ]


def test_a_phase_that_is_unknown_says_why(ctx: Context) -> None:
    history = History(ctx)
    history.person("ann")
    history.pr("ann", 1, first_commit="2026-03-03 08:00", opened="2026-03-02 09:00", merged="2026-03-03 09:00")
    history.pr("ann", 2, opened="2026-03-02 09:00")
    ctx = history.ingest()
    (repo, _), *_ = pulls.found(ctx, WEEK, Wish()).keys

    merged = {one.name: one.unknown for one in pulls.one(ctx, repo, 1).course}
    assert merged == {
        "coding": "Its moments run backwards, as after a rebase.",
        "draft": "",
        "pickup": "Nobody else responded before the merge; bots do not count.",
        "review": "Nobody else responded before the merge; bots do not count.",
        "merge wait": "Nobody else approved it before the merge; bots do not count.",
        "deploy": "No deployment recorded.",
    }
    assert {one.unknown for one in pulls.one(ctx, repo, 2).course} == {"It is not merged."}


def test_of_one_that_is_open_no_phase_is_made_up(known: Context) -> None:
    repo = pulls.found(known, WEEK, Wish(words="#2")).keys[0][0]

    one = pulls.one(known, repo, 2)

    assert one.state == "open"
    assert {hours for _, hours in one.phases} == {None}
    assert one.whole is None


def test_one_that_is_not_there_is_not_found(known: Context) -> None:
    repo = pulls.found(known, WEEK, Wish()).keys[0][0]

    with pytest.raises(NotFound, match="no pull request number 77"):
        pulls.one(known, repo, 77)


def test_another_workspace_finds_nothing(known: Context) -> None:
    repo = pulls.found(known, WEEK, Wish()).keys[0][0]
    stranger = replace(known, workspace=replace(known.workspace, id="another"))

    assert pulls.found(stranger, WEEK, Wish()).keys == ()
    with pytest.raises(NotFound):
        pulls.one(stranger, repo, 1)


def test_where_individuals_are_hidden_ones_own_are_not(known: Context) -> None:
    repo = pulls.found(known, WEEK, Wish()).keys[0][0]
    ann = replace(
        known,
        actor=Actor("u", "Ann", "viewer", ROLES["viewer"], person_id="ann"),
        workspace=replace(known.workspace, individuals="managers"),
    )

    assert pulls.one(ann, repo, 1).author == "ann"
    assert sorted(number for _, number in pulls.found(ann, replace(WEEK, person_ids=("ann",)), Wish()).keys) == [1, 4]
    with pytest.raises(NotAllowed, match="does not show this person's numbers"):
        pulls.one(ann, repo, 2)


def test_where_individuals_are_hidden_the_list_is_too(known: Context) -> None:
    viewer = replace(
        known,
        actor=Actor("u", "Vera", "viewer", ROLES["viewer"]),
        workspace=replace(known.workspace, individuals="managers"),
    )

    with pytest.raises(NotAllowed, match="hides those from your role"):
        pulls.found(viewer, WEEK, Wish())
