"""Figures in rows of six columns: a row closes when the next figure does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.figures import Figure

WIDTH = 6


def rows(figures: Iterable[Figure]) -> Iterator[list[Figure]]:
    """The figures row by row, in order."""
    row: list[Figure] = []
    used = 0
    for figure in figures:
        if row and used + figure.columns > WIDTH:
            yield row
            row, used = [], 0
        row.append(figure)
        used += figure.columns
    if row:
        yield row
