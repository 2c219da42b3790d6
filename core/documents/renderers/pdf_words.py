"""Names that are longer than their line, broken where a reader would break them: behind a dash, a slash, a dot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from core.documents.renderers import pdf_fonts

_PART = re.compile(r"[^-_/.\\:,;=&?@|]*[-_/.\\:,;=&?@|]+|[^-_/.\\:,;=&?@|]+")
SHARE = 0.995
"""Of the room that is filled: a line that ends exactly at the edge might be broken again."""
HAIR = 1e-6
"""Points by which sums of widths differ, in whatever order they are added up."""


def parts(word: str) -> list[str]:
    """A name between the places where it may be broken."""
    return _PART.findall(word)


@lru_cache(maxsize=4096)
def broken(text: str, room: float, font: str, size: float) -> str:
    """The text with a space wherever a word must go on in the next line; the space itself then stands at its end."""
    most = room * SHARE + HAIR
    if _wide(text, font, size) <= most:
        return text
    return " ".join(
        word if _wide(word, font, size) <= most else " ".join(_lines(word, most, font, size))
        for word in text.split(" ")
    )


def _lines(word: str, room: float, font: str, size: float) -> Iterator[str]:
    """As much in each line as there is room for; only a part that no line holds is broken within."""
    line = ""
    for part in parts(word):
        for piece in _pieces(part, room, font, size):
            if line and _wide(line + piece, font, size) > room:
                yield line
                line = ""
            line += piece
    yield line


def _pieces(part: str, room: float, font: str, size: float) -> Iterator[str]:
    """The part in lines, each letter looked at once: nobody waits for a word of 40,000 letters."""
    start, used = 0, 0.0
    for place, letter in enumerate(part):
        wide = _wide(letter, font, size)
        if place > start and used + wide > room:
            yield part[start:place]
            start, used = place, 0.0
        used += wide
    yield part[start:]


def _wide(words: str, font: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    pdf_fonts.registered()
    return float(stringWidth(words, font, size))
