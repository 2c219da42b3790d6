"""Opens the datasources that a report names and asks each distinct question once, however many views need it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from threading import BoundedSemaphore, Lock
from typing import Any

from core.base.errors import BadInput, NotFound, SightlineError, SourceUnreachable, did_you_mean
from core.datasources.datasource import Answer, Datasource, Query
from core.datasources.room import Room
from core.datasources.tables import answered
from core.datasources.window import Window

OURS = frozenset(("text", "rows", "sums"))
"""Words of `Datasource.query` itself, which `query_args` cannot say."""

Opener = Callable[[Window], Datasource]
"""Makes a datasource for a window; nothing connects before the first query."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answer, for `--dry-run` and provenance."""

    query: Query
    answer: Answer | None
    error: str = ""


class Desk:
    """The datasources of one report, over one window. Safe to use from several threads."""

    def __init__(self, window: Window, openers: Mapping[str, Opener]) -> None:
        self.window = window
        self._openers = dict(openers)
        self._open: dict[str, Datasource] = {}
        self._turns: dict[str, BoundedSemaphore] = {}
        self._answers: dict[tuple[str, str, str, int | None, bool], Future[Answer]] = {}
        self._most: dict[tuple[str, str, str], int | None] = {}
        self._row_by_row: set[tuple[str, str, str]] = set()
        """Questions of which somebody needs more than the sum."""
        self._memory = Room()
        self._lock = Lock()

    def expect(self, queries: Iterable[Query]) -> None:
        """Say beforehand what will be asked, so that one fetch serves views that show different numbers of rows."""
        for query in queries:
            known = self._most.get(query.key, 0)
            self._most[query.key] = None if query.rows is None or known is None else max(known, query.rows)
            if not query.sums:
                self._row_by_row.add(query.key)

    def ask(self, query: Query) -> Answer:
        """The answer, fetched at most once; what the datasource raised, for everybody who asks."""
        sums = query.sums and query.key not in self._row_by_row
        whole = replace(query, rows=self._most.get(query.key, query.rows), sums=sums)
        key = (*whole.key, whole.rows, whole.sums)
        with self._lock:
            first = key not in self._answers
            waiting = self._answers.setdefault(key, Future())
        if first:
            self._fetch(whole, waiting)
        return waiting.result()

    def asked(self) -> list[Asked]:
        """Every question that was asked, in order."""
        return [_asked(key, future) for key, future in self._answers.items() if future.done()]

    def close(self) -> None:
        """Close what was opened."""
        for source in self._open.values():
            source.close()

    def _fetch(self, query: Query, waiting: Future[Answer]) -> None:
        began = time.perf_counter()
        try:
            with self._memory.share() as share:
                answer = self._answer(query)
                share.settle(answer.table.nbytes)
            waiting.set_result(replace(answer, seconds=time.perf_counter() - began))
        except SightlineError as error:
            # Its traceback would hold what was fetched for as long as the report lasts.
            waiting.set_exception(error.with_traceback(None))
        except BaseException as error:
            waiting.set_exception(error)

    def _answer(self, query: Query) -> Answer:
        source = self._opened(query.datasource)
        with self._turns[query.datasource]:
            return answered(_told(source, query))

    def _opened(self, name: str) -> Datasource:
        with self._lock:
            if name not in self._open:
                self._open[name] = self._opener(name)(self.window)
                self._turns[name] = BoundedSemaphore(self._open[name].parallel)
            return self._open[name]

    def _opener(self, name: str) -> Opener:
        if name not in self._openers:
            hint = did_you_mean(name, self._openers) or " Declare it under 'datasources'."
            raise NotFound(f"There is no datasource named '{name}' in this report.{hint}")
        return self._openers[name]


def _told(source: Datasource, query: Query) -> Any:
    """What the datasource says; whatever a plugin raises becomes a sentence that names it."""
    if own := OURS & query.options.keys():
        raise BadInput(f"The datasource '{query.datasource}' takes no '{min(own)}' in query_args.")
    try:
        more = {"sums": True} if query.sums and source.adds_up else {}
        return source.query(query.text, rows=query.rows, **more, **query.options)
    except SightlineError:
        raise
    except TypeError as error:
        raise BadInput(f"The datasource '{query.datasource}' does not take this query: {error}.") from error
    except Exception as error:
        raise SourceUnreachable(
            f"The datasource '{query.datasource}' failed: {type(error).__name__}: {error}"
        ) from error


def _asked(key: tuple[str, str, str, int | None, bool], future: Future[Answer]) -> Asked:
    import json

    query = Query(key[0], key[1], json.loads(key[2]), key[3], key[4])
    error = future.exception()
    return Asked(query, None if error else future.result(), str(error or ""))
