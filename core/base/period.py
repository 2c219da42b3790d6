"""Half-open spans of time, and the four period types that snapshots use.

A period is [start, end): its last instant belongs to the next one. Starts and
ends are UTC instants that fall on local midnights of a zone, so that a "week"
is the reader's week.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.base.errors import BadInput

EPOCH_MONDAY = date(2000, 1, 3)
"""Biweekly periods are counted from this Monday."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Days outside are slips of the pen, and the metrics store could not read them."""


class PeriodType(StrEnum):
    """The lengths that snapshots are kept for."""

    DAILY = "daily"
    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Period:
    """[start, end), both aware UTC instants."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise BadInput("A period needs times with a time zone.")
        if self.end <= self.start:
            raise BadInput(f"The period ends ({self.end:%Y-%m-%d}) before it starts ({self.start:%Y-%m-%d}).")

    @property
    def days(self) -> float:
        """Length in days; a fraction only if the zone's clock changed inside."""
        return (self.end - self.start) / timedelta(days=1)

    def dates(self, tz: str = "UTC") -> tuple[date, date]:
        """First and last local date, both inside."""
        zone = zone_of(tz)
        last = (self.end - timedelta(microseconds=1)).astimezone(zone).date()
        return self.start.astimezone(zone).date(), last

    def previous(self, tz: str = "UTC") -> Period:
        """The span of as many local days just before this one."""
        first, last = self.dates(tz)
        length = (last - first).days + 1
        return _spanning(first - timedelta(days=length), first - timedelta(days=1), tz)

    def year_before(self, tz: str = "UTC") -> Period:
        """The same dates one year earlier (29 February becomes 28)."""
        first, last = self.dates(tz)
        return _spanning(_year_back(first), _year_back(last), tz)

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def label(self, tz: str = "UTC") -> str:
        """ "2 Mar 2026 – 8 Mar 2026", one date if it is one day."""
        first, last = self.dates(tz)
        if first == last:
            return f"{first.day} {first:%b %Y}"
        return f"{first.day} {first:%b %Y} – {last.day} {last:%b %Y}"


def zone_of(tz: str) -> ZoneInfo:
    """The IANA zone named `tz`; BadInput if there is none."""
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(f"There is no time zone named '{tz}'. Use an IANA name such as Europe/Berlin.") from error


@lru_cache(4096)
def midnight(day: date, tz: str = "UTC") -> datetime:
    """The first instant of a local date, as UTC. Where midnight does not exist, the next instant that does."""
    local = datetime.combine(day, time.min, tzinfo=zone_of(tz))
    return local.astimezone(UTC)


def between(first: date, last: date, tz: str = "UTC") -> Period:
    """Whole local days from `first` to `last`, both inside. BadInput if a day is out of the calendar kept here."""
    for day in (first, last):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise BadInput(f"{day} is out of range. Choose days from {FIRST_YEAR} to {LAST_YEAR}.")
    return _spanning(first, last, tz)


def _spanning(first: date, last: date, tz: str) -> Period:
    if last < first:
        raise BadInput(f"The period ends ({last}) before it starts ({first}).")
    return Period(midnight(first, tz), midnight(last + timedelta(days=1), tz))


def period_start(kind: PeriodType, day: date) -> date:
    """First date of the period of this kind that holds `day`."""
    match kind:
        case PeriodType.DAILY:
            return day
        case PeriodType.WEEKLY:
            return day - timedelta(days=day.weekday())
        case PeriodType.BIWEEKLY:
            return day - timedelta(days=(day - EPOCH_MONDAY).days % 14)
        case PeriodType.MONTHLY:
            return day.replace(day=1)


def period_end(kind: PeriodType, first: date) -> date:
    """First date after the period of this kind that starts on `first`."""
    match kind:
        case PeriodType.DAILY:
            return first + timedelta(days=1)
        case PeriodType.WEEKLY:
            return first + timedelta(days=7)
        case PeriodType.BIWEEKLY:
            return first + timedelta(days=14)
        case PeriodType.MONTHLY:
            return first + timedelta(days=calendar.monthrange(first.year, first.month)[1])


def whole(kind: PeriodType, day: date, tz: str = "UTC") -> Period:
    """The period of this kind that holds the local date `day`."""
    first = period_start(kind, day)
    return Period(midnight(first, tz), midnight(period_end(kind, first), tz))


