"""Markdown as PDF paragraphs, lists and tables. Raw HTML is printed as the text it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from core.documents import prose, wording
from core.documents.renderers import pdf_fonts
from core.documents.renderers.pdf_style import WIDTH, colour, style
from core.documents.theme import FONT, LIGHT

_STYLES = {"paragraph": "body", "heading": "h2"}


def flow(markdown: str) -> list[Any]:
    """The text as a list of flowables."""
    from markdown_it.tree import SyntaxTreeNode

    tree = SyntaxTreeNode(prose.parser().parse(markdown))
    return [drawn for node in tree.children for drawn in _block(node)]


def _block(node: Any, name: str = "body") -> Iterator[Any]:
    from reportlab.platypus import HRFlowable, ListFlowable, ListItem, Paragraph, XPreformatted

    match node.type:
        case "paragraph" | "heading":
            look = style("h2" if node.type == "heading" else name)
            yield Paragraph(_inline(node.children[0], look.fontName), look)
        case "bullet_list" | "ordered_list":
            items = [
                ListItem([drawn for part in item.children for drawn in _block(part, name)]) for item in node.children
            ]
            ordered = node.type == "ordered_list"
            bullet = (
                {"bulletType": "1", "bulletFormat": "%s.", "start": node.attrs.get("start", 1)}
                if ordered
                else {"bulletType": "bullet"}
            )
            yield ListFlowable(items, bulletFontName=FONT, bulletFontSize=9, leftIndent=16, **bullet)
        case "blockquote":
            for part in node.children:
                yield from _block(part, "quote")
        case "fence" | "code_block":
            yield XPreformatted(pdf_fonts.markup(node.content.rstrip("\n")), style("code"))
        case "table":
            yield _table(node)
        case "hr":
            yield HRFlowable(width="100%", color=colour(LIGHT.line), spaceBefore=4, spaceAfter=4)
        case _:
            yield Paragraph(pdf_fonts.markup(node.content), style(name))


def _table(node: Any) -> Any:
    from reportlab.platypus import Paragraph, Table

    rows = [row for part in node.children for row in part.children]
    cells = [[Paragraph(_inline(cell.children[0], FONT), style("cell")) for cell in row.children] for row in rows]
    drawn = Table(cells, colWidths=WIDTH / max(3, len(cells[0])), hAlign="LEFT", spaceAfter=6)
    line, ground = colour(LIGHT.line), colour(LIGHT.surface)
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
            return f'<font backColor="{LIGHT.surface}">{pdf_fonts.markup(node.content, font)}</font>'
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
    return f'<a href={quoteattr(address)} color="{LIGHT.primary}">{words}</a>' if address else words
