"""Bars side by side or on each other, with their values on them if the style asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from core.documents.drawing import ink
from core.documents.drawing.curves import Curve, Data
from core.documents.drawing.frame import Frame
from core.documents.drawing.look import Look, ground, seen
from core.documents.drawing.text import width
from core.documents.theme import ink_on
from core.figures import Series, number_text

WIDEST = 96.0
"""Few bars do not become walls."""


def side_by_side(series: Series, data: Data, frame: Frame, look: Look) -> Iterator[str]:
    """A group of bars at each place, in the order of the lines."""
    count = max(1, len(data.curves))
    wide = min(frame.band * (0.82 if count > 1 else 0.88), WIDEST * count) / count
    base, known = frame.y(0), []
    for number, curve in enumerate(data.curves):
        for place, y in _seen(curve, frame):
            x, end = frame.x(place) + (number - count / 2) * wide, frame.y(y)
            if frame.band < 1:
                yield ink.rect(int(frame.x(place)), min(base, end), 1, abs(base - end), curve.colour, look.opacity(1))
            else:
                yield ink.raised(x, base, wide, end, curve.colour, look.opacity(1))
            known.append((x + wide / 2, end, y))
    if look.style.bar_labels:
        yield from _values(series, data, known, wide, look, frame)


def _seen(curve: Curve, frame: Frame) -> Iterator[tuple[float, float]]:
    """Places and values; of bars thinner than a pixel, the longest in each pixel."""
    known = [(x, y) for x, y in zip(curve.xs, curve.ys, strict=True) if y is not None]
    if frame.band >= 1:
        yield from known
        return
    longest: dict[tuple[int, bool], tuple[float, float]] = {}
    for x, y in known:
        column = (int(frame.x(x)), y < 0)
        if column not in longest or abs(y) > abs(longest[column][1]):
            longest[column] = (x, y)
    yield from longest.values()


def on_each_other(series: Series, data: Data, frame: Frame, look: Look) -> Iterator[str]:
    """One bar a place, a part a line; the first line is the lowest."""
    wide = max(0.5, min(frame.band * 0.88, WIDEST))
    labels = []
    for curve in data.curves:
        for x, low, high, y in zip(curve.xs, curve.low, curve.high, curve.ys, strict=True):
            if not y or low is None or high is None:
                continue
            top, bottom = sorted((frame.y(low), frame.y(high)))
            yield ink.rect(frame.x(x) - wide / 2, top, wide, bottom - top, curve.colour, look.opacity(1))
            labels.append((frame.x(x), (top + bottom) / 2, bottom - top, y, curve.colour))
    if look.style.bar_labels:
        yield from _inside(series, data, labels, wide, look)


Tip = tuple[float, float, float]
"""Where a bar ends, and its value."""
Part = tuple[float, float, float, float, str]
"""The middle of a part, its height, its value, and its colour."""


def _values(series: Series, data: Data, tips: list[Tip], wide: float, look: Look, frame: Frame) -> Iterator[str]:
    """The value beyond the end of each bar: level if all fit, else upright, else left out."""
    texts = [number_text(y / data.factor, series.y.unit) for _, _, y in tips]
    room = max(wide, frame.band if len(data.curves) == 1 else 0.0)
    level = max((width(text, look.size) for text in texts), default=0.0) + 2 <= room
    if level or wide >= look.size:
        write = _level if level else _upright
        for tip, words in zip(tips, texts, strict=True):
            yield write(tip, words, look)


def _level(tip: Tip, words: str, look: Look) -> str:
    x, end, y = tip
    return ink.text(x, end - 4 if y >= 0 else end + look.size + 1, words, look.size, look.theme.muted, "middle")


def _upright(tip: Tip, words: str, look: Look) -> str:
    x, end, y = tip[0] + look.size * 0.35, tip[1], tip[2]
    anchor: ink.Anchor = "start" if y >= 0 else "end"
    return ink.text(x, end - 4 if y >= 0 else end + 4, words, look.size, look.theme.muted, anchor, -90)


def _inside(series: Series, data: Data, parts: list[Part], wide: float, look: Look) -> Iterator[str]:
    """The value within each part that has room for it."""
    clear = look.opacity(1)
    for x, middle, tall, y, colour in parts:
        words = number_text(y / data.factor, series.y.unit)
        if tall >= look.size + 2 and width(words, look.size) <= wide:
            shade = ink_on(seen(colour, clear, look.theme.background))
            yield ink.text(x, middle + look.size * 0.35, words, look.size, shade, "middle", on=ground(colour, clear))
