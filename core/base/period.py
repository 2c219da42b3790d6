"""Half-open spans of time, and the four period types that snapshots use.

A period is [start, end): its last instant belongs to the next one. Starts and
ends are UTC instants that fall on local midnights of a zone, so that a "week"
is the reader's week.
"""

from __future__ import annotations

import calendar
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


def named(name: str, now: datetime, tz: str = "UTC") -> Period:
    """The range called `name` as of `now`. "last N days" ends with yesterday: today is not over yet.

    Also takes "YYYY-MM-DD..YYYY-MM-DD", both dates inside.
    """
    today = now.astimezone(zone_of(tz)).date()
    day = timedelta(days=1)
    if ".." in name:
        return _written(name, tz)
    if name.startswith("last_") and name.endswith("_days") and name[5:-5].isdigit() and int(name[5:-5]) > 0:
        return between(today - min(int(name[5:-5]), today.toordinal() - 1) * day, today - day, tz)
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
