"""Letters for PDF: Source Sans Pro for Latin, Greek and Cyrillic, and a substitute, run by run, for what it lacks.

Arabic, Hebrew and signs use the machine's DejaVu Sans where there is one. Chinese,
Japanese and Korean use a font of the machine, which the file then carries, or else the
fonts that PDF readers bring. What none has is said in Latin letters.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from core.documents import letters
from core.documents.document import Document
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

_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts",
            "/System/Library/Fonts/Supplemental", "~/Library/Fonts", "C:/Windows/Fonts")  # fmt: skip
_SIGNS, _EASTERN, _KOREAN = "DejaVu Sans", "Eastern", "Korean"
_OF_MACHINE = {
    _SIGNS: ("DejaVuSans.ttf",),
    _EASTERN: ("DroidSansFallbackFull.ttf", "DroidSansFallback.ttf", "wqy-microhei.ttc", "wqy-zenhei.ttc",
               "Arial Unicode.ttf"),
    _KOREAN: ("NanumGothic.ttf", "UnDotum.ttf", "malgun.ttf", "AppleGothic.ttf"),
}  # fmt: skip
"""Files that a machine may have, the best first. They hold TrueType outlines, which is what reportlab can embed."""
_OF_READERS = ((0x3040, 0x30FF, "HeiseiKakuGo-W5"), (0xAC00, 0xD7AF, "HYGothic-Medium"),
               (0x2E80, 0x9FFF, "STSong-Light"), (0xF900, 0xFAFF, "STSong-Light"),
               (0xFF00, 0xFFEF, "STSong-Light"))  # fmt: skip

_readers: ContextVar[bool] = ContextVar("readers", default=True)


@contextmanager
def without_readers() -> Iterator[None]:
    """What is drawn inside is looked at here, and not by a reader who brings fonts."""
    before = _readers.set(False)
    try:
        yield
    finally:
        _readers.reset(before)


@cache
def registered() -> None:
    """Make the fonts known to reportlab, once a process; svglib would else put others under their names."""
    from reportlab.pdfbase import pdfmetrics
    from svglib import fonts

    for name, (file, weight, slant) in _FILES.items():
        path = str(font_folder() / f"SourceSansPro-{file}.ttf")
        fonts.register_font(FONT, path, weight, slant, rlgFontName=name)
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=ITALIC, boldItalic=BOLD_ITALIC)


def readable(document: Document) -> Document:
    """The document with letters that no font has in Latin ones: before it is laid out, so that they are given room."""
    registered()
    frozen, readers = document.frozen(), _readers.get()
    said = letters.replaced(frozen, lambda letter: bool(_font(letter, FONT, readers)))
    return document if said is frozen else Document.thawed(said)


def markup(text: str, font: str = FONT) -> str:
    """Plain text as a paragraph's markup: escaped, each letter in a font that has it."""
    if text.isascii():
        return letters.bound(escape(text))
    parts = [
        escape(said) if name == font else f'<font name="{name}">{escape(said)}</font>'
        for name, said in runs(text, font)
    ]
    return letters.bound("".join(parts))


def runs(text: str, font: str = FONT) -> list[tuple[str, str]]:
    """The text in runs, each with its font. What runs from right to left is one, which its font turns when it draws."""
    registered()
    found: list[tuple[str, str]] = []
    for part, left in letters.parts(unicodedata.normalize("NFC", text)):
        joined = letters.joined(part) if left else part
        if left and all(letter.isspace() or _has(_SIGNS, letter) for letter in joined):
            found.append((_SIGNS, joined))
            continue
        for name, same in groupby(part, lambda letter: _font(letter, font, _readers.get())):
            said = "".join(same)
            found.append((name or font, said if name else letters.latin(said)))
    return [(name, "".join(said for _, said in same)) for name, same in groupby(found, lambda run: run[0])]


@cache
def _font(letter: str, font: str, readers: bool) -> str:
    """The font that has the letter; empty if none has. The upright face stands in for a slanted one."""
    if letter.isspace() or _has(font, letter):
        return font
    if _has(FONT, letter):
        return BOLD if font == BOLD_ITALIC else FONT
    code = ord(letter)
    east = next((name for first, last, name in _OF_READERS if first <= code <= last), "")
    for name in (_EASTERN, _KOREAN) if east else (_SIGNS,):
        if _has(name, letter):
            return name
    return _of_readers(east) if east and readers else ""


def _has(font: str, letter: str) -> bool:
    from reportlab.pdfbase import pdfmetrics

    if font in _OF_MACHINE and not _of_machine(font):
        return False
    return ord(letter) in pdfmetrics.getFont(font).face.charToGlyph


@cache
def _of_machine(name: str) -> bool:
    """Whether the machine has such a font, which reportlab then knows."""
    from reportlab.pdfbase import pdfmetrics

    path = next((_files()[file] for file in _OF_MACHINE[name] if file in _files()), None)
    if path is None:
        return False
    pdfmetrics.registerFont(_turning()(name, path))
    return True


@cache
def _files() -> dict[str, str]:
    """Every font file of the machine by its name."""
    walks = (walk for folder in _FOLDERS for walk in os.walk(Path(folder).expanduser()))
    return {file: str(Path(folder) / file) for folder, _, files in walks for file in files}


@cache
def _turning() -> Any:
    """A font that draws what runs from right to left in that order, line by line."""
    from reportlab.pdfbase.ttfonts import TTFont

    class Turning(TTFont):  # type: ignore[misc]
        def splitString(self, text: str, *more: Any, **how: Any) -> Any:  # noqa: N802 - reportlab's name
            if letters.runs_left(text):
                text = "".join(letters.turned(part) if left else part for part, left in letters.parts(text))
            return super().splitString(text, *more, **how)

    return Turning


@cache
def _of_readers(name: str) -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont(name))
    return name
