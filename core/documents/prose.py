"""Prose: Markdown that people wrote and HTML that plugins made, both made safe.

Raw HTML in Markdown is shown as the text it is, never run. A plugin's HTML keeps what
lays out and shows; whatever runs or loads is taken out, and its pictures are its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from core.documents import letters
from core.figures import Prose


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TAGS = _words("p br strong em s code pre ul ol li a blockquote hr table thead tbody tr th td h1 h2 h3 h4 h5 h6")
LAYOUT = TAGS | _words(
    "b i u small sub sup span div img dl dt dd caption colgroup col tfoot figure figcaption section mark data time"
)
INLINE = _words("a b strong em i u s small sub sup span code br mark")
STYLES = _words(
    "background-color border border-bottom border-collapse border-color border-left border-radius border-right"
    " border-spacing border-style border-top border-width color display font-size font-style font-weight height"
    " letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right margin-top max-width"
    " min-width opacity padding padding-bottom padding-left padding-right padding-top table-layout text-align"
    " text-decoration text-transform vertical-align white-space width word-break"
)
"""What a style may set: nothing that loads, and nothing that leaves its place."""

_EVERYWHERE = {"class", "style", "title", "align", "valign", "width", "height", "dir", "lang", "bgcolor"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "table": {"cellpadding", "cellspacing", "border", "role"},
    "data": {"value"},
    "time": {"datetime"},
}
BLOB = "blob:"
"""What the address of a figure's own picture begins with; its id follows."""

_IMAGE = re.compile(r'<img((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*/?>')

_PICTURE = re.compile(r"!\[([^\]]*)\]\(\s*<?blob:[^)]*\)")

Address = Callable[[str], str]
"""The address of a blob by its id; empty where it cannot be shown."""


@cache
def parser() -> Any:
    """The house's Markdown: CommonMark with tables and strikethrough, without HTML."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def html(markdown: str, top: int = 3, address: Address | None = None) -> str:
    """Sanitised HTML; the highest heading in the text becomes level `top`. Pictures are shown by `address` alone."""
    import nh3

    tokens = parser().parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + top - 1)}"
    drawn = parser().renderer.render(tokens, parser().options, {})
    safe = nh3.clean(
        drawn,
        tags=set(TAGS | {"img"} if address else TAGS),
        attributes={"a": {"href", "title"}, "ol": {"start"}, "img": {"src", "alt", "title"}},
        url_schemes={"http", "https", "mailto", "blob"},
        attribute_filter=_addressed(address or _nowhere),
    )
    return letters.bound(_shown_images(safe))


def rich(text: str, address: Address) -> str:
    """A plugin's HTML without what runs or loads."""
    import nh3

    safe = nh3.clean(
        text,
        tags=set(LAYOUT),
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "blob"},
        attribute_filter=_addressed(address),
        filter_style_properties=set(STYLES),
    )
    return _shown_images(safe)


def inline(text: str) -> str:
    """HTML that stands in a line: links and emphasis."""
    import nh3

    return nh3.clean(
        text,
        tags=set(INLINE),
        attributes={"a": {"href", "title"}, "span": {"style"}},
        url_schemes={"http", "https", "mailto"},
        filter_style_properties={"color", "font-size", "font-weight"},
    )


def written(figure: Prose, address: Address) -> str:
    """A text as pages and mails show it: its own HTML, else its Markdown."""
    return rich(figure.html, address) if figure.html else html(figure.markdown, address=address)


def source(figure: Prose, *formats: str) -> str:
    """A text as Markdown: what it says for one of these formats, else in general, else the words of its HTML."""
    own = next((figure.texts[name] for name in formats if name in figure.texts), "")
    return own or figure.markdown or words_of(figure.html)


def without_pictures(markdown: str) -> str:
    """Markdown for a format that carries no picture: their descriptions stand in their place."""
    return _PICTURE.sub(lambda found: f"*{found[1]}*" if found[1] else "", markdown)


def words_of(text: str) -> str:
    """The words of HTML, a line a block."""
    if not text:
        return ""
    from lxml import html as pages

    root = pages.fragment_fromstring(rich(text, _nowhere), create_parent="div")
    for element in root.iter("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "pre"):
        element.tail = "\n" + (element.tail or "")
    for element in root.iter("td", "th"):
        element.tail = " " + (element.tail or "")
    lines = (" ".join(line.split()) for line in root.text_content().splitlines())
    return "\n".join(line for line in lines if line)


def has_html(markdown: str) -> bool:
    """Whether a reader that allows HTML would find some in it."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(markdown)
    inner = [child for token in tokens for child in token.children or []]
    return any(token.type in ("html_block", "html_inline") for token in [*tokens, *inner])


def _nowhere(blob: str) -> str:
    return ""


def _addressed(address: Address) -> Callable[[str, str, str], str | None]:
    """Lets a figure's own pictures through by their address, and nothing else that would be loaded."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name not in ("src", "href") or not (tag == "img" or value.startswith(BLOB)):
            return value
        return (address(value.removeprefix(BLOB)) or None) if value.startswith(BLOB) else None

    return attribute


def _shown_images(safe: str) -> str:
    """A picture that has lost its address goes."""
    return _IMAGE.sub(lambda found: found[0] if " src=" in found[1] else "", safe)
