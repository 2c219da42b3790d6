"""Leave from tables and calendars: every row is told what becomes of it, and nothing is kept twice."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from core.access.models import DataChange
from core.base.errors import BadInput, NotAllowed
from core.bootstrap import House
from core.context import ROLES, Actor, Context
from core.entrypoints.cli import out, worktime
from core.people import service
from core.people.views import Seen

TABLE = b"""\
Name;From;Until;Kind
ada@one.org;2026-08-03;2026-08-21;holiday
Bob Martin;2026-08-10;;sick
zoe@one.org;2026-08-10;2026-08-11;
ada@one.org;soon;2026-08-11;
;2026-08-10;2026-08-11;
ada@one.org;2026-08-21;2026-08-03;
ada@one.org;2026-08-03;2026-08-21;holiday
"""
CALENDAR = b"""\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//test//EN
BEGIN:VEVENT
UID:1
SUMMARY:Summer
DTSTART;VALUE=DATE:20260803
DTEND;VALUE=DATE:20260822
ATTENDEE:mailto:ada@one.org
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Parental leave: Bob Martin
DTSTART;TZID=Europe/Berlin:20260901T000000
DTEND;TZID=Europe/Berlin:20260904T000000
END:VEVENT
BEGIN:VEVENT
UID:3
SUMMARY:Bob Martin off
DTSTART;VALUE=DATE:20260904
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;VALUE=DATE:20260918
END:VEVENT
BEGIN:VEVENT
UID:4
SUMMARY:Called off
STATUS:CANCELLED
DTSTART;VALUE=DATE:20261001
ORGANIZER:mailto:ada@one.org
END:VEVENT
BEGIN:VEVENT
UID:5
SUMMARY:Team offsite
DTSTART;VALUE=DATE:20261005
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def acme(ctx: Context) -> Context:
    service.register(ctx, [Seen("ada@one.org", "Ada King"), Seen("bob@one.org", "Bob Martin")])
    return ctx


def told(plan: service.LeavePlan) -> list[tuple[Any, ...]]:
    return [(one.place, one.person or one.who, one.first_day, one.last_day, one.state) for one in plan.rows]


def test_a_table_is_shown_row_by_row_before_it_is_kept(acme: Context) -> None:
    plan = service.plan_leave(acme, TABLE, "leave.csv")

    summer = date(2026, 8, 3), date(2026, 8, 21)
    assert told(plan) == [
        ("line 2", "Ada King", *summer, "new"),
        ("line 3", "Bob Martin", date(2026, 8, 10), date(2026, 8, 10), "new"),
        ("line 4", "zoe@one.org", date(2026, 8, 10), date(2026, 8, 11), "refused"),
        ("line 5", "ada@one.org", None, None, "refused"),
        ("line 6", "", date(2026, 8, 10), date(2026, 8, 11), "refused"),
        ("line 7", "Ada King", date(2026, 8, 21), date(2026, 8, 3), "refused"),
        ("line 8", "Ada King", *summer, "there"),
    ]
    assert [one.why for one in plan.rows[2:6]] == [
        "There is no person 'zoe@one.org' in this workspace. Did you mean 'bob@one.org'?",
        "'soon' is no day. Write 2026-01-31.",
        "It names nobody.",
        "The leave ends (2026-08-03) before it starts (2026-08-21).",
    ]
    assert plan.sentence == "2 new, 1 there already, 4 refused."
    assert service.leave(acme) == []


def test_the_same_file_twice_adds_nothing(acme: Context) -> None:
    plan = service.plan_leave(acme, TABLE, "leave.csv")
    assert service.take_leave(acme, plan, "leave.csv") == 2
    assert service.take_leave(acme, plan, "leave.csv") == 0

    assert service.plan_leave(acme, TABLE, "leave.csv").count("new") == 0
    assert [(one.first_day, one.reason) for one in service.leave(acme)] == [
        (date(2026, 8, 10), "sick"), (date(2026, 8, 3), "holiday"),
    ]  # fmt: skip
    with acme.app.reading() as session:
        changes = session.scalars(sa.select(DataChange).where(DataChange.cause == "schedule")).all()
    assert [(one.first_day, one.last_day) for one in changes] == [(date(2026, 8, 2), date(2026, 8, 22))]


