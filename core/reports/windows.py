"""The days of a report: by a named range, or by the rules of report files."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from core.base.errors import BadInput
from core.base.period import Period, named, zone_of
from core.datasources.window import Window as DataWindow
from core.reports.plan import Window

DEFAULT_INTERVAL = 7


def resolved(window: Window, as_of: datetime, zone: str) -> DataWindow:
    """The window in full, as of a moment, on the clock of `zone`.

    With `start`, `end` or `interval_days` the rules of report files hold: the end is
    exclusive and defaults to today's midnight, the start to as many days before it.
    """
    if not (window.start or window.end or window.interval_days):
        period = named(window.range, as_of, zone)
        return DataWindow(period, zone, max(1, round(period.days)))
    end = _moment(window.end, zone) if window.end else _today(as_of, zone)
    length = window.interval_days or DEFAULT_INTERVAL
    start = _moment(window.start, zone) if window.start else end - timedelta(days=length)
    period = Period(_instant(start, zone), _instant(end, zone))
    spanned = max(1, round(period.days)) if window.interval_days is None else length
    return DataWindow(period, zone, spanned)


def _today(as_of: datetime, zone: str) -> datetime:
    return datetime.combine(as_of.astimezone(zone_of(zone)).date(), time.min)


def _moment(text: str, zone: str) -> datetime:
    """Wall time of the report's zone; an offset in the text is honoured."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"'{text}' is no date. Write 2026-01-31, or 2026-01-31T06:00 for a time of day.") from error
    return read.astimezone(zone_of(zone)).replace(tzinfo=None) if read.tzinfo else read


def _instant(wall: datetime, zone: str) -> datetime:
    return wall.replace(tzinfo=zone_of(zone)).astimezone(UTC)
