"""Whatever a datasource returned, as an Arrow table: the one shape that views read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.base.arrow import arrow
from core.base.errors import BadInput
from core.datasources.datasource import Answer

if TYPE_CHECKING:
    import pyarrow as pa


def answered(given: Any) -> Answer:
    """`given` as an Answer; BadInput if it is nothing that has rows."""
    return given if isinstance(given, Answer) else Answer(table_of(given))


def table_of(given: Any) -> pa.Table:
    """An Arrow table of an Arrow table, a data frame, or a list of dicts."""
    import pyarrow as pa

    if isinstance(given, pa.Table):
        return given
    if hasattr(given, "__arrow_c_stream__") and not hasattr(given, "iloc"):
        return pa.table(given)
    if hasattr(given, "iloc"):
        return _of_frame(given)
    if isinstance(given, Sequence) and not isinstance(given, str | bytes):
        return of_records(given)
    raise BadInput(f"The datasource returned {type(given).__name__}; it must return a table, a data frame or a list.")


def of_records(records: Sequence[Any]) -> pa.Table:
    """Rows given as dicts; a key that a row lacks is missing there."""
    if not all(isinstance(record, Mapping) for record in records):
        raise BadInput("The datasource returned a list in which not every row has named columns.")
    names = list(dict.fromkeys(name for record in records for name in record))
    return of_columns({str(name): [record.get(name) for record in records] for name in names})


def of_columns(columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    """Columns of Python values. A column of mixed kinds becomes text, decimals become numbers."""
    pa = arrow()
    names, made = list(columns), [array_of(values) for values in columns.values()]
    return pa.Table.from_arrays(made, names=names)


def array_of(values: Sequence[Any]) -> Any:
    """An Arrow array of Python values; of mixed kinds it becomes text."""
    pa = arrow()
    if any(isinstance(value, Decimal) for value in values):
        values = [float(value) if isinstance(value, Decimal) else value for value in values]
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([None if value is None else _text(value) for value in values])


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


def _of_frame(frame: Any) -> pa.Table:
    """A pandas data frame; a named or non-default index becomes the first columns."""
    import pyarrow as pa

    kept = frame if _plain_index(frame) else frame.reset_index()
    return pa.Table.from_pandas(kept, preserve_index=False)


def _plain_index(frame: Any) -> bool:
    return frame.index.nlevels == 1 and frame.index.name is None and type(frame.index).__name__ == "RangeIndex"
