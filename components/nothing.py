"""What stands where there is nothing to show yet: why, and the way to the page where that changes."""

from __future__ import annotations

import streamlit as st

from components import navigation
from core.context import ROLES, Context

WAYS = {
    "sources": ("Add a repository", ":material/add:"),
    "people": ("Make a team", ":material/group_add:"),
    "rules": ("Choose what counts", ":material/rule:"),
    "records": ("Push records", ":material/upload_file:"),
    "insight-settings": ("Open Insight settings", ":material/tune:"),
}
"""By the address of a page: what one does there."""


def show(ctx: Context, said: str, to: str, icon: str | None = None) -> None:
    """Say why nothing is here, with a link for whoever may follow it, and whom to ask for everybody else."""
    st.info(f"{said}{_whom(ctx, to)}", icon=icon)
    way(ctx, to)


def _whom(ctx: Context, to: str) -> str:
    entry = navigation.entry(to)
    if entry.capability is None or ctx.may(entry.capability) or entry.capability not in ROLES["manager"]:
        return ""  # what only admins decide is said to be theirs where it stands
    return f" The page {entry.title} is for managers and admins: ask one of them."


def way(ctx: Context, to: str) -> None:
    """The link alone; nothing for whoever may not open that page."""
    entry = navigation.entry(to)
    if entry.capability is None or ctx.may(entry.capability):
        label, icon = WAYS[to]
        st.page_link(navigation.page(to), label=label, icon=icon)
