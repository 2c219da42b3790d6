"""Lines, areas and points: broken where a value is missing, dotted where there are few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from core.documents.drawing import ink
from core.documents.drawing.curves import Curve, Data, Value
from core.documents.drawing.frame import Frame
from core.documents.drawing.ink import Dot
from core.documents.drawing.look import DOT, POINT, POINTED, Look
from core.documents.drawing.thinning import apart, thinned

BAND = 0.18


def line(data: Data, frame: Frame, look: Look) -> Iterator[str]:
    """Bands first, so that no line lies under one."""
    for curve in data.curves:
        for low, high in _ribbons(curve, frame):
            yield ink.shape([*thinned(high), *reversed(thinned(low))], curve.colour, look.opacity(BAND))
    few = len(data.places) <= POINTED
    for curve in data.curves:
        pieces = _pieces(curve.xs, curve.ys, frame)
        yield ink.strokes(map(thinned, pieces), curve.colour, look.line_width, curve.dashed)
        dotted = few if look.style.marker is None else look.style.marker
        for x, y in _dots(pieces, dotted, lonely=look.style.marker is None):
            yield ink.circle(x, y, look.dot(DOT), curve.colour)


def area(data: Data, frame: Frame, look: Look) -> Iterator[str]:
    """Areas down to zero, or on each other."""
    clear = look.opacity(0.7 if data.stacked else 0.3)
    for curve in data.curves:
        if data.stacked:
            pieces = _pieces(curve.xs, curve.high, frame)
            bottoms = _pieces(curve.xs, curve.low, frame)
        else:
            pieces = _pieces(curve.xs, curve.ys, frame)
            bottoms = [[(piece[-1][0], frame.y(0)), (piece[0][0], frame.y(0))][::-1] for piece in pieces]
        for top, bottom in zip(pieces, bottoms, strict=True):
            yield ink.shape([*thinned(top), *reversed(thinned(bottom))], curve.colour, clear)
        yield ink.strokes(map(thinned, pieces), curve.colour, look.line_width, curve.dashed)
        for x, y in _dots(pieces, bool(look.style.marker), lonely=True):
            yield ink.circle(x, y, look.dot(DOT), curve.colour)


def point(data: Data, frame: Frame, look: Look) -> Iterator[str]:
    """Points, see-through so that those below others are seen."""
    for curve in data.curves:
        for x, y in apart([dot for piece in _pieces(curve.xs, curve.ys, frame) for dot in piece]):
            yield ink.circle(x, y, look.dot(POINT), curve.colour, look.opacity(0.75))


def _pieces(xs: Sequence[float], ys: Sequence[Value], frame: Frame) -> list[list[Dot]]:
    """The line between its gaps."""
    runs = groupby(zip(xs, ys, strict=True), key=lambda pair: pair[1] is None)
    return [[(frame.x(x), frame.y(y)) for x, y in run if y is not None] for gap, run in runs if not gap]


def _ribbons(curve: Curve, frame: Frame) -> Iterator[tuple[list[Dot], list[Dot]]]:
    whole = [None if low is None or high is None else 0.0 for low, high in zip(curve.low, curve.high, strict=True)]
    lows = _pieces(curve.xs, [gap if gap is None else low for gap, low in zip(whole, curve.low, strict=True)], frame)
    highs = _pieces(curve.xs, [gap if gap is None else up for gap, up in zip(whole, curve.high, strict=True)], frame)
    return zip(lows, highs, strict=True)


def _dots(pieces: list[list[Dot]], every: bool, lonely: bool) -> Iterator[Dot]:
    """Every dot, or those that stand alone between gaps and would not be seen as a line."""
    for piece in pieces:
        if every:
            yield from apart(piece)
        elif lonely and len(piece) == 1:
            yield piece[0]
