"""How long strangers' templates may take: what works for them looks at the clock at each turn of a loop and each call.

A clock, since no count of turns tells how long one takes; that of the thread, since a
machine that is busy with others is no fault of a template.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MOST_SECONDS = 10.0
"""Of work for one page, mail or view. The largest reports of ours take a tenth of it."""

_ends: ContextVar[tuple[float, float] | None] = ContextVar("template_ends", default=None)
"""By the clock on the wall, which is quick to ask, and by that of the thread, which ends no sooner."""


class TooSlow(Exception):
    """Time is up."""

    def __str__(self) -> str:
        return f"it was stopped after {MOST_SECONDS:g} s of work. Let its loops end sooner"


@contextmanager
def timed() -> Iterator[None]:
    """Let what is worked within take so long; within another such block the time goes on."""
    if _ends.get() is not None:
        yield
        return
    token = _ends.set((time.monotonic() + MOST_SECONDS, time.thread_time() + MOST_SECONDS))
    try:
        yield
    finally:
        _ends.reset(token)


def tick() -> None:
    """TooSlow once time is up."""
    ends = _ends.get()
    if ends is not None and time.monotonic() > ends[0] and time.thread_time() > ends[1]:
        raise TooSlow
