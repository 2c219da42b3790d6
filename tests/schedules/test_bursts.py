"""Recipients by person and team, and reports of which each recipient gets their own team's figures.

Three teams, worked out by hand for the week of 9 March 2026: Ann 1 and Bo 2 commits in Platform, Cy 4 in Mobile, Eve 8
in Data. Dee is in no team and made 16.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from core.access import users, workspaces
from core.base.errors import BadInput
from core.delivery import domains
from core.entrypoints.cli import out
from core.entrypoints.cli import schedule as commands
from core.people import service as people
from core.people.views import Seen
from core.reports import quotas
from core.reports import service as reports
from core.reports.models import ReportRun
from core.schedules import service
from core.schedules.models import Occurrence
from core.schedules.wish import Wish
from tests.catalogue.factories import History
from tests.pages import entered
from tests.schedules.conftest import Stage, signed_in

MONDAY = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)
COMMITS = {"ann": 1, "bo": 2, "cy": 4, "eve": 8, "dee": 16}
TEAMS = {"Platform": ("ann", "bo"), "Mobile": ("cy",), "Data": ("eve",)}
WHOLE = sum(COMMITS.values())


@dataclass
class Crew:
    """The stage with its three teams."""

    stage: Stage
    people: dict[str, str]
    teams: dict[str, str]
    planless: str
    """A report of the default plan; the stage's has one number, and so is made sooner."""

    def due(self, moment: datetime = MONDAY) -> None:
        self.stage.hands.now = moment
        self.stage.tick()
        self.stage.work()

    def outlook(self, *to: str, bursts: bool = True) -> service.Going:
        return service.outlook(self.stage.ctx, self.stage.report_id, Wish(recipients=to, bursts=bursts))

    def statuses(self) -> dict[str, str]:
        with self.stage.house.app.reading() as session:
            return {one.portion_name: one.status for one in session.scalars(sa.select(Occurrence))}


@pytest.fixture
def crew(stage: Stage) -> Crew:
    system = stage.house.context(stage.ctx.workspace)
    people.register(system, [Seen(f"{name}@example.com", name.title()) for name in COMMITS])
    known = {one.name.lower(): one.id for one in people.people(system)}
    teams = {name: people.create_team(system, name).id for name in TEAMS}
    for team, members in TEAMS.items():
        for name in members:
            people.set_membership(system, known[name], teams[team], date(2026, 1, 1))
    history = History(system)
    for name, count in COMMITS.items():
        for number in range(count):
            history.commit(name, f"2026-03-{9 + number % 5:02d} {9 + number // 5:02d}:00")
    history.ingest()
    stage.ctx = stage.house.context(workspaces.find(stage.house.app, system.workspace.id), stage.ctx.actor)
    blocks = [{"widget": "metric.summary", "params": {"metrics": ["commits_count"]}}]
    plan = {"title": "Weekly health", "window": {"range": "last_week"}, "sections": [{"blocks": blocks}]}
    crew = Crew(stage, known, teams, stage.report_id)
    stage.report_id = reports.create(stage.ctx, "Weekly health", plan=plan).id
    return crew


def text(mail) -> str:
    return " ".join(mail.get_body(("plain",)).get_content().split())


def commits(mail) -> int:
    """The number that the letter tells of commits, in its text and in the file that goes with it."""
    (file,) = [part.get_content() for part in mail.iter_attachments()]
    written = file if isinstance(file, str) else file.decode()
    (row,) = re.findall(r"\| Commits \| ([\d,]+)", written) or re.findall(r"Commits\s*\|\s*([\d,]+)", written)
    return int(row.replace(",", ""))


def test_each_team_gets_its_own_figures_and_nobody_those_of_all(crew, office):
    crew.stage.report_id = crew.planless
    made = crew.stage.schedule(
        recipients=["team:Platform", "team:mobile", "person:eve@example.com", "dee@example.com"], bursts=True,
        formats=("markdown",),
    )  # fmt: skip
    assert made.names == ["Platform (team)", "Mobile (team)", "Eve", "dee@example.com"]
    crew.due()

    letters = {mail["To"]: mail for mail in office.mails if "commits" in text(mail).casefold()}
    assert {to: commits(mail) for to, mail in letters.items()} == {
        "ann@example.com": 3, "bo@example.com": 3, "cy@example.com": 4, "eve@example.com": 8,
    }  # fmt: skip
    assert letters["bo@example.com"]["Subject"] == "Weekly health · Platform: 9 Mar 2026 – 15 Mar 2026"
    assert "Team: Platform" in text(letters["ann@example.com"])
    for mail in letters.values():
        assert not re.search(rf"\b{WHOLE}\b", text(mail))
    (notice,) = office.to("ada@example.org")
    assert notice["Subject"] == "Not everybody reached: Weekly health"
    assert "dee@example.com is in no team and leads none" in text(notice)
    assert crew.statuses() == {"Platform": "posted", "Mobile": "posted", "Data": "posted"}
    assert "/schedules?report=" in text(notice)
    log = service.log(crew.stage.ctx)
    assert {one.portion for one in log if one.recipient != "ada@example.org"} == {*TEAMS}
    (told,) = [one for one in log if one.recipient == "ada@example.org"]
    assert (told.report, told.portion) == ("Weekly health", "")


