"""Rows that a driver gives as tuples, as Arrow, a few hundred at a time.

Few, because rows that still lie in the processor's cache turn into columns twice as
fast; and never more than a few megabytes, however wide a row is.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from core.base.arrow import arrow, cast
from core.datasources.tables import array_of

if TYPE_CHECKING:
    import pyarrow as pa

FEW = 400
"""Rows turned into columns at a time."""
BLOCK_BYTES = 4 * 1024 * 1024
"""Size of the batches that are handed on."""
BLOCK_ROWS = 20_000

Fetch = Callable[[int], Sequence[Sequence[Any]]]
Reader = Callable[[Sequence[Any]], Any]


def batches(names: Sequence[str], fetch: Fetch, readers: Sequence[Reader | None] = ()) -> Iterator[pa.RecordBatch]:
    """What `fetch(n)` gives until it gives nothing.

    `readers` make a column's array where Arrow reads text faster than Python makes values.
    """
    columns = [_Column(reader) for reader in readers or [None] * len(names)]
    size, held, given = 1, 0, False
    while rows := fetch(size):
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column.add(values)
        held += len(rows)
        size = _next_size(columns, held, size)
        if held >= BLOCK_ROWS or sum(column.bytes for column in columns) >= BLOCK_BYTES:
            yield _batch(names, columns)
            held, given = 0, True
    if held or not given:
        yield _batch(names, columns)


def unified(names: Sequence[str], found: Sequence[pa.RecordBatch]) -> pa.Table:
    """One table of batches whose columns may have become of another type on the way."""
    pa = arrow()
    columns = [_chunked([batch.column(place) for batch in found]) for place in range(len(names))]
    return pa.Table.from_arrays(columns, names=list(names))


class _Column:
    """A column in the making; remembers its type, since knowing it saves a look at every value."""

    def __init__(self, reader: Reader | None) -> None:
        self._reader = reader
        self._type: Any = None
        self._parts: list[Any] = []
        self._quick: Reader | None = None
        self.bytes = 0

    def add(self, values: Sequence[Any]) -> None:
        made = self._reader(values) if self._reader else self._made(values)
        self._parts.append(made)
        self.bytes += made.nbytes

    def taken(self) -> Any:
        made = _together(self._parts) if self._parts else arrow().array([], self._type)
        self._parts, self.bytes = [], 0
        return made

    def _made(self, values: Sequence[Any]) -> Any:
        try:
            return self._quick(values) if self._quick else self._looked_at(values)
        except (ValueError, TypeError, OverflowError):
            return self._looked_at(values)

    def _looked_at(self, values: Sequence[Any]) -> Any:
        made = array_of(values)
        if made.type != self._type:
            self._type, self._quick = made.type, _quick(made.type)
        return made


def _quick(kind: Any) -> Reader | None:
    """How values of a known type are read without a look at each; what is of another type raises.

    Whole numbers by Python's own array: Arrow would cut the fractions of others off.
    """
    pa = arrow()
    if kind == pa.int64():
        return lambda values: pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(array("q", values))])
    if kind == pa.float64():
        return lambda values: pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(array("d", values))])
    return partial(pa.array, type=kind) if kind == pa.string() else None


def _next_size(columns: Sequence[_Column], held: int, size: int) -> int:
    """As many rows as fit a batch by the size of those seen, and not many more than before."""
    mean = max(1, sum(column.bytes for column in columns) // max(1, held))
    return max(1, min(FEW, size * 4, BLOCK_BYTES // mean))


def _batch(names: Sequence[str], columns: Sequence[_Column]) -> pa.RecordBatch:
    return arrow().RecordBatch.from_arrays([column.taken() for column in columns], names=list(names))


def _together(parts: Sequence[Any]) -> Any:
    whole = _chunked(parts)
    return arrow().concat_arrays(whole.chunks) if whole.num_chunks != 1 else whole.chunk(0)


def _chunked(parts: Sequence[Any]) -> Any:
    pa = arrow()
    kinds = {str(part.type): part.type for part in parts}
    kinds.pop("null", None)
    if len(kinds) > 1:
        numbers = all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds.values())
        return pa.chunked_array([cast(part, pa.float64()) if numbers else _texts(part) for part in parts])
    kind = next(iter(kinds.values()), pa.null())
    return pa.chunked_array([cast(part, kind) if part.type != kind else part for part in parts], kind)


def _texts(part: Any) -> Any:
    pa = arrow()
    if pa.types.is_string(part.type):
        return part
    values = [None if value is None else _text(value) for value in part.to_pylist()]
    return pa.array(values, pa.string())


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
