"""The library of reports: search, status, and a card for each."""

from __future__ import annotations

import streamlit as st

from components import jobs
from components.draw.words import plain
from components.forms import report_actions, report_words
from core.context import Context
from core.reports import service
from core.reports.views import ReportView

PAGE = 12
_SHELVES = {key: label for key, label in service.SHELVES.items() if key != "templates"}
_NONE = {
    "mine": "None of the reports is yours. **New report** makes one.",
    "archived": "Nothing is archived. A report's page archives it, under **More…**; it keeps its results.",
    "deleted": "Nothing was deleted in the last 30 days.",
}
STATUSES = {
    "": "Any result",
    "success": "Done",
    "partial": "Parts missing",
    "failed": "Failed",
    "cancelled": "Cancelled",
}


def library(ctx: Context) -> None:
    """Search, then the cards of one page."""
    shelf = st.segmented_control(
        "Shelf", list(_SHELVES), format_func=_SHELVES.__getitem__, key="shelf", bind="query-params", required=True,
        default="reports", label_visibility="collapsed",
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", key="report_search"):
        words = st.text_input(
            "Search", key="q", bind="query-params", placeholder="Name or description", icon=":material/search:"
        )
        status = st.selectbox(
            "Last run", list(STATUSES), format_func=STATUSES.__getitem__, key="status", bind="query-params", width=220
        )
    page = st.session_state.get("report_page", 1)
    found = service.listed(
        ctx, words, status=status or "", shelf=shelf or "reports", limit=PAGE, offset=(page - 1) * PAGE
    )
    if not found.total:
        _empty(shelf or "reports", searched=bool(words or status))
        return
    for report in found.items:
        with st.container(border=True, key=f"report_{report.id}"):
            _card(ctx, report)
    if found.total > PAGE:
        st.pagination(-(-found.total // PAGE), key="report_page")
    st.caption(f"{found.total} report{'s' if found.total != 1 else ''}")


def _empty(shelf: str, *, searched: bool) -> None:
    if searched:
        st.info("No report matches. Search for fewer words, or choose any result.", icon=":material/search_off:")
        return
    if shelf in _NONE:
        st.info(_NONE[shelf], icon=":material/inbox:")
        return
    st.info(
        "There is no report yet. **From a template** makes one with two clicks; **New report** begins with an empty"
        " one: choose what it is about, which days and which"
        " numbers, then run it by hand or by a schedule, and get it as PDF, Excel and more.",
        icon=":material/description:",
    )


def _card(ctx: Context, report: ReportView) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(report.name), anchor=False, width="content")
        if report.last_run_status:
            jobs.badge(report.last_run_status)
        else:
            st.badge("Not run yet", color="gray")
        if not report.is_active:
            st.badge("Paused", color="gray", icon=":material/pause:", help=report.paused_reason or None)
        if report.schedule_id:
            st.badge("Scheduled", color="blue", icon=":material/schedule:")
        if report.visibility == "private":
            st.badge("Private", color="gray", icon=":material/lock:")
    if report.description:
        st.markdown(plain(report.description))
    chosen = report_words.told(report)
    ran = f" · last run {report_words.moment(ctx, report.last_run_at)}" if report.last_run_at else ""
    st.caption(f"{report_words.about(chosen)} · {report_words.period(chosen)} · by {plain(report.owner_name)}{ran}")
    if report.deleted_at:
        report_actions.bring_back(ctx, report)
    else:
        report_actions.row(ctx, report, opens=True)
