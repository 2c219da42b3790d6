"""A free lane for what people wait for: long background work never holds every thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from core.base.queue import Plain, Queue
from jobs import tasks

LONG = frozenset({"sync", "lines", "snapshots", "demo", "bounces"})
"""Tasks that may take minutes, and that nobody sits and waits for."""
AGAIN_S = 2.0
"""When a long task comes back that found its lanes full."""


class Lanes:
    """At most `slots` long tasks at once; a worker has one thread more than that."""

    def __init__(self, queue: Queue, slots: int, perform: Callable[..., None] = tasks.perform) -> None:
        self._queue = queue
        self._perform = perform
        self._free = threading.Semaphore(slots)

    def run(self, task: str, *args: Plain) -> None:
        """Run the task, or put a long one back for a moment later."""
        if task not in LONG:
            self._perform(task, *args)
        elif self._free.acquire(blocking=False):
            try:
                self._perform(task, *args)
            finally:
                self._free.release()
        else:
            self._queue.put(task, *args, delay_s=AGAIN_S)
