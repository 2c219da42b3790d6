"""Vega-Lite specifications, one builder a mark: honest axes, gaps as gaps, tooltips in the house's own words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from core.documents.tables import positions
from core.documents.theme import Theme
from core.documents.wording import wrapped
from core.figures import Scalar, Series, Unit

Spec = dict[str, Any]

HEIGHT = 260
LEGEND: Spec = {"title": None, "orient": "top", "labelLimit": 260, "columns": 4, "padding": 0, "offset": 10}
BAR_STEP = 26
"""Height of a bar that lies, and of a row of a heat map."""
POINTED = 45
"""Up to so many points a line shows each as a dot."""


def build(series: Series, theme: Theme | None, width: float | None, height: float | None) -> Spec:
    """The whole specification, without data."""
    drawn = _MARKS[series.mark](series, theme)
    drawn["height"] = height or drawn.get("height", HEIGHT)
    drawn["width"] = width or "container"
    drawn["autosize"] = {"type": "fit", "contains": "padding"}
    return drawn


def x_kind(series: Series) -> str:
    """How x is drawn. Bars and maps stand on named places, even when those are dates."""
    if series.mark in ("bar", "stacked_bar", "horizontal_bar", "heatmap"):
        return "nominal"
    return series.x.kind


def place(series: Series, x: Scalar) -> Any:
    """An x as the chart's data carry it. Dates are read as they stand, in whatever zone the browser is."""
    kind = x_kind(series)
    if kind == "temporal" and isinstance(x, datetime):
        return x.replace(tzinfo=UTC)
    if kind == "temporal" and isinstance(x, date):
        return datetime(x.year, x.month, x.day, tzinfo=UTC)
    if kind == "quantitative":
        return x
    return x.isoformat() if isinstance(x, (date, datetime)) else "–" if x is None else str(x)


def in_days(series: Series) -> bool:
    """Whether a chart of hours is better read in days."""
    return _largest(series) >= 72


def _largest(series: Series) -> float:
    return max((abs(y) for line in series.lines for y in line.y if y is not None), default=0.0)


def _value_axis(series: Series) -> Spec:
    unit = series.y.unit
    axis: Spec = {"title": series.y.label or None, "labelLimit": 0}
    match unit:
        case Unit.RATIO:
            return axis | {"labelExpr": "format(datum.value * 100, ',.3~g') + ' %'"}
        case Unit.HOURS:
            return axis | {"labelExpr": f"format(datum.value, ',.3~g') + ' {'d' if in_days(series) else 'h'}'"}
        case Unit.DAYS:
            return axis | {"labelExpr": "format(datum.value, ',.3~g') + ' d'"}
        case Unit.COUNT | Unit.LINES:
            return axis | {"format": _number_format(_largest(series)), "tickMinStep": 1}
        case _:
            return axis | {"format": _number_format(_largest(series))}


def _number_format(largest: float) -> str:
    """ "12k" once there are tens of thousands, "1,200" below, "0.004" for the small."""
    return "~s" if largest >= 1e4 else ",.2~f" if largest >= 0.1 else ".2~g"


def _value(series: Series, field: str = "y", **more: Any) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "axis": _value_axis(series),
        "scale": {"zero": True, "nice": True},
    } | more


def _time_or_place(series: Series) -> Spec:
    title = series.x.label or None
    if x_kind(series) == "temporal":
        axis = {"title": title, "grid": False, "labelOverlap": True, "labelFlush": True} | _ticks(series)
        return {"field": "x", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}
    if x_kind(series) == "quantitative":
        return {
            "field": "x",
            "type": "quantitative",
            "axis": {"title": title, "format": _number_format(_farthest(series))},
        }
    return _places(series)


def _farthest(series: Series) -> float:
    return max((abs(x) for x in positions(series) if isinstance(x, (int, float))), default=0.0)


TICKS = 8


