"""Sizes, margins and paragraph styles of PDF pages. Millimetres become points here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from core.documents.renderers import pdf_fonts
from core.documents.theme import FONT, LIGHT, Theme

MM = 72 / 25.4
PAGE = (210 * MM, 297 * MM)
MARGIN = 18 * MM
TOP = 24 * MM
BOTTOM = 20 * MM
WIDTH = PAGE[0] - 2 * MARGIN
HEIGHT = PAGE[1] - TOP - BOTTOM
GAP = 4 * MM
NUMBER = 10 * MM
"""Room for a page's number at the end of a line of the contents."""

_STYLES: dict[str, dict[str, Any]] = {
    "body": {"fontSize": 10, "leading": 14, "spaceAfter": 4},
    "title": {"fontName": pdf_fonts.BOLD, "fontSize": 24, "leading": 29, "spaceAfter": 2},
    "subtitle": {"fontSize": 13, "leading": 17, "textColor": "muted", "spaceAfter": 6},
    "h1": {
        "fontName": pdf_fonts.BOLD,
        "fontSize": 16,
        "leading": 20,
        "spaceBefore": 14,
        "spaceAfter": 6,
        "keepWithNext": 1,
    },
    "h2": {
        "fontName": pdf_fonts.BOLD,
        "fontSize": 11,
        "leading": 14,
        "spaceBefore": 4,
        "spaceAfter": 2,
        "keepWithNext": 1,
    },
    "note": {"fontSize": 8.5, "leading": 11, "textColor": "muted", "spaceAfter": 3},
    "label": {"fontSize": 9, "leading": 11.5, "textColor": "muted"},
    "value": {"fontName": pdf_fonts.BOLD, "fontSize": 19, "leading": 23},
    "missing": {"fontName": pdf_fonts.ITALIC, "fontSize": 13, "leading": 18, "textColor": "muted"},
    "none": {"fontName": pdf_fonts.ITALIC, "fontSize": 8.5, "leading": 11, "leftIndent": 4, "textColor": "muted"},
    "fact": {"fontSize": 8.5, "leading": 10.5, "textColor": "muted"},
    "cell": {"fontSize": 8.5, "leading": 10.5},
    "head": {"fontName": pdf_fonts.BOLD, "fontSize": 8.5, "leading": 10.5},
    "number": {"fontSize": 8.5, "leading": 10.5, "alignment": 2},
    "numberhead": {"fontName": pdf_fonts.BOLD, "fontSize": 8.5, "leading": 10.5, "alignment": 2},
    "quote": {"fontSize": 10, "leading": 14, "leftIndent": 12, "textColor": "muted", "spaceAfter": 4},
    "code": {
        "fontSize": 9,
        "leading": 12,
        "leftIndent": 6,
        "backColor": "surface",
        "borderPadding": 4,
        "spaceAfter": 8,
    },
    "toc": {"fontSize": 10, "leading": 15, "rightIndent": NUMBER},
}


LETTERS = 8.5
"""Points of paper that the letters of a chart are high."""

_worn: ContextVar[tuple[Theme, float]] = ContextVar("theme", default=(LIGHT, LETTERS))


@contextmanager
def dressed(theme: Theme, letters: float = LETTERS) -> Iterator[None]:
    """What is drawn inside takes its colours from this theme, and the letters of its charts are so high."""
    before = _worn.set((theme, letters))
    try:
        yield
    finally:
        _worn.reset(before)


def theme() -> Theme:
    """The theme of the file that is being drawn."""
    return _worn.get()[0]


def letters() -> float:
    """How high the letters of charts are, in points."""
    return _worn.get()[1]


def style(name: str) -> Any:
    """A paragraph style by name."""
    return _style(name, theme())


@lru_cache(maxsize=512)
def _style(name: str, worn: Theme) -> Any:
    from reportlab.lib.styles import ParagraphStyle

    pdf_fonts.registered()
    asked = {"fontName": FONT, "textColor": "text", "splitLongWords": 1, "allowWidows": 0, **_STYLES[name]}
    colours = {key: getattr(worn, asked[key]) for key in ("textColor", "backColor") if key in asked}
    return ParagraphStyle(name, **(asked | colours))


def paragraph(text: str, name: str = "body", link: str = "", opening: str = "") -> Any:
    """Plain text as a paragraph, all of it a link where one is given; after `opening`, in bold, if there is one."""
    from reportlab.platypus import Paragraph

    words = pdf_fonts.markup(text, style(name).fontName)
    words = f"<b>{pdf_fonts.markup(opening, pdf_fonts.BOLD)}</b> {words}" if opening else words
    return Paragraph(linked(words, link) if link else words, style(name))


def linked(words: str, address: str) -> str:
    """A paragraph's markup as a link."""
    quoted = address.replace("&", "&amp;").replace('"', "%22").replace("<", "%3C")
    return f'<a href="{quoted}" color="{theme().primary}">{words}</a>'


def colour(hexadecimal: str) -> Any:
    """A colour of the theme as reportlab takes it."""
    from reportlab.lib.colors import HexColor

    return HexColor(hexadecimal)
