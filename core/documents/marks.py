"""Vega-Lite specifications, one builder a mark: honest axes, gaps as gaps, tooltips in the house's own words."""

from __future__ import annotations

from collections.abc import Callable
from math import pi
from typing import Any

from core.documents import axes
from core.documents.drawing.curves import stacks
from core.documents.drawing.look import DOT, LINE_WIDTH, POINT, POINTED, palette, style_of
from core.documents.styles import styled
from core.documents.tables import positions
from core.documents.theme import LIGHT, Theme
from core.documents.wording import wrapped
from core.figures import Series

Spec = dict[str, Any]

HEIGHT = 260
PADDING: Spec = {"left": 0, "top": 4, "right": 8, "bottom": 4}
"""Said in the chart itself: a page's theme keeps more, out of the plot's height."""
LEGEND: Spec = {
    "title": None,
    "symbolOpacity": 1,
    "orient": "top",
    "labelLimit": 260,
    "columns": 4,
    "padding": 0,
    "offset": 10,
}
SIDE = 40
"""What stands left of the plot at least, where a legend may stand too."""
BAR_STEP = 26
"""Height of a bar that lies, and of a row of a heat map."""
LEAST_ROWS = 4
"""Of a heat map: in less height its legend is cut."""


def build(series: Series, theme: Theme | None, width: float | None, height: float | None) -> Spec:
    """The whole specification, without data."""
    drawn = styled(series, _MARKS[series.mark](series, theme))
    drawn["height"] = height or style_of(series).height or drawn.get("height", HEIGHT + _legend_rows(series))
    drawn["width"] = width or "container"
    drawn["autosize"] = {"type": "fit", "contains": "padding"}
    drawn["padding"] = PADDING
    return drawn


def _colour(series: Series, theme: Theme | None) -> Spec:
    names = [line.name for line in series.lines]
    scale: Spec = {"domain": names}
    if theme or style_of(series).colours or len(names) > len(LIGHT.categorical):
        scale["range"] = palette(series, theme or LIGHT)
    wanted = style_of(series).legend
    legend = _legend(names) if (len(names) > 1 if wanted is None else wanted) else None
    return {"field": "series", "type": "nominal", "scale": scale, "legend": legend, "sort": names}


