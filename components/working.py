"""Something that takes a moment, worked out beside the page, with how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

import streamlit as st

T = TypeVar("T")
Step = Callable[[float, str], None]
EVERY_S = 0.2
UNSAID_S = 0.8
"""What is done sooner needs no bar."""


def worked_out(text: str, make: Callable[[Step], T]) -> T:
    """What `make` answers; it is told where to say how far it is, and need not.

    A page that is left, or run again by a click, ends at once. What was begun goes on to its end beside it, so that
    whoever comes back finds it done, if `make` remembers its answer.
    """
    told: list[tuple[float, str]] = []
    begun = time.monotonic()
    bar, hands = st.empty(), ThreadPoolExecutor(1, thread_name_prefix="beside-page")
    try:
        made = hands.submit(make, lambda done, what: told.append((done, what)))
        with st.spinner(text, show_time=True):
            while not made.done():
                wait([made], timeout=EVERY_S)
                if told and not made.done() and time.monotonic() - begun > UNSAID_S:
                    bar.progress(told[-1][0], text=told[-1][1])
    finally:
        hands.shutdown(wait=False)
    bar.empty()
    return made.result()
