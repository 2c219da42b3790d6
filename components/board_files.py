"""Export this page: as a file that the worker makes, or as a report that goes on."""

from __future__ import annotations

import streamlit as st

from components import guard, jobs, navigation, scope
from core.base.errors import SightlineError
from core.boards.board import Board
from core.catalogue.scope import Scope
from core.context import Capability, Context
from core.documents import RENDERERS
from core.exports import service as exports
from core.exports.service import ExportView
from core.reports import exporting, from_board, service
from core.reports.plan import FORMATS

_ASKED = "_page_export"
"""Id of the export that this browser asked for, by the name of its board."""


def button(ctx: Context, board: Board, about: Scope) -> None:
    """The button with its choices; nothing for those who may not export."""
    if about.folder or not ctx.may(Capability.EXPORT):
        return
    with st.popover("Export this page…", icon=":material/download:", type="tertiary", key=f"page_export_{board.name}"):
        fmt = st.segmented_control(
            "As", list(RENDERERS.keys()), default=FORMATS[0], required=True, key=f"page_format_{board.name}",
            format_func=lambda key: RENDERERS.get(key).label,
        )  # fmt: skip
        if st.button("Make the file", type="primary", key=f"page_make_{board.name}"):
            with guard.errors():
                plan = from_board.plan_of(ctx, board, about)
                _asked()[board.name] = exporting.request_page(ctx, plan, fmt or FORMATS[0])
        if ctx.may(Capability.EDIT_REPORTS):
            _save(ctx, board, about)


def follow(ctx: Context, board: Board) -> None:
    """What becomes of the file that was asked for last, if there is one."""
    if board.name in _asked():
        _follow(ctx, board.name, _asked())


def _asked() -> dict[str, str]:
    found: dict[str, str] = st.session_state.setdefault(_ASKED, {})
    return found


def _save(ctx: Context, board: Board, about: Scope) -> None:
    days = scope.days()
    st.caption("Or keep it as a report: run it again, schedule it, change it.")
    if st.button("Save as a report", key=f"page_save_{board.name}", icon=":material/description:"):
        with guard.errors():
            plan = from_board.plan_of(ctx, board, about, days=days)
            made = service.create(ctx, plan.title, description=plan.description, plan=plan)
            st.switch_page(navigation.page("report"), query_params={"report": made.id})


def _follow(ctx: Context, name: str, asked: dict[str, str]) -> None:
    try:
        export = exports.get(ctx, asked[name])
    except SightlineError:
        del asked[name]
        return
    with st.container(border=True, key=f"page_file_{name}"):
        if export.status not in jobs.FINISHED:
            jobs.progress(ctx, lambda now: exports.get(now, asked[name]), key=f"page_{export.id}")
        elif export.status == "success":
            _ready(ctx, export)
        else:
            st.warning(export.error or "The file was not made.", icon=":material/info:")
        st.page_link(navigation.page("files"), label="All your files", icon=":material/folder_open:")
        if st.button("Close", type="tertiary", key=f"page_close_{name}"):
            del asked[name]
            st.rerun()


def _ready(ctx: Context, export: ExportView) -> None:
    size = (export.file_size_bytes or 0) / 1024
    st.download_button(
        f"Download {export.file_name} ({size:,.0f} KB)", lambda: exports.content(ctx, export.id).content,
        export.file_name, export.media_type, icon=":material/download:", type="primary", key=f"page_get_{export.id}",
        on_click="ignore",
    )  # fmt: skip
