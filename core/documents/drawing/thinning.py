"""Many points to those that can be seen: of each column of pixels the first, the lowest, the highest and the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.documents.drawing.ink import Dot


def thinned(dots: Sequence[Dot]) -> Sequence[Dot]:
    """The same picture from fewer dots, which are ordered by x. Few dots stay as they are."""
    if len(dots) < 3 or len(dots) <= 2 * (dots[-1][0] - dots[0][0]):
        return dots
    return [dot for column in _columns(dots) for dot in _telling(column)]


def apart(dots: Sequence[Dot]) -> list[Dot]:
    """Dots of which no two lie on the same half pixel."""
    return list({(round(2 * x), round(2 * y)): (x, y) for x, y in dots}.values())


def _columns(dots: Sequence[Dot]) -> Iterator[Sequence[Dot]]:
    first = 0
    for place in range(1, len(dots) + 1):
        if place == len(dots) or int(dots[place][0]) != int(dots[first][0]):
            yield dots[first:place]
            first = place


def _telling(column: Sequence[Dot]) -> list[Dot]:
    if len(column) <= 4:
        return list(column)
    at = range(len(column))
    low, high = min(at, key=lambda i: column[i][1]), max(at, key=lambda i: column[i][1])
    return [column[i] for i in sorted({0, low, high, len(column) - 1})]