def test_a_burst_is_claimed_once_by_however_many_clocks_and_told_once(crew, office):
    crew.stage.schedule(recipients=["team:Platform", "team:Mobile"], bursts=True)
    crew.stage.hands.now = MONDAY

    assert (crew.stage.tick(), crew.stage.tick()) == (2, 0)
    crew.stage.work()
    with crew.stage.house.app.reading() as session:
        finished = session.scalars(sa.select(ReportRun)).all()
    for run in finished:
        service.run_finished(crew.stage.house, run.workspace_id, run.id)
    crew.stage.work()

    assert {run.portion for run in finished} == {"Platform", "Mobile"} and len({run.burst for run in finished}) == 1
    assert sorted(mail["To"] for mail in office.mails) == ["ann@example.com", "bo@example.com", "cy@example.com"]


def test_leads_get_the_teams_that_they_lead_and_a_team_is_looked_up_when_it_is_sent(crew, office):
    system = crew.stage.house.context(crew.stage.ctx.workspace)
    users.add(system, username="lea", email="lea@example.org", role="member")
    people.set_leads(system, "Platform", ["lea", "ada"])
    people.set_leads(system, "Data", ["lea"])
    crew.stage.schedule(recipients=["leads:*", "team:Mobile"], bursts=True, formats=("markdown",))
    people.set_membership(system, crew.people["dee"], crew.teams["Mobile"], date(2026, 3, 1))
    users.add(system, username="dora", email="dora@example.org", role="viewer")
    users.link_person(system, "dora", crew.people["dee"])
    crew.due()

    assert sorted((mail["To"], commits(mail)) for mail in office.mails) == [
        ("ada@example.org", 3), ("cy@example.com", 20), ("dora@example.org", 20), ("lea@example.org", 3),
        ("lea@example.org", 8),
    ]  # fmt: skip


def test_the_preview_says_who_gets_what_before_anything_is_saved(crew):
    seen = crew.outlook("team:Platform", "person:Cy", "dee@example.com")
    assert seen.sentence == "2 letters: Mobile to Cy; Platform to Ann and Bo."
    assert seen.unreached == ("dee@example.com is in no team and leads none, so there are no figures to send there.",)

    whole = crew.outlook("team:Platform", "person:ann", "cy@example.com", bursts=False)
    assert whole.sentence == "The same letter to Ann, Bo and Cy."


def test_the_form_offers_teams_and_people_and_shows_who_gets_what(crew, monkeypatch):
    def script(ctx, report_id):
        from components.forms import schedule_edit

        schedule_edit.new_form(ctx, report_id)

    app = signed_in(crew.stage, script, crew.stage.ctx, crew.stage.report_id)
    to = app.multiselect(key="to_new")
    assert {"Platform (team)", "Mobile (team)", "Cy"} <= set(to.options)
    to.set_value([f"team:{crew.teams['Platform']}", f"person:{crew.people['cy']}"]).run()
    app.toggle(key="bursts_new").set_value(True).run()
    assert "Mobile to Cy; Platform to Ann and Bo." in "".join(one.value for one in app.caption)
    app.button(key="schedule_create").click().run()

    assert not app.exception
    (made,) = service.schedules(crew.stage.ctx)
    assert (made.names, made.bursts) == (["Platform (team)", "Cy"], True)


def test_a_command_makes_one_and_says_who_gets_what(crew, monkeypatch):
    monkeypatch.setattr(out, "ready", lambda: crew.stage.house)

    def run(*words: str) -> list[dict]:
        told = CliRunner().invoke(commands.app, [*words, "-w", crew.stage.ctx.workspace.slug, "--json"])
        return json.loads(told.stdout.splitlines()[-1])["rows"]

    report = crew.stage.report_id
    (made,) = run("create", report, "--to", "team:Platform", "--to", "cy@example.com", "--own-team")
    assert (made["to"], made["own_team"]) == (["Platform (team)", "cy@example.com"], True)
    assert [(row["team"], row["to"]) for row in run("who", made["id"])] == [
        ("Mobile", ["cy@example.com"]), ("Platform", ["ann@example.com", "bo@example.com"]),
    ]  # fmt: skip


