"""ClickHouse's own types in Arrow: moments, enumerations and addresses come as bare numbers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

from core.base.arrow import arrow

if TYPE_CHECKING:
    import pyarrow as pa

WRAPPED = re.compile(r"^(?:Nullable|LowCardinality)\((.*)\)$")
NAMED = re.compile(r"'((?:[^'\\]|\\.)*)' = (-?\d+)")


def is_vague(kind: Any) -> bool:
    """Whether a column of this Arrow type may mean something else than its numbers."""
    pa = arrow()
    return kind in (pa.uint32(), pa.int8(), pa.int16())


def plain(source: Any, kinds: Sequence[str], zone: str) -> Generator[pa.RecordBatch, None, None]:
    """Batches of types that views know, the first without rows, so that the columns are known."""
    pa = arrow()
    empty = pa.RecordBatch.from_arrays([pa.array([], field.type) for field in source.schema], schema=source.schema)
    meant = kinds or [""] * len(source.schema)
    for batch in itertools.chain([empty], source):
        columns = [_simple(column, kind, zone) for column, kind in zip(batch.columns, meant, strict=True)]
        yield pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _simple(column: Any, kind: str, zone: str) -> Any:
    pa = arrow()
    if is_vague(column.type):
        return _meant(column, _bare(kind), zone)
    if pa.types.is_decimal(column.type):
        return column.cast(pa.float64())
    if pa.types.is_dictionary(column.type):
        return column.dictionary_decode()
    if isinstance(column.type, pa.BaseExtensionType):
        return pa.array([None if one is None else str(one) for one in column.to_pylist()], pa.string())
    if pa.types.is_timestamp(column.type) and column.type.tz:
        return column.cast(pa.timestamp(column.type.unit, zone))
    return column


def _bare(kind: str) -> str:
    while found := WRAPPED.match(kind):
        kind = found.group(1)
    return kind


def _meant(column: Any, kind: str, zone: str) -> Any:
    pa = arrow()
    if kind.startswith("DateTime"):
        return column.cast(pa.int64()).cast(pa.timestamp("s", zone))
    if kind.startswith("Enum"):
        names = {int(number): re.sub(r"\\(.)", r"\1", name) for name, number in NAMED.findall(kind)}
        return pa.array([names.get(value) for value in column.to_pylist()], pa.string())
    if kind == "IPv4":
        return pa.array([None if value is None else _address(value) for value in column.to_pylist()], pa.string())
    return column


def _address(value: int) -> str:
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))
