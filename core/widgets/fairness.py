"""How evenly work is spread over people."""

from __future__ import annotations

from collections.abc import Sequence

EVEN, LEANING = 0.2, 0.4
"""Gini coefficients up to which work counts as even, and as leaning to some."""


def gini(amounts: Sequence[float]) -> float | None:
    """The Gini coefficient: 0 where all have the same, near 1 where one has it all; None of nobody or of nothing.

    Half the mean distance of all pairs, in means: Σᵢ(2i − n − 1)·xᵢ / (n·Σx) over amounts in order.
    """
    ordered, total = sorted(amounts), sum(amounts)
    if not ordered or total <= 0:
        return None
    count = len(ordered)
    return sum((2 * place - count - 1) * one for place, one in enumerate(ordered, 1)) / (count * total)


def top_share(amounts: Sequence[float]) -> float | None:
    """The share of whoever has most; None of nobody or of nothing."""
    total = sum(amounts)
    return max(amounts) / total if amounts and total > 0 else None


def words(coefficient: float | None, people: int) -> str:
    """What a coefficient says of so many people."""
    if coefficient is None:
        return "Nothing to share out."
    if people < 2:
        return "One person did it all."
    if coefficient <= EVEN:
        return "Spread evenly."
    if coefficient <= LEANING:
        return "Leans to some people."
    return "Rests on a few people."
