"""Trying a query: its first rows, how many there are, and how long it took."""

from __future__ import annotations

import streamlit as st

from components import guard
from components.draw.words import plain
from core.connections import service
from core.connections.service import ConnectionView
from core.context import Context
from core.datasources.datasource import Answer
from core.reports.code.asides import query_args

PLACEHOLDERS = {
    "sql": "select day, count(*) as orders from orders where day >= {from} and day < {to} group by day",
    "prometheus": "sum(rate(http_requests_total[5m])) by (job)",
    "jenkins": "get_all_jobs",
}
OPTIONS = {
    "sql": "parse_dates: [day]\nparams: [free]",
    "prometheus": "step: 1h",
    "jenkins": "job_name: shop-app",
    "http": "rows_path: $.orders[*]\ncolumns: {day: created, total: $.sum}",
    "googleanalytics": "dimensions: ['ga:date']\nmetrics: ['ga:sessions']",
    "twitter": "username: acme",
}
"""What `query_args` of a kind look like. A kind of ours that is not here takes none."""


def draw(ctx: Context, view: ConnectionView) -> None:
    """The box, the button, and what the last query of this session came to."""
    text = st.text_area(
        "Query", key=f"query_{view.id}", height=120, placeholder=PLACEHOLDERS.get(view.plugin, "What to ask"),
        help="It is only read. {from} and {to} are the first and the last midnight of the last seven days.",
    )  # fmt: skip
    options = _options(view)
    if st.button("Ask", type="primary", icon=":material/play_arrow:", key=f"ask_{view.id}"):
        _ask(ctx, view, text, options)
    answer = st.session_state.get(_spot(view))
    if answer is not None:
        _show(answer)


def _options(view: ConnectionView) -> str:
    """The box for what goes with the query, where the kind takes anything."""
    if view.plugin == "metrics":
        return ""
    return st.text_area(
        "With the query (query_args)", key=f"query_args_{view.id}", height=80,
        placeholder=OPTIONS.get(view.plugin, "name: value"),
        help="YAML or JSON, as under query_args in a report file. What a kind takes stands in docs/datasources.md.",
    )  # fmt: skip


def _ask(ctx: Context, view: ConnectionView, text: str, options: str) -> None:
    st.session_state.pop(_spot(view), None)
    with guard.errors(), st.spinner("Asking …"):
        st.session_state[_spot(view)] = service.try_query(ctx, view.id, text, options=query_args(options))


def _show(answer: Answer) -> None:
    total = answer.rows if answer.total is None else answer.total
    if answer.rows:
        st.dataframe(answer.table, hide_index=True, width="stretch", placeholder="")
    else:
        st.info("The query answers no rows.", icon=":material/inbox:")
    with st.container(horizontal=True):
        st.caption(f"{answer.rows:,} of {total:,} {'row' if total == 1 else 'rows'} · {answer.seconds:,.2f} s")
    if answer.note:
        st.warning(plain(answer.note), icon=":material/info:")


def _spot(view: ConnectionView) -> str:
    return f"answer_{view.id}_{view.updated_at:%s%f}"
