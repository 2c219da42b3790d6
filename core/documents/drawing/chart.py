"""A Series as a drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core.documents.drawing import bars, curves, frame, ink, lines, words
from core.documents.drawing.curves import Data
from core.documents.drawing.frame import Frame
from core.documents.drawing.look import Look
from core.documents.theme import Theme
from core.figures import Series

Draw = Callable[[float, float | None], str]
"""Width and height, which may be left to the chart, to a drawing."""


def drawer(series: Series, theme: Theme) -> Draw:
    """Draws the chart in any width, its points read once; as high as its style says, unless its labels need more."""
    look = Look.of(series, theme)
    data = curves.read(series, look.colours)

    def draw(width: float, height: float | None) -> str:
        around = frame.made(series, data, look, width, height)
        return ink.picture(width, around.height, _parts(series, data, around, look))

    return draw


def _parts(series: Series, data: Data, around: Frame, look: Look) -> Iterator[str]:
    yield from frame.grid(series, data, around, look)
    yield from _marks(series, data, around, look)
    yield from frame.sides(series, around, look)
    yield from words.drawn(series, data, around, look)


def _marks(series: Series, data: Data, around: Frame, look: Look) -> Iterator[str]:
    match series.mark:
        case "bar":
            return bars.side_by_side(series, data, around, look)
        case "stacked_bar":
            return bars.on_each_other(series, data, around, look)
        case "area":
            return lines.area(data, around, look)
        case "point":
            return lines.point(data, around, look)
        case _:
            return lines.line(data, around, look)
