"""Columns of text or numbers read as times, as a view's `parse_dates` asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.base.arrow import unique
from core.base.errors import BadInput, did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

EPOCHS = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}


def parsed(table: pa.Table, wanted: Any) -> pa.Table:
    """`table` with columns read as times. `wanted` is a list of columns, or column → format (strptime, or s, ms, us).

    BadInput that names a column which is not there, or the first value that is no time.
    """
    if not wanted:
        return table
    formats = dict(wanted) if isinstance(wanted, Mapping) else dict.fromkeys(_listed(wanted))
    for name, how in formats.items():
        if name not in table.column_names:
            raise BadInput(f"parse_dates names '{name}', which is no column.{did_you_mean(name, table.column_names)}")
        place = table.column_names.index(name)
        table = table.set_column(place, name, _times(name, table.column(place), _format(how)))
    return table


def _listed(wanted: Any) -> list[str]:
    if isinstance(wanted, str):
        return [wanted]
    if isinstance(wanted, list | tuple):
        return [str(name) for name in wanted]
    raise BadInput("parse_dates is a list of columns, or column: format.")


def _format(how: Any) -> str | None:
    """The format of a column; pandas also takes a mapping with `format` or `unit` in it."""
    if isinstance(how, Mapping):
        how = how.get("format") or how.get("unit")
    return None if how is None else str(how)


def _times(name: str, column: Any, how: str | None) -> Any:
    import pyarrow as pa

    if pa.types.is_temporal(column.type):
        return column
    different = unique(column)
    read = {value: _read(name, value, how) for value in different.to_pylist()}
    return pa.array([read[value] for value in column.to_pylist()])


def _read(name: str, value: Any, how: str | None) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / EPOCHS[how or "s"], UTC)
        if how in EPOCHS:
            return datetime.fromtimestamp(float(value) / EPOCHS[how], UTC)
        return datetime.strptime(value, how) if how else datetime.fromisoformat(value)  # noqa: DTZ007 - wall time
    except (ValueError, KeyError, OverflowError, OSError) as error:
        said = f"with the format '{how}'" if how else "as 2026-01-31 or 2026-01-31 06:00:00"
        raise BadInput(f"The column '{name}' has '{value}', which cannot be read as a time {said}.") from error
