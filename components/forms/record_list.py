"""What was pushed: each upload with its counts and refusals, and a way to take it back."""

from __future__ import annotations

import streamlit as st

from components import guard
from components.forms.people_done import do
from core.base.period import zone_of
from core.context import Context
from core.ingestion.records import service
from core.ingestion.records.checking import report
from core.ingestion.records.service import UploadView


def uploads(ctx: Context) -> None:
    """Every upload as a card, the newest first."""
    st.subheader("What was pushed", anchor=False)
    with guard.errors():
        found = service.uploads(ctx)
        if not found:
            st.info(
                "Nothing was pushed yet. A template above shows what a file looks like.", icon=":material/upload_file:"
            )
        for view in found:
            with st.container(border=True, key=f"upload_{view.id}"):
                _card(ctx, view)


def _card(ctx: Context, view: UploadView) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{_plain(view.source)}** · {view.kind.replace('_', ' ')}s · {_plain(', '.join(view.repositories))}"
        )
        if view.refused:
            st.badge(f"{view.refused:,} refused", color="orange")
    at = view.updated_at.astimezone(zone_of(ctx.workspace.time_zone))
    rows = "1 row" if view.rows == 1 else f"{view.rows:,} rows"
    st.caption(
        f"{rows}, {view.added:,} added, {view.changed:,} changed · {at:%-d %b %Y, %H:%M} by {_plain(view.made_by)}"
    )
    with st.container(horizontal=True):
        if view.refusals:
            st.download_button(
                "Refusals as CSV", report(view.refusals), "refused.csv", "text/csv", icon=":material/download:",
                key=f"refused_{view.id}", on_click="ignore",
            )  # fmt: skip
        with st.popover("Remove", icon=":material/delete:", width="content"):
            st.write(
                "Its rows leave every figure. What another push said before it does not come back: push that again."
            )
            if st.button("Remove it", type="primary", key=f"unpush_{view.id}"):
                do(lambda: service.remove(ctx, view.id), f"{view.source} was removed.")


def _what(view: UploadView) -> str:
    return "events" if view.kind == "gharchive" else f"{view.kind.replace('_', ' ')}s"


def _where(view: UploadView) -> str:
    more = len(view.repositories) - 3
    return ", ".join(view.repositories[:3]) + (f" and {more:,} more" if more > 0 else "")


def _plain(text: str) -> str:
    """Names come from outside: their characters are shown, not obeyed."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#$|~:" else char for char in text)
