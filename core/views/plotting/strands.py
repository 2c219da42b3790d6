"""What becomes a line: each column of numbers, or the first of them for each group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.base.arrow import cast, encoded
from core.base.errors import BadInput, did_you_mean
from core.views.plotting.across import UNNAMED, Across

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Numbers = np.ndarray[Any, Any]

MOST_LINES = 40
"""More lines than this are told apart by nobody."""


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
    kept, count = _grouped(table, x, numeric[0], groupby) if groupby else _each(table, x, numeric)
    notes = list(_left_out(rest, numeric, bool(groupby)))
    if len(kept) < count:
        notes.append(f"The {'largest' if groupby else 'first'} {len(kept)} of {count:,} series are drawn")
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
        column = cast(column, pa.float64())
    found = column.to_numpy().astype("float64")
    return np.where(np.isfinite(found), found, np.nan)


def _each(table: pa.Table, x: Across, names: list[str]) -> tuple[list[Strand], int]:
    """A line a column, of very many the first; and how many there are."""
    return [Strand(name, x.at, numbers(table.column(name))) for name in names[:MOST_LINES]], len(names)


def _grouped(table: pa.Table, x: Across, value: str, groupby: Sequence[str]) -> tuple[list[Strand], int]:
    """A line a group, in the order of the groups' names; of very many groups the largest. And how many there are."""
    import numpy as np

    ys = numbers(table.column(value))
    groups = _Groups(table, groupby)
    sizes = np.bincount(groups.codes, weights=np.abs(np.nan_to_num(ys)), minlength=len(groups))
    drawn = np.argsort(-sizes, kind="stable")[:MOST_LINES].tolist()
    named = sorted(((groups.key(code), code) for code in drawn), key=lambda one: [_rank(part) for part in one[0]])
    parts = [(key, np.flatnonzero(groups.codes == code)) for key, code in named]
    return [Strand(", ".join(map(_said, key)), x.at[part], ys[part]) for key, part in parts], len(groups)


class _Groups:
    """The group of each row as a number, `codes`, and what each number stands for."""

    def __init__(self, table: pa.Table, groupby: Sequence[str]) -> None:
        import numpy as np

        self.codes = np.zeros(table.num_rows, "int64")
        self._parts: list[tuple[Any, Numbers]] = []
        """For each column its distinct values, and which of them each group has."""
        for name in groupby:
            coded = encoded(table.column(name).combine_chunks(), "encode")
            count = len(coded.dictionary)
            combined = self.codes * count + coded.indices.to_numpy(zero_copy_only=False).astype("int64")
            met, self.codes = np.unique(combined, return_inverse=True)
            self._parts = [(values, of_group[met // count]) for values, of_group in self._parts]
            self._parts.append((coded.dictionary, met % count))

    def __len__(self) -> int:
        return len(self._parts[-1][1])

    def key(self, code: int) -> tuple[Any, ...]:
        """The values that the rows of a group share."""
        return tuple(values[int(of_group[code])].as_py() for values, of_group in self._parts)


def _rank(value: Any) -> tuple[int, float, str]:
    if value is None:
        return (2, 0.0, "")
    return (0, float(value), "") if isinstance(value, int | float) else (1, 0.0, str(value))


def _said(value: Any) -> str:
    if value is None:
        return UNNAMED
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
