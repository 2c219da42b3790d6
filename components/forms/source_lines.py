"""How far the lines of a clone are read, on its card: rework and complexity need them."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from components.draw.words import sentence
from core.base.counted import counted
from core.base.period import zone_of
from core.context import Context
from core.ingestion.lines import service
from core.ingestion.lines.service import LinesView
from core.ingestion.views import SourceView


def line(ctx: Context, view: SourceView) -> None:
    """One line below a clone that was read; why, if its lines could not be."""
    if not view.is_git or view.synced_at is None:
        return
    for told in service.status(ctx, view.id):
        st.caption(f":material/manage_history: {words(ctx, told)}")
        if told.state == "failed":
            st.warning(sentence(told.error), icon=":material/info:")


def words(ctx: Context, told: LinesView) -> str:
    """How far they are read, in a sentence."""
    if told.state == "running":
        return f"The ages of its lines are being read: {told.progress:.0%}, {told.progress_text}."
    if told.known_until is None:
        return "A worker reads the ages of its lines next: rework and hotspots need them."
    since = f" from {_moment(ctx, told.known_from)}" if told.known_from else ""
    left = f" {counted(told.remaining, 'commit', ('is', 'are'))} still to be looked at." if told.remaining else ""
    return f"Rework is known{since} up to {_moment(ctx, told.known_until)}.{left}"


def _moment(ctx: Context, moment: datetime) -> str:
    return f"{moment.astimezone(zone_of(ctx.workspace.time_zone)):%-d %b %Y, %H:%M}"
