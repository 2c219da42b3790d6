"""A table: typed columns, so that sorting and copying work on numbers and dates, not on words."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.draw import words
from core.context import Context
from core.documents import arrow, wording
from core.figures import Column, Table

SHOWN = 1_000_000
"""The browser asks for rows as it scrolls, so all may be there."""


def draw(ctx: Context, shown: Table, key: str) -> None:
    """Draw the table, or say why it is empty."""
    words.heading(shown.title, shown.description, shown.link)
    if not shown.rows:
        words.empty(shown)
        words.notes(shown.note)
        return
    st.dataframe(
        arrow.table(shown),
        hide_index=True,
        column_config={column.key: _config(column, ctx.workspace.time_zone) for column in shown.cols},
        key=f"table-{key}",
        placeholder=wording.DASH,
        alt=shown.title or "Table",
    )
    words.notes(shown.note, wording.remark(shown) or wording.rows_text(shown, SHOWN))


def _config(column: Column, zone: str) -> Any:
    kinds = st.column_config
    label, about = column.label or column.key, column.help or None
    match column.kind:
        case "integer":
            return kinds.NumberColumn(label, help=about, format="localized")
        case "decimal":
            return kinds.NumberColumn(label, help=about, format=f"%.{column.decimals}f")
        case "percent":
            return kinds.NumberColumn(label, help=about, format="%s %%")
        case "hours":
            return kinds.NumberColumn(label, help=about, format="%.1f h")
        case "date":
            return kinds.DateColumn(label, help=about, format="D MMM YYYY")
        case "moment":
            return kinds.DatetimeColumn(label, help=about, format="D MMM YYYY HH:mm", timezone=zone)
        case "quantity":
            return kinds.TextColumn(label, help=about, alignment="right")
        case "link":
            return kinds.LinkColumn(label, help=about)
        case _:
            return kinds.TextColumn(label, help=about)
