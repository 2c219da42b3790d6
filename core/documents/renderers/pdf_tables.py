"""Tables in PDF: widths by content, numbers to the right, the head again on every page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from core.documents import linking, wording
from core.documents.renderers import pdf_fonts, pdf_words
from core.documents.renderers.pdf_style import WIDTH, colour, paragraph, theme
from core.documents.theme import FONT
from core.figures import NUMERIC, Cell, Column, Table

ROWS = 1000
"""More rows than this are left to XLSX and CSV."""

COLUMNS = 60
SHORT = 34
"""Rows of a table that may share a page's width with another."""

MEASURED = 200
"""Rows that decide on widths."""

LETTERS = 120
NARROWEST = 24

PADDING = 4
SIZE = 8.5
"""Of letters in cells and heads, in points."""


def table(shown: Table, most: int = ROWS, width: float = WIDTH) -> Iterator[Any]:
    """The table, why it is empty, and a line if rows were left out. Too many columns become several tables."""
    if not shown.cols:
        yield paragraph(wording.empty_text(shown.state, shown.state_text), "missing")
        return
    texts = _texts(shown, most)
    columns = _asked(shown, texts, width)
    for part in _parts(columns[:COLUMNS], width):
        yield _drawn(shown, part, texts, width)
    if not shown.rows:
        yield paragraph(wording.empty_text(shown.state, shown.state_text), "none")
    cut = [wording.rows_text(shown, most)]
    if len(columns) > COLUMNS:
        cut.append(f"{COLUMNS} of {len(columns)} columns; XLSX and CSV have all")
    if any(cut):
        yield paragraph(", ".join(text for text in cut if text), "note")


def _drawn(shown: Table, part: list[_Asked], texts: list[list[str]], width: float) -> Any:
    from reportlab.platypus import LongTable

    widths = _widths(part, width)
    rooms = [wide - 2 * PADDING for wide in widths]
    head = [_head(each.column, room) for each, room in zip(part, rooms, strict=True)]
    body = [
        [_cell(each.column, row[each.place], said[each.place], room) for each, room in zip(part, rooms, strict=True)]
        for row, said in zip(shown.rows, texts, strict=False)
    ]
    how = {"repeatRows": 1, "hAlign": "LEFT", "spaceAfter": 3, "splitInRow": 1}
    drawn = LongTable([head, *body], colWidths=widths, **how)
    drawn.setStyle(_look())
    return drawn


def pairs(shown: list[Table], most: int) -> Iterator[Any]:
    """Titled tables; two that are small stand side by side."""
    waiting: list[Table] = []
    for one in shown:
        if _small(one, most):
            waiting.append(one)
            if len(waiting) == 2:
                yield _beside(waiting, most)
                waiting = []
            continue
        if waiting:
            yield _beside(waiting, most)
            waiting = []
        yield from _titled(one, most)
    if waiting:
        yield _beside(waiting, most)


def fits(shown: Table, width: float) -> bool:
    """Whether the table, its columns at their least, stands in one piece within a part of a page."""
    if len(shown.rows) > SHORT or len(shown.cols) > COLUMNS:
        return False
    return sum(each.least for each in _asked(shown, _texts(shown), width)) <= width


def _small(shown: Table, most: int) -> bool:
    if min(len(shown.rows), most) > SHORT:
        return False
    return sum(each.whole for each in _asked(shown, _texts(shown), WIDTH)) <= WIDTH / 2 - 2 * PADDING


def _texts(shown: Table, most: int = ROWS) -> list[list[str]]:
    return [[wording.cell_text(c, v) for c, v in zip(shown.cols, row, strict=True)] for row in shown.rows[:most]]


def _asked(shown: Table, texts: list[list[str]], width: float) -> list[_Asked]:
    return [_Asked(place, column, [row[place] for row in texts], width) for place, column in enumerate(shown.cols)]


