"""HTML: one self-contained page, light and dark, to be read, printed, or kept. It loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from core.documents import charts, networks, pictures, prose, spark, tables, wording
from core.documents.document import DEMO, Document
from core.documents.local import localised
from core.documents.renderers import Rendered
from core.documents.theme import DARK, LIGHT, STACK, Theme, css_variables
from core.figures import NUMERIC, Figure, Network, Series

TEMPLATES = Path(__file__).parents[1] / "templates"
ROWS = 1000
"""More rows of a table than this are left to XLSX and CSV."""

COLUMN = 166
"""Width of one of six columns, in pixels."""


@dataclass(frozen=True, slots=True)
class Html:
    key: str = "html"
    label: str = "Web page"
    media_type: str = "text/html; charset=utf-8"
    suffix: str = ".html"

    def render(self, document: Document) -> Rendered:
        """The document as one HTML file."""
        document = localised(document)
        page = environment().get_template("document.html.j2")
        text = page.render(
            document=document,
            css=_css(),
            demo=DEMO,
            facts=[fact for fact in wording.facts(document) if fact[1] != DEMO],
            titled=[(number, section.title) for number, section in enumerate(document.sections, 1) if section.title],
            draw=_drawer(),
            origins=[(record.block, wording.origin_facts(document, record)) for record in document.sources()],
        )
        return Rendered(text.encode(), self.media_type, self.suffix)


@cache
def environment() -> Any:
    """Templates; everything put into them is escaped unless it was made safe."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "stat_text": wording.stat_text,
        "remark": wording.remark,
        "empty_text": wording.empty_text,
        "has_values": wording.has_values,
        "cell_text": wording.cell_text,
        "exact": wording.exact,
        "rows_text": wording.rows_text,
        "safe_link": wording.safe_link,
        "table_of": tables.of_series,
        "parts": tables.of_network,
        "numeric": NUMERIC,
        "most": ROWS,
        "spark": lambda values: Markup(spark.svg(values)),  # noqa: S704 - numbers only
        "prose": lambda text: Markup(prose.html(text)),  # noqa: S704 - sanitised by nh3
    }
    return made


def _drawer() -> Callable[[Figure], Any]:
    """Draws figures of one page, whose charts are numbered so that no two share an id."""
    from markupsafe import Markup

    numbers = count(1)
    context = {
        "drawing": lambda series: Markup(_chart(series, next(numbers))),  # noqa: S704 - made by vl-convert
        "web": lambda network: Markup(_network(network, next(numbers))),  # noqa: S704 - made by vl-convert
    }
    macros = environment().get_template("figures.html.j2").make_module(context)
    names = {"series": "chart", "prose": "prose_block"}
    return lambda figure: getattr(macros, names.get(figure.shape, figure.shape))(figure)


def _chart(series: Series, number: int) -> str:
    label, width = wording.describe(series), COLUMN * series.columns - 34
    light = pictures.inline(charts.svg(series, LIGHT, width), label, f"c{number}-")
    if series.mark != "heatmap":
        return light
    dark = pictures.inline(charts.svg(series, DARK, width), label, f"d{number}-")
    return f'<div class="light-only">{light}</div><div class="dark-only">{dark}</div>'


def _network(network: Network, number: int) -> str:
    if not networks.drawable(network):
        return ""
    drawn = networks.svg(network, LIGHT, COLUMN * network.columns - 34)
    return pictures.inline(drawn, networks.describe(network), f"c{number}-")


@cache
def _css() -> Any:
    from markupsafe import Markup

    sheet = (TEMPLATES / "document.css").read_text(encoding="utf-8")
    shown = ".light-only{display:none}.dark-only{display:block}"
    dark = f":root{{{css_variables(DARK)}}}{shown}{_recoloured(LIGHT, DARK)}"
    return Markup(  # noqa: S704 - ours
        f":root{{color-scheme:light dark;{css_variables(LIGHT)}}}body{{font-family:{STACK}}}\n{sheet}"
        f"@media screen and (prefers-color-scheme:dark){{{dark}}}"
    )


def _recoloured(light: Theme, dark: Theme) -> str:
    """Rules that draw a chart made for a light ground on a dark one: each colour of the palette becomes its partner."""
    pairs = [*zip(light.categorical, dark.categorical, strict=True), (light.muted, dark.muted), (light.line, dark.line)]
    return "".join(
        f'.chart [{part}="{one}" i]{{{part}:{other}}}'
        for one, other in pairs
        if one != other
        for part in ("fill", "stroke")
    )
