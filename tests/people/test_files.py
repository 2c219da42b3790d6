"""Who is whom, and who is in which team, as files: out and in again, each line looked at first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from core.base.errors import BadInput, NotAllowed
from core.context import Context
from core.people import service
from core.people.service import Seen
from tests.people.test_merging import commits, state


@pytest.fixture
def four(ctx: Context) -> Context:
    service.register(
        ctx,
        [
            Seen("ada@one.org", "Ada Lovelace", count=9),
            Seen("ada@two.org", "A. L."),
            Seen("grace@one.org", "grace"),
            Seen("build@one.org", "Builder", count=3),
        ],
    )
    return ctx


def told(plan: service.IdentityPlan) -> list[tuple[str, str, str, str]]:
    return [(one.deed, one.person, one.value, one.state) for one in plan.rows]


def in_plan(ctx: Context, text: str, name: str = "people.csv") -> service.IdentityPlan:
    return service.plan_identities(ctx, text.encode(), name)


def test_what_is_taken_out_changes_nothing_when_it_comes_in_again(four: Context) -> None:
    service.merge(four, service.person(four, "ada@one.org").id, service.person(four, "ada@two.org").id)
    before = state(four)

    for content, name in ((service.identities_csv(four), "people.csv"), (service.mailmap(four).encode(), ".mailmap")):
        plan = service.plan_identities(four, content, name)
        assert {one.state for one in plan.rows} <= {"there"}
        assert service.take_identities(four, plan) == 0

    assert state(four) == before


def test_a_table_merges_renames_and_marks_and_says_so_first(four: Context) -> None:
    commits(four, "ada@two.org", [date(2026, 1, 5), date(2026, 1, 6)])
    text = (
        "email;person;person_email;bot;locked\n"
        "ada@two.org;Ada Lovelace;ada@one.org;;\n"
        "grace@one.org;Grace Hopper;;;yes\n"
        "build@one.org;;;yes;\n"
        "nobody@one.org;Nobody;;;\n"
        "ada@one.org;;;perhaps;\n"
    )
    before = state(four)
    plan = in_plan(four, text)

    assert state(four) == before
    assert told(plan) == [
        ("merge", "A. L.", "Ada Lovelace", "new"),
        ("rename", "grace", "Grace Hopper", "new"),
        ("lock", "Grace Hopper", "yes", "new"),
        ("bot", "Builder", "yes", "new"),
        ("", "", "", "refused"),
        ("", "", "", "refused"),
    ]
    assert [one.moves for one in plan.rows if one.deed == "merge"] == ["2 commits"]
    assert [one.why for one in plan.rows if one.state == "refused"] == [
        "No source has seen this identity.",
        "'perhaps' is neither yes nor no.",
    ]
    assert plan.sentence == "4 changes, 0 lines say what is so already, 2 refused."

    assert service.take_identities(four, plan, "people.csv") == 4
    assert service.person(four, "ada@two.org").id == service.person(four, "ada@one.org").id
    assert service.person(four, "grace@one.org").is_locked and service.person(four, "build@one.org").is_bot
    assert {one.state for one in in_plan(four, text.replace("perhaps", "no")).rows if one.who != "nobody@one.org"} == {
        "there"
    }


def test_a_merge_by_a_file_is_undone_like_any_other(four: Context) -> None:
    before = state(four)
    service.take_identities(four, in_plan(four, "email,person_email\nada@two.org,ada@one.org\n"))
    (made,) = service.merges(four)

    service.unmerge(four, made.id)

    assert (made.reason, state(four)) == ("a file, line 2", before)


def test_all_four_forms_of_a_mailmap_are_read(four: Context) -> None:
    service.register(four, [Seen("root@localhost", "Ada"), Seen("root@localhost", "Grace")])
    text = """# who is whom
