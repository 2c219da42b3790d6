"""A chart's own style put on its Vega-Lite specification; `drawing` has the same for files."""

from __future__ import annotations

from typing import Any

from core.documents import axes
from core.documents.drawing.look import FONT_SIZE, style_of
from core.figures import PointMark, Series, SeriesStyle

Spec = dict[str, Any]


def styled(series: Series, spec: Spec) -> Spec:
    """The specification with what the style asks beyond marks and colours: sides, span, values on bars, words."""
    style = style_of(series)
    if series.style is None or series.mark == "heatmap":
        return spec
    for part in spec.get("layer", [spec]):
        _sides(series, style, part["encoding"])
    layers = [*_values(series, style, spec), *_words(series, style)]
    if not layers:
        return spec
    return {"layer": [*spec.get("layer", [spec]), *layers]}


def _sides(series: Series, style: SeriesStyle, encoding: Spec) -> None:
    for name in ("x", "y"):
        axis: Spec = {}
        if style.font_size:
            axis |= {"labelFontSize": style.font_size, "titleFontSize": style.font_size}
        if style.grid is not None:
            axis["grid"] = style.grid
        if name == "x" and style.tick_angle is not None:
            axis |= _turned(style.tick_angle)
        encoding[name] = encoding[name] | {"axis": encoding[name].get("axis", {}) | axis}
    if not style.value_axis:
        encoding["y"] = encoding["y"] | {"axis": None}
    legend = encoding["color"].get("legend")
    if legend and style.font_size:
        encoding["color"] = encoding["color"] | {"legend": legend | {"labelFontSize": style.font_size}}
    encoding["x"] = _spanned(series, style, encoding["x"])


def _turned(angle: float) -> Spec:
    """Vega turns clockwise, styles as mathematicians do."""
    side = "right" if 0 < angle % 360 < 180 else "left" if angle % 180 else "center"
    return {"labelAngle": -angle % 360, "labelAlign": side}


def _spanned(series: Series, style: SeriesStyle, x: Spec) -> Spec:
    """Ticks over the whole span that the style asks for, also where no data are."""
    if axes.x_kind(series) != "temporal" or (style.x_from is None and style.x_to is None):
        return x
    return x | {"axis": {key: part for key, part in x["axis"].items() if key not in ("values", "format")}}


def _values(series: Series, style: SeriesStyle, spec: Spec) -> list[Spec]:
    """The value above each bar, in the words of tooltips."""
    if not style.bar_labels or series.mark not in ("bar", "stacked_bar"):
        return []
    encoding = {key: part for key, part in spec["encoding"].items() if key in ("x", "y", "xOffset", "order")}
    size = style.font_size or FONT_SIZE
    piled = series.mark == "stacked_bar"
    if piled:
        encoding["y"] = encoding["y"] | {"bandPosition": 0.5}
    mark = {"type": "text", "fontSize": size} | ({"color": "#101820"} if piled else {"dy": -8, "color": QUIET})
    return [{"mark": mark, "encoding": encoding | {"text": {"field": "y_text"}, "detail": {"field": "series"}}}]


QUIET = "#8a94a3"
"""Words that are read on a light ground and on a dark one."""


def _words(series: Series, style: SeriesStyle) -> list[Spec]:
    if not style.marks:
        return []
    said = {"values": [_word(series, mark) for mark in style.marks]}
    x = {"field": "x", "type": axes.x_kind(series)}
    y = {"field": "y", "type": "quantitative"}
    dot: Spec = {"type": "point", "filled": True, "color": QUIET, "size": 40, "opacity": 1}
    text: Spec = {"type": "text", "dy": -12, "color": QUIET, "fontSize": style.font_size or FONT_SIZE}
    return [
        {"data": said, "mark": dot, "encoding": {"x": x, "y": y}},
        {"data": said, "mark": text, "encoding": {"x": x, "y": y, "text": {"field": "text"}}},
    ]


def _word(series: Series, mark: PointMark) -> Spec:
    x = axes.place(series, mark.x)
    at = x if isinstance(x, (int, float, str)) else f"{x:%Y-%m-%dT%H:%M:%SZ}"
    return {"x": at, "y": axes.sized(series, mark.y), "text": mark.text}
