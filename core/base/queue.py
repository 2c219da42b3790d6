"""What the core asks of a queue: put a verb with plain arguments. Huey stands behind it in `jobs`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Plain = str | int | float | bool | None


class Queue(Protocol):
    """Hands a task name and ids to whoever runs tasks. Never an object: the row is read again by the worker."""

    def put(self, task: str, *args: Plain, delay_s: float = 0) -> None:
        """Enqueue `task`. Call it only after the transaction that wrote the rows has committed."""

    def depth(self) -> int:
        """Number of tasks that wait."""


class InlineQueue:
    """Remembers what was put, or runs it at once when `run` is given. For commands and tests."""

    def __init__(self, run: Callable[..., None] | None = None) -> None:
        self.run = run
        self.waiting: list[tuple[str, tuple[Plain, ...]]] = []

    def put(self, task: str, *args: Plain, delay_s: float = 0) -> None:
        if self.run and not delay_s:
            self.run(task, *args)
        else:
            self.waiting.append((task, args))

    def depth(self) -> int:
        return len(self.waiting)
