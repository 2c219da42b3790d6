"""What numbers count, which way is good, and the one way in which the house words them."""

from __future__ import annotations

from enum import StrEnum


class Unit(StrEnum):
    """What a number counts."""

    COUNT = "count"
    LINES = "lines"
    HOURS = "hours"
    DAYS = "days"
    RATIO = "ratio"
    """0 to 1, shown as a percentage."""
    SCORE = "score"
    """0 to 1, shown with two decimals."""
    PER_DAY = "per_day"
    PER_WEEK = "per_week"
    POINTS = "points"
    """A difference of two percentages."""
    NUMBER = "number"


class Better(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


def number_text(value: float | None, unit: Unit = Unit.NUMBER, *, beside: float | None = None) -> str:
    """The one rounding of the house: "1,204", "12.4 h", "37 %", "2.4 %", "0.62", "3.1 / week"; a dash for None.

    Ties round to even, as Python does. A minus is U+2212, digits are grouped by a comma. Hours that are read `beside`
    others are worded as those are, in hours or in days: "55.4 h, from 72.9 h".
    """
    if value is None:
        return "–"
    sign, size = ("−" if value < 0 else ""), abs(value)
    match unit:
        case Unit.COUNT | Unit.LINES:
            body = f"{size:,.0f}" if size == int(size) else f"{size:,.1f}"
        case Unit.HOURS:
            body = (
                f"{size / 24:,.1f} d"
                if _in_days(size, beside)
                else f"{size * 60:.0f} min"
                if size < 1
                else f"{size:,.1f} h"
            )
        case Unit.DAYS:
            body = f"{size:,.0f} d" if size == int(size) else f"{size:,.1f} d"
        case Unit.RATIO:
            body = f"{percent(size):,.10g} %"
        case Unit.SCORE:
            body = f"{size:.2f}"
        case Unit.POINTS:
            body = f"{size:,.1f} points"
        case Unit.PER_DAY:
            body = f"{size:,.2f} / day"
        case Unit.PER_WEEK:
            body = f"{size:,.1f} / week"
        case _:
            body = f"{size:,.0f}" if size >= 100 or size == int(size) else f"{size:,.2f}"
    return sign + body


def _in_days(hours: float, beside: float | None) -> bool:
    return hours >= 72 if beside is None else hours >= 24 and abs(beside) >= 72


def percent(ratio: float) -> float:
    """A ratio in hundredths, as exact as it is read: to a tenth below ten, else whole."""
    return round(ratio * 100, 1 if abs(ratio) < 0.1 else 0)
