"""The column that a chart runs along: time if it can be read as time, else numbers or names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Literal

from core.base.arrow import cast, encoded
from core.base.period import zone_of
from core.datasources.window import Window
from core.figures import Scalar

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Numbers = np.ndarray[Any, Any]

UNNAMED = "–"
MICRO = 1_000_000
DAY = 86_400 * MICRO
_EPOCHS = ((5e8, 5e9, MICRO), (5e11, 5e12, 1000), (5e14, 5e15, 1), (5e17, 5e18, 1 / 1000))
"""From about 1985 to 2128: in seconds, milliseconds, microseconds, nanoseconds; and how many microseconds one is."""


@dataclass(frozen=True, slots=True)
class Across:
    """x of every row as numbers: microseconds, values, or numbers of names."""

    kind: Literal["temporal", "quantitative", "nominal"]
    at: Numbers
    """One a row; NaN, or the least integer, where there is none."""
    names: Any = ()
    """What the numbers of a nominal x stand for, in the order of the query: an Arrow array."""
    wall: bool = False
    """Whether times are those of a clock on the wall of the report's zone, not instants."""
    zone: tzinfo = UTC

    def taken(self, rows: Any) -> Across:
        """Those of some rows."""
        return replace(self, at=self.at[rows])

    def bounds(self, window: Window) -> tuple[int, int]:
        """The window's first and last, as numbers of this x."""
        if self.wall:
            return _micros(window.wall_start.replace(tzinfo=UTC)), _micros(window.wall_end.replace(tzinfo=UTC))
        return _micros(window.start), _micros(window.end)

    def known(self) -> Numbers:
        """Which rows have an x at all."""
        import numpy as np

        return self.at != NOWHERE if self.kind == "temporal" else ~np.isnan(self.at)

    def scalars(self, at: Sequence[Any], whole_days: bool) -> list[Scalar]:
        """Numbers of this x as a figure carries them."""
        if self.kind == "nominal":
            return [self.names[int(one)].as_py() if one < len(self.names) else UNNAMED for one in at]
        if self.kind == "quantitative":
            return [int(one) if float(one).is_integer() else float(one) for one in at]
        moments = [self._moment(int(one)) for one in at]
        return [moment.date() for moment in moments] if whole_days else list(moments)

    def whole_days(self, at: Numbers) -> bool:
        """Whether all of these are midnights of the report's zone, so that the days alone tell them."""
        if self.wall:
            return not (at % DAY).any()
        return all(self._moment(int(one)).time() == datetime.min.time() for one in at)

    def _moment(self, micros: int) -> datetime:
        moment = _EPOCH + timedelta(microseconds=micros)
        return moment.replace(tzinfo=self.zone) if self.wall else moment.astimezone(self.zone)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOWHERE = -(2**63)
"""How numpy writes a time that is missing."""


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def read(column: pa.ChunkedArray, window: Window, is_time: bool) -> Across:
    """x from a column; `is_time` says that numbers in it may be seconds since 1970."""
    import pyarrow as pa

    kind, zone = column.type, zone_of(window.zone)
    if pa.types.is_dictionary(kind):
        return read(cast(column, kind.value_type), window, is_time)
    if pa.types.is_null(kind):
        return Across("temporal", _nowhere(len(column)), zone=zone)
    if pa.types.is_timestamp(kind):
        return Across("temporal", _as_micros(column), wall=kind.tz is None, zone=zone)
    if pa.types.is_date(kind):
        return Across("temporal", _as_micros(column), wall=True, zone=zone)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _number(cast(column, pa.float64()), zone, is_time)
    return _text(column, zone)


def _nowhere(count: int) -> Numbers:
    import numpy as np

    return np.full(count, NOWHERE)


def rows(count: int) -> Across:
    """Rows by number, for a table that has nothing to run along."""
    import numpy as np

    return Across("quantitative", np.arange(1, count + 1, dtype="float64"))


def _as_micros(column: pa.ChunkedArray) -> Numbers:
    import numpy as np

    found = column.to_numpy()
    if found.dtype == object:  # days, which Arrow gives as Python's
        found = np.array(found, dtype="datetime64[us]")
    micros: Numbers = found.astype("datetime64[us]").astype("int64")
    return micros


def _number(column: pa.ChunkedArray, zone: tzinfo, is_time: bool) -> Across:
    import numpy as np

    values = column.to_numpy()
    known = values[~np.isnan(values)]
    for low, high, factor in _EPOCHS if is_time and known.size else ():
        if low <= known.min() and known.max() <= high:
            at = np.where(np.isnan(values), np.nan, values * factor)
            micros = np.where(np.isnan(at), NOWHERE, np.nan_to_num(at).round().astype("int64"))
            return Across("temporal", micros, zone=zone)
    return Across("quantitative", values)


def _text(column: pa.ChunkedArray, zone: tzinfo) -> Across:
    import pyarrow as pa

    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        texts = pa.array([None if one is None else _said(one) for one in column.to_pylist()], pa.string())
        return _named(pa.chunked_array([texts]))
    for wanted in (pa.timestamp("us"), pa.timestamp("us", "UTC")):
        try:
            at = cast(column, wanted)
        except pa.ArrowInvalid:
            continue
        if at.null_count < len(at):
            return Across("temporal", _as_micros(at), wall=wanted.tz is None, zone=zone)
    return _named(column)


def _named(column: pa.ChunkedArray) -> Across:
    import numpy as np

    found = encoded(column.combine_chunks())
    at = found.indices.to_numpy(zero_copy_only=False).astype("float64")
    return Across("nominal", np.where(np.isnan(at), len(found.dictionary), at), found.dictionary)


def _said(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
