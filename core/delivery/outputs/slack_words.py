"""Markdown in Slack's own dialect, and text within its limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.documents import prose, wording

LONGEST = 3000
"""Letters of one section's text."""


def escaped(text: str) -> str:
    """Text in which nothing is a link or a command."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(address: str, words: str) -> str:
    """A link; the words alone where the address is none of the web."""
    safe = wording.safe_link(address).replace("|", "%7C").replace("<", "%3C").replace(">", "%3E")
    return f"<{safe.replace('&', '&amp;')}|{words}>" if safe else words


def pieces(text: str, longest: int = LONGEST) -> Iterator[str]:
    """The text in parts that are short enough, broken at line ends where there are some."""
    while len(text) > longest:
        cut = text.rfind("\n", 1, longest)
        cut = cut if cut > longest // 2 else longest
        yield text[:cut]
        text = text[cut:].lstrip("\n")
    if text.strip():
        yield text


def short(text: str, longest: int) -> str:
    """Text of at most so many letters; an ellipsis tells that some are missing."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def of_markdown(markdown: str) -> str:
    """Markdown as Slack writes it."""
    from markdown_it.tree import SyntaxTreeNode

    tree = SyntaxTreeNode(prose.parser().parse(markdown))
    return "\n\n".join(text for node in tree.children if (text := _block(node)))


def _block(node: Any, indent: str = "") -> str:
    match node.type:
        case "paragraph":
            return _inline(node.children[0])
        case "heading":
            return f"*{_inline(node.children[0])}*"
        case "bullet_list" | "ordered_list":
            first = int(node.attrs.get("start", 1))
            marks = (f"{first + place}." if node.type == "ordered_list" else "•" for place in range(len(node.children)))
            return "\n".join(_item(mark, item, indent) for mark, item in zip(marks, node.children, strict=True))
        case "blockquote":
            said = "\n".join(_block(part) for part in node.children)
            return "\n".join(f">{line}" for line in said.splitlines())
        case "fence" | "code_block":
            return f"```\n{escaped(node.content.rstrip())}\n```"
        case "table":
            return _table(node)
        case _:
            return ""


def _item(mark: str, item: Any, indent: str) -> str:
    parts = [_block(part, indent + "    ") for part in item.children]
    return f"{indent}{mark} " + "\n".join(parts)


def _table(node: Any) -> str:
    rows = [[_inline(cell.children[0]) for cell in row.children] for part in node.children for row in part.children]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "```\n" + "\n".join(lines) + "\n```"


def _inline(node: Any) -> str:
    return "".join(map(_span, node.children))


def _span(node: Any) -> str:
    match node.type:
        case "strong":
            return f"*{_inline(node)}*"
        case "em":
            return f"_{_inline(node)}_"
        case "s":
            return f"~{_inline(node)}~"
        case "link":
            return link(str(node.attrs.get("href", "")), _inline(node))
        case "code_inline":
            return f"`{escaped(node.content)}`"
        case "softbreak" | "hardbreak":
            return "\n"
        case "image":
            return ""
        case _:
            return escaped(node.content)
