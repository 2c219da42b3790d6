"""Leave as other programs write it: a table (CSV), or a calendar (ICS). What cannot be read is told row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from core.base.errors import BadInput, did_you_mean

MOST_ROWS = 20_000
MOST_BYTES = 10_000_000
MOST_TIMES = 200
"""Of one event that comes again."""
FAR = timedelta(days=2 * 366)
"""How far ahead one that never ends is followed."""
COLUMNS = {
    "person": ("person", "who", "name", "email", "e-mail", "login", "employee"),
    "first": ("first", "first_day", "first day", "from", "start", "start date", "begin"),
    "last": ("last", "last_day", "last day", "to", "until", "end", "end date"),
    "reason": ("reason", "kind", "type"),
}
"""Column → what its head may be called."""


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """One span of a file, or why it is none."""

    place: str
    """ "line 4", "event 2"."""
    who: str
    """As the file names them; an address where there is one."""
    first: date | None
    last: date | None
    """Inside."""
    reason: str = "leave"
    refused: str = ""


def read(content: bytes, name: str, today: date, zone: ZoneInfo) -> list[LeaveRow]:
    """Every span of a file, told by its name or by how it begins; BadInput if it is neither CSV nor ICS."""
    if len(content) > MOST_BYTES:
        raise BadInput(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Cut it into several.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"'{name}' is not written in UTF-8. Save it so, and send it again.") from error
    is_calendar = name.lower().endswith((".ics", ".ical")) or text.lstrip()[:15].upper() == "BEGIN:VCALENDAR"
    rows = list(islice(_calendar(text, name, today, zone) if is_calendar else _table(text, name), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise BadInput(f"The file has more than {MOST_ROWS:,} rows. Cut it into several.")
    if not rows:
        raise BadInput(f"There is no leave in '{name}'.")
    return rows


def _table(text: str, name: str) -> Iterator[LeaveRow]:
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=separator)
    found = _columns([one.strip() for one in reader.fieldnames or ()], name)
    for row in reader:
        cells = {what: (row.get(column) or "").strip() for what, column in found.items()}
        if any(cells.values()):
            yield _row(f"line {reader.line_num}", cells)


def _columns(heads: list[str], name: str) -> dict[str, str]:
    """Which column of the file holds what; BadInput where one lacks that is needed."""
    known = {head.casefold(): head for head in heads}
    found = {what: known[word] for what, words in COLUMNS.items() for word in words if word in known}
    for what in ("person", "first"):
        if what not in found:
            hint = did_you_mean(COLUMNS[what][0], heads)
            raise BadInput(f"'{name}' has no column '{COLUMNS[what][0]}'.{hint} Its first line must name the columns.")
    return found


def _row(place: str, cells: dict[str, str]) -> LeaveRow:
    who, reason = cells["person"], cells.get("reason", "") or "leave"
    try:
        first = date.fromisoformat(cells["first"][:10])
        last = date.fromisoformat((cells.get("last") or cells["first"])[:10])
    except ValueError:
        return LeaveRow(place, who, None, None, reason, f"'{cells['first']}' is no day. Write 2026-01-31.")
    if not who:
        return LeaveRow(place, who, first, last, reason, "It names nobody.")
    return LeaveRow(place, who, first, last, reason)


def _calendar(text: str, name: str, today: date, zone: ZoneInfo) -> Iterator[LeaveRow]:
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except ValueError as error:
        raise BadInput(f"'{name}' is no calendar: {error}.") from error
    events = (event for calendar in calendars for event in calendar.walk("VEVENT"))
    for number, event in enumerate(events, 1):
        if str(event.get("STATUS", "")).upper() != "CANCELLED":
            yield from _spans(f"event {number}", event, today, zone)


def _spans(place: str, event: Any, today: date, zone: ZoneInfo) -> Iterator[LeaveRow]:
    who, title = _whose(event), str(event.get("SUMMARY", "")).strip()
    start = event.get("DTSTART")
    if start is None:
        yield LeaveRow(place, who or title, None, None, refused="It has no beginning.")
        return
    first, last = _days(event, zone)
    for day in _beginnings(event, first, today):
        yield LeaveRow(place, who or title, day, day + (last - first), _reason(title))


def _days(event: Any, zone: ZoneInfo) -> tuple[date, date]:
    """First and last local day, both inside: the end of a calendar's event lies outside of it."""
    start = event.decoded("DTSTART")
    if event.get("DTEND") is not None:
        end = event.decoded("DTEND")
    elif event.get("DURATION") is not None:
        end = start + event.decoded("DURATION")
    else:
        end = start + timedelta(days=1) if not isinstance(start, datetime) else start
    if isinstance(start, datetime):
        start, end = _local(start, zone), _local(end, zone)
        return start.date(), max((end - timedelta(microseconds=1)).date(), start.date())
    return start, max(end - timedelta(days=1), start)


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _beginnings(event: Any, first: date, today: date) -> Iterable[date]:
    """The first day, or each one of an event that comes again, as far ahead as two years."""
    rule = event.get("RRULE")
    if rule is None:
        return [first]
    from dateutil.rrule import rrulestr

    text = rule.to_ical().decode().replace("Z", "")  # the days are local by now
    times = rrulestr(text, dtstart=datetime.combine(first, time()))
    left_out = set(_exceptions(event))
    until = datetime.combine(today, time()) + FAR
    days = (one.date() for one in islice(times, MOST_TIMES) if one <= until)
    return [day for day in days if day not in left_out]


def _exceptions(event: Any) -> Iterator[date]:
    given = event.get("EXDATE")
    for one in given if isinstance(given, list) else [given] if given is not None else []:
        for entry in one.dts:
            yield entry.dt.date() if isinstance(entry.dt, datetime) else entry.dt


def _whose(event: Any) -> str:
    """The address of whoever is away: a single attendee, else who made the entry."""
    attendees: Any = event.get("ATTENDEE")
    several = attendees if isinstance(attendees, list) else [attendees] if attendees else []
    chosen = several[0] if len(several) == 1 else event.get("ORGANIZER")
    return str(chosen or "").removeprefix("mailto:").removeprefix("MAILTO:").strip()


def _reason(title: str) -> str:
    """What kind of leave a title speaks of."""
    words = title.casefold()
    known = {"parental": "parental leave", "sick": "sick", "sabbatical": "sabbatical"}
    return next((reason for word, reason in known.items() if word in words), "leave")
