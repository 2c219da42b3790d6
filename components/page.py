"""The head of a page: its title, what it is about, how fresh its data are, and whether they are the demo's."""

from __future__ import annotations

import streamlit as st

from components import freshness
from core.context import Context


def title(ctx: Context, text: str, about: str = "") -> None:
    """Draw the head. The frame names the workspace; here stands what this page adds."""
    with st.container(horizontal=True, vertical_alignment="center", key="page_title"):
        st.title(text, anchor=False, width="content")
        if ctx.workspace.is_demo:
            st.badge(
                "Demo data", icon=":material/science:", color="orange", help="Made up, to show what Sightline does."
            )
    if about:
        st.markdown(about)
    st.caption(freshness.line(ctx))
