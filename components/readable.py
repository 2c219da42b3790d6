"""What is chosen stays readable: words of selected tabs and choices and values of sliders, on both grounds.

Streamlit gives them the colour of buttons, which must be dark enough for the white
words on it, and is then too dark to be read on a dark ground. Dialogs lie beside the
page and do not know which ground it has.
"""

from __future__ import annotations

import streamlit as st

from core.documents.theme import DARK, LIGHT

CHOSEN = (
    '[data-testid="stTab"][aria-selected="true"],button[data-variant][data-selected="true"],'
    '[data-testid="stSliderThumbValue"]'
)
BESIDE = '[data-testid="stDialog"],[data-testid="stPopoverBody"]'


def draw() -> None:
    """The one rule, for whichever ground the reader has."""
    colour = f"color:light-dark({LIGHT.primary},{DARK.primary}) !important"
    beside = f"{BESIDE}{{color-scheme:{st.context.theme.type or 'normal'}}}"
    st.html(f"<style>:is({CHOSEN}),:is({CHOSEN}) *{{{colour}}}{beside}</style>")
