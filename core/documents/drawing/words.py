"""Words at points of a chart: beside their point, within the plot, and not on each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.documents.drawing import ink, times
from core.documents.drawing.curves import Data
from core.documents.drawing.frame import Frame
from core.documents.drawing.look import Look
from core.documents.drawing.text import width
from core.figures import Scalar, Series

Box = tuple[float, float, float, float]


def drawn(series: Series, data: Data, frame: Frame, look: Look) -> Iterator[str]:
    """A ring around each marked point, and its words above, or below where there is no room above."""
    taken: list[Box] = []
    for mark in series.style.marks if series.style else []:
        at = _at(mark.x, data)
        if at is None:
            continue
        x, y = frame.x(at), frame.y(mark.y * data.factor)
        if not frame.left - 1 <= x <= frame.right + 1:
            continue
        box = _free(x, y, width(mark.text, look.size), frame, look, taken)
        taken.append(box)
        yield ink.circle(x, y, 3.5, look.theme.text)
        yield ink.text(box[0], box[3] - look.size * 0.25, mark.text, look.size, look.theme.muted)


def _at(x: Scalar, data: Data) -> float | None:
    if data.kind == "nominal":
        return float(data.places.index(x)) if x in data.places else None
    if data.kind == "temporal":
        return times.seconds(x, data.zone) if isinstance(x, date) else None
    return float(x) if isinstance(x, (int, float)) else None


def _free(x: float, y: float, wide: float, frame: Frame, look: Look, taken: list[Box]) -> Box:
    left = max(frame.left, min(x - wide / 2, frame.right - wide))
    tall = look.size * 1.2
    above, below = ([y - 7 - tall * (1 + row) for row in range(6)], [y + 7 + tall * row for row in range(6)])
    tops = [top for top in (*above, *below) if top >= frame.top - tall * 0.4 and top + tall <= frame.bottom] or [y]
    boxes = [(left, top, left + wide, top + tall) for top in tops]
    return next((box for box in boxes if not any(_meet(box, other) for other in taken)), boxes[0])


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
