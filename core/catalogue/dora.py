"""DORA's performance bands, as its yearly reports publish them; which year's is the reader's choice.

A report describes groups of its respondents, not limits. A value is given the best
band whose description it meets: a gap between two descriptions belongs to the worse
one, of two bands described alike only the better is given, and what meets none is in
the last. Where a report names one failure rate for a band, that is the most it may be.
There was no report in 2020, and that of 2025 groups teams in another way, without bands.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from core.base.errors import BadInput

NEWEST = 2024

HOUR, DAY, WEEK, MONTH, HALF_YEAR = 1.0, 24.0, 24.0 * 7, 24.0 * 30, 24.0 * 182
_A_DAY, _A_WEEK, _A_MONTH, _IN_SIX_MONTHS = 1.0, 1 / 7, 1 / 30, 1 / 182


@dataclass(frozen=True, slots=True)
class Report:
    """One year's bands, best first, and where each but the last ends."""

    year: int
    deployment_frequency: tuple[float, ...]
    """Deployments a day: more than the first, "on demand"; of the others no fewer."""
    lead_time_hours: tuple[float, ...]
    """Less than."""
    change_failure_rate: tuple[float, ...]
    """No more than."""
    recovery_time_hours: tuple[float, ...]
    """Less than. Of any incident up to 2022, of failed deployments from 2023 on."""
    bands: tuple[str, ...] = field(default=("elite", "high", "medium", "low"))

    @property
    def title(self) -> str:
        return f"{self.year} Accelerate State of DevOps Report"

    @property
    def address(self) -> str:
        return f"https://dora.dev/research/{self.year}/dora-report/"

    def edges(self, key: str) -> tuple[float, ...]:
        """Where the metric's bands end; empty for a metric that has none."""
        return tuple(getattr(self, key)) if key in KEYS else ()


KEYS = ("deployment_frequency", "lead_time_hours", "change_failure_rate", "recovery_time_hours")

_REPORTS = (
    Report(
        2019,
        deployment_frequency=(_A_DAY, _A_WEEK, _A_MONTH),
        lead_time_hours=(DAY, WEEK, MONTH),
        change_failure_rate=(0.15, 0.15, 0.15),
        recovery_time_hours=(HOUR, DAY, DAY),
    ),
    Report(
        2021,
        deployment_frequency=(_A_DAY, _A_MONTH, _IN_SIX_MONTHS),
        lead_time_hours=(HOUR, WEEK, HALF_YEAR),
        change_failure_rate=(0.15, 0.30, 0.30),
        recovery_time_hours=(HOUR, DAY, WEEK),
    ),
    Report(
        2022,
        deployment_frequency=(_A_DAY, _A_MONTH),
        lead_time_hours=(WEEK, MONTH),
        change_failure_rate=(0.15, 0.30),
        recovery_time_hours=(DAY, WEEK),
        bands=("high", "medium", "low"),
    ),
    Report(
        2023,
        deployment_frequency=(_A_DAY, _A_WEEK, _A_MONTH),
        lead_time_hours=(DAY, WEEK, MONTH),
        change_failure_rate=(0.05, 0.10, 0.15),
        recovery_time_hours=(HOUR, DAY, WEEK),
    ),
    Report(
        2024,
        deployment_frequency=(_A_DAY, _A_WEEK, _A_MONTH),
        lead_time_hours=(DAY, WEEK, MONTH),
        change_failure_rate=(0.05, 0.20, 0.20),
        recovery_time_hours=(HOUR, DAY, DAY),
    ),
)
REPORTS = {report.year: report for report in _REPORTS}


def report_of(year: int | str) -> Report:
    """The report of a year; BadInput if it has no bands."""
    found = REPORTS.get(int(year)) if str(year).isdecimal() else None
    if found is None:
        raise BadInput(f"There are no DORA bands of {year}. Use one of {', '.join(map(str, REPORTS))}.")
    return found


def band(key: str, value: float | None, year: int = NEWEST) -> str | None:
    """elite, high, medium or low; None for a metric without bands or without a value."""
    report = report_of(year)
    if value is None or key not in KEYS:
        return None
    for place, edge in enumerate(report.edges(key)):
        if _meets(key, value, edge, is_best=place == 0):
            return report.bands[place]
    return report.bands[-1]


def _meets(key: str, value: float, edge: float, *, is_best: bool) -> bool:
    match key:
        case "deployment_frequency":
            return value > edge if is_best else value >= edge
        case "change_failure_rate":
            return value <= edge
    return value < edge
