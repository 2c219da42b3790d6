"""Whether a course of numbers goes up or down, or only up and down: Mann and Kendall's test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from math import sqrt

LEAST_POINTS = 6
"""Of fewer points no trend is told, whatever they look like."""
SURE = 1.96
"""So many standard deviations from chance: five times in a hundred it would still be chance."""


def trend(values: Sequence[float]) -> int | None:
    """1 if they rise, −1 if they fall, 0 if neither can be told from chance, None if there are too few."""
    if len(values) < LEAST_POINTS:
        return None
    score = sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))
    spread = _variance(values)
    if not score or not spread:
        return 0
    away = (abs(score) - 1) / sqrt(spread)
    return (1 if score > 0 else -1) if away >= SURE else 0


def _variance(values: Sequence[float]) -> float:
    """Of the score where order is chance; values that come more than once make it smaller."""
    ties = sum(count * (count - 1) * (2 * count + 5) for count in Counter(values).values())
    n = len(values)
    return (n * (n - 1) * (2 * n + 5) - ties) / 18
