"""Puts parsed blocks into the store from a thread of its own, a few large inserts at a time."""

from __future__ import annotations

import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable

from core.context import Context
from core.ingestion.sources.git.rows import COLUMNS
from core.ingestion.sources.git.shards import Parsed

LARGE = 12_000_000
"""Bytes that make an insert worth its while."""

ORDER = ("commit_files", "reviews", "pull_requests", "commits")
"""Commits last: a commit that is there says that all else of it is there too."""


class Writer:
    """`put` blocks, then `close`. An error of the store is raised by the next call of either."""

    def __init__(
        self, ctx: Context, introduce: Callable[[Iterable[tuple[str, str]]], None], unwanted: frozenset[str]
    ) -> None:
        self.ctx = ctx
        self._tables_wanted = [table for table in ORDER if table not in unwanted]
        self._introduce = introduce
        self._known: set[tuple[str, str]] = set()
        self._waiting: queue.Queue[Parsed | None] = queue.Queue(maxsize=8)
        self._error: Exception | None = None
        self._tables: dict[str, list[bytes]] = defaultdict(list)
        self._people: set[tuple[str, str]] = set()
        self._size = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def put(self, block: Parsed) -> None:
        while True:
            self._raise()
            try:
                self._waiting.put(block, timeout=1)
                return
            except queue.Full:
                continue

    def close(self) -> None:
        """Wait until everything is in."""
        if self._thread.is_alive():
            self._waiting.put(None)
        self._thread.join()
        self._raise()

    def _raise(self) -> None:
        if self._error:
            raise self._error

    def _run(self) -> None:
        while block := self._waiting.get():
            if self._error:
                continue
            self._safely(lambda block=block: self._take(block))  # type: ignore[misc]
        if not self._error:
            self._safely(self._flush)

    def _safely(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as error:  # raised again in the thread that reads
            self._error = error

    def _take(self, block: Parsed) -> None:
        for table, content in block.tables.items():
            self._tables[table].append(content)
            self._size += len(content)
        self._people.update(person for person in block.people if person not in self._known)
        if self._size >= LARGE:
            self._flush()

    def _flush(self) -> None:
        if self._people:
            self._introduce(sorted(self._people))
            self._known |= self._people
            self._people = set()
        for table in self._tables_wanted:
            if content := b"".join(self._tables.pop(table, [])):
                self.ctx.metrics.insert_raw(table, COLUMNS[table], content, "TabSeparated")
        self._size = 0
