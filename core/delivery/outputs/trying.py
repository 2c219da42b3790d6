"""What fails for now is tried again, a little later each time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from core.base.errors import SightlineError

T = TypeVar("T")

PAUSES = (0.5, 2.0, 5.0)
"""Seconds before each further attempt."""


def tried(send: Callable[[], T]) -> T:
    """What `send` returns; what it raises is raised once it will not pass, or has not after the last pause."""
    for pause in PAUSES:
        try:
            return send()
        except SightlineError as error:
            if not error.retry:
                raise
        time.sleep(pause)
    return send()
