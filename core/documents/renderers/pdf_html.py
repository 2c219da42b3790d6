"""A plugin's HTML as PDF flowables: paragraphs, lists, tables and pictures; its styles are left to web pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.documents import prose, wording
from core.documents.renderers import pdf_fonts
from core.documents.renderers.pdf_prose import Picture
from core.documents.renderers.pdf_style import colour, linked, style, theme
from core.documents.theme import FONT

_BLOCKS = frozenset(
    "p div section h1 h2 h3 h4 h5 h6 ul ol dl table pre blockquote hr figure figcaption dt dd img".split()  # noqa: SIM905
)
_MARKS = {"strong": "b", "b": "b", "em": "i", "i": "i", "u": "u", "s": "strike", "sub": "sub", "sup": "super"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "dt"}


def flow(text: str, width: float, picture: Picture) -> list[Any]:
    """The HTML as a list of flowables."""
    from lxml import html

    safe = prose.rich(text, lambda blob: f"{prose.BLOB}{blob}")
    root = html.fragment_fromstring(safe, create_parent="div")
    return list(_Page(width, picture).blocks(root, "body"))


def inline(text: str, font: str) -> str:
    """HTML that stands in a line, as a paragraph's markup."""
    from lxml import html

    return _markup(html.fragment_fromstring(prose.inline(text), create_parent="span"), font)


class _Page:
    def __init__(self, width: float, picture: Picture) -> None:
        self.width = width
        self.picture = picture

    def blocks(self, element: Any, name: str) -> Iterator[Any]:
        """What stands in an element: its blocks, and the words between them as paragraphs."""
        look = style(name)
        words = [pdf_fonts.markup(element.text or "", look.fontName)]
        for child in element:
            if child.tag in _BLOCKS:
                yield from _paragraph(words, look)
                words = []
                yield from self.block(child, name)
            else:
                words.append(_markup(child, look.fontName))
            words.append(pdf_fonts.markup(child.tail or "", look.fontName))
        yield from _paragraph(words, look)

    def block(self, element: Any, name: str) -> Iterator[Any]:
        from reportlab.platypus import HRFlowable, XPreformatted

        match element.tag:
            case "img":
                shown = self.picture(element.get("src", ""))
                yield from [shown] if shown is not None else []
            case "hr":
                yield HRFlowable(width="100%", color=colour(theme().line), spaceBefore=4, spaceAfter=4)
            case "pre":
                yield XPreformatted(pdf_fonts.markup(element.text_content().rstrip()), style("code"))
            case "ul" | "ol":
                yield self.items(element, name)
            case "table":
                yield from self.table(element)
            case "blockquote":
                yield from self.blocks(element, "quote")
            case tag:
                yield from self.blocks(element, "h2" if tag in _HEADINGS else name)

    def items(self, element: Any, name: str) -> Any:
        from reportlab.platypus import ListFlowable, ListItem

        items = [ListItem(list(self.blocks(item, name))) for item in element.iterchildren("li")]
        kind = {"bulletType": "1", "bulletFormat": "%s."} if element.tag == "ol" else {"bulletType": "bullet"}
        ink = colour(theme().text)
        return ListFlowable(items, bulletFontName=FONT, bulletFontSize=9, bulletColor=ink, leftIndent=16, **kind)

    def table(self, element: Any) -> Iterator[Any]:
        from reportlab.platypus import Table

        rows = [
            [list(self.blocks(cell, "cell")) for cell in row.iterchildren("td", "th")] for row in element.iter("tr")
        ]
        across = max(map(len, rows), default=0)
        if not across:
            return
        filled = [[*row, *[""] * (across - len(row))] for row in rows]
        drawn = Table(filled, colWidths=self.width / max(2, across), hAlign="LEFT", spaceAfter=6, splitInRow=1)
        every = ((0, 0), (-1, -1))
        drawn.setStyle([("LINEBELOW", *every, 0.4, colour(theme().line)), ("VALIGN", *every, "TOP")])
        yield drawn


def _paragraph(words: list[str], look: Any) -> Iterator[Any]:
    from reportlab.platypus import Paragraph

    text = "".join(words)
    if text.replace("<br/>", "").strip():
        yield Paragraph(text, look)


def _markup(element: Any, font: str) -> str:
    bold = element.tag in ("strong", "b")
    inner = pdf_fonts.BOLD if bold else font
    words = pdf_fonts.markup(element.text or "", inner)
    for child in element:
        words += _markup(child, inner) + pdf_fonts.markup(child.tail or "", inner)
    if element.tag == "br":
        return "<br/>"
    if element.tag == "a" and (address := wording.safe_link(element.get("href", ""))):
        return linked(words, address)
    mark = _MARKS.get(element.tag)
    return f"<{mark}>{words}</{mark}>" if mark else words
