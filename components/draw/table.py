"""A table: typed columns, so that sorting and copying work on numbers and dates, not on words."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from components.draw import words
from core.context import Context
from core.documents import arrow, wording
from core.figures import Column, Table

SHOWN = 1_000_000
"""The browser asks for rows as it scrolls, so all may be there."""
MOST_WORDED = 20_000
"""Cells up to which durations are worded one by one, which costs some 5 µs each; beyond, all are in hours."""

LETTER, BESIDES, MOST_MEASURED = 7, 24, 500
"""Pixels of a letter and beside them, and rows that are looked at."""

NO_ROWS = "There are no rows here."


def draw(ctx: Context, shown: Table, key: str) -> None:
    """Draw the table; one without rows has its headings, and says why there are none."""
    words.heading(shown.title, shown.description, shown.link)
    if shown.cols:
        _cells(ctx, shown, key)
    if not shown.rows:
        words.empty(shown, NO_ROWS)
        words.notes(shown.note)
        return
    words.notes(shown.note, wording.remark(shown) or wording.rows_text(shown, SHOWN))


def columns(ctx: Context, shown: Table, *, worded: bool = False) -> dict[str, Any]:
    """How each column is shown, for a table that somebody chooses a row of."""
    zone = ctx.workspace.time_zone
    return {column.key: _config(column, zone, _wide(shown, column), worded=worded) for column in shown.cols}


def _cells(ctx: Context, shown: Table, key: str) -> None:
    worded = len(shown.rows) * len(shown.cols) <= MOST_WORDED
    st.dataframe(
        _worded(shown) if worded else arrow.table(shown),
        hide_index=True,
        column_config=columns(ctx, shown, worded=worded),
        key=f"table-{key}",
        placeholder=wording.DASH,
        alt=shown.title or "Table",
    )


def _worded(shown: Table) -> Any:
    """The cells, with durations in the words of cards: "45 min", "12.4 h", "3.1 d". They are sorted as numbers."""
    cells, lasting = arrow.table(shown), [column for column in shown.cols if column.kind == "hours"]
    if not lasting:
        return cells
    import pandas as pd
    import pyarrow as pa

    frame = cells.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)  # else a gap makes floats of counts
    texts = {column.key: partial(wording.cell_text, column) for column in lasting}
    return frame.style.format(texts, na_rep=wording.DASH)


def _wide(shown: Table, column: Column) -> int | None:
    """Pixels that the longest quantity needs: a browser fits columns to what most cells need, and cuts the others."""
    if column.kind != "quantity":
        return None
    place = shown.cols.index(column)
    longest = max((len(str(wording.cell_text(column, row[place]))) for row in shown.rows[:MOST_MEASURED]), default=0)
    return LETTER * longest + BESIDES if longest > len(column.label or column.key) else None


def _config(column: Column, zone: str, wide: int | None = None, *, worded: bool) -> Any:
    kinds = st.column_config
    label, about = column.label or column.key, column.help or None
    match column.kind:
        case "number":
            return kinds.NumberColumn(label, help=about, format="%d")
        case "integer":
            return kinds.NumberColumn(label, help=about, format="localized")
        case "decimal":
            return kinds.NumberColumn(label, help=about, format=f"%,.{column.decimals}f")
        case "percent":
            return kinds.NumberColumn(label, help=about, format="%s %%")
        case "hours":
            return kinds.NumberColumn(label, help=about, format=None if worded else "%,.1f h")
        case "date":
            return kinds.DateColumn(label, help=about, format="D MMM YYYY")
        case "moment":
            return kinds.DatetimeColumn(label, help=about, format="D MMM YYYY HH:mm", timezone=zone)
        case "quantity":
            return kinds.TextColumn(label, help=about, alignment="right", width=wide)
        case "link":
            return kinds.LinkColumn(label, help=about)
        case _:
            return kinds.TextColumn(label, help=about)
