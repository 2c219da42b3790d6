"""`query_args` of a query, as pandas.read_sql takes them, on Arrow columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.base.arrow import arrow, cast, unique
from core.base.errors import BadInput, did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

EPOCHS: dict[str, float] = {"D": 86_400_000_000, "d": 86_400_000_000, "h": 3_600_000_000, "m": 60_000_000}
EPOCHS |= {"s": 1_000_000, "ms": 1000, "us": 1, "ns": 0.001}
"""Microseconds in each unit of time since 1970."""
NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?")
IGNORED = ("coerce_float", "columns", "dtype_backend")
"""Arguments of pandas.read_sql that change nothing here."""
KNOWN = ("parse_dates", "index_col", "params", "chunksize", "dtype", *IGNORED)


@dataclass(frozen=True, slots=True)
class Options:
    parse_dates: Mapping[str, Any]
    """Column → format, or None to read it as what it looks like."""
    index_col: tuple[str, ...] = ()
    params: Any = None
    dtype: Any = None
    note: str = ""

    @property
    def leaves_values(self) -> bool:
        """Whether the columns stay as the database gives them."""
        return not (self.parse_dates or self.index_col or self.dtype or self.note)


def options_of(given: Mapping[str, Any]) -> Options:
    """`query_args` read; BadInput that names what pandas.read_sql does not take."""
    for name in given:
        if name not in KNOWN:
            raise BadInput(f"A SQL query takes no '{name}' in query_args.{did_you_mean(name, KNOWN)}")
    note = "'chunksize' is ignored: results are read in blocks anyway." if given.get("chunksize") else ""
    index = given.get("index_col") or ()
    names = (index,) if isinstance(index, str) else _listed(index, "'index_col' is the name of a column, or a list.")
    return Options(_dates(given.get("parse_dates")), names, given.get("params"), given.get("dtype"), note)


def shaped(table: pa.Table, options: Options, zone: str) -> pa.Table:
    """`table` with times read, types changed and the index columns first. Numbers of seconds become times of `zone`."""
    for name, how in options.parse_dates.items():
        if name in table.column_names:
            table = _changed(table, name, _times(table.column(name), how, zone))
    table = _typed(table, options.dtype)
    return _index_first(table, options.index_col) if options.index_col else table


def missed(table: pa.Table, options: Options) -> str:
    """A sentence on a date column that is not there, which pandas passes over in silence."""
    for name in options.parse_dates:
        if name not in table.column_names:
            return f"'parse_dates' names '{name}', which is no column of the result."
    return ""


def _dates(given: Any) -> Mapping[str, Any]:
    if given is None or isinstance(given, bool):
        return {}
    if isinstance(given, Mapping):
        return {str(name): how for name, how in given.items()}
    told = "'parse_dates' is a list of columns, or column: format."
    return dict.fromkeys([given] if isinstance(given, str) else _listed(given, told))


def _listed(given: Any, told: str) -> tuple[str, ...]:
    """Names of columns; BadInput with what is `told` if they are none."""
    if not isinstance(given, list | tuple) or not all(isinstance(name, str | int) for name in given):
        raise BadInput(told)
    return tuple(str(name) for name in given)


def _changed(table: pa.Table, name: str, column: Any) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)


def _index_first(table: pa.Table, names: tuple[str, ...]) -> pa.Table:
    for name in names:
        if name not in table.column_names:
            hint = did_you_mean(name, table.column_names)
            raise BadInput(f"'index_col' names '{name}', which is no column of the result.{hint}")
    rest = [place for place, name in enumerate(table.column_names) if name not in names]
    return table.select([*(table.column_names.index(name) for name in names), *rest])


def _times(column: Any, how: Any, zone: str) -> Any:
    """The column as times; what cannot be read is missing, as with pandas."""
    pa = arrow()
    how, strict, first = _manner(how)
    if pa.types.is_temporal(column.type):
        return cast(column, pa.timestamp("us")) if pa.types.is_date(column.type) else column
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        if how is None or how in EPOCHS:
            return _epochs(column, EPOCHS[how or "s"], zone)
        column = column.cast(pa.int64(), safe=False).cast(pa.string())
    if how in EPOCHS:
        return _epochs(_numbers(column), EPOCHS[how], zone)
    return _read(column, how, strict, first)


def _numbers(column: Any) -> Any:
    """Numbers written as text; what is none is missing."""
    pa = arrow()
    values = [str(value or "").strip() for value in column.to_pylist()]
    return pa.array([float(value) if NUMBER.fullmatch(value) else None for value in values], pa.float64())


def _manner(how: Any) -> tuple[str | None, bool, bool]:
    """Format or unit; whether what cannot be read is an error; whether the day comes first."""
    if not isinstance(how, Mapping):
        return (None if how is None else str(how)), False, False
    unit = how.get("format") or how.get("unit")
    return (None if unit is None else str(unit)), how.get("errors", "raise") == "raise", bool(how.get("dayfirst"))


def _epochs(column: Any, microseconds: float, zone: str) -> Any:
    pa = arrow()
    values = [None if value is None else round(value * microseconds) for value in column.to_pylist()]
    return pa.chunked_array([cast(pa.array(values, pa.int64()), pa.timestamp("us", zone))])


def _read(column: Any, how: str | None, strict: bool, day_first: bool) -> Any:
    """Text as times. Arrow reads the usual forms a column at a time; any other value is read once each."""
    pa = arrow()
    if how in (None, "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "ISO8601"):
        try:
            return cast(column, pa.timestamp("us"))
        except pa.ArrowInvalid:
            pass
    seen: dict[Any, datetime | None] = {None: None}
    for value in unique(column).to_pylist():
        if value is not None:
            seen[value] = _moment(value, how, strict, day_first)
    values = [seen[value] for value in column.to_pylist()]
    return pa.chunked_array([pa.array(values, _stamp(values))])


def _stamp(values: list[datetime | None]) -> Any:
    pa = arrow()
    aware = any(value is not None and value.tzinfo for value in values)
    return pa.timestamp("us", "UTC" if aware else None)


def _moment(value: Any, how: str | None, strict: bool, day_first: bool) -> datetime | None:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    try:
        if how and how not in ("ISO8601", "mixed"):
            return datetime.strptime(text, how)  # noqa: DTZ007 - wall time of the report
        return _guessed(text, day_first)
    except (ValueError, OverflowError) as error:
        if strict:
            said = f"with the format '{how}'" if how else "as a time"
            raise BadInput(f"'{text}' cannot be read {said}.") from error
        return None


def _guessed(text: str, day_first: bool) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        from dateutil import parser

        read: datetime = parser.parse(text, dayfirst=day_first, default=datetime(1970, 1, 1))  # noqa: DTZ001 - wall time
        return read


def _typed(table: pa.Table, dtype: Any) -> pa.Table:
    if not dtype:
        return table
    wanted = dtype if isinstance(dtype, Mapping) else dict.fromkeys(table.column_names, dtype)
    for name, kind in wanted.items():
        if name in table.column_names:
            table = _changed(table, name, _cast(table.column(name), str(name), str(kind)))
    return table


def _cast(column: Any, name: str, kind: str) -> Any:
    pa = arrow()
    plain = {"str": "string", "object": "string", "int": "int64", "float": "float64", "boolean": "bool"}
    plain |= {"datetime64[ns]": "timestamp[us]", "datetime64[us]": "timestamp[us]", "datetime64": "timestamp[us]"}
    try:
        return column.cast(pa.type_for_alias(plain.get(kind, kind.lower())))
    except (ValueError, pa.ArrowException) as error:
        raise BadInput(f"'dtype' cannot make '{kind}' of the column '{name}': {error}.") from error
