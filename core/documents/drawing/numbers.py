"""Round numbers along a side, and what they say: with the unit, in few letters."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from core.figures import Unit

FARTHEST = 1e300
"""Beyond it, sums of numbers are no numbers any more."""

IN_FULL = 100_000
"""Up to here the numbers of a scale are written as tables write them, so that both say the same; a scale that goes
farther says thousands as "k" and more as the rest of `SIZES`, behind a space like a unit."""
SIZES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True, slots=True)
class Ticks:
    """Where a side is marked, and how far it reaches."""

    low: float
    high: float
    at: tuple[float, ...]
    step: float


def ticks(low: float, high: float, most: int, least: float = 0.0) -> Ticks:
    """At most about `most` round numbers, which reach over [low, high]; no closer than `least`."""
    low, high = max(-FARTHEST, min(low, high)), min(FARTHEST, max(low, high))
    if low == high:
        low, high = (low, low + 1) if low == 0 else (min(0.0, low), max(0.0, low))
    step = max(_round((high - low) / max(1, most)), least)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    digits = max(0, -floor(log10(step)))
    at = tuple(round(number * step, digits) if digits < 300 else number * step for number in range(first, last + 1))
    return Ticks(at[0], at[-1], at, step)


def _round(raw: float) -> float:
    """The next of 1, 2, 5, 10, … above."""
    if not isfinite(raw) or raw <= 0:
        return 1.0
    size = 10.0 ** floor(log10(raw)) or raw
    return next((size * times for times in (1, 2, 5) if raw <= size * times * (1 + 1e-9)), size * 10)


def said(value: float, marks: Ticks, unit: Unit, in_days: bool = False) -> str:
    """A tick in words: "20 %", "1.5 h", "12,000", "120 k"."""
    step, largest = marks.step, max(abs(marks.low), abs(marks.high))
    match unit:
        case Unit.RATIO:
            return f"{short(value * 100, step * 100, largest * 100)} %"
        case Unit.HOURS:
            return f"{short(value, step, largest)} {'d' if in_days else 'h'}"
        case Unit.DAYS:
            return f"{short(value, step, largest)} d"
        case _:
            return short(value, step, largest)


def short(value: float, step: float, largest: float) -> str:
    """A number to the digits that its step has; on a scale beyond `IN_FULL` in fewer letters."""
    size, letter = next(((s, f" {t}") for s, t in SIZES if largest > IN_FULL and abs(value) >= s), (1.0, ""))
    value, step = value / size, step / size
    if value == 0:
        return "0"
    if abs(value) < 1e-4 or abs(value) >= 1e6:
        return _scientific(value) + letter
    digits = max(0, -floor(log10(step) + 1e-9))
    return _trimmed(f"{value:,.{digits}f}").replace("-", "−") + letter


def _scientific(value: float) -> str:
    """ "3.5e−6"."""
    digits, _, power = f"{value:.3g}".partition("e")
    return (f"{digits}e{int(power)}" if power else digits).replace("-", "−")


def _trimmed(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
