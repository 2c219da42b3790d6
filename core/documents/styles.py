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
    layers = [*_values(series, style, spec), *_words(series, style, spec)]
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


def _turned(angle: float) -> Spec:
    """Vega turns clockwise, styles as mathematicians do."""
    side = "right" if 0 < angle % 360 < 180 else "left" if angle % 180 else "center"
    return {"labelAngle": -angle % 360, "labelAlign": side}


QUIET = "#8a94a3"
"""Words that are read on a light ground and on a dark one."""
INK: Spec = {
    "condition": {
        "test": "contrast(scale('color', datum.series), '#ffffff') > contrast(scale('color', datum.series), '#000000')",
        "value": "#ffffff",
    },
    "value": "#000000",
}
"""Of words on a bar: asked of the bar's own colour, which the page's theme decides."""


def _values(series: Series, style: SeriesStyle, spec: Spec) -> list[Spec]:
    """The value beyond each bar, upright where there are many; in a stack, in each part that has room for it."""
    if not style.bar_labels or series.mark not in ("bar", "stacked_bar"):
        return []
    encoding = {key: part for key, part in spec["encoding"].items() if key in ("x", "y", "xOffset", "order")}
    mark: Spec = {"type": "text", "fontSize": style.font_size or FONT_SIZE, "color": QUIET}
    text: Spec = {"field": "y_text"}
    if series.mark == "stacked_bar":
        encoding["color"] = INK
        encoding["y"] = encoding["y"] | {"bandPosition": 0.5}
        low, high = axes.reach(series, stacked=True)
        text = {"condition": {"test": f"abs(datum.y) >= {(high - low) * THIN:g}", **text}, "value": ""}
    elif axes.crowded(series):
        mark |= {"angle": 270, "align": "left", "baseline": "middle", "dx": 4}
    else:
        mark["dy"] = -8
    return [{"mark": mark, "encoding": encoding | {"text": text, "detail": {"field": "series"}}}]


THIN = 0.07
"""Parts of a stack that are thinner than this have no room for words."""
STEPS = 3
"""Words of points stand at different heights, so that neighbours do not lie on each other."""


def _words(series: Series, style: SeriesStyle, spec: Spec) -> list[Spec]:
    """A ring around each marked point, whose own colour shows, and its words."""
    encoding = spec.get("layer", [spec])[0]["encoding"]
    sides = {"x": encoding["x"], "y": encoding["y"] | {"field": "y"}} if series.mark != "horizontal_bar" else {}
    if not style.marks or not sides:
        return []
    sides["y"] = {key: part for key, part in sides["y"].items() if key != "stack"} | {"stack": None}
    size = style.font_size or FONT_SIZE
    layers = []
    for step in range(min(STEPS, len(style.marks))):
        said = {"values": [_word(series, mark) for mark in style.marks[step::STEPS]]}
        dot: Spec = {"type": "point", "filled": False, "color": QUIET, "size": 70, "opacity": 1}
        text: Spec = {"type": "text", "dy": -12 - step * (size + 3), "color": QUIET, "fontSize": size}
        layers += [{"data": said, "mark": dot, "encoding": sides},
                   {"data": said, "mark": text, "encoding": sides | {"text": {"field": "text"}}}]  # fmt: skip
    return layers


def _word(series: Series, mark: PointMark) -> Spec:
    x = axes.place(series, mark.x)
    at = x if isinstance(x, (int, float, str)) else f"{x:%Y-%m-%dT%H:%M:%SZ}"
    return {"x": at, "y": axes.sized(series, mark.y), "text": mark.text}
