"""Fetching within limits: so many rows, so many bytes, so many seconds, and not one more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from threading import Timer
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from core.base.errors import BadInput, SourceUnreachable
from core.datasources.kinds.sql.columns import unified

if TYPE_CHECKING:
    from collections.abc import Generator

    import pyarrow as pa

    from core.datasources.kinds.sql.tokens import Statement


class Lost(SourceUnreachable):
    """The connection broke. A fresh one may do better."""


class Late(BadInput):
    """The query took too long."""


class Door(Protocol):
    """An open connection that only reads."""

    broken: bool
    """Whether it cannot be used for another query."""

    def batches(self, statement: Statement, most: int) -> Generator[pa.RecordBatch, None, None]:
        """The rows in order, as at least one batch. Closing it early stops the query; `most` is all that is needed."""

    def stop(self) -> None:
        """Stop the query under way; called from another thread."""

    def close(self) -> None:
        """Let go."""


@dataclass(frozen=True, slots=True)
class Limits:
    rows: int
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Fetched:
    table: pa.Table
    cut: str = ""
    """Which limit ended it, rows or bytes; empty if everything is here."""


def fetched(door: Door, statement: Statement, limits: Limits) -> Fetched:
    """The rows of `statement` as far as the limits go."""
    with Watch(limits.seconds, door.stop) as watch:
        found, cut = _gathered(door, statement, limits, watch)
    table = unified(found[0].schema.names, found)
    return Fetched(table.slice(0, limits.rows), cut)


def counted(door: Door, statement: Statement, limits: Limits) -> int:
    """How many rows `statement` has, by letting them pass."""
    with Watch(limits.seconds, door.stop) as watch, closing(door.batches(statement, limits.rows)) as rows:
        return sum(batch.num_rows for batch in watch.over(rows))


def _gathered(door: Door, statement: Statement, limits: Limits, watch: Watch) -> tuple[list[Any], str]:
    found: list[Any] = []
    rows = size = 0
    with closing(door.batches(statement, limits.rows + 1)) as source:
        for batch in watch.over(source):
            found.append(batch)
            rows += batch.num_rows
            size += batch.nbytes
            if size > limits.bytes:
                return found, "bytes"
            if rows > limits.rows + 1:
                return found, "rows"
    return found, "rows" if rows > limits.rows else ""


class Watch:
    """Stops what runs too long, and says so instead of what the driver then says."""

    def __init__(self, seconds: float, stop: Callable[[], None]) -> None:
        self._seconds = seconds
        self._late = False
        self._stop = stop
        self._timer = Timer(seconds, self._ring)
        self._timer.daemon = True

    def __enter__(self) -> Watch:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()
        if self._late:
            raise Late(
                f"The query took longer than {self._seconds:g} s and was stopped."
                " Let it read less, or raise 'timeout_s'."
            ) from error

    def over(self, source: Iterator[Any]) -> Iterator[Any]:
        """`source` until time is up."""
        for one in source:
            if self._late:
                return
            yield one

    def _ring(self) -> None:
        self._late = True
        self._stop()
