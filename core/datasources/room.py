"""Room in memory for all answers of a report together, taken while they are fetched and not only once they are here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import BoundedSemaphore, Lock

from core.base.arrow import arrow
from core.base.errors import BadInput

MOST_BYTES = 144 * 1024 * 1024
"""Of all answers of a report together; each is held until the last view is drawn."""
LARGE = 4 * 1024 * 1024
"""An answer of more bytes goes on only when it has a turn."""
SWEPT = 4 * 1024 * 1024
"""After so many bytes more of an answer, what Arrow keeps of freed memory goes back to the system: each thread's
own share of it is large, and grows with every batch."""
TURNS = 2
"""Large answers that are fetched at once: each takes several times its rows on their way, and two fill two cores."""
PATIENCE_S = 5.0
"""A fetch that waits longer for its turn goes on without: those before it are slow, and its own time runs."""


class Room:
    """What is left of it. Safe to use from several threads."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._taken = 0
        self._shut = False
        self._lock = Lock()
        self.turns = BoundedSemaphore(TURNS)

    @contextmanager
    def share(self) -> Iterator[Share]:
        """Room for one answer; given back if it does not come about. BadInput if some answer found none before."""
        share = Share(self)
        token = _mine.set(share)
        try:
            self.take(0)
            yield share
        except BaseException:
            self.take(-share.bytes)
            raise
        finally:
            _mine.reset(token)
            share.step_back()

    def take(self, size: int) -> None:
        """BadInput where there is no room left; from then on nothing more is asked."""
        with self._lock:
            self._taken += size
            full = self._taken > self._most
            self._shut = self._shut or full
        if size >= 0 and (full or (size == 0 and self._shut)):
            told = self._most // 1024 // 1024
            raise BadInput(f"The answers of this report fill more than {told} MiB. Let its queries sum up.")


class Share:
    """The part of one answer."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.bytes = self._swept = 0
        self._turn = self._waited = False

    def grow(self, size: int) -> None:
        """So many bytes more."""
        self.bytes += size
        self._room.take(size)
        if self.bytes > self._swept + SWEPT:
            self._swept = self.bytes
            arrow().default_memory_pool().release_unused()
        if self.bytes > LARGE and not self._waited:
            self._waited = True
            self._turn = self._room.turns.acquire(timeout=PATIENCE_S)

    def step_back(self) -> None:
        """Let the next large answer have the turn."""
        if self._turn:
            self._turn = False
            self._room.turns.release()

    def settle(self, size: int) -> None:
        """The answer is here, and takes so many bytes in all."""
        more, self.bytes = size - self.bytes, size
        self._room.take(more)


def growing(size: int) -> None:
    """Called by datasources that fetch bit by bit: BadInput as soon as the answers of a report are too much."""
    if share := _mine.get():
        share.grow(size)


_mine: ContextVar[Share | None] = ContextVar("share_of_room", default=None)