def _beside(shown: list[Table], most: int) -> Any:
    from reportlab.platypus import Table as Layout

    drawn = Layout([[_titled(each, most) for each in shown]], colWidths=[WIDTH / 2] * len(shown), hAlign="LEFT")
    drawn.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, 0), 0)])
    return drawn


def _titled(shown: Table, most: int) -> list[Any]:
    return [paragraph(shown.title or shown.key, "h2"), *table(shown, most)]


def _head(column: Column, room: float) -> Any:
    words = pdf_words.broken(column.label, room, pdf_fonts.BOLD, SIZE)
    return paragraph(words, "numberhead" if column.kind in NUMERIC else "head")


def _cell(column: Column, value: Cell, text: str, room: float) -> Any:
    words = pdf_words.broken(text, room, FONT, SIZE)
    if column.kind == "link" and (address := wording.safe_link(value)):
        return paragraph(words, "cell", address)
    if address := linking.href(value):
        return paragraph(words, "cell", address)
    return paragraph(words, "number" if column.kind in NUMERIC else "cell")


def _look() -> list[Any]:
    every = ((0, 0), (-1, -1))
    return [
        ("BACKGROUND", (0, 0), (-1, 0), colour(theme().surface)),
        ("LINEBELOW", *every, 0.4, colour(theme().line)),
        ("VALIGN", *every, "TOP"),
        *[(f"{side}PADDING", *every, PADDING) for side in ("LEFT", "RIGHT")],
        *[(f"{side}PADDING", *every, 2.5) for side in ("TOP", "BOTTOM")],
    ]


class _Asked:
    """A column with the width that its texts ask for, the one that breaks no word, and the least: that which breaks no
    part of a name, no number and no date."""

    def __init__(self, place: int, column: Column, texts: list[str], page: float) -> None:
        self.place = place
        self.column = column
        widths = [_wide(text) for text in texts[:MEASURED]]
        whole = max([_wide(column.label), *widths])
        words = [word for text in [column.label, *texts[:MEASURED]] for word in text.split()]
        parts = [part for word in words for part in pdf_words.parts(word)]
        longest = min(max(map(_wide, parts), default=NARROWEST), page * 0.18)
        if column.kind in NUMERIC or column.kind in ("date", "moment"):
            longest = max([longest, *widths])
        self.whole = max(NARROWEST, min(whole, page * 0.6))
        self.least = min(self.whole, longest, page * 0.25)
        self.unbroken = max(self.least, min(self.whole, max(map(_wide, words), default=NARROWEST), page * 0.4))


def _parts(columns: list[_Asked], width: float) -> Iterator[list[_Asked]]:
    """Columns in groups that fit the page's width; each group begins with the first column, which names the rows."""
    first, *rest = columns
    part = [first]
    for each in rest:
        if len(part) > 1 and sum(one.least for one in part) + each.least > width:
            yield part
            part = [first]
        part.append(each)
    yield part


def _widths(columns: list[_Asked], width: float) -> list[float]:
    """As wide as the content asks, within the page: first no number is broken, then no name, then no line."""
    steps = [[each.least for each in columns], [each.unbroken for each in columns], [each.whole for each in columns]]
    for less, more in pairwise(steps):
        if sum(more) > width:
            return _between(less, more, width)
    return steps[-1]


def _between(less: list[float], more: list[float], width: float) -> list[float]:
    """Columns that lack little get it before those that lack much: what is broken anyway is what gives way."""
    found, room = list(less), width - sum(less)
    lacking = sorted(range(len(less)), key=lambda place: more[place] - less[place])
    for done, place in enumerate(lacking):
        given = min(more[place] - less[place], room / (len(lacking) - done))
        found[place] += given
        room -= given
    return found


def _wide(text: str) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    pdf_fonts.registered()
    return float(stringWidth(text[:LETTERS], pdf_fonts.BOLD, SIZE)) + 2 * PADDING + 1
