"""Markdown that people wrote, or what a plugin made. No script of it runs; pictures from elsewhere become links."""

from __future__ import annotations

from base64 import b64encode

import streamlit as st

from components.draw import words
from core.context import Context
from core.figures import Prose


def draw(ctx: Context, shown: Prose, key: str) -> None:
    """Draw the text, and the pictures that it brings."""
    words.heading(shown.title, shown.description, shown.link)
    if shown.html:
        st.html(_with_pictures(shown))
    else:
        st.markdown(shown.markdown.replace("![", "[").replace("$", "\\$"))
        for blob in shown.blobs:
            if blob.media_type.startswith("image/"):
                st.image(blob.content, caption=blob.title or None)
    words.notes(shown.note)


def _with_pictures(shown: Prose) -> str:
    """The HTML with its own pictures inside it."""
    html = shown.html
    for blob in shown.blobs:
        html = html.replace(f"blob:{blob.id}", f"data:{blob.media_type};base64,{b64encode(blob.content).decode()}")
    return html
