"""Prose: Markdown that people wrote, made safe. Raw HTML is shown as the text it is, never run."""

from __future__ import annotations

from functools import cache
from typing import Any

TAGS = set(
    "p br strong em s code pre ul ol li a blockquote hr table thead tbody tr th td h1 h2 h3 h4 h5 h6".split()  # noqa: SIM905
)


@cache
def parser() -> Any:
    """The house's Markdown: CommonMark with tables and strikethrough, without HTML."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def html(markdown: str, top: int = 3) -> str:
    """Sanitised HTML; the highest heading in the text becomes level `top`."""
    import nh3

    tokens = parser().parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + top - 1)}"
    drawn = parser().renderer.render(tokens, parser().options, {})
    return nh3.clean(
        drawn, tags=TAGS, attributes={"a": {"href", "title"}, "ol": {"start"}}, url_schemes={"http", "https", "mailto"}
    )


def has_html(markdown: str) -> bool:
    """Whether a reader that allows HTML would find some in it."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(markdown)
    inner = [child for token in tokens for child in token.children or []]
    return any(token.type in ("html_block", "html_inline") for token in [*tokens, *inner])
