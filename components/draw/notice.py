"""Something that readers must know, in the tone of how bad it is."""

from __future__ import annotations

import streamlit as st

from components.draw import words
from core.context import Context
from core.figures import Notice

_BOXES = {
    "info": (st.info, ":material/info:"),
    "warning": (st.warning, ":material/warning:"),
    "error": (st.error, ":material/error:"),
}


def draw(ctx: Context, shown: Notice, key: str) -> None:
    """Draw the notice."""
    box, icon = _BOXES[shown.level]
    title = f"**{words.plain(shown.title)}** – " if shown.title else ""
    box(title + words.plain(shown.text), icon=icon)
