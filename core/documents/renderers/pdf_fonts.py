"""Letters for PDF: Source Sans Pro for Latin, Greek and Cyrillic, and a substitute, run by run, for what it lacks.

Chinese, Japanese and Korean use the fonts that PDF readers bring; other scripts use
the machine's DejaVu Sans where there is one. What no font has is shown as a box.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from core.documents.theme import FONT, font_folder

BOLD = f"{FONT}-Bold"
ITALIC = f"{FONT}-Italic"
BOLD_ITALIC = f"{FONT}-BoldItalic"
_FILES = {
    FONT: ("Regular", "normal", "normal"),
    BOLD: ("Bold", "bold", "normal"),
    ITALIC: ("It", "normal", "italic"),
    BOLD_ITALIC: ("BoldIt", "bold", "italic"),
}

_DEJAVU = ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans.ttf",
           "/usr/share/fonts/dejavu/DejaVuSans.ttf", "/Library/Fonts/DejaVuSans.ttf")  # fmt: skip
_EAST = ((0x3040, 0x30FF, "HeiseiKakuGo-W5"), (0xAC00, 0xD7AF, "HYGothic-Medium"), (0x2E80, 0x9FFF, "STSong-Light"),
         (0xF900, 0xFAFF, "STSong-Light"), (0xFF00, 0xFFEF, "STSong-Light"))  # fmt: skip
BOX = "\u25a1"


@cache
def registered() -> None:
    """Make the fonts known to reportlab, once a process; svglib would else put others under their names."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont
    from svglib import fonts

    for name, (file, weight, slant) in _FILES.items():
        path = str(font_folder() / f"SourceSansPro-{file}.ttf")
        fonts.register_font(FONT, path, weight, slant, rlgFontName=name)
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=ITALIC, boldItalic=BOLD_ITALIC)
    for name in {east for _, _, east in _EAST}:
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    if found := next((path for path in _DEJAVU if Path(path).exists()), None):
        pdfmetrics.registerFont(TTFont("DejaVu Sans", found))


def markup(text: str, font: str = FONT) -> str:
    """Plain text as a paragraph's markup: escaped, each letter in a font that has it."""
    if text.isascii():
        return escape(text)
    registered()
    return "".join(_run(name, "".join(letters), font) for name, letters in groupby(text, lambda c: _font(c, font)))


def _run(name: str, letters: str, font: str) -> str:
    if not name:
        return BOX * len(letters) if _has("DejaVu Sans", BOX) else "?" * len(letters)
    return escape(letters) if name == font else f'<font name="{name}">{escape(letters)}</font>'


@cache
def _font(letter: str, font: str) -> str:
    """The font that has the letter; empty if none has. The upright face stands in for a slanted one."""
    if letter.isspace() or _has(font, letter):
        return font
    if _has(FONT, letter):
        return BOLD if font == BOLD_ITALIC else FONT
    code = ord(letter)
    east = next((name for first, last, name in _EAST if first <= code <= last), "")
    return east or ("DejaVu Sans" if _has("DejaVu Sans", letter) else "")


def _has(font: str, letter: str) -> bool:
    from reportlab.pdfbase import pdfmetrics

    registered()
    if font not in pdfmetrics.getRegisteredFontNames():
        return False
    return ord(letter) in pdfmetrics.getFont(font).face.charToGlyph
