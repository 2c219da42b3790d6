"""How Excel shows a number: the house's own words, as number formats. The cell keeps the exact value."""

from __future__ import annotations

from core.figures import Column, Quantity, Unit
from core.units import percent

_COLUMNS = {
    "integer": "#,##0",
    "number": "0",
    "percent": "0.0 %",
    "hours": '#,##0.0" h"',
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
_UNITS = {
    Unit.HOURS: '#,##0.0" h"',
    Unit.SCORE: "0.00",
    Unit.PER_DAY: '#,##0.00" / day"',
    Unit.PER_WEEK: '#,##0.0" / week"',
    Unit.POINTS: '#,##0.0" points"',
}


def of_column(column: Column) -> str:
    """The format of a column's cells; empty for text."""
    if column.kind == "decimal":
        return "#,##0" + ("." + "0" * column.decimals if column.decimals else "")
    return _COLUMNS.get(column.kind, "")


def of_quantity(shown: Quantity) -> str:
    """The format of one cell, by its unit; a difference has its sign, and says that nothing changed."""
    size = abs(shown.value or 0)
    plain = _UNITS.get(shown.unit) or _by_size(shown.unit, size, shown.signed)
    return f'+{plain};-{plain};"no change"' if shown.signed else plain


def _by_size(unit: Unit, size: float, signed: bool) -> str:
    match unit:
        case Unit.RATIO:
            return "#,##0 %" if signed or percent(size) == int(percent(size)) else "0.0 %"
        case Unit.DAYS:
            return '#,##0" d"' if size == int(size) else '#,##0.0" d"'
        case Unit.COUNT | Unit.LINES:
            return "#,##0" if size == int(size) else "#,##0.0"
        case _:
            return "#,##0" if size >= 100 or size == int(size) else "#,##0.00"
