"""What becomes a line: each column of numbers, or the first of them for each group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.base.errors import BadInput, did_you_mean
from core.views.plotting.across import Across

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Numbers = np.ndarray[Any, Any]

MOST_LINES = 40
"""More lines than this are told apart by nobody."""
UNNAMED = "–"


@dataclass(frozen=True, slots=True)
class Strand:
    """One line: ordered by x; NaN where a value is missing."""

    name: str
    at: Numbers
    ys: Numbers

    def rows(self, kept: Any) -> Strand:
        """Some of its points."""
        return Strand(self.name, self.at[kept], self.ys[kept])


@dataclass(frozen=True, slots=True)
class Read:
    """A table as lines, and what a reader must know of how it was read."""

    strands: list[Strand]
    notes: list[str]
    whole: bool
    """Whether every value is a whole number."""


def read(table: pa.Table, x: Across, x_name: str, groupby: Sequence[str], labels: dict[str, str]) -> Read:
    """The lines of a table whose rows are ordered by `x`."""
    for name in groupby:
        if name not in table.column_names:
            hint = did_you_mean(name, table.column_names)
            raise BadInput(f"The query returned no column named '{name}' to group by.{hint}{_columns(table)}")
    rest = [name for name in table.column_names if name != x_name and name not in groupby]
    numeric = [name for name in rest if _drawable(table.schema.field(name).type)]
    if not numeric:
        raise BadInput(f"The query returned no column of numbers to draw.{_columns(table)}")
    strands = _grouped(table, x, numeric[0], groupby) if groupby else _each(table, x, numeric)
    notes = list(_left_out(rest, numeric, bool(groupby)))
    kept = _largest(strands)
    if len(kept) < len(strands):
        notes.append(f"The {len(kept)} largest of {len(strands):,} series are drawn")
    used = numeric[:1] if groupby else numeric
    named = [Strand(labels.get(one.name, one.name), one.at, one.ys) for one in kept]
    return Read(named, notes, all(_is_whole(table.schema.field(name).type) for name in used))


def _columns(table: pa.Table) -> str:
    return f" Its columns are {_listed(table.column_names)}."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def is_numeric(kind: pa.DataType) -> bool:
    """Whether a column's values are whole numbers or floats."""
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _drawable(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return is_numeric(kind) or bool(pa.types.is_decimal(kind) or pa.types.is_null(kind))


def _is_whole(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind))


def _left_out(rest: list[str], numeric: list[str], grouped: bool) -> Iterator[str]:
    if texts := [name for name in rest if name not in numeric]:
        yield f"Not drawn, since {'they hold' if len(texts) > 1 else 'it holds'} no numbers: {_listed(texts)}"
    if grouped and len(numeric) > 1:
        yield f"Of each group, '{numeric[0]}' is drawn, and not {_listed(numeric[1:])}"


def numbers(column: pa.ChunkedArray) -> Numbers:
    """A column as floats; NaN where it has none."""
    import numpy as np
    import pyarrow as pa

    if pa.types.is_null(column.type):
        return np.full(len(column), np.nan)
    if pa.types.is_decimal(column.type):
        column = column.cast(pa.float64())
    found = column.to_numpy().astype("float64")
    return np.where(np.isfinite(found), found, np.nan)


def _each(table: pa.Table, x: Across, names: list[str]) -> list[Strand]:
    return [Strand(name, x.at, numbers(table.column(name))) for name in names]


def _grouped(table: pa.Table, x: Across, value: str, groupby: Sequence[str]) -> list[Strand]:
    """A line a group, in the order of the groups' names."""
    import numpy as np

    codes, keys = _codes(table, groupby)
    ys = numbers(table.column(value))
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(len(keys) + 1))
    parts = [order[starts[i] : starts[i + 1]] for i in range(len(keys))]
    named = sorted(zip(keys, parts, strict=True), key=lambda one: [_rank(part) for part in one[0]])
    return [Strand(", ".join(map(_said, key)), x.at[part], ys[part]) for key, part in named if len(part)]


def _codes(table: pa.Table, groupby: Sequence[str]) -> tuple[Numbers, list[tuple[Any, ...]]]:
    """The group of each row as a number, and what each number stands for."""
    import numpy as np

    whole = np.zeros(table.num_rows, "int64")
    keys: list[tuple[Any, ...]] = [()]
    for name in groupby:
        coded = table.column(name).combine_chunks().dictionary_encode(null_encoding="encode")
        values = coded.dictionary.to_pylist()
        combined = whole * max(1, len(values)) + coded.indices.to_numpy(zero_copy_only=False).astype("int64")
        met, whole = np.unique(combined, return_inverse=True)
        keys = [(*keys[one // max(1, len(values))], values[one % max(1, len(values))]) for one in met.tolist()]
    return whole, keys


def _rank(value: Any) -> tuple[int, float, str]:
    if value is None:
        return (2, 0.0, "")
    return (0, float(value), "") if isinstance(value, int | float) else (1, 0.0, str(value))


def _said(value: Any) -> str:
    if value is None:
        return UNNAMED
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _largest(strands: list[Strand]) -> list[Strand]:
    import numpy as np

    if len(strands) <= MOST_LINES:
        return strands
    sizes = [float(np.nansum(np.abs(one.ys))) for one in strands]
    least = sorted(sizes, reverse=True)[MOST_LINES - 1]
    return [one for one, size in zip(strands, sizes, strict=True) if size >= least][:MOST_LINES]
