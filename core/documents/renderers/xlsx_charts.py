"""Native Excel charts beside the numbers they draw, so a reader can change them."""

from __future__ import annotations

from typing import Any

from core.documents.choice import COLOUR
from core.documents.drawing.look import palette
from core.documents.theme import LIGHT, Theme
from core.figures import Line, Series, Table, Unit

_TYPES: dict[str, dict[str, str]] = {
    "line": {"type": "line"},
    "area": {"type": "area"},
    "bar": {"type": "column"},
    "stacked_bar": {"type": "column", "subtype": "stacked"},
    "horizontal_bar": {"type": "bar"},
    "point": {"type": "scatter"},
}

_FORMATS = {Unit.RATIO: "0 %", Unit.COUNT: "#,##0", Unit.LINES: "#,##0", Unit.SCORE: "0.00"}


def add_chart(book: Any, sheet: Any, name: str, series: Series, table: Table, theme: Theme = LIGHT) -> None:
    """Put the chart right of its table; a heat map colours the cells themselves."""
    if series.mark == "heatmap":
        scale = {"type": "2_color_scale", "min_color": theme.sequential[0], "max_color": theme.sequential[7]}
        sheet.conditional_format(1, 1, len(table.rows), len(table.cols) - 1, scale)
        return
    chart = book.add_chart(_TYPES[series.mark])
    colours = [hexadecimal(colour, theme) for colour in palette(series, theme)]
    for number, line in enumerate(series.lines):
        _add_line(chart, name, line, number, table, series.mark, colours[number])
    chart.set_title({"name": series.title or None, "name_font": {"size": 12}, "none": not series.title})
    chart.set_x_axis(_across(series))
    chart.set_y_axis(_along(series))
    chart.set_legend({"position": "bottom"} if len(series.lines) > 1 else {"none": True})
    chart.show_blanks_as("gap")
    chart.set_size(
        {"width": 640, "height": 360 if series.mark != "horizontal_bar" else max(280, 34 * len(table.rows) + 120)}
    )
    sheet.insert_chart(1, len(table.cols) + 1, chart, {"description": series.alt or series.title})


def _add_line(chart: Any, name: str, line: Line, number: int, table: Table, mark: str, colour: str) -> None:
    column = next(place for place, col in enumerate(table.cols) if col.key == f"y{number}")
    last = len(table.rows)
    drawn: dict[str, Any] = {
        "name": [name, 0, column],
        "categories": [name, 1, 0, last, 0],
        "values": [name, 1, column, last, column],
    }
    if mark == "line":
        drawn["line"] = {"color": colour, "width": 2, "dash_type": "dash" if line.dashed else "solid"}
        drawn["marker"] = {"type": "circle", "size": 4, "fill": {"color": colour}, "border": {"color": colour}}
    elif mark == "point":
        drawn["marker"] = {"type": "circle", "size": 7, "fill": {"color": colour}, "border": {"none": True}}
    else:
        drawn["fill"] = {"color": colour}
    chart.add_series(drawn)


def hexadecimal(colour: str, theme: Theme) -> str:
    """A colour as Excel takes it; one given by name becomes the theme's first."""
    return colour if COLOUR.fullmatch(colour) and len(colour) == 7 else theme.categorical[0]


def _across(series: Series) -> dict[str, Any]:
    axis: dict[str, Any] = {"name": series.x.label, "num_font": {"color": LIGHT.muted}}
    if series.x.kind == "temporal":
        return axis | {"date_axis": series.mark in ("line", "area"), "num_format": "d mmm yy"}
    if series.mark == "horizontal_bar":
        return axis | {"reverse": True}
    return axis


def _along(series: Series) -> dict[str, Any]:
    axis = {
        "name": series.y.label,
        "num_font": {"color": LIGHT.muted},
        "major_gridlines": {"visible": True, "line": {"color": LIGHT.line}},
    }
    return axis | ({"num_format": _FORMATS[series.y.unit]} if series.y.unit in _FORMATS else {})
