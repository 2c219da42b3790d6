"""Names and colours of the lines, in rows above the plot; long names are kept whole."""

from __future__ import annotations

from collections.abc import Iterator

from core.documents.drawing import ink
from core.documents.drawing.curves import Curve
from core.documents.drawing.look import Look
from core.documents.drawing.text import width

SYMBOL = 5.5
"""Radius of the dot before a name."""
BETWEEN = 16

Placed = tuple[float, int, Curve, str]
"""From the left, row, and whose name."""


def placed(curves: list[Curve], look: Look, room: float) -> list[Placed]:
    """Each name's place, as many in a row as there is room for."""
    found: list[Placed] = []
    x, row = 0.0, 0
    for curve in curves if look.legend else ():
        for number, words in enumerate(_lines(curve.name, room - 2 * SYMBOL - 6, look.size)):
            needed = 2 * SYMBOL + 6 + width(words, look.size)
            if number or (x and x + needed > room):
                x, row = 0.0, row + 1
            found.append((x, row, curve, words))
        x += needed + BETWEEN
    return found


def _lines(name: str, room: float, size: float) -> list[str]:
    """A name that no row holds goes on in the next."""
    lines = [""]
    for letter in name:
        if lines[-1] and width(lines[-1] + letter, size) > room:
            lines.append("")
        lines[-1] += letter
    return lines


def height(names: list[Placed], look: Look) -> float:
    """Pixels that the legend takes, with the room below it."""
    return (names[-1][1] + 1) * row_height(look) + 6 if names else 0.0


def extent(names: list[Placed], look: Look) -> float:
    """Pixels from the first dot to the end of the longest row."""
    return max((x + 2 * SYMBOL + 6 + width(words, look.size) for x, _, _, words in names), default=0.0)


def row_height(look: Look) -> float:
    return max(2 * SYMBOL, look.size) + 5


def drawn(names: list[Placed], look: Look, left: float, top: float) -> Iterator[str]:
    """The dots and names."""
    seen: set[str] = set()
    for x, row, curve, words in names:
        middle = top + row * row_height(look) + SYMBOL + 1
        if (start := curve.name + curve.colour) not in seen:
            seen.add(start)
            yield ink.circle(left + x + SYMBOL, middle, SYMBOL, curve.colour)
        yield ink.text(left + x + 2 * SYMBOL + 6, middle + look.size * 0.35, words, look.size, look.theme.muted)
