"""Whose numbers somebody sees is one question with one answer, whichever door they come by."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
import sqlalchemy as sa

from core.access import insights, looks
from core.access.models import Look
from core.alerts import service as alerts
from core.alerts.wish import Wish
from core.analysis import collaboration, expertise
from core.base.errors import BadInput, NotAllowed, SightlineError
from core.boards import service as boards
from core.boards.board import Board, BoardSection, Tile
from core.catalogue import service as catalogue
from core.context import Context
from core.exports import lists
from core.exports import service as exports
from core.exports.lists import Wanted
from core.figures import Notice, State
from core.people import service as people
from core.reports import exporting, reading
from core.reports import service as reports
from core.snapshots import service as snapshots
from tests.catalogue.factories import WEEK
from tests.privacy.conftest import Home

MODES = ("open", "members", "managers", "leads", "self")
ROLES_HERE = ("viewer", "member", "lead", "manager", "admin", "ann")
SEES: dict[str, dict[str, str]] = {
    "open": dict.fromkeys(ROLES_HERE, "ann bob cid"),
    "members": dict.fromkeys(ROLES_HERE, "ann bob cid") | {"viewer": "", "ann": "ann"},
    "managers": {
        "viewer": "",
        "member": "",
        "ann": "ann",
        **dict.fromkeys(("lead", "manager", "admin"), "ann bob cid"),
    },
    "leads": {"viewer": "", "member": "", "ann": "ann", "lead": "ann bob", "manager": "", "admin": "ann bob cid"},
    "self": dict.fromkeys(ROLES_HERE, "") | {"ann": "ann"},
}
"""Whom each sees in each mode: Ann is a viewer and in the team Atlas, which the lead (a manager) leads, as is Bob."""


def answered(door: Callable[[], object]) -> bool:
    try:
        return bool(door())
    except NotAllowed:
        return False


def board_of(widget: str, **params: object) -> Board:
    return Board(name="test", title="Test", sections=(BoardSection(tiles=(Tile(widget=widget, params=params),)),))


def drawn(ctx: Context, widget: str, **params: object) -> bool:
    (figure,) = boards.build(ctx, board_of(widget, **params), WEEK)
    return not isinstance(figure, Notice)


PERSON_DOORS: dict[str, Callable[[Context, str], object]] = {
    "a number": lambda ctx, one: catalogue.measure(ctx, ["commits_count"], replace(WEEK, person_ids=(one,))),
    "its explanation": lambda ctx, one: catalogue.explain(ctx, "commits_count", WEEK, {"person": one}),
    "its rows": lambda ctx, one: catalogue.evidence(ctx, "commits_count", WEEK, group={"person": one}),
    "a widget": lambda ctx, one: drawn(ctx, "metric.stat", metric="commits_count", person=one),
    "the rows behind their ties": lambda ctx, one: collaboration.rows(ctx, WEEK, one) is not None,
    "the files behind what they know": lambda ctx, one: expertise.rows(ctx, WEEK, one, ":Python") is not None,
    "what was kept": lambda ctx, one: snapshots.history(ctx, "person", one, "weekly", "commits_count") is not None,
}


@pytest.mark.parametrize("mode", MODES)
def test_every_door_shows_the_same_people(shared: Home, mode: str) -> None:
    shared.mode(mode)
    here = {role: shared.as_user(role) for role in ROLES_HERE}

    for name, door in PERSON_DOORS.items():
        seen = {
            role: " ".join(one for one in ("ann", "bob", "cid") if answered(partial(door, ctx, shared.people[one])))
            for role, ctx in here.items()
        }
        assert (name, seen) == (name, SEES[mode])


LIST_DOORS: dict[str, Callable[[Context, tuple[str, ...]], object]] = {
    "the collaboration network": lambda ctx, teams: collaboration.network(ctx, replace(WEEK, team_ids=teams)).members,
    "numbers by person": lambda ctx, teams: (
        catalogue.measure(ctx, ["commits_count"], replace(WEEK, team_ids=teams), by=["person"]).values
    ),
    "the rows behind a team's number": lambda ctx, teams: (
        catalogue.evidence(ctx, "commits_count", replace(WEEK, team_ids=teams)).rows
    ),
    "those rows as a file": lambda ctx, teams: catalogue.evidence_csv(
        ctx, "commits_count", replace(WEEK, team_ids=teams)
    ),
    "every one of those rows": lambda ctx, teams: lists.content(
        ctx, Wanted(of="metric", metric="commits_count", scope=replace(WEEK, team_ids=teams)), "csv"
    ),
    "the rows of the pull requests": lambda ctx, teams: lists.content(
        ctx, Wanted(of="pulls", scope=replace(WEEK, team_ids=teams)), "csv"
    ),
    "the rows of what was not deployed": lambda ctx, teams: lists.content(
        ctx, Wanted(of="left", scope=replace(WEEK, team_ids=teams)), "csv"
    ),
}


@pytest.mark.parametrize("door", LIST_DOORS.values(), ids=LIST_DOORS)
def test_a_lead_sees_lists_of_their_own_team_only(acme: Home, door: Callable[..., object]) -> None:
    acme.mode("leads")
    lead, admin = acme.as_user("lead"), acme.as_user("admin")

    assert answered(lambda: door(lead, (acme.atlas,)))
    assert not answered(lambda: door(lead, (acme.beam,)))
    assert not answered(lambda: door(lead, (acme.atlas, acme.beam)))
    assert not answered(lambda: door(lead, ()))
    assert answered(lambda: door(admin, ()))
    assert not answered(lambda: door(acme.as_user("manager"), (acme.atlas,)))


@pytest.mark.parametrize("mode", MODES)
def test_lists_are_open_to_whoever_may_see_each_of_those_in_them(shared: Home, mode: str) -> None:
    shared.mode(mode)
    lists = {(): "ann bob cid", (shared.atlas,): "ann bob", (shared.beam,): "cid"}

    for role in ROLES_HERE:
        ctx, seen = shared.as_user(role), set(SEES[mode][role].split())
        for teams, those in lists.items():
            whole = seen >= set(those.split())  # whoever sees somebody of a team alone does not see the team
            given = [answered(partial(door, ctx, teams)) for name, door in LIST_DOORS.items() if "rows" not in name]
            assert (role, those, given) == (role, those, [whole] * len(given))


def test_whoever_leads_a_team_leads_those_inside_it_and_nobody_who_left(acme: Home) -> None:
    acme.mode("leads")
    inner = people.create_team(acme.root, "Inner", acme.atlas).id
    people.set_membership(acme.root, acme.people["cid"], inner, date(2026, 1, 1))
    people.move(acme.root, acme.people["bob"], acme.beam, date(2026, 3, 1))

    lead = acme.as_user("lead")

    assert lead.own_people == {acme.people["ann"], acme.people["cid"]}
    assert answered(lambda: LIST_DOORS["numbers by person"](lead, (inner,)))


def test_only_admins_say_who_leads(acme: Home) -> None:
    with pytest.raises(NotAllowed):
        people.set_leads(acme.as_user("manager"), "Atlas", ["manager"])
    with pytest.raises(SightlineError, match="no user named 'nobody'"):
        people.set_leads(acme.root, "Atlas", ["nobody"])
    assert people.leads(acme.root) == {acme.atlas: ["lead"]}


def profile(acme: Home, ctx: Context, name: str) -> str:
    export = exporting.request_profile(ctx, acme.people[name], "json", date_range="last_30_days")
    exporting.execute(acme.house, ctx.workspace.id, export)
    return export


def test_a_profile_is_exported_by_whom_may_see_it_and_opened_by_nobody_else(acme: Home) -> None:
    acme.mode("leads")
    lead, admin, manager = (acme.as_user(name) for name in ("lead", "admin", "manager"))
    made = profile(acme, lead, "bob")

    assert exports.content(lead, made).content
    assert exports.content(admin, made).content
    with pytest.raises(NotAllowed):
        exports.content(manager, made)
    with pytest.raises(SightlineError):
        exports.content(lead, profile(acme, lead, "cid"))


def test_a_report_shows_each_reader_what_they_may_see(acme: Home) -> None:
    acme.mode("leads")
    given = {"date_range": "last_30_days", "metrics": ["commits_count"], "scope": "team", "teams": ["Atlas"],
             "name_people": True, "formats": ["json"]}  # fmt: skip
    lead = acme.as_user("lead")
    report = reports.create(lead, "Atlas", given, visibility="workspace")
    run = reports.run_now(lead, report.id)
    reports.execute(acme.house, lead.workspace.id, run.id)

    def names(ctx: Context) -> bool:
        return "Bob" in json.dumps(reading.document(ctx, run.id).model_dump(mode="json"))

    assert {role: names(acme.as_user(role)) for role in ("viewer", "member", "lead", "manager", "admin")} == {
        "viewer": False, "member": False, "lead": True, "manager": False, "admin": True,
    }  # fmt: skip
    for role, shown in (("lead", True), ("manager", False), ("member", False), ("admin", True)):
        assert (b"Bob" in exporting.download(acme.as_user(role), run.id, "json").content) is shown


def test_an_alert_watches_whom_its_maker_may_see(acme: Home) -> None:
    acme.mode("leads")
    lead = acme.as_user("lead")
    alerts.create(lead, Wish(name="Bob", subject_kind="person", subject_ids=(acme.people["bob"],)))

    with pytest.raises(NotAllowed):
        alerts.create(lead, Wish(name="Cid", subject_kind="person", subject_ids=(acme.people["cid"],)))
    shown = {role: [one.name for one in alerts.rules(acme.as_user(role))] for role in ("lead", "manager", "admin")}
    assert shown == {"lead": ["Bob"], "manager": [], "admin": ["Bob"]}


def test_who_looked_is_kept_once_a_viewer_person_and_day(acme: Home) -> None:
    manager, ann = acme.as_user("manager"), acme.as_user("ann")
    for _ in range(3):
        PERSON_DOORS["a number"](manager, acme.people["ann"])
        PERSON_DOORS["its rows"](manager, acme.people["ann"])
    PERSON_DOORS["a number"](ann, acme.people["ann"])  # herself

    with acme.house.app.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Look)) == 1
    assert [(one.viewer, one.day) for one in looks.looks_at(ann, acme.people["ann"])] == [
        ("manager", date(2026, 3, 11))
    ]
    assert [one.person_id for one in looks.looks(acme.as_user("admin"))] == [acme.people["ann"]]
    with pytest.raises(NotAllowed):
        looks.looks_at(manager, acme.people["ann"])
    with pytest.raises(NotAllowed):
        looks.looks(manager)


def test_lists_are_looks_too_and_what_runs_by_itself_is_none(acme: Home) -> None:
    manager = acme.as_user("manager")
    catalogue.evidence(manager, "commits_count", replace(WEEK, team_ids=(acme.atlas,)))
    boards.looked(manager, board_of("metric.table", metrics=("commits_count",), by="person"), WEEK)
    report = reports.create(
        manager, "Bob", {"date_range": "last_30_days", "metrics": ["commits_count"], "scope": "person",
                         "people": [acme.people["bob"]], "formats": ["json"]},
    )  # fmt: skip
    run = reports.run_now(manager, report.id)
    reports.execute(acme.house, manager.workspace.id, run.id)

    seen = {(one.person_id, one.team_id) for one in looks.looks(acme.as_user("admin"))}
    assert seen == {("", acme.atlas), ("", "")}
    reading.document(manager, run.id)
    assert (acme.people["bob"], "") in {(one.person_id, one.team_id) for one in looks.looks(acme.as_user("admin"))}
    mine = looks.looks_at(acme.as_user("ann"), acme.people["ann"], [acme.atlas])
    assert {one.team_id for one in mine} == {"", acme.atlas}


def weekend(ctx: Context, team: str) -> State:
    asked = catalogue.measure(ctx, ["weekend_commit_ratio"], replace(WEEK, team_ids=(team,)))
    return asked.get("weekend_commit_ratio").state


def test_wellbeing_of_too_few_is_for_those_alone_who_may_see_each_of_them(acme: Home) -> None:
    acme.mode("leads")

    told = {role: weekend(acme.as_user(role), acme.atlas) for role in ("viewer", "lead", "manager", "admin")}
    assert told == {
        "viewer": State.UNSUPPORTED, "lead": State.MEASURED, "manager": State.UNSUPPORTED, "admin": State.MEASURED,
    }  # fmt: skip
    viewer = acme.as_user("viewer")
    by_team = catalogue.measure(viewer, ["weekend_commit_ratio", "commits_count"], WEEK, by=["team"])
    assert by_team.get("weekend_commit_ratio", acme.atlas).state_text == (
        "Fewer than 5 people: wellbeing of so few is not shown to you."
    )
    assert by_team.get("commits_count", acme.atlas).value == 3
    with pytest.raises(NotAllowed, match="fewer than 5 members"):
        snapshots.history(viewer, "team", acme.atlas, "weekly", "weekend_commit_ratio")

    insights.change(acme.as_user("admin"), {"least_group": 2})
    assert weekend(acme.as_user("viewer"), acme.atlas) is State.MEASURED


def test_settings_are_for_admins_and_checked(acme: Home) -> None:
    with pytest.raises(NotAllowed):
        insights.change(acme.as_user("manager"), {"leaderboards": True})
    with pytest.raises(BadInput, match="'least_group' must be 2 or more, not '1'"):
        insights.change(acme.root, {"least_group": 1})
    with pytest.raises(BadInput, match="Did you mean 'leaderboards'"):
        insights.change(acme.root, {"leaderboard": True})
    with pytest.raises(BadInput, match="no period type 'hourly'"):
        insights.change(acme.root, {"snapshot_kinds": ["hourly"]})
    assert not insights.settings(acme.root).leaderboards


def test_snapshots_are_made_by_themselves_only_as_the_workspace_says(acme: Home) -> None:
    insights.change(acme.root, {"auto_snapshots": False})
    snapshots.tick(acme.house)
    assert snapshots.runs(acme.root) == []

    insights.change(acme.root, {"auto_snapshots": True, "snapshot_kinds": ["monthly"]})
    snapshots.tick(acme.house)
    assert [run.kinds for run in snapshots.runs(acme.root)] == [["monthly"]]
