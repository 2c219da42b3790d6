"""What went wrong, as a sentence: never a traceback on a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import streamlit as st
import structlog

from components.draw.words import sentence
from core.base.errors import SightlineError

log = structlog.get_logger(__name__)


@contextmanager
def errors() -> Iterator[None]:
    """Show a SightlineError of the block as its sentence; the page goes on after the block."""
    try:
        yield
    except SightlineError as error:
        show(error)


def show(error: SightlineError) -> None:
    """The sentence of an error, in the tone of whose fault it is. Names in it come from outside."""
    if error.fault == "system":
        st.error(sentence(error.message), icon=":material/error:")
    else:
        st.warning(sentence(error.message), icon=":material/info:")


def fault(error: Exception) -> None:
    """A fault of ours: the reader gets a number to tell, the log has the rest."""
    number = uuid4().hex[:8]
    log.error("page_failed", number=number, exc_info=error)
    st.error(
        f"This page met a fault of ours (number {number}). Reload it; if it stays, tell your admin the number:"
        " the server's log has the details.",
        icon=":material/error:",
    )
