"""DORA's performance bands, as its yearly reports draw them; which year's is the reader's choice."""

from __future__ import annotations

from core.base.errors import BadInput
from core.figures import Better

NEWEST = 2024
BANDS = ("elite", "high", "medium", "low")

_DAY, _WEEK, _MONTH = 24.0, 24.0 * 7, 24.0 * 30
_OFTEN = (1.0, 1 / 7, 1 / 30)
"""More than once a day, once a day to a week, once a week to a month; rarer is low."""

THRESHOLDS: dict[int, dict[str, tuple[float, float, float]]] = {
    2021: {
        "deployment_frequency": (1.0, 1 / 30, 1 / 182),
        "lead_time_hours": (1.0, _WEEK, 182 * _DAY),
        "change_failure_rate": (0.15, 0.30, 0.30),
        "recovery_time_hours": (1.0, _DAY, _WEEK),
    },
    2023: {
        "deployment_frequency": _OFTEN,
        "lead_time_hours": (_DAY, _WEEK, _MONTH),
        "change_failure_rate": (0.05, 0.10, 0.15),
        "recovery_time_hours": (1.0, _DAY, _WEEK),
    },
    2024: {
        "deployment_frequency": _OFTEN,
        "lead_time_hours": (_DAY, _WEEK, _MONTH),
        "change_failure_rate": (0.05, 0.20, 0.20),
        "recovery_time_hours": (1.0, _DAY, _WEEK),
    },
}
"""For each year and metric where elite, high and medium end. A report names the typical value of a band; where two
bands of a report overlap, the better one is given."""

_DIRECTION = {"deployment_frequency": Better.HIGHER}


def band(key: str, value: float | None, year: int = NEWEST) -> str | None:
    """elite, high, medium or low; None for a metric without bands or without a value."""
    if year not in THRESHOLDS:
        raise BadInput(f"There are no DORA bands of {year}. Use one of {', '.join(map(str, THRESHOLDS))}.")
    if value is None or key not in THRESHOLDS[year]:
        return None
    higher = _DIRECTION.get(key) is Better.HIGHER
    for name, edge in zip(BANDS, THRESHOLDS[year][key], strict=False):
        if value > edge if higher and name == "elite" else value >= edge if higher else value < edge:
            return name
    return "low"
