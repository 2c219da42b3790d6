"""Markdown that people wrote, or what a plugin made. No script of it runs; pictures from elsewhere become links."""

from __future__ import annotations

import streamlit as st

from components.draw import words
from core.context import Context
from core.documents import blobs, prose
from core.figures import Prose
from core.narration import Narration


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
    if shown.narration:
        _grounds(shown.narration)


def _grounds(narration: Narration) -> None:
    """What each sentence rests on."""
    with st.expander("What each sentence rests on", icon=":material/link:"):
        st.dataframe(
            [
                {"Sentence": one.text, "Number of": ground.about, "Shown as": ground.number, "In": ground.title}
                for one in narration.sentences
                for ground in one.grounds
            ],
            hide_index=True,
        )
