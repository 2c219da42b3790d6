"""When a cron expression comes round in a time zone, once for each wall-clock time that it names.

The library finds the wall-clock times; this layer places them on the real time
line. A time that the zone's clock skips comes at the next instant that exists, a
time that it shows twice comes at the first, and times that fall together come
once. A single day of the month past the 28th falls to the last day of shorter
months.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import cast
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from core.base.counted import counted
from core.base.errors import BadInput
from core.base.period import zone_of

EXAMPLE = "Write minute, hour, day of month, month and day of week, such as '0 9 * * 1' for Mondays at 09:00."
ANY_DAY = datetime.combine(date(2026, 1, 1), time())
"""A wall-clock time to begin from where any will do."""


@dataclass(frozen=True, slots=True)
class Cron:
    """A five-field cron expression in an IANA time zone."""

    expression: str
    time_zone: str = "UTC"

    def after(self, moment: datetime) -> Iterator[datetime]:
        """Every fire strictly later than `moment`, oldest first, as UTC instants."""
        zone, last = zone_of(self.time_zone), moment.astimezone(UTC)
        # A day back, so that wall-clock times that the zone skips up to `moment` are still placed.
        start = moment.astimezone(zone).replace(tzinfo=None) - timedelta(days=1)
        for wall in self._walls(start):
            fire = placed(wall, zone)
            if fire > last:
                last = fire
                yield fire

    def next(self, moment: datetime) -> datetime:
        """The first fire strictly later than `moment`."""
        return next(self.after(moment))

    def upcoming(self, moment: datetime, n: int = 5) -> list[datetime]:
        """The next `n` fires."""
        return list(islice(self.after(moment), n))

    def within(self, start: datetime, end: datetime) -> list[datetime]:
        """Fires of [start, end)."""
        return list(takewhile(lambda fire: fire < end, self.after(start - timedelta(microseconds=1))))

    def latest(self, moment: datetime, since: datetime) -> datetime | None:
        """The newest fire of [since, moment], looking back ever further so that a frequent one is found at once."""
        for days in (1 / 24, 1, 32, 400, 36_500):
            start = max(since, moment - timedelta(days=days))
            if found := self.within(start, moment + timedelta(microseconds=1)):
                return found[-1]
            if start == since:
                break
        return None

    def check(self) -> Cron:
        """Return itself if the expression and the zone are sound and ever come; BadInput if not."""
        zone_of(self.time_zone)
        if next(self._walls(ANY_DAY), None) is None:
            raise BadInput(f"The schedule '{self.expression}' never comes: no month has that day.")
        return self

    def _walls(self, start: datetime) -> Iterator[datetime]:
        minute, hour, day, month, weekday = self._fields()
        try:
            if (wanted := last_days(day, weekday)) is None:
                yield from cast(Iterator[datetime], CronSim(" ".join(self._fields()), start))
                return
            for wall in cast(Iterator[datetime], CronSim(f"{minute} {hour} 28-31 {month} *", start)):
                if wall.day == min(wanted, calendar.monthrange(wall.year, wall.month)[1]):
                    yield wall
        except CronSimError as error:
            reason = str(error).removeprefix("Bad ")
            raise BadInput(f"The schedule '{self.expression}' has a bad {reason}. {EXAMPLE}") from error

    def _fields(self) -> list[str]:
        fields = self.expression.split()
        if len(fields) != 5:
            raise BadInput(f"The schedule '{self.expression}' has {counted(len(fields), 'field')}, not five. {EXAMPLE}")
        return fields


def last_days(day: str, weekday: str) -> int | None:
    """The single day of the month past the 28th that `day` names, if the day of the week is free."""
    late = day.isdecimal() and 29 <= int(day) <= 31
    return int(day) if late and weekday == "*" else None


def placed(wall: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall-clock time: its first showing, or the next minute that the clock does show."""
    while not _shown(wall, zone):
        wall += timedelta(minutes=1)
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _shown(wall: datetime, zone: ZoneInfo) -> bool:
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
