"""Up to when a workspace's data are complete, in one line."""

from __future__ import annotations

import streamlit as st

from core.base.period import zone_of
from core.context import Capability, Context


def line(ctx: Context) -> str:
    """ "Data up to 10 Mar 2026, 14:05 (Europe/Berlin)"; says so if nothing was read yet."""
    told = _line(ctx.workspace.id, ctx.workspace.data_version, ctx)
    if told or not ctx.may(Capability.MANAGE_SOURCES):
        return told or "No data yet."
    return "No data yet: connect a repository under Sources."


@st.cache_resource(max_entries=64, ttl="1m", show_spinner=False)
def _line(workspace_id: str, data_version: int, _ctx: Context) -> str:
    from core.catalogue import service

    mark = service.watermark(_ctx)
    zone = _ctx.workspace.time_zone
    if mark is None:
        return ""
    return f"Data up to {mark.astimezone(zone_of(zone)):%-d %b %Y, %H:%M} ({zone})"
