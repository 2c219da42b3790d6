"""Markdown that people wrote. Streamlit runs no HTML of it; pictures, which would call other machines, become links."""

from __future__ import annotations

import streamlit as st

from components.draw import words
from core.context import Context
from core.figures import Prose


def draw(ctx: Context, shown: Prose, key: str) -> None:
    """Draw the text."""
    words.heading(shown.title, shown.description)
    st.markdown(shown.markdown.replace("![", "[").replace("$", "\\$"))
    words.notes(shown.note)
