"""Markdown that people wrote, or what a plugin made. No script of it runs; pictures from elsewhere become links."""

from __future__ import annotations

import streamlit as st

from components.draw import words
from core.context import Context
from core.documents import blobs, prose
from core.figures import Prose


def draw(ctx: Context, shown: Prose, key: str) -> None:
    """Draw the text, and the pictures that it brings."""
    words.heading(shown.title, shown.description, shown.link)
    if shown.html:
        st.html(prose.rich(shown.html, blobs.data_uris(shown)))
    else:
        st.markdown(shown.markdown.replace("![", "[").replace("$", "\\$"))
        for blob in shown.blobs:
            if blob.media_type.startswith("image/"):
                st.image(blob.content, caption=blob.title or None)
    words.notes(shown.note)
