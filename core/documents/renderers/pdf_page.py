"""The page of a PDF: running head and foot, page numbers out of how many, bookmarks and contents.

A document is laid out once. On which page a heading comes to stand, and how many pages there are, is known at the end
only; what says so is a form that its place refers to and that is filled in then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph

from core.documents import wording
from core.documents.document import Document
from core.documents.renderers import pdf_fonts
from core.documents.renderers.pdf_keeping import Kept, gathered
from core.documents.renderers.pdf_style import (
    BOTTOM,
    HEIGHT,
    MARGIN,
    MM,
    NUMBER,
    PAGE,
    WIDTH,
    colour,
    paragraph,
    style,
    theme,
)
from core.documents.theme import FONT

HEAD, FOOT = PAGE[1] - 14 * MM, 11 * MM
"""Where the lines in head and foot stand."""
DOT = " . "


class _Heading(Paragraph):  # type: ignore[misc]
    """A heading that contents and bookmarks list."""

    key = ""

    def split(self, availWidth: float, availHeight: float) -> list[Any]:  # noqa: N803 - reportlab's names
        """Of a heading that goes on on the next page, the bookmark is where it begins."""
        parts: list[Any] = super().split(availWidth, availHeight)
        if parts:
            parts[0].key = self.key
        return parts


class _Contents(Flowable):  # type: ignore[misc]
    """Where the headings will be listed."""


class _Entry(Paragraph):  # type: ignore[misc]
    """A heading in the contents, dots, and the page that it turns out to stand on."""

    key = ""

    def draw(self) -> None:
        super().draw()
        canvas, worn, last = self.canv, self.style, self.blPara.lines[-1]
        spare = last[0] if self.blPara.kind == 0 else last.extraSpace
        canvas.saveState()
        canvas.translate(self.width - NUMBER, worn.leading - worn.fontSize)
        canvas.setFont(worn.fontName, worn.fontSize)
        canvas.setFillColor(worn.textColor)
        canvas.drawRightString(0, 0, DOT * int(max(0.0, spare) / stringWidth(DOT, worn.fontName, worn.fontSize)))
        canvas.doForm(self.key)
        canvas.restoreState()
        canvas.linkRect("", self.key, (0, 0, self.width, self.height), relative=1)


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
        self.pages = 0
        self.places: dict[str, int] = {}
        frame = Frame(MARGIN, BOTTOM, WIDTH, HEIGHT, 0, 0, 0, 0)
        self.addPageTemplates([PageTemplate("page", [frame], onPage=self.around)])

    def write(self, story: Sequence[Any]) -> None:
        """Lay the story out and write the file."""
        headings = [flowable for flowable in story if isinstance(flowable, _Heading)]
        for number, one in enumerate(headings, 1):
            one.key = f"heading-{number}"
        listed = [_entry(one) for one in headings]
        self._doSave = 0  # not before all is filled in
        self.build([part for one in story for part in (listed if isinstance(one, _Contents) else [one])])
        self._fill_in()
        self.canv.save()

    def _fill_in(self) -> None:
        """Say what is known now that all pages are laid out."""
        worn = style("toc")
        for key, page in self.places.items():
            with self._form(key):
                self.canv.setFont(worn.fontName, worn.fontSize)
                self.canv.setFillColor(worn.textColor)
                self.canv.drawRightString(NUMBER, 0, str(page))
        for page in range(1, self.pages + 1):
            with self._form(_numbering(page)):
                _at_right(self.canv, FOOT, f"Page {page} of {self.pages}")

    @contextmanager
    def _form(self, name: str) -> Iterator[None]:
        self.canv.beginForm(name, 0, 0, *PAGE)
        yield
        self.canv.endForm()

    def handle_keepWithNext(self, flowables: list[Any]) -> None:  # noqa: N802 - reportlab's name
        """Lay out a heading with what it is the heading of."""
        if kept := gathered(flowables):
            flowables[: len(kept)] = [Kept(kept)]

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802 - reportlab's name
        """Mark where a heading stands."""
        if not isinstance(flowable, _Heading) or not flowable.key:
            return
        self.places[flowable.key] = self.page
        self.canv.bookmarkPage(flowable.key)
        self.canv.addOutlineEntry(flowable.getPlainText(), flowable.key, 0, closed=False)

    def around(self, canvas: Any, template: Any) -> None:
        """Head and foot. The first page carries the title itself, so its head stays empty."""
        self.pages = max(self.pages, self.page)
        canvas.saveState()
        ground(canvas, *PAGE)
        if self.page > 1:
            _at_left(canvas, HEAD, self.shown.title, self.shown.period_label)
            _at_right(canvas, HEAD, self.shown.period_label)
            canvas.setStrokeColor(colour(theme().line))
            canvas.line(MARGIN, PAGE[1] - 16.5 * MM, PAGE[0] - MARGIN, PAGE[1] - 16.5 * MM)
        made = f"{self.shown.workspace} · {wording.local_text(self.shown, self.shown.generated_at)}".strip(" ·")
        _at_left(canvas, FOOT, f"Demo data · {made}" if self.shown.is_demo else made, "Page 9,999 of 9,999")
        canvas.doForm(_numbering(self.page))
        canvas.restoreState()


def _numbering(page: int) -> str:
    return f"page-{page}"


def _at_left(canvas: Any, height: float, text: str, right: str) -> None:
    """The beginning of a line in head or foot, shortened where it would meet what stands at its end."""
    room, left = WIDTH - stringWidth(right, FONT, 8) - 5 * MM, text
    while left and stringWidth(left, FONT, 8) > room:
        left = left[:-2]
    _line(canvas, height, left if left == text else f"{left}…", "label")


def _at_right(canvas: Any, height: float, text: str) -> None:
    _line(canvas, height, text, "number")


def _line(canvas: Any, height: float, text: str, name: str) -> None:
    drawn = Paragraph(pdf_fonts.markup(text), style(name))
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
    yield _Contents()


def _entry(listed: _Heading) -> _Entry:
    entry = _Entry(pdf_fonts.markup(listed.getPlainText()), style("toc"))
    entry.key = listed.key
    return entry
