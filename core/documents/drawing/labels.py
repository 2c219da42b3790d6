"""What stands below the plot: marks of time, numbers, or names of places, none cut and none upon another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, cos, radians, sin

from core.documents.axes import band_texts
from core.documents.drawing import numbers, times
from core.documents.drawing.curves import Data
from core.documents.drawing.look import Look, style_of
from core.documents.drawing.text import widest, width
from core.figures import Series

APART = 14
"""Pixels between two labels."""
TICK = 5
LINE = 1.25
"""Height of a line of words, in parts of the font size."""

TIGHT = 1.1
"""… and of one among leaning words."""

Place = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Label:
    """Words below a place; `below` stands in a second line."""

    at: float
    text: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """All of them, and how they stand."""

    shown: list[Label]
    turned: float = 0.0
    """Degrees, counter-clockwise."""
    height: float = 0.0
    ticked: bool = True
    overhang: float = 0.0
    """How far they reach out to the left of the first place."""


def made(series: Series, data: Data, look: Look, low: float, high: float, room: float) -> Labels:
    """The labels of x, for a plot `room` wide that shows [low, high]."""
    if data.kind == "nominal":
        return _named(series, data, look, room)
    place = _placer(low, high, room)
    ways = _times(series, data, low, high) if data.kind == "temporal" else _numbers(series, low, high, room)
    return _laid(look, room, (_placed(way, place) for way in ways))


def _placer(low: float, high: float, room: float) -> Place:
    return lambda value: (value - low) / (high - low) * room


def _placed(ticks: Sequence[times.Tick], place: Place) -> list[Label]:
    return [Label(place(tick.at), tick.text, tick.below) for tick in ticks]


def _times(series: Series, data: Data, low: float, high: float) -> Iterator[list[times.Tick]]:
    style = style_of(series)
    own = style.x_from is None and style.x_to is None
    return times.ways([x for x in data.places if isinstance(x, date)], low, high, data.zone, own)


def _numbers(series: Series, low: float, high: float, room: float) -> Iterator[list[times.Tick]]:
    for most in range(max(2, int(room / 40)), 0, -1):
        found = numbers.ticks(low, high, most)
        inside = [at for at in found.at if low <= at <= high]
        yield [times.Tick(at, numbers.said(at, found, series.x.unit)) for at in inside]


def _laid(look: Look, room: float, ways: Iterator[list[Label]]) -> Labels:
    """The closest way whose labels stand apart."""
    turned = look.style.tick_angle or 0.0
    last: list[Label] = []
    for way in ways:
        last = way or last
        if way and _apart(way, look, turned):
            return _as_wide(_parted(way, look), look, turned)
    return _as_wide(last[:1], look, turned)


def _apart(labels: list[Label], look: Look, turned: float) -> bool:
    ends = [(label.at, _across(label.text, look, turned)) for label in labels]
    return all(b - a >= (wide + wider) / 2 + APART for (a, wide), (b, wider) in pairwise(ends))


def _across(text: str, look: Look, turned: float) -> float:
    """How much of the side a label takes."""
    if not turned:
        return widest([text], look.size)
    return min(widest([text], look.size) * abs(cos(radians(turned))) + look.size, look.size * LINE * 1.1)


def _parted(labels: list[Label], look: Look) -> list[Label]:
    """A second line gives way to the next one that would stand on it."""
    kept = list(labels)
    last: int | None = None
    for number, label in enumerate(labels):
        if not label.below:
            continue
        if last is not None:
            before = labels[last]
            if label.at - before.at < (width(label.below, look.size) + width(before.below, look.size)) / 2 + APART:
                kept[last] = Label(before.at, before.text)
        last = number
    return kept


def _as_wide(labels: list[Label], look: Look, turned: float, ticked: bool = True) -> Labels:
    texts = [label.text for label in labels]
    lines = max((text.count("\n") + 1 for text in texts), default=1) + any(label.below for label in labels)
    if not turned:
        tall = lines * look.size * LINE
        first = widest(texts[:1], look.size) / 2 - (labels[0].at if labels else 0)
        return Labels(labels, 0.0, TICK + 3 + tall, ticked, max(0.0, first))
    long, lean = widest(texts, look.size), radians(turned)
    tall = abs(sin(lean)) * long + abs(cos(lean)) * look.size * lines
    out = max((cos(lean) * widest([label.text], look.size) - label.at for label in labels), default=0.0)
    return Labels(labels, turned, TICK + 5 + tall, ticked, max(0.0, out))


# Names of places


def _named(series: Series, data: Data, look: Look, room: float) -> Labels:
    """Names side by side if they fit, else in more lines, else leaning; of too many dates or names, some."""
    texts = band_texts(series)
    step = room / max(1, len(texts))
    centres = [(number + 0.5) * step for number in range(len(texts))]
    if look.style.tick_angle:
        return _turned(texts, centres, look, step, look.style.tick_angle)
    dates = bool(data.places) and isinstance(data.places[0], date)
    if _fit(texts, look, step):
        return _as_wide([Label(*pair) for pair in zip(centres, texts, strict=True)], look, 0.0, ticked=False)
    if dates:
        return _as_wide(_some(texts, centres, look), look, 0.0, ticked=False)
    broken = [_broken(text, step - 3, look.size) for text in texts]
    if _fit(broken, look, step) and max(text.count("\n") for text in broken) < 3:
        return _as_wide([Label(*pair) for pair in zip(centres, broken, strict=True)], look, 0.0, ticked=False)
    lean = next((lean for lean in (30, 45, 60) if step * sin(radians(lean)) >= look.size * TIGHT), 60)
    return _turned(texts, centres, look, step, lean)


def _fit(texts: list[str], look: Look, step: float) -> bool:
    return widest(texts, look.size) + 3 <= step


def _some(texts: list[str], centres: list[float], look: Look) -> list[Label]:
    """Every label, every second, every third …: the most that stand apart."""
    every = [Label(at, text) for at, text in zip(centres, texts, strict=True)]
    strides = (stride for stride in range(1, len(every) + 1) if _apart(every[::stride], look, 0.0))
    return every[:: next(strides, 1)]


def _turned(texts: list[str], centres: list[float], look: Look, step: float, turned: float) -> Labels:
    apart = max(step * abs(sin(radians(turned))), 0.01)
    stride = ceil(look.size * TIGHT / apart - 1e-9) or 1
    some = [Label(at, text) for at, text in zip(centres[::stride], texts[::stride], strict=True)]
    return _as_wide(some, look, turned, ticked=False)


def _broken(text: str, room: float, size: float) -> str:
    """Words in lines that are as wide as there is room, broken between words only."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines) or text
