"""Figures in rows of a grid: a row closes when the next figure does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from core.figures import Figure

WIDTH = 6
"""Columns of the house's grid."""


def rows(figures: Iterable[Figure], width: int = WIDTH) -> Iterator[list[Figure]]:
    """The figures row by row, in order, on a grid of so many columns."""
    yield from shared(figures, lambda figure: figure.columns / width)


def shared(figures: Iterable[Figure], share: Callable[[Figure], float]) -> Iterator[list[Figure]]:
    """The figures row by row, in order; `share` is what part of a row each takes."""
    row: list[Figure] = []
    used = 0.0
    for figure in figures:
        part = min(1.0, share(figure))
        if row and used + part > 1.000_001:
            yield row
            row, used = [], 0.0
        row.append(figure)
        used += part
    if row:
        yield row
