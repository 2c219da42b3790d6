"""What was made once from the same content, kept for the process: drawings, tables, specifications."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

MOST = 512
"""Things kept of each kind; the one not asked for longest goes first."""

_kept: dict[str, OrderedDict[tuple[Any, ...], Any]] = {}
_lock = Lock()


def once(kind: str, content: str, how: tuple[Any, ...], make: Callable[[], T]) -> T:
    """What `make` gives, made anew only if the content or the way differs."""
    key = (blake2b(content.encode(), digest_size=16).digest(), *how)
    with _lock:
        kept = _kept.setdefault(kind, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            found: T = kept[key]
            return found
    made = make()
    with _lock:
        kept[key] = made
        if len(kept) > MOST:
            kept.popitem(last=False)
    return made
