"""The days of a report: by a named range, or by the rules of report files."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from core.base.counted import counted
from core.base.errors import BadInput
from core.base.period import FIRST_YEAR, LAST_YEAR, Period, named, zone_of
from core.datasources.window import Window as DataWindow
from core.reports.plan import Window

DEFAULT_INTERVAL = 7
DAY = timedelta(days=1)


def resolved(window: Window, as_of: datetime, zone: str) -> DataWindow:
    """The window in full, as of a moment, on the clock of `zone`.

    With `start`, `end` or `interval_days` the rules of report files hold: the end is
    exclusive and defaults to today's midnight, the start to as many days before it.
    Days are counted by the clock on the wall: a week with a change of the clock is a week.
    """
    if not (window.start or window.end or window.interval_days):
        period = named(window.range, as_of, zone)
        return DataWindow(period, zone, max(1, round(period.days)))
    end = _wall(moment(window.end), zone) if window.end else _today(as_of, zone)
    length = window.interval_days or DEFAULT_INTERVAL
    start = _wall(moment(window.start), zone) if window.start else _before(end, length)
    if end <= start:
        raise BadInput(f"The report ends ({_said(end)}) before it begins ({_said(start)}); its end must come after it.")
    spanned = window.interval_days or max(1, round((end - start) / DAY))
    return DataWindow(Period(_instant(start, zone), _instant(end, zone)), zone, spanned)


def moment(text: str) -> datetime:
    """A date, or a wall time with or without an offset; BadInput if `text` is none."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput(f"'{text}' is no date. Write 2026-01-31, or 2026-01-31T06:00 for a time of day.") from error
    return _kept(read, text)


def _today(as_of: datetime, zone: str) -> datetime:
    return datetime.combine(as_of.astimezone(zone_of(zone)).date(), time.min)


def _before(end: datetime, days: int) -> datetime:
    return _kept(end.replace(fold=0) - timedelta(days=days), f"{counted(days, 'day')} before {_said(end)}")


def _kept(wall: datetime, text: str) -> datetime:
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise BadInput(f"'{text}' is out of range. Choose days from {FIRST_YEAR} to {LAST_YEAR}.")
    return wall


def _wall(read: datetime, zone: str) -> datetime:
    """On the clock of `zone`; an offset that was written is honoured."""
    return read.astimezone(zone_of(zone)).replace(tzinfo=None) if read.tzinfo else read


def _instant(wall: datetime, zone: str) -> datetime:
    return wall.replace(tzinfo=zone_of(zone)).astimezone(UTC)


def _said(wall: datetime) -> str:
    return f"{wall:%Y-%m-%d}" if wall.time() == time.min else f"{wall:%Y-%m-%d %H:%M}"
