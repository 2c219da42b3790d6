"""Which names of a drawing are written, and on which side of their dots, so that none stands upon another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from core.documents.drawing.text import width

SIZE = 11.0
"""Of the letters, in pixels."""
GAP = 3.0
"""Pixels between a dot and its name."""

Side = Literal["above", "below", "right", "left"]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A place with a name, in pixels."""

    x: float
    y: float
    radius: float
    name: str


def sides(dots: Sequence[Dot], across: float) -> dict[int, Side]:
    """On which side each dot's name stands, by the dot's place in the list; the largest choose first.

    A name that finds no room on any side, in a drawing `across` pixels wide, is left to tables and tooltips.
    """
    taken = [(dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius) for dot in dots]
    found: dict[int, Side] = {}
    for place in sorted(range(len(dots)), key=lambda place: (-dots[place].radius, place)):
        for side, box in _boxes(dots[place]):
            if box[0] >= 0 and box[2] <= across and not any(_meet(box, other) for other in taken):
                found[place] = side
                taken.append(box)
                break
    return found


def _boxes(dot: Dot) -> Iterator[tuple[Side, Box]]:
    wide, high, away = width(dot.name, SIZE), SIZE * 1.2, dot.radius + GAP
    yield "above", (dot.x - wide / 2, dot.y - away - high, dot.x + wide / 2, dot.y - away)
    yield "below", (dot.x - wide / 2, dot.y + away, dot.x + wide / 2, dot.y + away + high)
    yield "right", (dot.x + away, dot.y - high / 2, dot.x + away + wide, dot.y + high / 2)
    yield "left", (dot.x - away - wide, dot.y - high / 2, dot.x - away, dot.y + high / 2)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
