"""Tables as Arrow, kept ready by content: a page that is drawn again pays only for the look-up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from core.documents import wording
from core.documents.kept import once
from core.figures import Cell, Column, Table
from core.units import percent


def table(shown: Table) -> Any:
    """The table's cells as an Arrow table, one typed column a column, named by key; percentages in hundredths.

    Do not change it.
    """
    return once("table", shown.model_dump_json(include={"cols", "rows"}), (), lambda: _arrow(shown))


def _arrow(shown: Table) -> Any:
    import pyarrow as pa

    kinds = {
        "integer": pa.int64(),
        "number": pa.int64(),
        "decimal": pa.float64(),
        "percent": pa.float64(),
        "hours": pa.float64(),
        "date": pa.date32(),
        "moment": pa.timestamp("ms", "UTC"),
    }
    columns = {
        column.key: pa.array(
            map(_settler(column), (row[place] for row in shown.rows)), kinds.get(column.kind, pa.string())
        )
        for place, column in enumerate(shown.cols)
    }
    return pa.table(columns)


def _settler(column: Column) -> Callable[[Cell], Any]:
    match column.kind:
        case "integer" | "number":
            return lambda value: None if value is None else round(value)  # type: ignore[arg-type]
        case "percent":  # the browser has no format that says it as the house does
            return lambda value: None if value is None else percent(float(value))  # type: ignore[arg-type]
        case "decimal" | "hours":
            return lambda value: None if value is None else float(value)  # type: ignore[arg-type]
        case "date":
            return lambda value: value.date() if isinstance(value, datetime) else value
        case "moment":
            return lambda value: value.replace(tzinfo=value.tzinfo or UTC) if isinstance(value, datetime) else value
        case "link":
            return lambda value: wording.safe_link(value) or None
        case _:
            return lambda value: None if value is None else wording.cell_text(column, value)
