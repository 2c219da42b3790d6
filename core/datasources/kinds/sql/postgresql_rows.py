"""What PostgreSQL is asked for around a query: values that Arrow has types for, and rows that fit into memory.

libpq holds a whole row before anybody sees how long it is, and a value may have a
gigabyte. So the server itself looks at the length, and fails instead of sending.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.base.arrow import arrow
from core.base.errors import BadInput

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST = 64 * 1024 * 1024
"""Bytes of the longest row."""
TOO_LONG = "sightline: a row is too long"
"""What the server is made to complain of: it has no function of its own that raises."""


def asked(text: str, schema: pa.Schema) -> str:
    """The query, with columns as text that the driver can only give as PostgreSQL's own bytes, and its rows bounded.

    OFFSET 0 keeps the server from working out a value twice: once to measure it, once to send it.
    """
    loose, long = loose_columns(schema), [_length(place, field.type) for place, field in enumerate(schema)]
    if not loose and not any(long):
        return text
    names = [f"c{place}" for place in range(len(schema))]
    chosen = [
        f"{name}{'::text' if place in loose else ''} AS {_identifier(schema.field(place).name)}"
        for place, name in enumerate(names)
    ]
    total = " + ".join(f"coalesce({length}::bigint, 0)" for length in long if length)
    within = f"SELECT * FROM (\n{text}\n) AS asked OFFSET 0"  # noqa: S608 - the author's query
    # The number is made of the row: one that is always the same would be read before there is any row.
    fails = f"CASE WHEN {total} > {LONGEST} THEN ('{TOO_LONG} ' || ({total}))::int = 0 ELSE true END"
    return f"SELECT {', '.join(chosen)} FROM ({within}) AS told({', '.join(names)}) WHERE {fails}"  # noqa: S608


def loose_columns(schema: pa.Schema) -> set[int]:
    """Columns that come as bytes of PostgreSQL's own, or as a type that nobody draws."""
    return {place for place, field in enumerate(schema) if _is_loose(field.type)}


def too_long() -> BadInput:
    """A row that is longer than that."""
    return BadInput(
        f"A row of the query is larger than {LONGEST // 1024 // 1024} MiB. Take a part of its values, with substr()."
    )


def _length(place: int, kind: Any) -> str:
    """How many bytes a column has, in PostgreSQL's words; empty where it cannot have many."""
    pa = arrow()
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return f"octet_length(c{place})"
    json = isinstance(kind, pa.BaseExtensionType) and getattr(kind, "type_name", "") != "numeric"
    if json or _is_loose(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return f"octet_length(c{place}::text)"
    return f"pg_column_size(c{place})" if pa.types.is_list(kind) or pa.types.is_large_list(kind) else ""


def _is_loose(kind: Any) -> bool:
    own = "arrow.opaque" in str(kind) and getattr(kind, "type_name", "") != "numeric"
    return own or str(kind) == "month_day_nano_interval"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
