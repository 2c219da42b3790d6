"""The page of a PDF: running head and foot, page numbers out of how many, bookmarks and contents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph
from reportlab.platypus.tableofcontents import TableOfContents

from core.documents import wording
from core.documents.document import Document
from core.documents.renderers import pdf_fonts
from core.documents.renderers.pdf_style import BOTTOM, HEIGHT, MARGIN, MM, PAGE, WIDTH, colour, paragraph, style, theme
from core.documents.theme import FONT


class _Heading(Paragraph):  # type: ignore[misc]
    """A heading that contents and bookmarks list."""


class Pages(BaseDocTemplate):  # type: ignore[misc]
    """A4 pages of one document."""

    def __init__(self, out: IO[bytes], document: Document) -> None:
        about = {
            "title": document.title,
            "author": document.author or document.workspace or "Sightline",
            "subject": document.period_label,
            "creator": "Sightline",
            "lang": "en",
        }
        super().__init__(out, pagesize=PAGE, **about)
        self.shown = document
        self.pages = self.counted = 0
        self.headings = 0
        frame = Frame(MARGIN, BOTTOM, WIDTH, HEIGHT, 0, 0, 0, 0)
        self.addPageTemplates([PageTemplate("page", [frame], onPage=self.around)])

    def beforeDocument(self) -> None:  # noqa: N802 - reportlab's name
        """A pass begins: multiBuild makes several, until the contents fit."""
        self.headings = 0

    def _allSatisfied(self) -> bool:  # noqa: N802 - reportlab's name
        """Whether another pass is needed: every page says how many there are."""
        known, self.counted = self.counted == self.pages, self.pages
        return bool(super()._allSatisfied()) and known

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802 - reportlab's name
        """List headings in the contents and as bookmarks."""
        self.pages = max(self.pages, self.page)
        if not isinstance(flowable, _Heading):
            return
        self.headings += 1
        key = f"heading-{self.headings}"
        text = flowable.getPlainText()
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, 0, closed=False)
        self.notify("TOCEntry", (0, pdf_fonts.markup(text), self.page, key))

    def around(self, canvas: Any, template: Any) -> None:
        """Head and foot. The first page carries the title itself, so its head stays empty."""
        canvas.saveState()
        ground(canvas, *PAGE)
        if self.page > 1:
            self.line(canvas, PAGE[1] - 14 * MM, self.shown.title, self.shown.period_label)
            canvas.setStrokeColor(colour(theme().line))
            canvas.line(MARGIN, PAGE[1] - 16.5 * MM, PAGE[0] - MARGIN, PAGE[1] - 16.5 * MM)
        made = f"{self.shown.workspace} · {wording.local_text(self.shown, self.shown.generated_at)}".strip(" ·")
        foot = f"Demo data · {made}" if self.shown.is_demo else made
        self.line(canvas, 11 * MM, foot, f"Page {self.page} of {max(self.pages, self.page)}")
        canvas.restoreState()

    def line(self, canvas: Any, height: float, left: str, right: str) -> None:
        """Two texts on one line, the left one shortened if they would meet."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        room = WIDTH - stringWidth(right, FONT, 8) - 5 * MM
        text = left
        while text and stringWidth(text, FONT, 8) > room:
            text = text[:-2]
        for words, place in ((text if text == left else f"{text}…", "left"), (right, "right")):
            drawn = Paragraph(pdf_fonts.markup(words), style("label" if place == "left" else "number"))
            drawn.wrap(WIDTH, 20)
            drawn.drawOn(canvas, MARGIN, height)


def ground(canvas: Any, width: float, height: float) -> None:
    """Paint the page, unless it is white as paper is."""
    if theme().background.lower() not in ("#ffffff", "#fff"):
        canvas.setFillColor(colour(theme().background))
        canvas.rect(0, 0, width, height, stroke=0, fill=1)


def heading(text: str) -> Any:
    """A heading of the first level."""
    return _Heading(pdf_fonts.markup(text, pdf_fonts.BOLD), style("h1"))


def contents() -> Iterator[Any]:
    """The list of headings with their pages."""
    yield paragraph("Contents", "h2")
    yield TableOfContents(levelStyles=[style("toc")], dotsMinLevel=0)
