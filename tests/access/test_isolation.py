"""A user of one workspace gets nothing of another, whichever way they ask."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from core.access import users, workspaces
from core.base.errors import NotAllowed, NotFound, SightlineError
from core.bootstrap import House
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.connections import service as connections
from core.context import ROLES, Actor, Context
from core.exports import service as exports
from core.ingestion import service as ingestion
from core.people import service as people
from core.people.views import Seen
from core.reports import exporting, reading, sending
from core.reports import service as reports
from core.reports.code import drafts
from core.schedules import deliveries, posts
from core.schedules import service as schedules
from core.snapshots import service as snapshots
from core.stores.app.paging import Place
from core.stores.metrics import MetricsStore
from tests import fresh
from tests.catalogue.factories import WEEK, History
from tests.ingestion import clones


@dataclass
class Home:
    """A workspace with a team, a repository, a report and its run."""

    ctx: Context
    team: str
    repo: str
    person: str
    report: str
    run: str
    export: str
    schedule: str
    source: str
    merge: str


@dataclass
class Town:
    """A house with two workspaces."""

    house: House
    ours: Home
    theirs: Home


def furnished(house: House, folder: Path, name: str, commits: int) -> Home:
    ctx = house.context(workspaces.create(house.app, name=name, now=house.clock()))
    who = f"{name.lower()}-ann"
    people.register(ctx, [Seen(f"{who}@example.com", who.title())])
    (person,) = people.people(ctx)
    team = people.create_team(ctx, f"{name} team").id
    people.set_membership(ctx, person.id, team, date(2026, 1, 1))
    history = History(ctx)
    for hour in range(commits):
        history.commit(who, f"2026-03-02 {hour:02d}:00", repo=f"{name}-repo")
    ctx = history.ingest()
    users.add(ctx, username=f"{name.lower()}-admin", email=f"{name}@example.org", role="admin")
    user = users.named(house.app, f"{name}-admin")
    ctx = ctx.as_actor(users.actor_for(house.app, user.id, ctx.workspace.id))
    report = reports.create(
        ctx, f"{name} report", {"date_range": "last_30_days", "metrics": ["commits_count"], "formats": ["json"]}
    )
    run = reports.run_now(ctx, report.id)
    reports.execute(house, ctx.workspace.id, run.id)
    (export,) = exports.exports(ctx, run_id=run.id)
    schedule = schedules.create(ctx, report.id, schedules.Wish("0 9 * * 1", recipients=(f"{name}@example.org",)))
    source = ingestion.add_git(ctx, clones.new(folder / name).path)
    people.register(ctx, [Seen(f"{who}@home.example", who.title())])
    twin = next(one for one in people.people(ctx) if one.id != person.id)
    merge = people.merge(ctx, person.id, twin.id)
    kept = (report.id, run.id, export.id, schedule.id, source.id, merge)
    return Home(ctx, team, history.repos[f"{name}-repo"], person.id, *kept)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, blank: Path, metrics: MetricsStore, home: Path, tmp_path_factory) -> Town:
    """Both workspaces, once on each kind of app store for all tests: none of them may change the other's."""
    folder = tmp_path_factory.mktemp("town")
    if request.param == "sqlite":
        app = fresh.copied(blank, folder / "app.db")
    else:
        app = fresh.emptied(request.getfixturevalue("pg_app"))
    house = fresh.house(home, app, metrics, folder)
    return Town(house, furnished(house, folder, "Ours", 3), furnished(house, folder, "Theirs", 7))


@pytest.fixture
def house(town: Town) -> House:
    return town.house


@pytest.fixture
def ours(town: Town) -> Home:
    return town.ours


@pytest.fixture
def theirs(town: Town) -> Home:
    return town.theirs


def commits(ctx: Context, scope: Scope) -> float | None:
    return catalogue.measure(ctx, ["commits_count"], scope).get("commits_count").value


def test_the_same_question_asked_in_turn_gets_each_its_own_answer(ours: Home, theirs: Home) -> None:
    for _ in range(2):  # the second time from the cache
        assert (commits(ours.ctx, WEEK), commits(theirs.ctx, WEEK)) == (3, 7)


def test_anothers_team_repository_or_person_in_a_scope_counts_nothing(ours: Home, theirs: Home) -> None:
    for narrowed in (
        {"team_ids": (theirs.team,)},
        {"repo_ids": (theirs.repo,)},
        {"person_ids": (theirs.person,)},
    ):
        try:
            assert not commits(ours.ctx, replace(WEEK, **narrowed))
        except SightlineError as error:
            assert "Theirs" not in error.message and "theirs" not in error.message


