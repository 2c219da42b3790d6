"""The rhythms that people choose by name, and the sentence that says any of them aloud."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Literal

from cronsim import CronSim

from core.base.errors import BadInput
from core.schedules.cron import ANY_DAY, EXAMPLE, Cron, last_days

Preset = Literal["daily", "weekly", "monthly", "custom"]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CRON_NAMES = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
NINE = time(9, 0)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often: a preset with its time and day, or any cron expression."""

    cron: str
    preset: Preset
    at: time | None = None
    """Local wall-clock time; None where a custom expression names several."""
    day_of_week: int | None = None
    """0 is Monday."""
    day_of_month: int | None = None
    """29 to 31 fall to the last day of shorter months."""

    @classmethod
    def daily(cls, at: time = NINE) -> Rhythm:
        return cls(f"{at.minute} {at.hour} * * *", "daily", at)

    @classmethod
    def weekly(cls, day_of_week: int = 0, at: time = NINE) -> Rhythm:
        if not 0 <= day_of_week <= 6:
            raise BadInput(f"There is no weekday number {day_of_week}. Use 0 for Monday to 6 for Sunday.")
        return cls(f"{at.minute} {at.hour} * * {(day_of_week + 1) % 7}", "weekly", at, day_of_week=day_of_week)

    @classmethod
    def monthly(cls, day_of_month: int = 1, at: time = NINE) -> Rhythm:
        if not 1 <= day_of_month <= 31:
            raise BadInput(f"There is no day {day_of_month} in any month. Use 1 to 31.")
        return cls(f"{at.minute} {at.hour} {day_of_month} * *", "monthly", at, day_of_month=day_of_month)

    @classmethod
    def of(cls, cron: str) -> Rhythm:
        """The rhythm of an expression: a preset where it is one, else custom. BadInput if it cannot be read."""
        cron = named(cron)
        Cron(cron).check()
        minute, hour, day, month, weekday = cron.split()
        if not (minute.isdecimal() and hour.isdecimal() and month == "*"):
            return cls(cron, "custom")
        at = time(int(hour), int(minute))
        if (day, weekday) == ("*", "*"):
            return cls.daily(at)
        if day == "*" and (number := _weekday(weekday)) is not None:
            return cls.weekly(number, at)
        if weekday == "*" and day.isdecimal():
            return cls.monthly(int(day), at)
        return cls(cron, "custom", at)

    def sentence(self, time_zone: str) -> str:
        """ "every Monday at 09:00 Europe/Berlin"."""
        return f"{self._when()} {time_zone}"

    def _when(self) -> str:
        at = f"{self.at:%H:%M}" if self.at else ""
        match self.preset:
            case "daily":
                return f"every day at {at}"
            case "weekly":
                return f"every {WEEKDAYS[self.day_of_week or 0]} at {at}"
            case "monthly":
                return f"{_day_text(self.day_of_month or 1)} of every month at {at}"
        return _explained(self.cron)


PRESETS = {"daily": Rhythm.daily().cron, "weekly": Rhythm.weekly().cron, "monthly": Rhythm.monthly().cron}
"""What a bare word means: 09:00 every day, on Mondays, on the first."""


def named(cron: str) -> str:
    """The expression behind "daily", "weekly" or "monthly"; any other text with its spaces tidied."""
    tidy = " ".join(cron.split())
    if not tidy:
        raise BadInput(f"A schedule needs a rhythm. {EXAMPLE}")
    return PRESETS.get(tidy.casefold(), tidy)


def clock_time(text: str) -> time:
    """ "09:00" as a time; BadInput if it is none."""
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    if not found:
        raise BadInput(f"'{text}' is no time of day. Write it as 09:00 or 17:30.")
    return time(int(found[1]), int(found[2]))


def _weekday(field: str) -> int | None:
    if field.upper() in _CRON_NAMES:
        return _CRON_NAMES.index(field.upper())
    return (int(field) - 1) % 7 if field.isdecimal() and int(field) <= 7 else None


def _day_text(day: int) -> str:
    if day == 31:
        return "on the last day"
    suffix = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"on the {day}{suffix} (or the last day)" if day > 28 else f"on the {day}{suffix}"


def _explained(cron: str) -> str:
    minute, hour, day, month, weekday = cron.split()
    late = last_days(day, weekday)  # the library knows no 31 April, which is the 30th here
    text: str = CronSim(f"{minute} {hour} {'L' if late else day} {month} {weekday}", ANY_DAY).explain()
    if late:
        text = text.replace("on the last day", _day_text(late))
    return text[:1].lower() + text[1:]
