"""Connections that are kept for the next query, and opened anew once when they broke meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from core.datasources.kinds.sql.reading import Door, Lost

T = TypeVar("T")


class Pool:
    """As many connections as queries were under way at once. Safe to use from several threads."""

    def __init__(self, opened: Callable[[], Door]) -> None:
        self._opened = opened
        self._idle: list[Door] = []
        self._lock = Lock()

    def use(self, work: Callable[[Door], T]) -> T:
        """What `work` returns; done once more by a fresh connection if a kept one was lost."""
        door, kept = self._taken()
        try:
            return self._done(door, work)
        except Lost:
            if not kept:
                raise
        self.close()
        return self._done(self._opened(), work)

    def close(self) -> None:
        """Close those that nobody uses."""
        with self._lock:
            idle, self._idle = self._idle, []
        for door in idle:
            door.close()

    def _taken(self) -> tuple[Door, bool]:
        with self._lock:
            if self._idle:
                return self._idle.pop(), True
        return self._opened(), False

    def _done(self, door: Door, work: Callable[[Door], T]) -> T:
        """A connection on which anything went wrong is not used again."""
        try:
            result = work(door)
        except BaseException:
            door.close()
            raise
        if door.broken:
            door.close()
            return result
        with self._lock:
            self._idle.append(door)
        return result
