"""The days of a report file: dates, zones, changes of the clock. Each case with the instants worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.base import machine
from core.base.errors import BadInput
from core.reports.code.compiling import compiled
from core.reports.code.reading import opened_texts
from core.reports.windows import resolved

NOON = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
"""A Wednesday."""

CASES = [
    # text, -s, -e, zone of the machine → start, end in UTC, {interval}
    ("nothing said: seven days up to today", "title: A", "", "", "UTC", "03-04 00:00", "03-11 00:00", 7),
    ("the machine's zone", "title: A", "", "", "Asia/Tokyo", "03-03 15:00", "03-10 15:00", 7),
    ("the file's zone wins", "timezone: Asia/Tokyo", "", "", "America/New_York", "03-03 15:00", "03-10 15:00", 7),
    ("today is another day elsewhere", "timezone: Pacific/Kiritimati", "", "", "UTC", "03-04 10:00", "03-11 10:00", 7),
    ("interval_days", "interval_days: 3", "", "", "UTC", "03-08 00:00", "03-11 00:00", 3),
    ("an end alone", "end_date: 2026-02-10", "", "", "UTC", "02-03 00:00", "02-10 00:00", 7),
    ("an end and a length", "end_date: 2026-02-10\ninterval_days: 2", "", "", "UTC", "02-08 00:00", "02-10 00:00", 2),
    ("a start alone", "start_date: 2026-03-01", "", "", "UTC", "03-01 00:00", "03-11 00:00", 10),
    ("both", "start_date: 2026-01-01\nend_date: 2026-02-01", "", "", "UTC", "01-01 00:00", "02-01 00:00", 31),
    (
        "an interval that was written stays",
        "start_date: 2026-01-01\nend_date: 2026-02-01\ninterval_days: 7",
        "", "", "UTC", "01-01 00:00", "02-01 00:00", 7,
    ),
    ("-s and -e over the file", "start_date: 2026-01-01\nend_date: 2026-02-01", "2026-02-02", "2026-02-05", "UTC",
     "02-02 00:00", "02-05 00:00", 3),
    ("-e over the file, whose start stays", "start_date: 2026-01-01", "", "2026-01-03", "UTC",
     "01-01 00:00", "01-03 00:00", 2),
    ("a time of day", "title: A", "2026-03-01T06:30", "2026-03-02 18:00", "UTC", "03-01 06:30", "03-02 18:00", 1),
    ("an offset is honoured", "timezone: Europe/Berlin", "2026-03-01T00:00+05:00", "2026-03-02T00:00Z", "UTC",
     "02-28 19:00", "03-02 00:00", 1),
    ("a week with a change of the clock is a week", "timezone: America/New_York", "", "2026-03-11", "UTC",
     "03-04 05:00", "03-11 04:00", 7),
    ("a day of 23 hours is a day", "timezone: America/New_York", "2026-03-08", "2026-03-09", "UTC",
     "03-08 05:00", "03-09 04:00", 1),
    ("a day of 25 hours is a day", "timezone: Europe/Berlin", "2025-10-26", "2025-10-27", "UTC",
     "2025-10-25 22:00", "2025-10-26 23:00", 1),
    ("a midnight that does not exist is the next instant that does", "timezone: America/Santiago", "2025-09-07",
     "2025-09-08", "UTC", "2025-09-07 04:00", "2025-09-08 03:00", 1),
    ("an hour that comes twice is its first", "timezone: Europe/Berlin", "2025-10-26T02:30", "2025-10-26T04:00", "UTC",
     "2025-10-26 00:30", "2025-10-26 03:00", 1),
    ("a leap day", "end_date: 2024-03-01\ninterval_days: 1", "", "", "UTC", "2024-02-29 00:00", "2024-03-01 00:00", 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "start", "end", "zone", "first", "after", "interval"),
    [case[1:] for case in CASES],
    ids=[c[0] for c in CASES],
)
def test_the_window(text: str, start: str, end: str, zone: str, first: str, after: str, interval: int) -> None:
    plan = compiled(opened_texts([("f", text)]).certain(), start=start, end=end)

    window = resolved(plan.window, NOON, plan.window.time_zone or zone)

    assert (window.period.start, window.period.end) == (_utc(first), _utc(after))
    assert window.interval_days == interval


def _utc(text: str) -> datetime:
    whole = text if text.startswith("20") else f"2026-{text}"
    return datetime.fromisoformat(whole).replace(tzinfo=UTC)


def test_from_and_to_are_what_the_wall_clock_shows() -> None:
    plan = compiled(opened_texts([("f", "timezone: America/New_York\nend_date: 2026-03-11")]).certain())

    window = resolved(plan.window, NOON, "UTC")

    assert str(window.wall_start) == "2026-03-04 00:00:00"
    assert str(window.wall_end) == "2026-03-11 00:00:00"


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        (
            "2026-03-05",
            "2026-03-01",
            "The report ends (2026-03-01) before it begins (2026-03-05); its end must come after it.",
        ),
        ("2026-04-01", "", "The report ends (2026-03-11) before it begins (2026-04-01); its end must come after it."),
        ("tomorrow", "", "'tomorrow' is no date. Write 2026-01-31, or 2026-01-31T06:00 for a time of day."),
        ("2026-02-30", "", "'2026-02-30' is no date. Write 2026-01-31, or 2026-01-31T06:00 for a time of day."),
        ("", "1900-01-02", "'7 days before 1900-01-02' is out of range. Choose days from 1900 to 2199."),
        ("9999-12-31", "", "'9999-12-31' is out of range. Choose days from 1900 to 2199."),
    ],
)
def test_dates_that_are_none_have_their_sentence(start: str, end: str, sentence: str) -> None:
    plan = compiled(opened_texts([("f", "title: A")]).certain(), start=start, end=end)

    with pytest.raises(BadInput) as caught:
        resolved(plan.window, NOON, "UTC")

    assert caught.value.message == sentence


@pytest.mark.parametrize(
    ("tz", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (":Asia/Tokyo", "Asia/Tokyo"),
        ("", "UTC"),
        ("/usr/share/zoneinfo/America/Lima", "America/Lima"),
        ("/usr/share/zoneinfo/posix/America/Lima", "America/Lima"),
    ],
)
def test_the_machines_zone_is_what_tz_says(tz: str, zone: str) -> None:
    assert machine.zone({"TZ": tz}) == zone


def test_without_tz_the_machines_zone_is_that_of_its_clock(tmp_path: Path) -> None:
    clock, named, gone = tmp_path / "localtime", tmp_path / "timezone", tmp_path / "gone"
    clock.symlink_to("/usr/share/zoneinfo/Europe/Lisbon")
    named.write_text("Europe/Madrid\n")

    assert machine.zone({}, clock, named) == "Europe/Lisbon"
    assert machine.zone({}, gone, named) == "Europe/Madrid"
    assert machine.zone({}, gone, gone) == "UTC"


def test_a_zone_of_posix_rules_is_told() -> None:
    with pytest.raises(BadInput) as caught:
        machine.zone({"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"})

    assert caught.value.message == (
        "This machine's time zone is TZ='CET-1CEST,M3.5.0,M10.5.0/3', which is no IANA name."
        " Set TZ to one such as Europe/Berlin, or write 'timezone' into the report file."
    )
