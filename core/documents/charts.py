"""A Series as a Vega-Lite specification and an Arrow table, and as a picture made without a browser.

The specification is a plain dict without data, so a page sends it and a cached
table, and a file renders the very same chart with the values put in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from core.documents import axes, drawing, letters, marks, pictures
from core.documents.drawing import chart
from core.documents.kept import once
from core.documents.tables import positions
from core.documents.theme import LIGHT, Theme
from core.documents.wording import date_text, moment_text, wrapped
from core.figures import Line, Scalar, Series, number_text

Spec = dict[str, Any]
T = TypeVar("T")


def spec(series: Series, theme: Theme | None = None, width: float | None = None, height: float | None = None) -> Spec:
    """The chart as a Vega-Lite dict without data; without a theme it takes the page's own colours. Do not change it."""
    return _once("spec", series, (theme, width, height), lambda: marks.build(series, theme, width, height))


def table(series: Series) -> Any:
    """The chart's data as an Arrow table, one row a point, with the texts that tooltips show."""
    return _once("chart", series, (), lambda: _arrow(series))


def svg(series: Series, theme: Theme = LIGHT, width: float = 640, height: float | None = None) -> str:
    """The chart as a drawing."""
    return drawer(series, theme)(width, height)


def drawer(series: Series, theme: Theme = LIGHT) -> chart.Draw:
    """Draws the chart in any width and height, reading what it shows only once. Do not change it meanwhile."""
    content, draw = _content(series), cache(lambda: _draw(series, theme))
    return lambda width, height: once("svg", content, (theme, width, height), lambda: draw()(width, height))


def grounded(drawn: str, theme: Theme) -> str:
    """A drawing that is looked at by itself stands on the ground that it was made for."""
    head, end, rest = drawn.partition(">")
    return f'{head}{end}<rect width="100%" height="100%" fill="{theme.background}"/>{rest}'


def png(
    series: Series,
    theme: Theme = LIGHT,
    width: float = 640,
    height: float | None = None,
    *,
    sharp: float = pictures.SHARP,
) -> bytes:
    """The chart as a picture at twice the size or another, for sharp screens."""
    return _once("png", series, (theme, width, height, sharp), lambda: _picture(series, theme, width, height, sharp))


def _once(what: str, series: Series, how: tuple[Any, ...], make: Callable[[], T]) -> T:
    return once(what, _content(series), how, make)


def _content(series: Series) -> str:
    """What a drawing shows of a chart."""
    return series.model_dump_json(include={"mark", "x", "y", "lines", "state", "style"})


def _draw(series: Series, theme: Theme) -> chart.Draw:
    if series.mark in drawing.MARKS:
        return chart.drawer(series, theme)
    return lambda width, height: pictures.svg(_whole(series, theme, width, height))


def _picture(series: Series, theme: Theme, width: float, height: float | None, sharp: float) -> bytes:
    said = letters.replaced(content := _content(series), pictures.drawable)
    if said is not content:
        series = Series.model_validate_json(said)
    if series.mark in drawing.MARKS:
        return pictures.png_of(grounded(svg(series, theme, width, height), theme), sharp)
    return pictures.png(_opaque(series, theme, width, height), sharp)


def _whole(series: Series, theme: Theme, width: float, height: float | None) -> Spec:
    points = [{name: _plain(value) for name, value in row.items()} for row in rows(series)]
    drawn = marks.build(series, theme, width, height)
    return {**drawn, "data": {"values": points}, "config": pictures.config(theme), "background": "transparent"}


def _opaque(series: Series, theme: Theme, width: float, height: float | None) -> Spec:
    return _whole(series, theme, width, height) | {"background": theme.background}


def _plain(value: Any) -> Any:
    return f"{value:%Y-%m-%dT%H:%M:%S}Z" if isinstance(value, datetime) else value


def rows(series: Series) -> list[dict[str, Any]]:
    """The points of a chart: x, y, series and its place, low, high, dashed, and the texts at_text, y_text, name."""
    shown = {x: label(x) for x in positions(series)}
    return [point for place, line in enumerate(series.lines) for point in _points(series, line, place, shown)]


def _points(series: Series, line: Line, place: int, shown: dict[Scalar, str]) -> list[dict[str, Any]]:
    low, high = line.low or [None] * len(line.x), line.high or [None] * len(line.x)
    unit, names = series.y.unit, line.names or [""] * len(line.x)
    return [
        {
            "x": axes.place(series, x),
            "y": axes.sized(series, y),
            "low": axes.sized(series, down),
            "high": axes.sized(series, up),
            "series": line.name,
            "place": place,
            "row": wrapped(line.name),
            "dashed": line.dashed,
            "at_text": shown[x] if series.x.kind == "temporal" else wrapped(shown[x]),
            "y_text": number_text(y, unit),
            "name": name,
        }
        for x, y, down, up, name in zip(line.x, line.y, low, high, names, strict=False)
    ]


def label(x: Scalar) -> str:
    """An x as it is to be read."""
    if isinstance(x, datetime):
        return date_text(x) if (x.hour, x.minute) == (0, 0) else moment_text(x)
    if isinstance(x, date):
        return date_text(x)
    return "–" if x is None else str(x)


def _arrow(series: Series) -> Any:
    import pyarrow as pa

    points = rows(series)
    number, text = pa.float64(), pa.string()
    kinds = {"y": number, "low": number, "high": number, "dashed": pa.bool_(), "place": pa.int32()}
    at = {"temporal": pa.timestamp("ms", "UTC"), "quantitative": number}.get(axes.x_kind(series), text)
    names = ("x", "y", "low", "high", "series", "place", "row", "dashed", "at_text", "y_text", "name")
    return pa.table(
        {name: pa.array([p[name] for p in points], kinds.get(name, at if name == "x" else text)) for name in names}
    )
