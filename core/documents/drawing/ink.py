"""SVG, element by element: short numbers, escaped words, nothing that a printer of PDF does not know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from core.documents.theme import FONT

OURS = '<svg xmlns="http://www.w3.org/2000/svg" data-drawn="here" '
Anchor = Literal["start", "middle", "end"]
Dot = tuple[float, float]

_FORBIDDEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 65534, 65535))
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"} | {chr(c): "" for c in _FORBIDDEN})


def picture(width: float, height: float, parts: Iterable[str]) -> str:
    """A whole drawing, on no ground of its own."""
    size = f'width="{num(width)}" height="{num(height)}" viewBox="0 0 {num(width)} {num(height)}"'
    return f'{OURS}font-family="{FONT}" {size}>{"".join(parts)}</svg>'


def inline(drawing: str, label: str) -> str | None:
    """A drawing of ours to be put into a page; None if it was made elsewhere. It has no ids that could meet others."""
    if not drawing.startswith(OURS):
        return None
    head, _, rest = drawing.partition(">")
    size = head[head.index("viewBox") :]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escaped(label)}" class="chart">{rest}'
    )


def num(value: float) -> str:
    """A length, to a tenth of a pixel."""
    short = f"{value:.1f}"
    return short[:-2] if short.endswith(".0") else short


def escaped(words: str) -> str:
    return words.translate(_ESCAPES)


def text(
    x: float, y: float, words: str, size: float, colour: str, anchor: Anchor = "start", turned: float = 0, on: str = ""
) -> str:
    """Words whose base line begins, is centred or ends at a place; `turned` is clockwise, in degrees.

    `on` says what they stand on, for a page that changes the colour of that.
    """
    turn = f' transform="rotate({num(turned)} {num(x)} {num(y)})"' if turned else ""
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    below = f' data-on="{on}"' if on else ""
    place = f'x="{num(x)}" y="{num(y)}" font-size="{num(size)}"'
    return f'<text {place} fill="{colour}"{side}{turn}{below}>{escaped(words)}</text>'


def rule(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1) -> str:
    """A straight line."""
    ends = f'x1="{num(x1)}" y1="{num(y1)}" x2="{num(x2)}" y2="{num(y2)}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{num(width)}"/>'


def circle(x: float, y: float, radius: float, colour: str, opacity: float = 1) -> str:
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(radius)}" fill="{colour}"{_see_through(opacity)}/>'


def rect(x: float, y: float, width: float, height: float, colour: str, opacity: float = 1) -> str:
    size = f'width="{num(width)}" height="{num(height)}"'
    return f'<rect x="{num(x)}" y="{num(y)}" {size} fill="{colour}"{_see_through(opacity)}/>'


def shape(dots: Sequence[Dot], colour: str, opacity: float = 1) -> str:
    """A filled area within a closed line."""
    return f'<path d="{_path(dots)}Z" fill="{colour}"{_see_through(opacity)}/>'


def strokes(pieces: Iterable[Sequence[Dot]], colour: str, width: float, dashed: bool = False) -> str:
    """A line in pieces."""
    path = "".join(map(_path, pieces))
    dash = ' stroke-dasharray="5,4"' if dashed else ""
    style = f'stroke="{colour}" stroke-width="{num(width)}" stroke-linejoin="round"{dash}'
    return f'<path d="{path}" fill="none" {style}/>' if path else ""


def raised(x: float, y: float, width: float, end: float, colour: str, opacity: float = 1) -> str:
    """A bar from the base `y` to `end`, whose far corners are round."""
    bend = min(2.0, width / 2, abs(end - y)) * (1 if end < y else -1)
    side = abs(bend)
    right = x + width
    path = (
        f"M{num(x)},{num(y)}V{num(end + bend)}Q{num(x)},{num(end)} {num(x + side)},{num(end)}"
        f"H{num(right - side)}Q{num(right)},{num(end)} {num(right)},{num(end + bend)}V{num(y)}Z"
    )
    return f'<path d="{path}" fill="{colour}"{_see_through(opacity)}/>'


def _path(dots: Sequence[Dot]) -> str:
    if not dots:
        return ""
    return "M" + "L".join(f"{num(x)},{num(y)}" for x, y in dots)


def _see_through(opacity: float) -> str:
    return f' fill-opacity="{opacity:.2g}"' if opacity < 1 else ""