def test_a_calendars_days_are_local_and_its_end_lies_outside(acme: Context) -> None:
    plan = service.plan_leave(acme, CALENDAR, "team.ics")

    assert told(plan) == [
        ("event 1", "Ada King", date(2026, 8, 3), date(2026, 8, 21), "new"),
        ("event 2", "Bob Martin", date(2026, 8, 31), date(2026, 9, 3), "new"),  # in UTC, where the workspace is
        ("event 3", "Bob Martin", date(2026, 9, 4), date(2026, 9, 4), "new"),
        ("event 3", "Bob Martin", date(2026, 9, 11), date(2026, 9, 11), "new"),
        ("event 3", "Bob Martin", date(2026, 9, 25), date(2026, 9, 25), "new"),
        ("event 5", "Team offsite", date(2026, 10, 5), date(2026, 10, 5), "refused"),
    ]
    assert plan.rows[1].reason == "parental leave"


def test_a_calendar_of_one_person_needs_no_names(acme: Context) -> None:
    plan = service.plan_leave(acme, CALENDAR, "mine.ics", "bob@one.org")

    assert {one.person for one in plan.rows} == {"Bob Martin"}
    assert plan.count("new") == 6


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"who,when\n", "x.csv", "has no column 'first'"),
        (b"\xff\xfe", "x.csv", "not written in UTF-8"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "x.ics", "There is no leave in 'x.ics'"),
        (b"hello", "x.ics", "is no calendar"),
        (b"person,first_day\n", "x.csv", "There is no leave in 'x.csv'"),
    ],
)
def test_what_is_no_leave_is_refused_with_a_sentence(acme: Context, content: bytes, name: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        service.plan_leave(acme, content, name)


def test_only_those_who_look_after_people_import(acme: Context) -> None:
    with pytest.raises(NotAllowed):
        service.plan_leave(acme.as_actor(Actor("u", "Vera", "member", ROLES["member"])), TABLE, "leave.csv")


def test_holidays_to_come_have_names(acme: Context) -> None:
    assert service.holidays_ahead(acme) == {}
    service.set_schedule(
        acme, "", working_weekdays=[1, 2, 3, 4, 5], start_minute=540, end_minute=1080, time_zone="UTC", country="DE"
    )

    ahead = service.holidays_ahead(acme, days=60)
    assert ahead[date(2026, 4, 3)] == "Good Friday"
    assert date(2026, 5, 1) in ahead and date(2026, 10, 3) not in ahead


def test_the_command_sets_imports_and_lists(
    house: House, acme: Context, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(out, "ready", lambda: house)
    file = tmp_path / "leave.csv"
    file.write_bytes(TABLE)

    def run(*words: str) -> Any:
        words = (*words, "-w", acme.workspace.slug, "--json")
        result = CliRunner().invoke(worktime.app, words, catch_exceptions=False, standalone_mode=False)
        assert result.exception is None
        return json.loads(result.stdout.splitlines()[-1])["rows"]

    (mine,) = run("set", "--person", "ada@one.org", "--days", "Sun-Thu", "--hours", "08:00-16:30", "--holidays", "IL")
    assert (mine["who"], mine["days"], mine["hours"]) == ("Ada King", "Mon, Tue, Wed, Thu, Sun", "08:00–16:30")
    assert [row["who"] for row in run("list")] == ["everybody", "Ada King"]
    assert run("set", "--person", "ada@one.org", "--default")[0]["is_default"] is True
    assert [row["state"] for row in run("import", str(file), "--dry-run")].count("new") == 2
    assert run("leave") == []
    run("import", str(file))
    assert [row["person"] for row in run("leave")] == ["Bob Martin", "Ada King"]
    run("leave", "--remove", run("leave")[0]["id"])
    assert len(run("leave", "--person", "ada@one.org", "--add", "2026-09-01", "2026-09-02")) == 2
    run("set", "--holidays", "DE")
    assert {"day": "2026-04-03", "weekday": "Fri", "holiday": "Good Friday"} in run("holidays")
