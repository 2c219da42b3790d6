"""Sizes, margins and paragraph styles of PDF pages. Millimetres become points here."""

from __future__ import annotations

from functools import cache
from typing import Any

from core.documents.renderers import pdf_fonts
from core.documents.theme import FONT, LIGHT

MM = 72 / 25.4
PAGE = (210 * MM, 297 * MM)
MARGIN = 18 * MM
TOP = 24 * MM
BOTTOM = 20 * MM
WIDTH = PAGE[0] - 2 * MARGIN
HEIGHT = PAGE[1] - TOP - BOTTOM
GAP = 4 * MM

_STYLES: dict[str, dict[str, Any]] = {
    "body": {"fontSize": 10, "leading": 14, "spaceAfter": 4},
    "title": {"fontName": pdf_fonts.BOLD, "fontSize": 24, "leading": 29, "spaceAfter": 2},
    "subtitle": {"fontSize": 13, "leading": 17, "textColor": LIGHT.muted, "spaceAfter": 6},
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
    "note": {"fontSize": 8.5, "leading": 11, "textColor": LIGHT.muted, "spaceAfter": 3},
    "label": {"fontSize": 9, "leading": 11.5, "textColor": LIGHT.muted},
    "value": {"fontName": pdf_fonts.BOLD, "fontSize": 19, "leading": 23},
    "missing": {"fontName": pdf_fonts.ITALIC, "fontSize": 13, "leading": 18, "textColor": LIGHT.muted},
    "fact": {"fontSize": 8.5, "leading": 10.5, "textColor": LIGHT.muted},
    "cell": {"fontSize": 8.5, "leading": 10.5},
    "head": {"fontName": pdf_fonts.BOLD, "fontSize": 8.5, "leading": 10.5},
    "number": {"fontSize": 8.5, "leading": 10.5, "alignment": 2},
    "numberhead": {"fontName": pdf_fonts.BOLD, "fontSize": 8.5, "leading": 10.5, "alignment": 2},
    "quote": {"fontSize": 10, "leading": 14, "leftIndent": 12, "textColor": LIGHT.muted, "spaceAfter": 4},
    "code": {
        "fontSize": 9,
        "leading": 12,
        "leftIndent": 6,
        "backColor": LIGHT.surface,
        "borderPadding": 4,
        "spaceAfter": 8,
    },
    "toc": {"fontSize": 10, "leading": 15},
}


@cache
def style(name: str) -> Any:
    """A paragraph style by name."""
    from reportlab.lib.styles import ParagraphStyle

    pdf_fonts.registered()
    return ParagraphStyle(name, **{"fontName": FONT, "textColor": LIGHT.text, "splitLongWords": 1, **_STYLES[name]})


def paragraph(text: str, name: str = "body") -> Any:
    """Plain text as a paragraph."""
    from reportlab.platypus import Paragraph

    return Paragraph(pdf_fonts.markup(text, style(name).fontName), style(name))


def colour(hexadecimal: str) -> Any:
    """A colour of the theme as reportlab takes it."""
    from reportlab.lib.colors import HexColor

    return HexColor(hexadecimal)
