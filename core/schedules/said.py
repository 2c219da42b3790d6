"""A rhythm as programs say it: daily, weekly or monthly with its day and time in UTC, or a cron expression."""

from __future__ import annotations

from datetime import time

from core.base.errors import BadInput, did_you_mean
from core.schedules.rhythm import NINE, Rhythm, clock_time
from core.schedules.views import ScheduleView

DAYS = {"daily": (), "weekly": ("day_of_week",), "monthly": ("day_of_month",)}
"""Which day each rhythm has."""
UTC = ("UTC", "Etc/UTC")


def heard(
    schedule: str | None = None,
    *,
    day_of_week: int | None = None,
    day_of_month: int | None = None,
    time_utc: str | None = None,
    cron: str | None = None,
    time_zone: str | None = None,
) -> dict[str, str]:
    """What of a `Wish` is meant: its cron and time zone, as far as it is said. BadInput where words contradict."""
    days = {"day_of_week": day_of_week, "day_of_month": day_of_month}
    given = [name for name, day in days.items() if day is not None]
    if cron is not None:
        if schedule or given or time_utc:
            raise BadInput("Say either a schedule with its day and time, or a cron expression, not both.")
        return {"cron": cron} | ({"time_zone": time_zone} if time_zone else {})
    if not schedule:
        if given or time_utc:
            raise BadInput("Say too which schedule it is: daily, weekly or monthly.")
        return {"time_zone": time_zone} if time_zone else {}
    if schedule not in DAYS:
        raise BadInput(
            f"There is no schedule '{schedule}'. Say daily, weekly or monthly.{did_you_mean(schedule, DAYS)}"
        )
    for name in given:
        if name not in DAYS[schedule]:
            has = DAYS[schedule][0] if DAYS[schedule] else "no day"
            raise BadInput(f"A {schedule} schedule has {has}, not {name}. Leave {name} out, or say another schedule.")
    if time_zone and time_zone not in UTC:
        raise BadInput(f"A {schedule} schedule is in UTC. For the time of '{time_zone}' say a cron expression instead.")
    return {
        "cron": _cron(schedule, day_of_week, day_of_month, clock_time(time_utc) if time_utc else NINE),
        "time_zone": "UTC",
    }


def time_utc(view: ScheduleView) -> str | None:
    """HH:MM in UTC; None where it has none, or its zone is another, of which UTC goes with the season."""
    return f"{view.rhythm.at:%H:%M}" if view.rhythm.at and view.time_zone in UTC else None


def export_format(view: ScheduleView) -> str | None:
    """Its one file; None where it has none, or several."""
    return view.formats[0] if len(view.formats) == 1 else None


def files(export_format: str | None, formats: list[str] | None) -> dict[str, list[str]]:
    """What of a `Wish` is meant by one file or several; BadInput where both are said."""
    if export_format and formats is not None:
        raise BadInput("Say either export_format for one file, or formats for several, not both.")
    chosen = [export_format] if export_format else formats
    return {} if chosen is None else {"formats": chosen}


def _cron(schedule: str, day_of_week: int | None, day_of_month: int | None, at: time) -> str:
    match schedule:
        case "weekly":
            return Rhythm.weekly(day_of_week or 0, at).cron
        case "monthly":
            return Rhythm.monthly(1 if day_of_month is None else day_of_month, at).cron
    return Rhythm.daily(at).cron