def _legend_rows(series: Series) -> int:
    """Pixels that a legend of more than two rows needs."""
    names = [line.name for line in series.lines]
    columns = max(1, min(LEGEND["columns"], int(520 / _longest(names)))) if names else 1
    return 16 * max(0, -(-len(names) // columns) - 2) if len(names) > 1 else 0


def _legend(names: list[str]) -> Spec:
    """As many names beside each other as there is room for, on a telephone one below the other; none is wider than the
    chart, whose tooltips say it whole."""
    room = f"max(1, min({LEGEND['columns']}, floor((width + {SIDE}) / {_longest(names):.0f})))"
    limit = f"min({LEGEND['labelLimit']}, width + {SIDE} - 30)"
    return LEGEND | {"columns": {"expr": room}, "labelLimit": {"expr": limit}}


def _longest(names: list[str]) -> float:
    return min(float(LEGEND["labelLimit"]), max(len(name) for name in names) * 6.2) + 25


def _tooltip(series: Series) -> list[Spec]:
    told = [
        {"field": "at_text", "type": "nominal", "title": series.x.label or _WHEN.get(series.x.kind, "At")},
        {"field": "y_text", "type": "nominal", "title": series.y.label or "Value"},
    ]
    if len(series.lines) > 1:
        told.insert(1, {"field": "series", "type": "nominal", "title": "Series"})
    if any(line.names for line in series.lines):
        told.insert(0, {"field": "name", "type": "nominal", "title": "Name"})
    return told


_WHEN = {"temporal": "Date"}


def _line(series: Series, theme: Theme | None) -> Spec:
    x, colour = axes.time_or_place(series), _colour(series, theme)
    dash = {"field": "dashed", "type": "nominal", "scale": {"domain": [False, True], "range": [[1, 0], [5, 4]]}}
    style = style_of(series)
    wide = LINE_WIDTH if style.line_width is None else style.line_width
    mark = {"type": "line", "strokeWidth": wide, "interpolate": "linear", "invalid": "break-paths-show-domains"}
    if _dotted(series) if style.marker is None else style.marker:
        mark["point"] = {"size": _disc(style.marker_size or DOT), "filled": True}
    encoding = {
        "x": x,
        "y": axes.value(series),
        "color": colour,
        "strokeDash": dash | {"legend": None},
        "tooltip": _tooltip(series),
    }
    if not any(line.low or line.high for line in series.lines):
        return {"mark": mark, "encoding": encoding}
    band = {
        "mark": {"type": "area", "opacity": _clear(series, 0.18), "invalid": "break-paths-show-domains"},
        "encoding": {"x": x, "y": axes.value(series, "low"), "y2": {"field": "high"}, "color": colour},
    }
    return {"layer": [band, {"mark": mark, "encoding": encoding}]}


def _disc(diameter: float) -> float:
    """Vega measures a dot by its area."""
    return round(pi * diameter * diameter / 4, 1)


def _dotted(series: Series) -> bool:
    """Few points, or one that stands alone between gaps and would not be seen as a line."""
    if len(positions(series)) <= POINTED:
        return True
    return any(_lonely(line.y) for line in series.lines)


def _lonely(ys: list[float | None]) -> bool:
    around = [None, *ys, None]
    return any(around[i] is not None and around[i - 1] is around[i + 1] is None for i in range(1, len(ys) + 1))


def _clear(series: Series, usual: float) -> float:
    opacity = style_of(series).opacity
    return usual if opacity is None else opacity


def _area(series: Series, theme: Theme | None) -> Spec:
    stacked = stacks(series)
    return {
        "mark": {
            "type": "area",
            "line": True,
            "opacity": _clear(series, 0.7 if stacked else 0.3),
            "invalid": "break-paths-show-domains",
        },
        "encoding": {
            "x": axes.time_or_place(series),
            "y": axes.value(series, stack="zero" if stacked else None),
            "color": _colour(series, theme),
            "order": {"field": "place", "type": "quantitative"},
            "tooltip": _tooltip(series),
        },
    }


def _bar(series: Series, theme: Theme | None) -> Spec:
    encoding = {
        "x": axes.places(series),
        "y": axes.value(series, stack=None),
        "color": _colour(series, theme),
        "tooltip": _tooltip(series),
    }
    if len(series.lines) > 1:
        encoding["xOffset"] = {"field": "series", "sort": [line.name for line in series.lines]}
    return {"mark": {"type": "bar", "cornerRadiusEnd": 2, "opacity": _clear(series, 1)}, "encoding": encoding}


def _stacked_bar(series: Series, theme: Theme | None) -> Spec:
    encoding = {
        "x": axes.places(series),
        "y": axes.value(series, stack="zero"),
        "color": _colour(series, theme),
        "order": {"field": "place", "type": "quantitative"},
        "tooltip": _tooltip(series),
    }
    return {"mark": {"type": "bar", "opacity": _clear(series, 1)}, "encoding": encoding}


def _horizontal_bar(series: Series, theme: Theme | None) -> Spec:
    xs = [str(x) for x in positions(series)]
    texts = [wrapped(x) for x in xs]
    several = len(series.lines)
    lines = max((text.count("\n") + 1 for text in texts), default=1)
    axis = {"title": None, "grid": False, "labelExpr": axes.LINES} | axes.ROWS
    encoding = {
        "y": {"field": "at_text", "type": "nominal", "sort": texts, "axis": axis},
        "x": axes.value(series, stack=None),
        "color": _colour(series, theme),
        "tooltip": _tooltip(series),
    }
    if several > 1:
        encoding["yOffset"] = {"field": "series", "sort": [line.name for line in series.lines]}
    step = max(BAR_STEP, 16 * lines + 8, 14 * several + 8)
    mark = {"type": "bar", "cornerRadiusEnd": 2, "height": {"band": 0.72}}
    return {"mark": mark, "encoding": encoding, "height": max(90, step * len(texts) + 70 + 24 * (several > 1))}


def _point(series: Series, theme: Theme | None) -> Spec:
    x = axes.time_or_place(series)
    encoding = {"x": x, "y": axes.value(series), "color": _colour(series, theme), "tooltip": _tooltip(series)}
    return {
        "mark": {
            "type": "circle",
            "size": _disc(style_of(series).marker_size or POINT),
            "opacity": _clear(series, 0.75),
        },
        "encoding": encoding,
    }


def _heatmap(series: Series, theme: Theme | None) -> Spec:
    order = [wrapped(line.name) for line in series.lines]
    lines = max((name.count("\n") + 1 for name in order), default=1)
    across = axes.places(series)
    scale: Spec = {"zero": True, "nice": False, "domain": axes.reach(series)}
    if theme:
        scale["range"] = list(theme.sequential)
    legend = {"title": None, "orient": "right", "gradientLength": 90} | _legend_words(series)
    encoding = {
        "x": across | {"scale": {"domain": across["sort"], "paddingInner": 0.06}},
        "y": {
            "field": "row",
            "type": "nominal",
            "sort": order,
            "scale": {"domain": order, "paddingInner": 0.06},
            "axis": {"title": series.y.label or None, "labelExpr": axes.LINES} | axes.ROWS,
        },
        "color": {"field": "y", "type": "quantitative", "scale": scale, "legend": legend},
        "tooltip": [
            {"field": "row", "type": "nominal", "title": "Row"},
            *_tooltip(series)[::2][:1],
            _tooltip(series)[-1],
        ],
    }
    return {
        "transform": [{"filter": "isValid(datum.y)"}],
        "mark": {"type": "rect", "cornerRadius": 2},
        "encoding": encoding,
        "height": max(BAR_STEP, 16 * lines + 4) * max(LEAST_ROWS, len(order)) + 90,
    }


def _legend_words(series: Series) -> Spec:
    return {"labelExpr": axes.value_axis(series)["labelExpr"]}


_MARKS: dict[str, Callable[[Series, Theme | None], Spec]] = {
    "line": _line,
    "area": _area,
    "bar": _bar,
    "stacked_bar": _stacked_bar,
    "horizontal_bar": _horizontal_bar,
    "point": _point,
    "heatmap": _heatmap,
}
