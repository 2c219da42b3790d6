"""Columns of an answer as a table shows them: numbers, days, moments, links and words, each as what it is."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.base.period import zone_of
from core.datasources.window import Window
from core.figures import Cell, Column, Kind

if TYPE_CHECKING:
    import pyarrow as pa

MOST_DECIMALS = 6
LONGEST = 5_000
"""Letters of a cell; nobody reads more of them in a table."""
_UNGROUPED = re.compile(r"(?:^|[_\s.-])(?:id|key|year|zip|plz|code|port)$|^(?:year|id)\b", re.IGNORECASE)
"""Names of whole numbers that count nothing, and are read without commas."""


def columns(table: pa.Table, window: Window) -> tuple[list[Column], list[list[Cell]]]:
    """The columns, and the cells of each."""
    zone = zone_of(window.zone)
    made = [_column(place, name, table.column(place), zone) for place, name in enumerate(table.column_names)]
    return [column for column, _ in made], [cells for _, cells in made]


def _column(place: int, name: str, values: pa.ChunkedArray, zone: tzinfo) -> tuple[Column, list[Cell]]:
    found = [_settled(value, zone) for value in values.to_pylist()]
    kind = _kind(name, [value for value in found if value is not None])
    cells: list[Cell] = [value if value is None else _as(kind, value) for value in found]
    decimals = max((_decimals(cell) for cell in cells if isinstance(cell, float)), default=0)
    return Column(key=f"c{place}", label=name, kind=kind, decimals=decimals), cells


def _settled(value: Any, zone: tzinfo) -> Any:
    """A value in one of the few types that cells have."""
    match value:
        case str():
            return _short(value)
        case None | bool() | int() | float():
            return None if value != value else value  # noqa: PLR0124 - NaN differs from itself
        case Decimal():
            return float(value)
        case datetime():
            return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)
        case date():
            return value
        case time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case bytes():
            return _short(value.decode("utf-8", "replace"))
        case _:
            return _short(json.dumps(value, ensure_ascii=False, default=str))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _kind(name: str, known: list[Any]) -> Kind:
    """What all values of a column are."""
    if not known or any(isinstance(value, bool) for value in known):
        return "text"
    if all(isinstance(value, int) for value in known):
        return "text" if _UNGROUPED.search(name) else "integer"
    if all(isinstance(value, int | float) for value in known):
        return "decimal"
    if all(isinstance(value, datetime) for value in known):
        return "date" if all(value.time() == time() for value in known) else "moment"
    if all(isinstance(value, date) for value in known):
        return "date"
    return "link" if all(_is_address(value) for value in known) else "text"


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and value.lower().startswith(("http://", "https://"))


def _as(kind: Kind, value: Any) -> Cell:
    if kind == "date" and isinstance(value, datetime):
        return value.date()
    if kind == "decimal":
        return float(value)
    if kind != "text":
        cell: Cell = value
        return cell
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _decimals(value: float) -> int:
    """Decimals that a number has, to six digits that count."""
    digits = f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
    if "e" in digits:
        return MOST_DECIMALS
    return min(MOST_DECIMALS, len(digits.partition(".")[2]))
