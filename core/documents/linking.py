"""Addresses that stand behind words: a column of links is folded into the column that names the row.

For formats that are read. A long address says nothing to a reader and takes the room of what does; formats that are
worked on (XLSX, CSV, JSON) keep the column.
"""

from __future__ import annotations

from core.documents import wording
from core.documents.document import Document
from core.figures import Cell, Figure, Table

NAMES = ("title", "subject", "name", "label")
"""Keys of columns that name a row, better than the first column of text does."""


class Linked(str):
    """A cell's words, which lead to an address."""

    __slots__ = ("href",)
    href: str


def folded(document: Document) -> Document:
    """The document with the links of each table behind the words that name its rows."""
    sections = [
        section.model_copy(update={"blocks": [_figure(figure) for figure in section.blocks]})
        for section in document.sections
    ]
    return document.model_copy(update={"sections": sections})


def href(cell: Cell) -> str:
    """Where a cell's words lead; empty for those that lead nowhere."""
    return cell.href if isinstance(cell, Linked) else ""


def _figure(figure: Figure) -> Figure:
    return table(figure) if isinstance(figure, Table) else figure


def table(shown: Table) -> Table:
    """The table without its column of links, if it has just one, all of it may be followed, and a column of words."""
    links = [place for place, column in enumerate(shown.cols) if column.kind == "link"]
    words = [place for place, column in enumerate(shown.cols) if column.kind == "text"]
    if len(links) != 1 or not words or not all(_may_lead(row[links[0]]) for row in shown.rows):
        return shown
    named = next((place for place in words if shown.cols[place].key in NAMES), words[0])
    kept = [place for place in range(len(shown.cols)) if place != links[0]]
    rows = [[_cell(row, place, named, links[0]) for place in kept] for row in shown.rows]
    return shown.model_copy(update={"cols": [shown.cols[place] for place in kept], "rows": rows})


def _may_lead(cell: Cell) -> bool:
    return cell in (None, "") or bool(wording.safe_link(cell))


def _cell(row: list[Cell], place: int, named: int, link: int) -> Cell:
    address = wording.safe_link(row[link])
    if place != named or not address:
        return row[place]
    words = Linked(row[place] or address)
    words.href = address
    return words
