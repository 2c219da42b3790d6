"""How wide words are, read from the font itself, so that labels are placed without drawing them first."""

from __future__ import annotations

import struct
import unicodedata
from functools import cache

from core.documents.theme import font_folder

WIDER = 1.1
"""A reader's own font may be wider than ours: labels keep that much more room."""


def width(words: str, size: float) -> float:
    """Pixels that `words` take at a font size."""
    known = _advances()
    return sum(known.get(ord(letter)) or _guessed(letter) for letter in words) * size * WIDER


def has(letter: str) -> bool:
    """Whether the font has the letter."""
    return ord(letter) in _advances()


def widest(texts: list[str], size: float) -> float:
    return max((width(line, size) for text in texts for line in text.split("\n")), default=0.0)


def _guessed(letter: str) -> float:
    """A letter that the font lacks and another font will lend, in parts of the size."""
    if unicodedata.combining(letter):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.62


@cache
def _advances() -> dict[int, float]:
    """Width of each letter of the font, in parts of its size."""
    font = (font_folder() / "SourceSansPro-Regular.ttf").read_bytes()
    tables = {
        font[at : at + 4]: struct.unpack_from(">II", font, at + 8) for at in range(12, 12 + 16 * _count(font), 16)
    }
    units = struct.unpack_from(">H", font, tables[b"head"][0] + 18)[0]
    long = struct.unpack_from(">H", font, tables[b"hhea"][0] + 34)[0]
    widths = struct.unpack_from(f">{2 * long}H", font, tables[b"hmtx"][0])[::2]
    return {code: widths[min(glyph, long - 1)] / units for code, glyph in _glyphs(font, tables[b"cmap"][0]).items()}


def _count(font: bytes) -> int:
    return int(struct.unpack_from(">H", font, 4)[0])


def _glyphs(font: bytes, cmap: int) -> dict[int, int]:
    """Glyph by letter, from the font's table of segments (format 4)."""
    for number in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        at = cmap + struct.unpack_from(">I", font, cmap + 4 + 8 * number + 4)[0]
        if struct.unpack_from(">H", font, at)[0] == 4:
            return dict(_segments(font, at))
    return {}


def _segments(font: bytes, at: int) -> list[tuple[int, int]]:
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", font, at + 16 + 4 * count)
    offsets_at = at + 16 + 6 * count
    found = []
    for number, (first, last, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        offset = struct.unpack_from(">H", font, offsets_at + 2 * number)[0]
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offset:
                glyph = struct.unpack_from(">H", font, offsets_at + 2 * number + offset + 2 * (code - first))[0]
            found.append((code, (glyph + delta) & 0xFFFF if glyph or not offset else 0))
    return found