Grace Hopper <grace@one.org>
<ada@one.org> <ada@two.org>
Ada King <ada@one.org> <build@one.org>  # she builds
Grace Hopper <grace@one.org> Grace <root@localhost>
nonsense
"""
    plan = in_plan(four, text, ".mailmap")

    assert told(plan) == [
        ("rename", "grace", "Grace Hopper", "new"),
        ("merge", "A. L.", "Ada Lovelace", "new"),
        ("merge", "Builder", "Ada Lovelace", "new"),
        ("rename", "Ada Lovelace", "Ada King", "new"),
        ("merge", "Grace", "Grace Hopper", "new"),
        ("", "", "", "refused"),
    ]
    service.take_identities(four, plan)
    assert len(service.person(four, "ada@one.org").identities) == 3
    assert service.person(four, "Grace Hopper").email == "grace@one.org"


def test_addresses_of_one_that_nobody_has_become_one_person(four: Context) -> None:
    service.take_identities(
        four, in_plan(four, "Ada <new@one.org> <ada@one.org>\nAda <new@one.org> <ada@two.org>\n", "m")
    )

    assert service.person(four, "ada@two.org").id == service.person(four, "ada@one.org").id


def test_a_locked_person_is_not_merged_by_a_file(four: Context) -> None:
    service.lock(four, service.person(four, "ada@two.org").id)

    (row,) = in_plan(four, "email,person_email\nada@two.org,ada@one.org\n").rows

    assert (row.state, row.why) == ("refused", "'A. L.' is locked. Unlock them first.")


def test_teams_come_out_and_in_with_their_dates(four: Context) -> None:
    first = date(2026, 1, 1)
    core = service.create_team(four, "Core")
    service.set_membership(four, service.person(four, "ada@one.org").id, core.id, first)
    text = (
        "team,parent,person,from,until\n"
        "Core,,ada@one.org,2026-01-01,2026-02-28\n"
        "Core,,grace@one.org,2026-03-01,\n"
        "Web,Core,ada@one.org,2026-03-01,\n"
        "Web,,nobody,2026-03-01,\n"
        "Web,Core,grace@one.org,2026-03-01,2026-02-01\n"
    )
    before = state(four)
    plan = service.plan_teams(four, text.encode(), "teams.csv")

    assert state(four) == before
    assert [one.state for one in plan.rows] == ["changes", "joins", "joins", "refused", "refused"]
    assert (plan.teams, plan.changes) == (("Web",), 4)
    assert plan.sentence == "1 new team, 2 join, 1 with another last day, 0 there already, 2 refused."
    service.take_teams(four, plan, "teams.csv")

    members = {
        (span.team_id == core.id, span.person_id, span.from_day, span.to_day) for span in service.memberships(four)
    }
    ada, grace = service.person(four, "ada@one.org").id, service.person(four, "grace@one.org").id
    day = timedelta(days=1)
    assert members == {
        (True, ada, first, date(2026, 2, 28) + day),
        (True, grace, date(2026, 3, 1), None),
        (False, ada, date(2026, 3, 1), None),
    }
    assert service.team(four, "Web").parent_id == core.id
    again = service.plan_teams(four, service.teams_csv(four), "teams.csv")
    assert ({one.state for one in again.rows}, again.changes) == ({"there"}, 0)


def test_a_file_that_says_nothing_is_refused_with_what_it_lacks(four: Context) -> None:
    with pytest.raises(BadInput, match="has no column 'team'"):
        service.plan_teams(four, b"person,from\nada@one.org,2026-01-01\n", "teams.csv")
    with pytest.raises(BadInput, match=r"nobody in 'people\.csv'"):
        in_plan(four, "email,person_email\n")
    with pytest.raises(BadInput, match="not written in UTF-8"):
        service.plan_identities(four, b"\xff\xfe", "people.csv")


def test_only_whoever_may_manage_people_has_files_of_them(acting: Callable[[str], Context], four: Context) -> None:
    member = acting("member")
    for door in (
        lambda: service.identities_csv(member),
        lambda: service.teams_csv(member),
        lambda: service.plan_identities(member, b"email\nada@one.org\n", "a.csv"),
        lambda: service.take_identities(member, service.IdentityPlan(())),
        lambda: service.plan_teams(member, b"team\nCore\n", "a.csv"),
        lambda: service.take_teams(member, service.TeamPlan((), ())),
    ):
        with pytest.raises(NotAllowed):
            door()


def test_who_may_be_a_bot_is_listed_with_how_often_they_were_seen(four: Context) -> None:
    assert [(one.name, one.seen) for one in service.bot_candidates(four)] == [("Builder", 3)]