def test_without_bursting_people_and_teams_get_the_whole_report_once(crew, office):
    crew.stage.schedule(
        recipients=["team:Platform", "person:Ann", "ANN@example.com", "x@example.org"], formats=("markdown",)
    )
    crew.due()

    assert sorted((mail["To"], commits(mail)) for mail in office.mails) == [
        ("ann@example.com", WHOLE), ("bo@example.com", WHOLE), ("x@example.org", WHOLE),
    ]  # fmt: skip


def test_a_burst_never_tells_more_than_the_report_itself(crew, office):
    blocks = [
        {"widget": "metric.stat", "params": {"metric": "commits_count"}},
        {"widget": "metric.stat", "title": "Theirs", "params": {"metric": "commits_count", "team": "Mobile"}},
        {"widget": "metric.stat", "title": "Own", "params": {"metric": "lines_added"}, "scope": {"teams": ["Data"]}},
        {"widget": "person.standing", "title": "Who", "params": {"metrics": ["commits_count"], "person": "dee"}},
    ]
    plan = {
        "title": "Two teams", "window": {"range": "last_week"}, "scope": {"teams": ["Platform", "Data"]},
        "sections": [{"blocks": blocks}],
    }  # fmt: skip
    crew.stage.report_id = reports.create(crew.stage.ctx, "Two teams", plan=plan).id
    crew.stage.schedule(recipients=["team:Platform", "team:Mobile", "team:Data"], bursts=True, formats=())
    crew.due()

    assert set(crew.statuses()) == {"Platform", "Data"}
    (platform,), (data,) = office.to("ann@example.com"), office.to("eve@example.com")
    assert text(platform).count("This part is about another team") == 2 and "Lines added" not in text(platform)
    assert text(data).count("This part is about another team") == 1 and "80" in text(data)
    for mail in (platform, data):
        assert "This part is about a person" in text(mail)
    assert "The report is not about the team 'Mobile'" in text(office.to("ada@example.org")[0])


def test_a_report_that_cannot_be_told_by_team_is_refused_and_pauses_if_it_became_one(crew, office):
    crew.stage.report_id = crew.planless
    made = crew.stage.schedule(recipients=["team:Platform"], bursts=True)
    about = {"scope": "person", "people": [crew.people["cy"]], "metrics": ["commits_count"]}
    reports.update(crew.stage.ctx, crew.planless, parameters=about)

    with pytest.raises(BadInput, match=r"cannot be told team by team\. It is about people"):
        crew.stage.schedule(recipients=["team:Platform"], bursts=True)
    crew.due()

    assert "cannot be told team by team" in service.get(crew.stage.ctx, made.id).paused_reason
    assert [mail["To"] for mail in office.mails if "example.com" in mail["To"]] == []


UNREACHABLE = {
    "team:Platfrom": "There is no team named 'Platfrom' in this workspace. Did you mean 'Platform'",
    "person:Zoe": "There is no person named 'Zoe'",
    "leads:Mobile": "Nobody leads the team 'Mobile'",
    "leads:*": "No team has a lead",
    "team:Empty": "Nobody in the team 'Empty' has a mail address",
    "person:Gil": "'Gil' has no mail address",
}


def test_whom_nothing_can_reach_is_said_when_it_is_saved(crew):
    system = crew.stage.house.context(crew.stage.ctx.workspace)
    people.create_team(system, "Empty")
    people.register(system, [Seen("7+gil@users.noreply.github.com", "Gil")])

    for to, sentence in UNREACHABLE.items():
        with pytest.raises(BadInput, match=re.escape(sentence)):
            crew.stage.schedule(recipients=[to, "x@example.org"])
    with pytest.raises(BadInput, match="There is no team's report to send"):
        crew.stage.schedule(recipients=["dee@example.com"], bursts=True)
    assert service.schedules(crew.stage.ctx) == []