def _ticks(series: Series) -> Spec:
    """Ticks stand where the data do: a weekly chart is marked at its own weeks, not at a calendar's Sundays."""
    days = [x for x in positions(series) if isinstance(x, date)]
    stride = -(-len(days) // TICKS) or 1
    at = [place(series, x) for x in days[::stride]]
    # As text: in the browser a number among the values of a time axis draws no label.
    return {"values": [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in at], "format": _time_format(days)}


def _time_format(days: list[date]) -> str:
    if len(days) < 2:
        return "%-d %b"
    span = (days[-1] - days[0]).days
    if isinstance(days[0], datetime) and span < 3:
        return "%-d %b %H:%M"
    return "%b %Y" if span > 300 else "%-d %b"


def _places(series: Series, **more: Any) -> Spec:
    """Named places in the order given, with texts that are not cut."""
    xs = positions(series)
    dates = bool(xs) and isinstance(xs[0], date)
    words = {"labelExpr": _date_words(xs)} if dates else {"labelExpr": _LINES}
    axis = {
        "title": series.x.label or None,
        "labelAngle": 0 if dates or _short(xs) else -30,
        "labelOverlap": dates or len(xs) > 16,
        "labelLimit": 0,
        "grid": False,
        "ticks": False,
        "domain": True,
    } | words
    return {"field": "x", "type": "nominal", "sort": [place(series, x) for x in xs], "axis": axis | more}


_ROWS: Spec = {"labelLimit": 0, "labelOverlap": False, "ticks": False, "domain": False}
"""Names of rows: each is shown, whole."""

_LINES = "split(datum.label, '\\n')"


def _short(xs: list[Scalar]) -> bool:
    return sum(len(str(x)) for x in xs) <= 80


def _date_words(xs: list[Scalar]) -> str:
    months = all(isinstance(x, date) and x.day == 1 for x in xs) and len(xs) > 1
    return f"utcFormat(toDate(datum.label), '{'%b %y' if months else '%-d %b'}')"


def _colour(series: Series, theme: Theme | None) -> Spec:
    names = [line.name for line in series.lines]
    scale: Spec = {"domain": names}
    if theme:
        scale["range"] = [theme.categorical[i % len(theme.categorical)] for i in range(len(names))]
    legend = LEGEND if len(names) > 1 else None
    return {"field": "series", "type": "nominal", "scale": scale, "legend": legend, "sort": names}


def _tooltip(series: Series) -> list[Spec]:
    told = [
        {"field": "at_text", "type": "nominal", "title": series.x.label or _WHEN.get(series.x.kind, "At")},
        {"field": "y_text", "type": "nominal", "title": series.y.label or "Value"},
    ]
    if len(series.lines) > 1:
        told.insert(1, {"field": "series", "type": "nominal", "title": "Series"})
    return told


_WHEN = {"temporal": "Date"}


def _line(series: Series, theme: Theme | None) -> Spec:
    x, colour = _time_or_place(series), _colour(series, theme)
    dash = {"field": "dashed", "type": "nominal", "scale": {"domain": [False, True], "range": [[1, 0], [5, 4]]}}
    mark = {"type": "line", "strokeWidth": 2, "interpolate": "linear", "invalid": "break-paths-show-domains"}
    if _dotted(series):
        mark["point"] = {"size": 28, "filled": True}
    encoding = {
        "x": x,
        "y": _value(series),
        "color": colour,
        "strokeDash": dash | {"legend": None},
        "tooltip": _tooltip(series),
    }
    if not any(line.low or line.high for line in series.lines):
        return {"mark": mark, "encoding": encoding}
    band = {
        "mark": {"type": "area", "opacity": 0.18, "invalid": "break-paths-show-domains"},
        "encoding": {"x": x, "y": _value(series, "low"), "y2": {"field": "high"}, "color": colour},
    }
    return {"layer": [band, {"mark": mark, "encoding": encoding}]}


def _dotted(series: Series) -> bool:
    """Few points, or one that stands alone between gaps and would not be seen as a line."""
    if len(positions(series)) <= POINTED:
        return True
    return any(_lonely(line.y) for line in series.lines)


def _lonely(ys: list[float | None]) -> bool:
    around = [None, *ys, None]
    return any(around[i] is not None and around[i - 1] is around[i + 1] is None for i in range(1, len(ys) + 1))


def _area(series: Series, theme: Theme | None) -> Spec:
    several = len(series.lines) > 1
    gaps = any(y is None for line in series.lines for y in line.y)
    stacked = several and not gaps
    return {
        "mark": {
            "type": "area",
            "line": True,
            "opacity": 0.7 if stacked else 0.3,
            "invalid": "break-paths-show-domains",
        },
        "encoding": {
            "x": _time_or_place(series),
            "y": _value(series, stack="zero" if stacked else None),
            "color": _colour(series, theme),
            "order": {"field": "series", "type": "nominal"},
            "tooltip": _tooltip(series),
        },
    }


def _bar(series: Series, theme: Theme | None) -> Spec:
    encoding = {
        "x": _places(series),
        "y": _value(series, stack=None),
        "color": _colour(series, theme),
        "tooltip": _tooltip(series),
    }
    if len(series.lines) > 1:
        encoding["xOffset"] = {"field": "series", "sort": [line.name for line in series.lines]}
    return {"mark": {"type": "bar", "cornerRadiusEnd": 2}, "encoding": encoding}


def _stacked_bar(series: Series, theme: Theme | None) -> Spec:
    encoding = {
        "x": _places(series),
        "y": _value(series, stack="zero"),
        "color": _colour(series, theme),
        "order": {"field": "series", "type": "nominal"},
        "tooltip": _tooltip(series),
    }
    return {"mark": {"type": "bar"}, "encoding": encoding}


def _horizontal_bar(series: Series, theme: Theme | None) -> Spec:
    xs = [str(x) for x in positions(series)]
    texts = [wrapped(x) for x in xs]
    several = len(series.lines)
    lines = max((text.count("\n") + 1 for text in texts), default=1)
    axis = {"title": None, "grid": False, "labelExpr": _LINES} | _ROWS
    encoding = {
        "y": {"field": "at_text", "type": "nominal", "sort": texts, "axis": axis},
        "x": _value(series, stack=None),
        "color": _colour(series, theme),
        "tooltip": _tooltip(series),
    }
    if several > 1:
        encoding["yOffset"] = {"field": "series", "sort": [line.name for line in series.lines]}
    step = max(BAR_STEP, 16 * lines + 8, 14 * several + 8)
    mark = {"type": "bar", "cornerRadiusEnd": 2, "height": {"band": 0.72}}
    return {"mark": mark, "encoding": encoding, "height": max(90, step * len(texts) + 70 + 24 * (several > 1))}


def _point(series: Series, theme: Theme | None) -> Spec:
    x = _time_or_place(series)
    encoding = {"x": x, "y": _value(series), "color": _colour(series, theme), "tooltip": _tooltip(series)}
    return {"mark": {"type": "circle", "size": 60, "opacity": 0.75}, "encoding": encoding}


def _heatmap(series: Series, theme: Theme | None) -> Spec:
    order = [wrapped(line.name) for line in series.lines]
    places = _places(series)
    scale: Spec = {"zero": True, "nice": False}
    if theme:
        scale["range"] = list(theme.sequential)
    legend = {"title": None, "orient": "right", "gradientLength": 90} | _legend_words(series)
    encoding = {
        "x": places | {"scale": {"domain": places["sort"], "paddingInner": 0.06}},
        "y": {
            "field": "row",
            "type": "nominal",
            "sort": order,
            "scale": {"domain": order, "paddingInner": 0.06},
            "axis": {"title": series.y.label or None} | _ROWS,
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
        "height": BAR_STEP * max(1, len(order)) + 90,
    }


def _legend_words(series: Series) -> Spec:
    axis = _value_axis(series)
    return {key: axis[key] for key in ("labelExpr", "format") if key in axis}


_MARKS: dict[str, Callable[[Series, Theme | None], Spec]] = {
    "line": _line,
    "area": _area,
    "bar": _bar,
    "stacked_bar": _stacked_bar,
    "horizontal_bar": _horizontal_bar,
    "point": _point,
    "heatmap": _heatmap,
}
