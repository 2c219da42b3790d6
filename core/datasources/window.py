"""The days that a report is about, as datasources need them: instants, and wall times of the report's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.base.period import Period, zone_of


@dataclass(frozen=True, slots=True)
class Window:
    """[start, end) in a zone."""

    period: Period
    zone: str = "UTC"
    interval_days: int = 7
    """What `{interval}` stands for."""

    @property
    def start(self) -> datetime:
        """The first instant, on the clock of the report's zone."""
        return self.period.start.astimezone(zone_of(self.zone))

    @property
    def end(self) -> datetime:
        """The first instant after, on the clock of the report's zone."""
        return self.period.end.astimezone(zone_of(self.zone))

    @property
    def wall_start(self) -> datetime:
        """`start` as a clock on the wall shows it, without a zone: what `{from}` stands for."""
        return self.start.replace(tzinfo=None)

    @property
    def wall_end(self) -> datetime:
        """`end` as a clock on the wall shows it, without a zone: what `{to}` stands for."""
        return self.end.replace(tzinfo=None)
