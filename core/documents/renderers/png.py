"""PNG: the whole document, or one figure, as a single picture: laid out as for paper, on a sheet as long as it takes.

PDFium makes the picture. It is no format of `RENDERERS`, since nothing can be read back
out of it; outputs ask for it by itself.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from core.documents.document import Document
from core.documents.linking import folded
from core.documents.local import localised
from core.documents.renderers import Rendered
from core.documents.theme import LIGHT, Theme
from core.documents.themes import look
from core.figures import Figure

EDGE = 28.0
"""Points of paper around the content."""

SHARP = 2.0
"""Pixels in a point."""

LETTERS = 10.2
"""Points that the letters of charts are high: 11 pixels where the picture is shown 600 wide, as in mails and chats."""

LONGEST = 30_000
"""Pixels; a document that is longer is drawn smaller."""

ROWS = 100
"""Rows of a table that a picture shows."""

SHEETS = (20_000.0, 1_000_000.0)
"""Points of paper to try: letters of a longer sheet stand less exactly."""

_pdfium = Lock()


@dataclass(frozen=True, slots=True)
class Png:
    key: str = "png"
    label: str = "Picture"
    media_type: str = "image/png"
    suffix: str = ".png"

    def render(self, document: Document) -> Rendered:
        """The document as one picture."""
        from core.documents.renderers.pdf import for_a_picture
        from core.documents.renderers.pdf_fonts import readable, without_readers

        with without_readers():
            shown = folded(readable(localised(document)))
        return Rendered(
            _drawn(look(shown.theme).main, lambda: for_a_picture(shown, ROWS)), self.media_type, self.suffix
        )


def of_figure(figure: Figure, theme: Theme = LIGHT, most: int = ROWS) -> bytes:
    """One figure over the whole width of a sheet; a table shows so many rows."""
    from core.documents.renderers.pdf_figures import flow

    return _drawn(theme, lambda: flow([figure.model_copy(update={"columns": 6})], most=most))


def _drawn(theme: Theme, story: Callable[[], Iterable[Any]]) -> bytes:
    from core.documents.renderers.pdf_fonts import without_readers
    from core.documents.renderers.pdf_style import WIDTH, dressed

    with dressed(theme, LETTERS), without_readers():
        for length in SHEETS:
            sheet = _Sheet(list(story()), WIDTH, length)
            if sheet.pages == 1:
                break
    return sheet.picture()


class _Sheet:
    """One page of PDF, as long as there is room for, of which only what is filled is shown."""

    def __init__(self, story: list[Any], width: float, length: float) -> None:
        from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

        from core.documents.renderers.pdf_page import ground

        size = (width + 2 * EDGE, length)
        frame = Frame(EDGE, EDGE, width, length - 2 * EDGE, 0, 0, 0, 0)
        out = io.BytesIO()
        made = BaseDocTemplate(out, pagesize=size)
        made.addPageTemplates([PageTemplate("page", [frame], onPage=lambda canvas, _: ground(canvas, *size))])
        made.build(story)
        self.page, self.pages = out.getvalue(), made.page
        self.width, self.length = size
        self.height = length - frame._y + EDGE

    def picture(self) -> bytes:
        """What is filled, as PNG."""
        import pypdfium2

        scale = min(SHARP, LONGEST / self.height)
        out = io.BytesIO()
        with _pdfium:  # which may only be used by one thread at a time
            paper = pypdfium2.PdfDocument(self.page)
            try:
                paper[0].set_mediabox(0, self.length - self.height, self.width, self.length)
                paper[0].render(scale=scale).to_pil().convert("RGB").save(out, "PNG")
            finally:
                paper.close()
        return out.getvalue()
