"""What stands where there is nothing to show yet: why, and the way to the page where that changes."""

from __future__ import annotations

import streamlit as st

from components import navigation
from core.context import Context

WAYS = {
    "sources": ("Add a repository", ":material/add:"),
    "people": ("Make a team", ":material/group_add:"),
    "rules": ("Choose what counts", ":material/rule:"),
    "records": ("Push records", ":material/upload_file:"),
    "insight-settings": ("Open Insight settings", ":material/tune:"),
}
"""By the address of a page: what one does there."""


def show(ctx: Context, said: str, to: str, icon: str | None = None) -> None:
    """Say why nothing is here, with a link for whoever may follow it."""
    st.info(said, icon=icon)
    way(ctx, to)


def way(ctx: Context, to: str) -> None:
    """The link alone; nothing for whoever may not open that page."""
    entry = navigation.entry(to)
    if entry.capability is None or ctx.may(entry.capability):
        label, icon = WAYS[to]
        st.page_link(navigation.page(to), label=label, icon=icon)
