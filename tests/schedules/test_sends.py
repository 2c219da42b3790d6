"""The calendar of all sends: what came as it was recorded, what will come in every zone, and who sees it."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from icalendar import Calendar
from typer.testing import CliRunner

from core.access import workspaces
from core.base.errors import BadInput
from core.delivery import bounces
from core.delivery.mime import message_id
from core.delivery.models import LEAVING, Delivery, Receipt
from core.entrypoints.cli import out
from core.entrypoints.cli import schedule as commands
from core.people import service as people
from core.people.views import Seen
from core.reports import service as reports
from core.reports.models import SavedReport
from core.schedules import sends as calendar
from core.schedules import service
from core.schedules.models import Occurrence, ScheduledReport
from tests.catalogue.factories import History
from tests.delivery.reports import postfix
from tests.schedules.conftest import join

MONDAY = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)
"""09:00 in Berlin, the first Monday after NOW."""
BERLIN = ZoneInfo("Europe/Berlin")


def shown(found):
    return [f"{one.due_at.astimezone(BERLIN):%a %d %H:%M%z} {one.report_name}: {one.state}" for one in found.items]


def report(stage, name, **more):
    return reports.create(stage.ctx, name, {"metrics": ["commits_count"], "formats": ["html"]}, **more).id


def test_a_month_with_a_clock_change_has_every_rhythm_at_its_own_wall_clock(stage):
    """March 2027 in Berlin: five Mondays, clocks go forward on Sunday the 28th."""
    for name, cron in (("Daily", "30 2 * * *"), ("Weekly", "weekly"), ("Month end", "0 9 31 * *")):
        stage.report_id = report(stage, name)
        stage.schedule(cron=cron)
    stage.report_id = report(stage, "Resting")
    service.pause(stage.ctx, stage.schedule(cron="0 12 15 * *").id, "On holiday.")

    found = service.sends(stage.ctx, "2027-03")

    assert (found.period.start, found.period.end) == (
        datetime(2027, 2, 28, 23, tzinfo=UTC), datetime(2027, 3, 31, 22, tzinfo=UTC),
    )  # fmt: skip
    daily = [one for one in shown(found) if "Daily" in one]
    assert len(daily) == 31 and len(found.items) == 31 + 5 + 1 + 1
    assert daily[26:29] == [
        "Sat 27 02:30+0100 Daily: coming",
        "Sun 28 03:00+0200 Daily: coming",  # 02:30 does not exist
        "Mon 29 02:30+0200 Daily: coming",
    ]
    assert [one for one in shown(found) if "Daily" not in one] == [
        "Mon 01 09:00+0100 Weekly: coming",
        "Mon 08 09:00+0100 Weekly: coming",
        "Mon 15 09:00+0100 Weekly: coming",
        "Mon 15 12:00+0100 Resting: paused",
        "Mon 22 09:00+0100 Weekly: coming",
        "Mon 29 09:00+0200 Weekly: coming",
        "Wed 31 09:00+0200 Month end: coming",
    ]
    assert [one.detail for one in found.items if one.state == "paused"] == ["On holiday."]
    february = service.sends(stage.ctx, "2027-02", report_id=stage.report_id)
    assert shown(february) == ["Mon 15 12:00+0100 Resting: paused"]


def test_the_days_are_those_of_the_zone_that_is_asked_for(stage):
    stage.schedule(cron="30 23 31 * *", time_zone="UTC")

    here, there = (service.sends(stage.ctx, "2027-04", time_zone=zone) for zone in ("Europe/Berlin", "UTC"))

    assert [one.due_at for one in here.items] == [datetime(2027, 3, 31, 23, 30, tzinfo=UTC)]
    assert [one.due_at for one in there.items] == [datetime(2027, 4, 30, 23, 30, tzinfo=UTC)]


def test_what_came_is_told_as_it_was_recorded_beside_what_will_come(quick, office):
    stage = quick
    made = stage.schedule(recipients=["team@example.org", "boss@example.org"])
    office.refusals["boss@example.org"] = "550 5.1.1 No such user"
    stage.hands.now = MONDAY
    stage.tick()
    assert [one.state for one in month(stage).items] == ["running", "coming", "coming"]
    stage.work()

    first, *rest = month(stage).items

    assert (first.due_at, first.state, first.detail) == (
        MONDAY, "partly", "1 of 2 messages arrived, 1 did not.",
    )  # fmt: skip
    assert "boss" not in first.detail and first.run_id and first.schedule_id == made.id
    assert [(one.due_at.day, one.state, one.run_id) for one in rest] == [(23, "coming", None), (30, "coming", None)]
    only = service.sends(stage.ctx, "2026-03", states=["partly"])
    assert [one.state for one in only.items] == ["partly"]

    with stage.house.app.session() as session:  # as if its worker had died while the server took it
        lost = session.scalar(sa.select(Delivery.id).where(Delivery.status == "failed"))
        session.execute(sa.update(Receipt).where(Receipt.delivery_id == lost).values(attempt=2))
        session.execute(sa.update(Delivery).where(Delivery.id == lost).values(attempt=2))
        session.add(Receipt(delivery_id=lost, attempt=1, at=MONDAY, outcome=LEAVING))
    assert (month(stage).items[0].state, month(stage).items[0].detail) == (
        "unsure", "1 of 2 messages arrived, 1 may have.",
    )  # fmt: skip

    bounces.take(stage.house, postfix(message_id(lost, "reports@example.org"), "boss@example.org"))
    assert (month(stage).items[0].state, month(stage).items[0].detail) == (
        "partly", "1 of 2 messages arrived, 1 came back.",
    )  # fmt: skip

    office.refusals.clear()
    (line,) = [one for one in service.log(stage.ctx) if one.status == "bounced"]
    service.send_again(stage.ctx, line.delivery_id)
    assert (month(stage).items[0].state, month(stage).items[0].detail) == (
        "sending", "1 of 2 messages arrived, 1 on the way.",
    )  # fmt: skip
    stage.work()
    assert (month(stage).items[0].state, month(stage).items[0].detail) == ("sent", "")


def month(stage):
    return service.sends(stage.ctx, "2026-03")


def test_a_failed_run_a_condition_not_met_and_a_time_that_was_missed_say_why(quick, office):
    stage = quick
    stage.schedule(cron="daily", condition="commits > 3", catch_up="skip")
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()
    with stage.house.app.session() as session:
        session.execute(sa.update(ScheduledReport).values(condition=""))
        session.execute(sa.update(SavedReport).values(parameters={"date_range": "no_such_range"}, report_plan=None))
    stage.hands.wait(days=1)
    stage.tick()
    stage.work()
    stage.hands.wait(days=1, hours=2)
    stage.tick()

    unmet, failed, missed, *_ = month(stage).items

    assert (unmet.state, unmet.due_at) == ("skipped", MONDAY) and "cannot be told" in unmet.detail
    assert failed.state == "failed" and "no_such_range" in failed.detail and "arrived" not in failed.detail
    assert (missed.state, missed.detail) == ("skipped", "Sightline was not running at that time.")
    assert missed.run_id is None


def test_what_nobody_is_mailed_is_kept_and_a_test_is_no_send(quick, office):
    stage = quick
    made = stage.schedule(recipients=[], formats=(), kept_only=True)
    stage.hands.now = MONDAY
    stage.tick()
    stage.hands.wait(minutes=1)
    service.test(stage.ctx, made.id)
    stage.work()

    assert [(one.due_at.day, one.state) for one in month(stage).items] == [
        (16, "kept"), (23, "coming"), (30, "coming"),
    ]  # fmt: skip


def test_a_time_that_is_due_and_not_taken_yet_is_the_newest_of_those_that_were_missed(stage):
    made = stage.schedule(cron="daily")
    stage.hands.now = MONDAY + timedelta(days=2, hours=1)

    first, second, *_ = month(stage).items

    assert (first.due_at, first.state) == (MONDAY + timedelta(days=2), "due")
    assert (second.due_at, second.state) == (MONDAY + timedelta(days=3), "coming")
    service.delete(stage.ctx, made.id)
    assert month(stage).items == ()


def test_a_time_is_where_its_rhythm_has_it_and_says_when_it_starts(stage):
    while not (made := stage.schedule(jitter_s=600)).offset_s:
        pass
    starts = MONDAY + timedelta(seconds=made.offset_s)

    last = next(one for one in month(stage).items if one.schedule_id == made.id)

    assert last.due_at == MONDAY
    assert last.detail == f"Starts at {starts.astimezone(BERLIN):%H:%M:%S %Z}, to spread the load."


def test_archived_reports_bring_nothing_and_paused_ones_say_so(quick, office):
    stage = quick
    stage.schedule()
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()
    reports.update(stage.ctx, stage.report_id, is_active=False)
    assert [one.state for one in month(stage).items] == ["sent", "paused", "paused"]
    assert month(stage).items[1].detail == "Paused by Ada."

    reports.archive(stage.ctx, stage.report_id)
    assert [one.state for one in month(stage).items] == ["sent"]


def test_a_burst_is_one_entry_with_its_number_of_teams(quick, office):
    """Ann made 5 commits in Platform, Cy 1 in Mobile; only more than 3 are sent."""
    stage = quick
    system = stage.house.context(stage.ctx.workspace)
    people.register(system, [Seen("ann@example.com", "Ann"), Seen("cy@example.com", "Cy")])
    for name, who in (("Platform", "ann"), ("Mobile", "cy")):
        team = people.create_team(system, name)
        one = people.person(system, f"{who}@example.com").id
        people.set_membership(system, one, getattr(team, "id", team), date(2026, 3, 1))
    history = History(system)
    for many, who in ((5, "ann"), (1, "cy")):
        for number in range(many):
            history.commit(who, f"2026-03-10 0{number}:00")
    history.ingest()
    stage.schedule(recipients=["team:Platform", "team:Mobile"], bursts=True, formats=(), condition="commits > 3")
    ahead = month(stage).items[0]
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()

    first, second, *_ = month(stage).items

    assert (ahead.teams, ahead.teams_text, ahead.state) == (None, "each their own team's", "coming")
    assert (first.teams, first.teams_text, first.state) == (2, "2 teams", "sent")
    assert re.fullmatch(r"Mobile: Not sent: Commits is 1, not above 3\.", first.detail)
    assert second.due_at == MONDAY + timedelta(days=7)


def test_a_viewer_sees_sends_of_what_they_may_see_and_a_stranger_nothing(stage):
    stage.schedule()
    stage.report_id = report(stage, "Private", visibility="private")
    stage.schedule()
    viewer = join(stage.house, stage.ctx, "vera", "viewer")
    other = stage.house.context(workspaces.create(stage.house.app, name="Other", now=stage.hands.now))

    assert {one.report_name for one in month(stage).items} == {"Weekly health", "Private"}
    assert {one.report_name for one in service.sends(viewer, "2026-03").items} == {"Weekly health"}
    assert service.sends(join(stage.house, other, "eve", "admin"), "2026-03").items == ()


def test_too_many_are_cut_at_a_time_and_it_says_where(stage, monkeypatch):
    monkeypatch.setattr(calendar, "MOST", 4)
    made = stage.schedule(cron="*/15 * * * *")
    with stage.house.app.session() as session:
        for number in range(6):
            session.add(Occurrence(
                workspace_id=stage.ctx.workspace.id, schedule_id=made.id, due_at=MONDAY - timedelta(days=9 - number),
                claimed_at=MONDAY, kind="due", test_recipient="", status="skipped", note="",
            ))  # fmt: skip

    found = service.sends(stage.ctx, first=date(2026, 3, 1))
    later = service.sends(stage.ctx, first=date(2027, 3, 1))

    assert len(found.items) == 4 and found.cut_at == MONDAY - timedelta(days=5)
    assert len(later.items) == 4 and later.cut_at == datetime(2027, 3, 1, 0, 0, tzinfo=UTC)
    assert (later.period.end - later.period.start).days == 30, "31 days, one of an hour less"


def test_a_year_of_schedules_asks_no_more_queries_than_one(stage):
    asked: list[str] = []
    sa.event.listen(stage.house.app.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    service.sends(stage.ctx, "2026-03")
    few = len(asked)
    for _ in range(20):
        stage.schedule()
    asked.clear()
    service.sends(stage.ctx, "2026-03")

    assert len(asked) == few


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"month": "2026-13"}, "'2026-13' is no month. Write it as 2026-12."),
    ({"month": "0000-01"}, "is no month"),
    ({"month": "9999-12"}, "is no month"),
    ({"month": "0999-01"}, "out of range"),
    ({"month": "2026-03", "first": date(2026, 3, 1)}, "either a month or days"),
    ({"first": date(2026, 3, 2), "last": date(2026, 3, 2)}, "before they begin"),
    ({"first": date(2026, 3, 1), "last": date(2028, 3, 1)}, "731 days. Ask for at most 400"),
    ({"first": date(9999, 12, 31)}, "out of range"),
    ({"last": date(1, 1, 1)}, "out of range"),
    ({"time_zone": "Europe/Berlni"}, "no time zone named"),
)


def test_days_that_are_none_are_told(stage):
    for given, sentence in WRONG:
        with pytest.raises(BadInput, match=re.escape(sentence)):
            service.sends(stage.ctx, **given)


def test_a_command_shows_a_month_and_writes_it_for_other_calendars(quick, office, monkeypatch, tmp_path):
    stage = quick
    stage.schedule()
    stage.hands.now = MONDAY
    stage.tick()
    stage.work()
    monkeypatch.setattr(out, "ready", lambda: stage.house)
    file = tmp_path / "sends.ics"
    asked = ["calendar", "--month", "2026-03", "--report", "weekly health", "-w", stage.ctx.workspace.slug]

    told = CliRunner().invoke(commands.app, [*asked, "--ics", str(file), "--json"])

    rows = json.loads(told.stdout.splitlines()[-1])["rows"]
    assert [(row["local"], row["state"]) for row in rows] == [
        ("Mon 16 Mar 2026 09:00 CET", "sent"),
        ("Mon 23 Mar 2026 09:00 CET", "planned"),
        ("Mon 30 Mar 2026 09:00 CEST", "planned"),
    ]
    events = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert [(str(one["SUMMARY"]), one.decoded("DTSTART")) for one in events] == [
        ("Weekly health", datetime(2026, 3, day, hour, tzinfo=UTC)) for day, hour in ((16, 8), (23, 8), (30, 7))
    ]
    assert str(events[0]["URL"]).endswith(f"/report?report={stage.report_id}&run={rows[0]['run_id']}")
    assert "planned" in CliRunner().invoke(commands.app, asked).stdout
