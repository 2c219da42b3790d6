"""Finished figures on a page: `figure(ctx, figure)` draws one, `figures(ctx, figures)` a grid of six columns.

Drawing decides nothing: text, rounding, good or bad are settled in the figure. A
figure without values draws its state in words, never as an empty box or a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import streamlit as st

from components.draw import network, notice, prose, series, stat, table
from core.context import Context
from core.documents import grid
from core.figures import Figure

_SHAPES: dict[str, Any] = {
    "stat": stat.draw,
    "series": series.draw,
    "table": table.draw,
    "network": network.draw,
    "prose": prose.draw,
    "notice": notice.draw,
}

Place = Callable[[str], str]
"""From a figure's key to the name that a link may jump to."""
NARROWEST = {1: 150, 2: 190, 3: 320}
"""Width in pixels under which cells of so many columns move below each other."""


def figure(ctx: Context, shown: Figure, key: str = "") -> None:
    """Draw one figure in the place where the page is. Give a key where a figure has none or comes twice."""
    _SHAPES[shown.shape](ctx, shown, key or shown.key or shown.title)


def figures(
    ctx: Context, shown: Sequence[Figure], key: str = "", whole: int = grid.WIDTH, place: Place | None = None
) -> None:
    """Draw figures on a grid of so many columns; on a narrow screen they move below each other.

    With `place`, a link to the name that it gives a figure's key jumps to that figure.
    """
    number = 0
    rows_of_a_kind = groupby(grid.rows(shown, whole), lambda row: (_even_width(row, whole), _framed(row)))
    for (width, framed), rows in rows_of_a_kind:
        columns = whole // width if width else whole
        cells = st.grid(columns, min_column_width=_narrowest(width, whole), border=framed)
        for one in (one for row in rows for one in row):
            number += 1
            with cells.cell(column_span=1 if width else one.columns):
                if place:
                    _mark(place(one.key))
                figure(ctx, one, f"{key}-{number}-{one.key}")


def _mark(name: str) -> None:
    """A name that a link may jump to; it takes no room."""
    with st.container(key=f"place-{name}"):
        st.html(f'<style>[class*="st-key-place-"]{{height:0;margin-bottom:-1rem}}</style><span id="{name}"></span>')


def _narrowest(width: int, whole: int) -> int:
    """Pixels under which cells move below each other, by the sixths of a row that they take."""
    sixths = round(width * grid.WIDTH / whole)
    return NARROWEST.get(sixths, max(20, 720 // whole))


def _even_width(row: list[Figure], whole: int) -> int:
    """The width that all figures of a row share, if it divides the row; else 0."""
    widths = {one.columns for one in row}
    width = widths.pop()
    return width if not widths and whole % width == 0 else 0


def _framed(row: list[Figure]) -> bool:
    return any(one.shape not in ("prose", "notice") for one in row)
