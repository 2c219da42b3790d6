"""The files that somebody asked for: how each stands, to download while it is kept, to stop while it is made."""

from __future__ import annotations

import streamlit as st

from components import guard, jobs, navigation
from components.draw.words import plain, sentence
from components.forms import report_words
from core.context import Capability, Context
from core.documents import RENDERERS
from core.exports import service
from core.exports.service import ExportView

MOST = 50


def draw(ctx: Context) -> None:
    """The newest first. What each run of a report keeps stands with the report."""
    found = service.mine(ctx, MOST)
    if not found:
        st.info(
            "You have asked for no file yet, or their time is over. **Export this page…** stands on every dashboard;"
            " what a report's run keeps is on the report's page.",
            icon=":material/folder_open:",
        )
        st.page_link(navigation.page("overview"), label="Open Overview", icon=":material/monitoring:")
        return
    for one in found:
        with st.container(border=True, key=f"file_{one.id}"):
            _card(ctx, one)


def _card(ctx: Context, one: ExportView) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(one.file_name or _kind(one))}**", width="content")
        jobs.badge(one.status)
    label = RENDERERS.get(one.format).label if one.format in RENDERERS else one.format.upper()
    told = [_kind(one), label, f"asked for {report_words.moment(ctx, one.created_at)}"]
    if one.status == "success" and one.expires_at:
        told.append(f"kept until {report_words.moment(ctx, one.expires_at)}")
    st.caption(" · ".join(told))
    if one.status not in jobs.FINISHED:
        jobs.progress(ctx, lambda now: service.get(now, one.id), key=f"file_{one.id}")
        if st.button("Stop it", key=f"file_stop_{one.id}", icon=":material/stop:"):
            with guard.errors():
                service.cancel(ctx, one.id)
                st.rerun()
    elif one.status == "success" and ctx.may(Capability.EXPORT):
        size = (one.file_size_bytes or 0) / 1024
        st.download_button(
            f"Download ({size:,.0f} KB)", lambda: service.content(ctx, one.id).content, one.file_name, one.media_type,
            icon=":material/download:", key=f"file_get_{one.id}", on_click="ignore",
        )  # fmt: skip
    elif one.error:
        st.caption(f":material/info: {sentence(one.error)}")


def _kind(one: ExportView) -> str:
    return service.TYPES.get(one.export_type, one.export_type)
