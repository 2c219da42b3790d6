"""Charts drawn by vl-convert, in this process, with the house's own font and no browser."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from core.documents.clean import json_text
from core.documents.drawing import ink
from core.documents.drawing.text import has
from core.documents.theme import FONT, Theme, font_folder

SHARP = 2.0
NOBODYS = "\U0010fffd"
"""A letter that no font has."""


def svg(spec: dict[str, Any]) -> str:
    """A Vega-Lite specification with its values, as SVG."""
    return str(_converter().vegalite_to_svg(_plain(spec), vl_version="6.4"))


def png(spec: dict[str, Any], sharp: float = SHARP) -> bytes:
    """A Vega-Lite specification with its values, as PNG."""
    return bytes(_converter().vegalite_to_png(_plain(spec), vl_version="6.4", scale=sharp))


def png_of(drawing: str, sharp: float = SHARP) -> bytes:
    """A drawing as PNG, twice its size or another. Starts no script engine."""
    return bytes(_converter().svg_to_png(drawing, scale=sharp))


@cache
def drawable(letter: str) -> bool:
    """Whether some font of this machine has the letter: what no font has looks alike."""
    return has(letter) or _written(letter) != _written(NOBODYS)


def _written(letter: str) -> bytes:
    return png_of(f'{ink.OURS}font-family="{FONT}" width="24" height="24"><text x="2" y="18">{letter}</text></svg>', 1)


def _plain(spec: dict[str, Any]) -> Any:
    return json.loads(json_text(json.dumps(spec, ensure_ascii=False)))


@cache
def _converter() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(font_folder()))
    return vl_convert


def config(theme: Theme) -> dict[str, Any]:
    """What a page's theme would have set: fonts, text and grid colours."""
    quiet = {"labelColor": theme.muted, "titleColor": theme.muted, "labelFontSize": 11, "titleFontSize": 11}
    return {
        "font": FONT,
        "axis": quiet
        | {
            "titleFontWeight": "normal",
            "gridColor": theme.line,
            "domainColor": theme.line,
            "tickColor": theme.line,
            "labelPadding": 5,
        },
        "axisY": {"domain": False, "ticks": False},
        "legend": quiet | {"symbolType": "circle"},
        "view": {"stroke": None},
        "range": {
            "category": list(theme.categorical),
            "heatmap": list(theme.sequential),
            "ramp": list(theme.sequential),
        },
        "mark": {"color": theme.categorical[0]},
    }


def inline(drawing: str, label: str, prefix: str) -> str:
    """SVG to be put into a page: one picture with one label for screen readers, its ids its own."""
    if (own := ink.inline(drawing, label)) is not None:
        return own
    from lxml import etree

    root = etree.fromstring(drawing.encode(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    for element in root.iter():
        for name in ("aria-label", "aria-roledescription", "aria-hidden", "role", "class"):
            element.attrib.pop(name, None)
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, prefix + value)
            elif "url(#" in value:
                element.set(name, value.replace("url(#", f"url(#{prefix}"))
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-label", label)
    root.set("class", "chart")
    return str(etree.tostring(root, encoding="unicode"))


def for_print(drawing: str) -> bytes:
    """SVG as svglib understands it: it knows opacity of fills and strokes only, and would print hidden labels."""
    from lxml import etree

    root = etree.fromstring(drawing.encode(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    for element in root.xpath('//*[@opacity="0" or @fill-opacity="0"]'):
        element.getparent().remove(element)
    for element in root.xpath("//*[@opacity]"):
        for name in ("fill-opacity", "stroke-opacity"):
            element.set(name, element.get(name) or element.get("opacity"))
    return bytes(etree.tostring(root))
