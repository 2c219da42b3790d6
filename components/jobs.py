"""Watching a run until it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import streamlit as st

from core.context import Context

FINISHED = ("success", "partial", "failed", "cancelled")
WORDS = {
    "pending": "Waiting for a worker",
    "running": "Running",
    "success": "Done",
    "partial": "Done, with parts missing",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
COLORS = {
    "pending": "gray",
    "running": "blue",
    "success": "green",
    "partial": "orange",
    "failed": "red",
    "cancelled": "gray",
}


class Run(Protocol):
    """What the row of any run tells."""

    @property
    def status(self) -> str: ...
    @property
    def progress(self) -> float: ...
    @property
    def progress_text(self) -> str: ...
    @property
    def error(self) -> str | None: ...


def badge(status: str) -> None:
    """A run's status as a coloured word."""
    st.badge(WORDS.get(status, status), color=COLORS.get(status, "gray"))  # type: ignore[arg-type]


def progress(ctx: Context, fetch: Callable[[Context], Run | None], *, key: str, every: str = "1s") -> None:
    """Follow a run that this page shows as under way with a bar, and redraw the page when it ends.

    `fetch` reads the row anew: the bar polls without running the rest of the page. A run that has ended
    since the page read it redraws the page at once, which would else show it as under way for good.
    """
    run = fetch(ctx)
    if run is None or run.status in FINISHED:
        st.rerun()

    @st.fragment(run_every=every, key=f"job_{key}")
    def poll() -> None:
        now = fetch(ctx)
        if now is None or now.status in FINISHED:
            st.rerun()
        text = now.progress_text or WORDS[now.status]
        st.progress(min(max(now.progress, 0.0), 1.0), text=f"{text}…")

    poll()
