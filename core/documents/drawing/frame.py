"""The plot and what surrounds it: how much room each side takes, the grid, the sides and their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.documents import axes
from core.documents.drawing import curves, ink, labels, legend, numbers
from core.documents.drawing.curves import Data
from core.documents.drawing.labels import Label, Labels
from core.documents.drawing.look import Look, style_of
from core.documents.drawing.text import width
from core.figures import Series, Unit

HEIGHT = 260.0
EDGE = 4.0
RIGHT = 8.0
ROW = 27
"""Pixels between two grid lines, about."""
LEAST = 90.0
"""A plot is never lower than this, however much stands around it."""
LEAST_BARE = 8.0
"""… and one without a scale of values."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the plot lies in the picture, and how values become places in it."""

    left: float
    top: float
    right: float
    bottom: float
    height: float
    """Of the whole picture."""
    low: float
    high: float
    ticks: numbers.Ticks
    texts: list[str]
    labels: Labels
    names: list[legend.Placed]
    places: int
    """How many named places x has; none if it is time or numbers."""

    def x(self, value: float) -> float:
        """Pixels from the left. A named place is the middle of its band."""
        if self.places:
            return self.left + (value + 0.5) * self.band
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        share = (value - self.ticks.low) / (self.ticks.high - self.ticks.low)
        return self.bottom - share * (self.bottom - self.top)

    @property
    def band(self) -> float:
        """Width of a named place."""
        return (self.right - self.left) / max(1, self.places)


def made(series: Series, data: Data, look: Look, width_: float, height: float | None) -> Frame:
    """Room for every label first; the plot takes the rest."""
    names = legend.placed(data.curves, look, width_ - 2 * EDGE)
    above = EDGE + legend.height(names, look) + look.size * 0.5
    more = max(0, (names[-1][1] if names else 0) - 1) * legend.row_height(look)
    whole = height or look.style.height or HEIGHT + more
    ticks = _ticks(series, data, max(2, int((whole - above - 30) / ROW)))
    texts = _texts(series, ticks, look)
    titled = look.size + 7 if series.y.label and look.style.value_axis else 0.0
    left = titled + max((width(text, look.size) for text in texts), default=0.0) + 7
    low, high = _span(series, data)
    below = labels.made(series, data, look, low, high, max(40.0, width_ - RIGHT - left))
    if below.overhang > left - 2:
        left = min(below.overhang + 2, width_ / 2)
        below = labels.made(series, data, look, low, high, max(40.0, width_ - RIGHT - left))
    under = below.height + (look.size * 1.5 if series.x.label else 0.0) + EDGE
    whole = max(whole, above + under + (LEAST if look.style.value_axis else LEAST_BARE))
    places = len(data.places) if data.kind == "nominal" else 0
    right = max(left + 40.0, width_ - RIGHT)
    return Frame(left, above, right, whole - under, whole, low, high, ticks, texts, below, names, places)


def _texts(series: Series, ticks: numbers.Ticks, look: Look) -> list[str]:
    """What the scale of values says; nothing where the style wants none."""
    if not look.style.value_axis:
        return []
    in_days = series.y.unit is Unit.HOURS and axes.in_days(series)
    return [numbers.said(at, ticks, series.y.unit, in_days) for at in ticks.at]


def _ticks(series: Series, data: Data, most: int) -> numbers.Ticks:
    low, high = curves.reach(data)
    marks = [y * data.factor for y in (*(mark.y for mark in style_of(series).marks), *axes.spanned(series))]
    low, high = axes.headroom(series, min([low, *marks]), max([high, *marks]))
    whole = series.y.unit in (Unit.COUNT, Unit.LINES)
    return numbers.ticks(low, high, most, least=1.0 if whole else 0.0)


def _span(series: Series, data: Data) -> tuple[float, float]:
    low, high = curves.across(data)
    first, last = curves.span(series, data.kind, data.zone) if data.kind != "nominal" else (None, None)
    if data.kind == "quantitative" and series.mark == "point":
        room = (high - low) / 40
        low, high = (low - room if first is None else low), (high + room if last is None else high)
    low, high = (low if first is None else first), (high if last is None else last)
    return (low, high) if low < high else (low, low + 1)


def grid(series: Series, data: Data, frame: Frame, look: Look) -> Iterator[str]:
    """Light lines behind the plot."""
    shade = look.theme.line
    if look.style.grid is not False and frame.texts:
        for at in frame.ticks.at:
            y = _sharp(frame.y(at))
            yield ink.rule(frame.left, y, frame.right, y, shade)
    if look.style.grid or (look.style.grid is None and series.mark == "point" and data.kind == "quantitative"):
        for label in frame.labels.shown:
            x = _sharp(frame.left + label.at)
            yield ink.rule(x, frame.top, x, frame.bottom, shade)


def sides(series: Series, frame: Frame, look: Look) -> Iterator[str]:
    """The base line, the marks on it, and all the words around the plot."""
    size, shade = look.size, look.theme.muted
    yield ink.rule(frame.left, _sharp(frame.bottom), frame.right, _sharp(frame.bottom), look.theme.line)
    if frame.texts and frame.ticks.low < 0 < frame.ticks.high:
        yield ink.rule(frame.left, _sharp(frame.y(0)), frame.right, _sharp(frame.y(0)), shade)
    for at, words in zip(frame.ticks.at, frame.texts, strict=False):
        yield ink.text(frame.left - 6, frame.y(at) + size * 0.34, words, size, shade, "end")
    for label in frame.labels.shown:
        yield from _label(label, frame, look)
    yield from _titles(series, frame, look)
    room = frame.right + RIGHT - EDGE - legend.extent(frame.names, look)
    yield from legend.drawn(frame.names, look, max(EDGE, min(frame.left, room)), EDGE)


def _label(label: Label, frame: Frame, look: Look) -> Iterator[str]:
    x, size, shade = frame.left + label.at, look.size, look.theme.muted
    if frame.labels.ticked:
        yield ink.rule(_sharp(x), frame.bottom, _sharp(x), frame.bottom + labels.TICK, look.theme.line)
    if turned := frame.labels.turned:
        anchor: ink.Anchor = "middle" if turned % 180 == 0 else "end" if 0 < turned % 360 < 180 else "start"
        yield ink.text(x + size * 0.3, frame.bottom + size + 1, label.text, size, shade, anchor, -turned)
        return
    for number, words in enumerate([*label.text.split("\n"), *([label.below] if label.below else [])]):
        half = width(words, size) / 2
        middle = min(max(x, half + 1), max(half + 1, frame.right + RIGHT - half - 1))
        y = frame.bottom + labels.TICK + 3 + size * (0.8 + number * labels.LINE)
        yield ink.text(middle, y, words, size, shade, "middle")


def _titles(series: Series, frame: Frame, look: Look) -> Iterator[str]:
    size, shade = look.size, look.theme.muted
    if series.x.label:
        middle = (frame.left + frame.right) / 2
        yield ink.text(middle, frame.height - EDGE - size * 0.2, series.x.label, size, shade, "middle")
    if series.y.label and frame.texts:
        yield ink.text(size, (frame.top + frame.bottom) / 2, series.y.label, size, shade, "middle", -90)


def _sharp(place: float) -> float:
    """In the middle of a pixel, where a thin line is not blurred."""
    return int(place) + 0.5