def test_evidence_shows_no_row_of_another(ours: Home, theirs: Home) -> None:
    rows = catalogue.evidence(ours.ctx, "commits_count", WEEK)

    assert len(rows.rows) == 3
    assert "theirs" not in json.dumps(rows.model_dump(mode="json")).lower()
    assert "theirs" not in catalogue.evidence_csv(ours.ctx, "commits_count", WEEK).decode().lower()


VERBS: tuple[Callable[[Context, Home], object], ...] = (
    lambda ctx, home: reports.get(ctx, home.report),
    lambda ctx, home: reports.find(ctx, "Theirs report"),
    lambda ctx, home: reports.update(ctx, home.report, name="Mine now"),
    lambda ctx, home: reports.clone(ctx, home.report),
    lambda ctx, home: reports.delete(ctx, home.report),
    lambda ctx, home: reports.restore(ctx, home.report),
    lambda ctx, home: reports.take_over(ctx, home.report),
    lambda ctx, home: reports.run_now(ctx, home.report),
    lambda ctx, home: reports.runs(ctx, home.report),
    lambda ctx, home: reports.run(ctx, home.run),
    lambda ctx, home: reports.cancel(ctx, home.run),
    lambda ctx, home: exports.get(ctx, home.export),
    lambda ctx, home: exports.content(ctx, home.export),
    lambda ctx, home: exports.sign(ctx, home.export),
    lambda ctx, home: people.person(ctx, home.person),
    lambda ctx, home: people.merge(ctx, home.person, home.person),
    lambda ctx, home: people.set_bot(ctx, home.person, True),
    lambda ctx, home: people.set_membership(ctx, home.person, home.team, date(2026, 1, 1)),
    lambda ctx, home: catalogue.repository(ctx, home.repo),
    lambda ctx, home: people.unmerge(ctx, home.merge),
    lambda ctx, home: people.change_team(ctx, home.team, "Mine now"),
    lambda ctx, home: people.delete_team(ctx, home.team),
    lambda ctx, home: schedules.create(ctx, home.report, schedules.Wish(recipients=("me@example.org",))),
    lambda ctx, home: schedules.get(ctx, home.schedule),
    lambda ctx, home: deliveries.page(ctx, Place(), schedule_id=home.schedule),
    lambda ctx, home: deliveries.page(ctx, Place(), run_id=home.run),
    lambda ctx, home: schedules.update(ctx, home.schedule, recipients=("me@example.org",)),
    lambda ctx, home: schedules.pause(ctx, home.schedule),
    lambda ctx, home: schedules.resume(ctx, home.schedule),
    lambda ctx, home: schedules.test(ctx, home.schedule, "me@example.org"),
    lambda ctx, home: schedules.delete(ctx, home.schedule),
    lambda ctx, home: ingestion.source(ctx, home.source),
    lambda ctx, home: ingestion.sync(ctx, home.source),
    lambda ctx, home: ingestion.request_sync(ctx, home.source),
    lambda ctx, home: ingestion.remove(ctx, home.source),
    lambda ctx, home: reading.document(ctx, home.run),
    lambda ctx, home: reading.markdown(ctx, home.run),
    lambda ctx, home: reading.scope(ctx, home.run),
    lambda ctx, home: exporting.artifact(ctx, home.run, "json"),
    lambda ctx, home: users.set_role(ctx, "theirs-admin", "viewer"),
    lambda ctx, home: users.new_link(ctx, "theirs-admin"),
)


def test_no_verb_reaches_what_is_anothers(ours: Home, theirs: Home) -> None:
    reached = []
    for number, verb in enumerate(VERBS):
        try:
            verb(ours.ctx, theirs)
        except (NotFound, NotAllowed):
            continue
        reached.append(number)

    assert reached == []
    assert reports.get(theirs.ctx, theirs.report).name == "Theirs report"
    assert reports.run(theirs.ctx, theirs.run).status == "success"
    assert schedules.get(theirs.ctx, theirs.schedule).recipients == ["Theirs@example.org"]
    assert ingestion.source(theirs.ctx, theirs.source).status == "never"
    assert people.team(theirs.ctx, theirs.team).name == "Theirs team"


SENT = """\
title: Theirs to send
views:
  words: {plugin: text, args: {markdown: Word}}
outputs:
  chat: {connection: their-chat, args: {channels: C1}}
"""
OUTPUT_VERBS: tuple[Callable[[Context, str, str, str], object], ...] = (
    lambda ctx, connection, run, sent: connections.connection(ctx, "their-chat"),
    lambda ctx, connection, run, sent: connections.check(ctx, connection),
    lambda ctx, connection, run, sent: connections.update(ctx, connection, name="mine"),
    lambda ctx, connection, run, sent: connections.remove(ctx, connection),
    lambda ctx, connection, run, sent: connections.output(ctx, "their-chat", "mine", {"channels": "C1"}),
    lambda ctx, connection, run, sent: sending.sent(ctx, run),
    lambda ctx, connection, run, sent: sending.send_again(ctx, sent),
)


