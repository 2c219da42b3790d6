"""Markdown as PDF paragraphs, lists and tables. Raw HTML is printed as the text it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from core.documents import prose, wording
from core.documents.renderers import pdf_fonts
from core.documents.renderers.pdf_style import WIDTH, colour, linked, style, theme
from core.documents.theme import FONT

Picture = Callable[[str], Any]
"""A flowable by the address of a picture; None where there is none to show."""


def flow(markdown: str, width: float = WIDTH, picture: Picture = lambda address: None) -> list[Any]:
    """The text as a list of flowables."""
    from markdown_it.tree import SyntaxTreeNode

    tree = SyntaxTreeNode(prose.parser().parse(markdown))
    return [drawn for node in tree.children for drawn in _Text(width, picture).block(node)]


class _Text:
    """One text being drawn, in the room that it has."""

    def __init__(self, width: float, picture: Picture) -> None:
        self.width = width
        self.picture = picture

    def block(self, node: Any, name: str = "body") -> Iterator[Any]:
        from reportlab.platypus import HRFlowable, Paragraph, XPreformatted

        match node.type:
            case "paragraph" | "heading":
                yield from self.words(node.children[0], style("h2" if node.type == "heading" else name))
            case "bullet_list" | "ordered_list":
                yield self.items(node, name)
            case "blockquote":
                for part in node.children:
                    yield from self.block(part, "quote")
            case "fence" | "code_block":
                yield XPreformatted(pdf_fonts.markup(node.content.rstrip("\n")), style("code"))
            case "table":
                yield self.table(node)
            case "hr":
                yield HRFlowable(width="100%", color=colour(theme().line), spaceBefore=4, spaceAfter=4)
            case _:
                yield Paragraph(pdf_fonts.markup(node.content), style(name))

    def words(self, node: Any, look: Any) -> Iterator[Any]:
        """A paragraph, and below it the pictures that stand in it."""
        from reportlab.platypus import Paragraph

        found = [self.picture(one.attrs.get("src", "")) for one in node.walk() if one.type == "image"]
        shown = [one for one in found if one is not None]
        text = "".join(_span(child, look.fontName) for child in node.children if not (shown and child.type == "image"))
        if text.strip() or not shown:
            yield Paragraph(text, look)
        yield from shown

    def items(self, node: Any, name: str) -> Any:
        from reportlab.platypus import ListFlowable, ListItem

        items = [
            ListItem([drawn for part in item.children for drawn in self.block(part, name)]) for item in node.children
        ]
        if node.type == "ordered_list":
            bullet = {"bulletType": "1", "bulletFormat": "%s.", "start": node.attrs.get("start", 1)}
        else:
            bullet = {"bulletType": "bullet"}
        return ListFlowable(
            items, bulletFontName=FONT, bulletFontSize=9, bulletColor=colour(theme().text), leftIndent=16, **bullet
        )

    def table(self, node: Any) -> Any:
        from reportlab.platypus import Paragraph, Table

        rows = [row for part in node.children for row in part.children]
        cells = [[Paragraph(_inline(cell.children[0], FONT), style("cell")) for cell in row.children] for row in rows]
        drawn = Table(cells, colWidths=self.width / max(3, len(cells[0])), hAlign="LEFT", spaceAfter=6)
        line, ground = colour(theme().line), colour(theme().surface)
        drawn.setStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, line), ("BACKGROUND", (0, 0), (-1, 0), ground)])
        return drawn


def _inline(node: Any, font: str) -> str:
    return "".join(_span(child, font) for child in node.children)


def _span(node: Any, font: str) -> str:
    match node.type:
        case "text":
            return pdf_fonts.markup(node.content, font)
        case "strong":
            return f"<b>{_inline(node, pdf_fonts.BOLD)}</b>"
        case "em":
            slanted = pdf_fonts.BOLD_ITALIC if font == pdf_fonts.BOLD else pdf_fonts.ITALIC
            return f"<i>{_inline(node, slanted)}</i>"
        case "s":
            return f"<strike>{_inline(node, font)}</strike>"
        case "link":
            return _link(node, font)
        case "code_inline":
            return f'<font backColor="{theme().surface}">{pdf_fonts.markup(node.content, font)}</font>'
        case "softbreak":
            return " "
        case "hardbreak":
            return "<br/>"
        case "image":
            return pdf_fonts.markup(node.content, font)
        case _:
            return pdf_fonts.markup(node.content, font)


def _link(node: Any, font: str) -> str:
    address = wording.safe_link(node.attrs.get("href", ""))
    words = _inline(node, font)
    return linked(words, address) if address else words
