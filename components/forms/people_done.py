"""Doing something to people: the sentence of what went wrong, or a word that it is done and the page afresh."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components import guard
from core.base.errors import SightlineError

_SAID = "_people_done"


def said() -> None:
    """Show, once, what was done in the run before."""
    if text := st.session_state.pop(_SAID, ""):
        st.toast(text, icon=":material/check:")


def do(change: Callable[[], object], text: str) -> None:
    """Make a change; afterwards the page is drawn from the new rows."""
    try:
        change()
    except SightlineError as error:
        guard.show(error)
        return
    st.session_state[_SAID] = text
    st.rerun()
