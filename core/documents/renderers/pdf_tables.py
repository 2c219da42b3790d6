"""Tables in PDF: widths by content, numbers to the right, the head again on every page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.documents import wording
from core.documents.renderers import pdf_fonts
from core.documents.renderers.pdf_style import WIDTH, colour, paragraph, style
from core.documents.theme import LIGHT
from core.figures import Column, Scalar, Table

ROWS = 1000
"""More rows than this are left to XLSX and CSV."""

SHORT = 34
NARROW = 4
"""Rows and columns of a table that may share a page's width with another."""

PADDING = 4
_RIGHT = ("integer", "decimal", "percent", "hours")


def table(shown: Table, most: int = ROWS) -> Iterator[Any]:
    """The table, or why it is empty, and a line if rows were left out."""
    from reportlab.platypus import LongTable

    if not shown.rows:
        yield paragraph(wording.empty_text(shown.state, shown.state_text), "missing")
        return
    head = [paragraph(column.label, "numberhead" if column.kind in _RIGHT else "head") for column in shown.cols]
    texts = [[wording.cell_text(c, v) for c, v in zip(shown.cols, row, strict=True)] for row in shown.rows[:most]]
    body = [
        [_cell(column, value, text) for column, value, text in zip(shown.cols, row, said, strict=True)]
        for row, said in zip(shown.rows, texts, strict=False)
    ]
    drawn = LongTable([head, *body], colWidths=_widths(shown.cols, texts), repeatRows=1, hAlign="LEFT", spaceAfter=3)
    drawn.setStyle(_look())
    yield drawn
    if cut := wording.rows_text(shown, most):
        yield paragraph(cut, "note")


def pairs(shown: list[Table], most: int) -> Iterator[Any]:
    """Titled tables; two that are small stand side by side."""
    from reportlab.platypus import KeepTogether, Spacer
    from reportlab.platypus import Table as Layout

    waiting: list[Table] = []
    for one in [*shown, None]:
        if one is not None and len(one.rows) <= SHORT and len(one.cols) <= NARROW:
            waiting.append(one)
            if len(waiting) < 2:
                continue
        if waiting:
            cells = [_titled(each, most) for each in waiting]
            beside = Layout([cells], colWidths=[WIDTH / 2] * len(cells), hAlign="LEFT")
            beside.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, 0), 0)])
            yield KeepTogether([beside])
        if one is not None and one not in waiting:
            yield from _titled(one, most)
        waiting = []
        yield Spacer(1, PADDING)


def _titled(shown: Table, most: int) -> list[Any]:
    return [paragraph(shown.title or shown.key, "h2"), *table(shown, most)]


def _cell(column: Column, value: Scalar, text: str) -> Any:
    from reportlab.platypus import Paragraph

    if column.kind == "link" and (address := wording.safe_link(value)):
        quoted = address.replace("&", "&amp;").replace('"', "%22").replace("<", "%3C")
        return Paragraph(f'<a href="{quoted}" color="{LIGHT.primary}">{pdf_fonts.markup(text)}</a>', style("cell"))
    return paragraph(text, "number" if column.kind in _RIGHT else "cell")


def _look() -> list[Any]:
    every = ((0, 0), (-1, -1))
    return [
        ("BACKGROUND", (0, 0), (-1, 0), colour(LIGHT.surface)),
        ("LINEBELOW", *every, 0.4, colour(LIGHT.line)),
        ("VALIGN", *every, "TOP"),
        *[(f"{side}PADDING", *every, PADDING) for side in ("LEFT", "RIGHT")],
        *[(f"{side}PADDING", *every, 2.5) for side in ("TOP", "BOTTOM")],
    ]


def _widths(cols: list[Column], texts: list[list[str]]) -> list[float]:
    """As wide as the content asks, within the page; long texts give way, numbers and dates stay on one line."""
    wanted = [_asked(place, column, texts, WIDTH * 0.3) for place, column in enumerate(cols)]
    whole = sum(wide for wide, _ in wanted)
    if whole <= WIDTH:
        return [wide for wide, _ in wanted]
    if sum(small for _, small in wanted) > WIDTH:
        wanted = [_asked(place, column, texts, WIDTH * 0.12) for place, column in enumerate(cols)]
    least = sum(small for _, small in wanted)
    if least >= WIDTH:
        return [small * WIDTH / least for _, small in wanted]
    share = (WIDTH - least) / (whole - least)
    return [small + (wide - small) * share for wide, small in wanted]


def _asked(place: int, column: Column, texts: list[list[str]], most: float) -> tuple[float, float]:
    """Width for the whole text, and for its longest word, which gets `most` at most."""
    said = [row[place] for row in texts[:200]]
    whole = max([_wide(column.label), *map(_wide, said)])
    if column.kind in _RIGHT or column.kind in ("date", "moment"):
        return whole, max([*(_wide(word) for word in column.label.split()), *map(_wide, said)])
    words = [word for text in [column.label, *said] for word in text.split()]
    return min(whole, WIDTH * 0.6), min(max(map(_wide, words), default=0.0), most)


def _wide(text: str) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, pdf_fonts.BOLD, 8.5)) + 2 * PADDING + 1
