"""Files of every row of a list: a short one at once, a long one made by the worker while its rows are counted."""

from __future__ import annotations

import hashlib

import streamlit as st

from components import guard, jobs
from core.base.errors import SightlineError
from core.context import Capability, Context
from core.documents.long import LONG
from core.exports import lists
from core.exports import service as exports
from core.exports.lists import Wanted
from core.exports.service import ExportView
from core.reports import exporting_rows

AT_ONCE = 20_000
"""So many rows are a file within a second; more of them are the worker's."""
_ASKED = "_row_files"
"""Ids of exports that this browser asked for, by what is in them."""


def buttons(ctx: Context, wanted: Wanted, total: int | None) -> None:
    """What leads to a file in each format; nothing for those who may not export. `total`: None if nobody counted."""
    if not ctx.may(Capability.EXPORT):
        return
    key = hashlib.sha256(wanted.model_dump_json().encode()).hexdigest()[:12]
    asked: dict[str, str] = st.session_state.setdefault(_ASKED, {})
    with st.container(horizontal=True, key=f"row_files_{key}"):
        for how in sorted(LONG, key=lambda one: one.key):
            if total is not None and total <= AT_ONCE:
                _at_once(ctx, wanted, how.key, key)
            elif st.button(f"All rows as {how.label}", key=f"rows_{how.key}_{key}", icon=":material/download:"):
                with guard.errors():
                    asked[key] = exporting_rows.request_rows(ctx, wanted, how.key)
    if key in asked:
        _follow(ctx, asked[key])


def _at_once(ctx: Context, wanted: Wanted, fmt: str, key: str) -> None:
    how = LONG.get(fmt)
    st.download_button(
        f"Download the rows as {how.label}", data=lambda: lists.content(ctx, wanted, fmt), mime=how.media_type,
        file_name=lists.file_name(ctx, wanted, fmt), icon=":material/download:", on_click="ignore", type="tertiary",
        key=f"rows_{fmt}_{key}",
    )  # fmt: skip


@st.fragment(run_every="1s")
def _follow(ctx: Context, export_id: str) -> None:
    """How far the file is, and the way to it. Nothing else of the page runs for that, and a dialog stays open."""
    try:
        export = exports.get(ctx, export_id)
    except SightlineError as error:
        guard.show(error)
        return
    if export.status == "success":
        _ready(ctx, export)
    elif export.status in jobs.FINISHED:
        st.warning(export.error or "The file was not made.", icon=":material/info:")
    else:
        _under_way(ctx, export)


def _under_way(ctx: Context, export: ExportView) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(max(export.progress, 0.0), 1.0), text=f"{export.progress_text or jobs.WORDS[export.status]}…")
        if st.button("Stop", key=f"rows_stop_{export.id}", type="tertiary"):
            with guard.errors():
                exports.cancel(ctx, export.id)


def _ready(ctx: Context, export: ExportView) -> None:
    size = (export.file_size_bytes or 0) / 1_000_000
    st.link_button(
        f"Download {export.file_name} ({size:,.1f} MB)", f"/download/{exports.sign(ctx, export.id)}", type="primary",
        icon=":material/download:",
    )  # fmt: skip
    if export.expires_at:
        st.caption(f"Kept until {export.expires_at:%-d %b %Y}.")