def split(period: Period, kind: PeriodType, tz: str = "UTC") -> Iterator[Period]:
    """Every period of this kind that touches `period`, oldest first."""
    first, last = period.dates(tz)
    start = period_start(kind, first)
    while start <= last:
        after = period_end(kind, start)
        yield Period(midnight(start, tz), midnight(after, tz))
        start = after


RANGES = {
    "last_7_days": "Last 7 days",
    "last_14_days": "Last 14 days",
    "last_30_days": "Last 30 days",
    "last_90_days": "Last 90 days",
    "last_365_days": "Last 365 days",
    "this_week": "This week",
    "last_week": "Last week",
    "this_month": "This month",
    "last_month": "Last month",
    "this_quarter": "This quarter",
    "last_quarter": "Last quarter",
    "this_year": "This year",
}
"""Named ranges of the scope bar and of report parameters, with their labels."""


_COUNTED = re.compile(r"(last|rolling)_([1-9]\d*)_(days|weeks|months|quarters)")
_MONTHS = {"months": 1, "quarters": 3}


def range_label(name: str) -> str:
    """What a range is called: "Last 3 months, whole ones", "1 Mar 2026 – 31 Mar 2026"; its own name if nobody knows."""
    if name in RANGES or not (found := _COUNTED.fullmatch(name)):
        first, _, last = name.partition("..")
        return RANGES.get(name) or (_written(name, "UTC").label() if first and last else name)
    how, many, unit = found.groups()
    said = f"Last {unit[:-1]}" if many == "1" else f"Last {many} {unit}"
    if unit == "days":
        return said if many != "1" else "Yesterday"
    whole = "a whole one" if many == "1" else "whole ones"
    return f"{said}, {whole}" if how == "last" else f"{said}, up to yesterday"


def named(name: str, now: datetime, tz: str = "UTC") -> Period:
    """The range called `name` as of `now`. "last N days" ends with yesterday: today is not over yet.

    Also takes last_3_weeks, last_3_months and last_3_quarters, which are whole ones of the calendar; the same as
    rolling_3_weeks and so on, which end with yesterday; and "YYYY-MM-DD..YYYY-MM-DD", both dates inside.
    """
    today = now.astimezone(zone_of(tz)).date()
    day = timedelta(days=1)
    if ".." in name:
        return _written(name, tz)
    if found := _COUNTED.fullmatch(name):
        return between(*_counted(found[1] == "rolling", int(found[2]), found[3], today), tz)
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    match name:
        case "this_week":
            return between(monday, today, tz)
        case "last_week":
            return between(monday - 7 * day, monday - day, tz)
        case "this_month":
            return between(first, today, tz)
        case "last_month":
            return between((first - day).replace(day=1), first - day, tz)
        case "this_quarter":
            return between(quarter, today, tz)
        case "last_quarter":
            before = quarter - day
            return between(date(before.year, 3 * ((before.month - 1) // 3) + 1, 1), before, tz)
        case "this_year":
            return between(date(today.year, 1, 1), today, tz)
    raise BadInput(f"There is no range named '{name}'. Use one of {', '.join(RANGES)} or 2026-01-01..2026-01-31.")


def _counted(rolling: bool, many: int, unit: str, today: date) -> tuple[date, date]:
    """First and last day of so many units: whole ones before that which holds today, or up to yesterday."""
    if unit in ("days", "weeks"):
        monday = today - timedelta(days=today.weekday())
        until = monday if unit == "weeks" and not rolling else today
        length = many * (7 if unit == "weeks" else 1)
        return until - timedelta(days=min(length, until.toordinal() - 1)), until - timedelta(days=1)
    length = _MONTHS[unit]
    begun = today if rolling else today.replace(day=1, month=today.month - (today.month - 1) % length)
    return _months_back(begun, many * length), begun - timedelta(days=1)


def _months_back(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of a month that is too short for it."""
    year, month = divmod(max(12, day.year * 12 + day.month - 1 - months), 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _written(name: str, tz: str) -> Period:
    first, _, last = name.partition("..")
    try:
        return between(date.fromisoformat(first), date.fromisoformat(last), tz)
    except ValueError as error:
        raise BadInput(f"'{name}' is no range. Write 2026-01-01..2026-01-31.") from error


def _year_back(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