def test_nothing_is_sent_by_anothers_output(ours: Home, theirs: Home, house: House) -> None:
    made = connections.create(theirs.ctx, "their-chat", "slack", {"api_token": "x", "api": "http://127.0.0.1:9"})
    run = reports.run_now(theirs.ctx, drafts.save(theirs.ctx, SENT).id)
    reports.execute(house, theirs.ctx.workspace.id, run.id)
    (sent,) = sending.sent(theirs.ctx, run.id)

    for verb in OUTPUT_VERBS:
        with pytest.raises((NotFound, NotAllowed)):
            verb(ours.ctx, made.id, run.id, sent.id)
    (problem,) = drafts.drafted(ours.ctx, SENT).problems
    assert "There is no connection named 'their-chat' in 'Ours'" in problem.sentence
    assert posts.deliver(house, ours.ctx.workspace.id, sent.id) == ""

    assert [view.name for view in connections.connections(ours.ctx)] == []
    assert connections.connection(theirs.ctx, "their-chat").name == "their-chat"
    assert [one.state for one in sending.sent(theirs.ctx, run.id)] == ["waiting"]


def test_what_was_kept_of_anothers_person_or_team_is_empty_here(ours: Home, theirs: Home) -> None:
    snapshots.generate(theirs.ctx, kinds=["weekly"])

    for kind, subject in (("person", theirs.person), ("team", theirs.team)):
        assert snapshots.history(theirs.ctx, kind, subject, "weekly", "commits_count")
        assert snapshots.history(ours.ctx, kind, subject, "weekly", "commits_count") == []


def test_lists_hold_only_ones_own(ours: Home, theirs: Home) -> None:
    listed = [
        [team.name for team in people.teams(ours.ctx)],
        [person.name for person in people.people(ours.ctx)],
        [repo.name for repo in catalogue.repositories(ours.ctx)],
        [report.name for report in reports.reports(ours.ctx)],
        [export.file_name for export in exports.exports(ours.ctx)],
        [run.id for run in ingestion.runs(ours.ctx)],
        [user.username for user in users.members(ours.ctx)],
        [view.report_name for view in schedules.schedules(ours.ctx)],
        [view.name for view in ingestion.sources(ours.ctx)],
        [str(view) for view in people.merges(ours.ctx)],
        [entry.report for entry in schedules.log(ours.ctx)],
    ]

    assert "theirs" not in json.dumps(listed).lower()


def test_a_download_link_works_for_whom_it_was_made_and_nobody_else(house: House, ours: Home, theirs: Home) -> None:
    token = exports.sign(theirs.ctx, theirs.export)

    assert b"".join(exports.open_download(house, token, theirs.ctx.actor.user_id).pieces)
    with pytest.raises(NotAllowed):
        exports.open_download(house, token, ours.ctx.actor.user_id)
    with pytest.raises(NotAllowed):
        exports.open_download(house, token, "")


def test_a_download_link_dies_with_the_membership(house: House, theirs: Home) -> None:
    users.add(theirs.ctx, username="bob", email="bob@example.org", role="member")
    bob = users.named(house.app, "bob")
    as_bob = theirs.ctx.as_actor(users.actor_for(house.app, bob.id, theirs.ctx.workspace.id))
    token = exports.sign(as_bob, theirs.export)
    users.remove(theirs.ctx, "bob")

    with pytest.raises(SightlineError):
        exports.open_download(house, token, bob.id)


def test_a_report_of_ones_own_cannot_name_anothers_team(ours: Home, theirs: Home) -> None:
    with pytest.raises(SightlineError, match="There is no team"):
        reports.create(ours.ctx, "Spying", {"scope": "team", "teams": [theirs.team]})


def test_hidden_individuals_stay_hidden_from_a_viewer_and_open_to_a_manager(house: House, ours: Home) -> None:
    hidden = replace(ours.ctx, workspace=replace(ours.ctx.workspace, individuals="managers"))
    viewer = hidden.as_actor(Actor("user-v", "Vera", "viewer", ROLES["viewer"]))
    herself = hidden.as_actor(Actor("user-a", "Ann", "viewer", ROLES["viewer"], person_id=ours.person))
    manager = hidden.as_actor(Actor("user-m", "Mara", "manager", ROLES["manager"]))

    with pytest.raises(NotAllowed):
        catalogue.measure(viewer, ["commits_count"], WEEK, by=["person"])
    with pytest.raises(NotAllowed):
        catalogue.measure(viewer, ["commits_count"], replace(WEEK, person_ids=(ours.person,)))
    assert commits(herself, replace(WEEK, person_ids=(ours.person,))) == 3
    assert catalogue.measure(manager, ["commits_count"], WEEK, by=["person"]).values
