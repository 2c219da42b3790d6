"""The tables and columns of a connection, with a search."""

from __future__ import annotations

import streamlit as st

from components import guard
from core.base.counted import counted
from core.connections import service
from core.connections.service import ConnectionView
from core.context import Context

MOST = 2_000
"""Columns drawn at once; the search finds the others."""


def draw(ctx: Context, view: ConnectionView) -> None:
    with guard.errors():
        found = _schema(view.id, f"{view.updated_at}", ctx)
        if not found:
            st.info("This kind of connection has no tables to list.", icon=":material/table_rows:")
            return
        _table(view, found)


@st.cache_data(max_entries=32, ttl="5m", show_spinner="Reading its tables …")
def _schema(connection_id: str, changed: str, _ctx: Context) -> list[tuple[str, str, str]]:
    return service.schema(_ctx, connection_id)


def _table(view: ConnectionView, found: list[tuple[str, str, str]]) -> None:
    wanted = st.text_input(
        "Search", placeholder="A table or a column", key=f"tables_{view.id}", label_visibility="collapsed",
        icon=":material/search:",
    ).casefold()  # fmt: skip
    shown = [row for row in found if wanted in f"{row[0]}.{row[1]}".casefold()]
    tables = len({table for table, _, _ in shown})
    more = f", the first {MOST:,} below" if len(shown) > MOST else ""
    st.caption(f"{counted(tables, 'table')}, {counted(len(shown), 'column')}{more}")
    if shown:
        st.dataframe(
            [{"Table": table, "Column": column, "Type": kind} for table, column, kind in shown[:MOST]],
            hide_index=True,
            width="stretch",
            placeholder="",
            height=min(420, 38 + 35 * len(shown)),
        )