def test_who_is_gone_by_then_is_told_to_the_owner_and_the_others_get_theirs(crew, office):
    system = crew.stage.house.context(crew.stage.ctx.workspace)
    made = crew.stage.schedule(recipients=["team:Mobile", "team:Platform", "x@example.org"])
    people.delete_team(system, crew.teams["Mobile"])
    crew.due()

    assert service.get(crew.stage.ctx, made.id).names[0] == "Mobile (team, gone)"
    assert sorted(mail["To"] for mail in office.mails if "Not every" not in mail["Subject"]) == [
        "ann@example.com", "bo@example.com", "x@example.org",
    ]  # fmt: skip
    assert "The team 'Mobile' is gone" in text(office.to("ada@example.org")[0])
    with pytest.raises(BadInput, match="Take it off the recipients"):
        service.update(crew.stage.ctx, made.id, cron="daily")


def test_domains_hold_for_whoever_joins_a_team(crew, office):
    system = crew.stage.house.context(crew.stage.ctx.workspace)
    domains.choose(system, ["example.com"])
    crew.stage.schedule(recipients=["team:Platform"])
    people.register(system, [Seen("hal@example.net", "Hal")])
    hal = people.person(system, "hal@example.net").id
    people.set_membership(system, hal, crew.teams["Platform"], date(2026, 3, 1))

    with pytest.raises(BadInput, match=r"does not go to hal@example\.net"):
        crew.stage.schedule(recipients=["team:Platform"])
    crew.due()
    assert sorted(mail["To"] for mail in office.mails) == ["ada@example.org", "ann@example.com", "bo@example.com"]
    assert "hal@example.net" in text(office.to("ada@example.org")[0])


def test_a_burst_is_one_report_of_the_month(crew, office):
    quotas.choose(crew.stage.house.context(crew.stage.ctx.workspace), "custom", 1)
    crew.stage.schedule(recipients=["team:Platform", "team:Mobile"], bursts=True, cron="daily")
    for day in range(2):
        crew.due(MONDAY + timedelta(days=day))

    assert quotas.quota(crew.stage.ctx).used == 1
    assert len(office.to("cy@example.com")) == 1
    assert [mail["Subject"] for mail in office.to("ada@example.org")] == ["Not sent: Weekly health"]


def test_a_condition_and_a_failure_are_each_portions_own(crew, office):
    made = crew.stage.schedule(recipients=[f"team:{name}" for name in TEAMS], bursts=True, condition="commits > 3")
    crew.due()

    assert crew.statuses() == {"Platform": "skipped", "Mobile": "posted", "Data": "posted"}
    view = service.get(crew.stage.ctx, made.id)
    assert view.last_note == "Platform: Not sent: Commits is 3, not above 3."
    assert sorted(mail["To"] for mail in office.mails) == ["cy@example.com", "eve@example.com"]


def test_sent_by_hand_each_team_gets_its_own_too(crew, office):
    crew.stage.report_id, crew.stage.hands.now = crew.planless, MONDAY
    made = crew.stage.schedule(recipients=[f"team:{name}" for name in TEAMS], bursts=True, formats=("markdown",))

    assert len(service.send_now(crew.stage.ctx, made.id)) == 3
    crew.stage.work()

    assert {mail["To"]: commits(mail) for mail in office.mails} == {
        "ann@example.com": 3, "bo@example.com": 3, "cy@example.com": 4, "eve@example.com": 8,
    }  # fmt: skip


def test_the_reports_page_leads_from_team_to_team(crew, office, monkeypatch):
    crew.stage.schedule(recipients=[f"team:{name}" for name in TEAMS], bursts=True)
    crew.due()
    stage = crew.stage
    page = entered(stage.house, stage.ctx, monkeypatch, "reports/report")
    page.query_params["report"] = stage.report_id
    page.run()
    (team,) = [box for box in page.selectbox if box.label == "Team"]
    assert team.options == sorted(TEAMS)

    other = next(name for name in TEAMS if name != team.value)

    team.select(other).run()

    chosen = reports.run(stage.ctx, page.query_params["run"])
    assert (chosen.portion, chosen.status) == (other, "success")
    assert [box.value for box in page.selectbox if box.label == "Team"] == [other]
    assert not page.exception


def test_a_test_shows_the_askers_own_team_or_the_first(crew, office):
    system = crew.stage.house.context(crew.stage.ctx.workspace)
    made = crew.stage.schedule(recipients=[f"team:{name}" for name in TEAMS], bursts=True)
    service.test(crew.stage.ctx, made.id)
    people.set_leads(system, "Platform", ["ada"])
    service.test(crew.stage.ctx, made.id)
    crew.stage.work()

    assert [mail["Subject"].partition(":")[0] for mail in office.mails] == [
        "Weekly health · Data", "Weekly health · Platform",
    ]  # fmt: skip
    assert {mail["To"] for mail in office.mails} == {"ada@example.org"}
