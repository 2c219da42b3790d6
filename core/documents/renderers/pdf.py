"""PDF: A4 pages with contents, running heads, page numbers, charts as vectors, and an appendix of sources."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.documents import origins, tables, wording
from core.documents.document import DEMO, Document, Section
from core.documents.linking import folded
from core.documents.local import localised
from core.documents.renderers import Rendered
from core.documents.themes import hard_to_read, look
from core.figures import Series

ROWS = 1000
"""More rows of a table than this are left to XLSX and CSV."""

FEW = 12
"""Figures of a document that needs no list of its headings."""

BEHIND = 60
"""Rows of a chart that the appendix prints; XLSX, CSV and JSON have them all."""


@dataclass(frozen=True, slots=True)
class Pdf:
    key: str = "pdf"
    label: str = "PDF"
    media_type: str = "application/pdf"
    suffix: str = ".pdf"

    def render(self, document: Document) -> Rendered:
        """The document as A4 pages."""
        from core.documents.renderers.pdf_fonts import readable
        from core.documents.renderers.pdf_page import Pages
        from core.documents.renderers.pdf_style import dressed

        out = io.BytesIO()
        with dressed(look(document.theme).main):
            Pages(out, document).write(list(_story(folded(readable(localised(document))))))
        return Rendered(out.getvalue(), self.media_type, self.suffix)


def _story(document: Document) -> Iterator[Any]:
    from reportlab.platypus import PageBreak

    from core.documents.renderers.pdf_style import paragraph

    yield from _cover(document)
    for number, section in enumerate(document.sections):
        if section.page_break and number:
            yield PageBreak()
        yield from _section(section, document.columns)
    yield from _behind(document)
    yield from _origins(document)
    for remark in hard_to_read(document.theme):
        yield paragraph(remark, "note")


def for_a_picture(document: Document, most: int) -> Iterator[Any]:
    """What a reader looks at, without contents and appendices; tables show so many rows."""
    yield from _cover(document, contents=False)
    for section in document.sections:
        yield from _section(section, document.columns, most)


def _cover(document: Document, contents: bool = True) -> Iterator[Any]:
    from core.documents.renderers import pdf_page
    from core.documents.renderers.pdf_figures import notice
    from core.documents.renderers.pdf_style import paragraph
    from core.figures import Notice

    if document.is_demo:
        yield notice(Notice(level="warning", title="Demo", text=DEMO))
    yield paragraph(document.title, "title")
    if document.subtitle:
        yield paragraph(document.subtitle, "subtitle")
    yield _facts(document)
    for shown in document.notices:
        yield notice(shown)
    if contents and _is_long(document):
        yield from pdf_page.contents()


def _is_long(document: Document) -> bool:
    """Whether somebody would look for a page: a report of a page or two is read as it lies there."""
    titled = sum(bool(section.title) for section in document.sections)
    return titled > 1 and sum(1 for _ in document.figures()) > FEW


def _facts(document: Document) -> Any:
    from reportlab.platypus import Table

    from core.documents.renderers.pdf_style import MM, WIDTH, colour, paragraph, theme

    told = [(label, text) for label, text in wording.facts(document) if text != DEMO]
    cells = [[paragraph(label, "fact"), paragraph(text, "cell")] for label, text in told]
    half = -(-len(cells) // 2)
    blank: list[Any] = ["", ""]
    rows = [left + right for left, right in zip(cells[:half], [*cells[half:], blank], strict=False)]
    name = 33 * MM
    drawn = Table(rows, colWidths=[name, WIDTH / 2 - name] * 2, spaceBefore=6, spaceAfter=10)
    drawn.setStyle([("BACKGROUND", (0, 0), (-1, -1), colour(theme().surface)), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return drawn


def _section(section: Section, columns: int, most: int = ROWS) -> Iterator[Any]:
    from core.documents.renderers import pdf_figures, pdf_keeping, pdf_prose
    from core.documents.renderers.pdf_page import heading

    if section.title:
        yield heading(section.title)
    if section.intro:
        yield from pdf_keeping.with_next(pdf_prose.flow(section.intro))
    yield from pdf_figures.flow(section.drawn, columns, most)


def _behind(document: Document) -> Iterator[Any]:
    """The numbers of every chart, for those who cannot see it or want them exactly."""
    from core.documents.renderers.pdf_page import heading
    from core.documents.renderers.pdf_tables import pairs

    shown = [figure for figure in document.figures() if isinstance(figure, Series) and wording.has_values(figure)]
    if not shown:
        return
    yield heading("The numbers behind the charts")
    yield from pairs([tables.of_series(series) for series in shown], BEHIND)


def _origins(document: Document) -> Iterator[Any]:
    from core.documents.renderers.pdf_keeping import with_next
    from core.documents.renderers.pdf_page import heading
    from core.documents.renderers.pdf_style import paragraph
    from core.documents.renderers.pdf_tables import table

    told = origins.of(document)
    if not told:
        return
    yield heading("Where the numbers come from")
    if told.shared:
        yield from with_next([paragraph(_facts_of(told.shared), "note")])
    for group in told.groups:
        yield paragraph(group.title, "h2")
        if group.shared:
            yield from with_next([paragraph(_facts_of(group.shared), "note")])
        yield from table(group.parts)
    for other in told.others:
        yield paragraph(other.title, "h2")
        if other.facts:
            yield from with_next([paragraph(_facts_of(other.facts), "note")])
        for sentence, grounds in other.grounds:
            yield paragraph(grounds, "note", opening=sentence)
    if told.definitions:
        yield paragraph("What the numbers mean", "h2")
    for name, meaning in told.definitions:
        yield paragraph(meaning, "note", opening="" if name == meaning else name)


def _facts_of(facts: origins.Facts) -> str:
    return "; ".join(f"{label}: {text}" for label, text in facts) + "."
