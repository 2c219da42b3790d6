"""HTML: one self-contained page, light and dark, to be read, printed, or kept. It loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from core.documents import blobs, prose, templating, wording
from core.documents.document import DEMO, Document
from core.documents.local import localised
from core.documents.renderers import Rendered
from core.documents.theme import STACK, Theme, css_variables
from core.documents.themes import Look, hard_to_read, look
from core.figures import Figure, Network, Prose, Series

PAGE = 996
"""Width of a row of the house's page, in pixels."""

FRAME = 34
"""What the frame of a figure takes of its width."""

NARROWEST = 60


@dataclass(frozen=True, slots=True)
class Html:
    key: str = "html"
    label: str = "Web page"
    media_type: str = "text/html; charset=utf-8"
    suffix: str = ".html"

    def render(self, document: Document) -> Rendered:
        """The document as one HTML file."""
        document = localised(document)
        looks = look(document.theme)
        made = templating.environment(document.theme.theme_dir if document.theme else "")
        text = templating.rendered(
            made,
            "document.html.j2",
            document=document,
            css=_css(made, looks, document.columns),
            scheme=_scheme(looks),
            columns=document.columns,
            demo=DEMO,
            facts=[fact for fact in wording.facts(document) if fact[1] != DEMO],
            titled=[(number, section.title) for number, section in enumerate(document.sections, 1) if section.title],
            draw=_drawer(made, looks, document.columns),
            origins=[(record.block, wording.origin_facts(document, record)) for record in document.sources()],
            remarks=hard_to_read(document.theme),
        )
        return Rendered(text.encode(), self.media_type, self.suffix)


def _drawer(made: Any, looks: Look, columns: int) -> Callable[[Figure], Any]:
    """Draws figures of one page, whose charts are numbered so that no two share an id."""
    from markupsafe import Markup

    numbers, column = count(1), (looks.width or PAGE) / columns
    context = {
        "drawing": lambda series: Markup(_chart(series, looks, column, next(numbers))),  # noqa: S704 - drawn by us
        "web": lambda network: Markup(_network(network, looks, column, next(numbers))),  # noqa: S704 - drawn by us
        "written": lambda text: Markup(_written(text)),  # noqa: S704 - sanitised by nh3
    }
    macros = templating.macros(made, "figures.html.j2", context)
    names = {"series": "chart", "prose": "prose_block"}
    return lambda figure: getattr(macros, names.get(figure.shape, figure.shape))(figure)


def _written(text: Prose) -> str:
    address = blobs.data_uris(text)
    more = "".join(f'<img src="{address(blob.id)}" alt="">' for blob in blobs.shown(text, text.html or text.markdown))
    return prose.written(text, address) + more


def _chart(series: Series, looks: Look, column: float, number: int) -> str:
    from core.documents import charts, pictures

    label, width = wording.describe(series), _width(series, column)
    drawn = pictures.inline(charts.svg(series, looks.main, width), label, f"c{number}-")
    if series.mark != "heatmap" or looks.other is None:
        return drawn
    dark = pictures.inline(charts.svg(series, looks.other, width), label, f"d{number}-")
    return f'<div class="light-only">{drawn}</div><div class="dark-only">{dark}</div>'


def _network(network: Network, looks: Look, column: float, number: int) -> str:
    from core.documents import networks, pictures

    if not networks.drawable(network):
        return ""
    drawn = networks.svg(network, looks.main, _width(network, column))
    return pictures.inline(drawn, networks.describe(network), f"c{number}-")


def chart_width(document: Document, figure: Figure) -> float:
    """Pixels that a chart of the page is drawn in."""
    return _width(figure, (look(document.theme).width or PAGE) / document.columns)


def _width(figure: Figure, column: float) -> float:
    return max(NARROWEST, column * figure.columns - FRAME)


def _css(made: Any, looks: Look, columns: int) -> Any:
    from markupsafe import Markup

    sheet = templating.sheet(made, "document.css")
    page = f"--columns:{columns};--gap:{16 if columns <= 8 else 12 if columns <= 12 else 8}px"
    return Markup(  # noqa: S704 - colours and fonts were checked, the sheet is ours or of the author's own folder
        f":root{{color-scheme:{_scheme(looks)};{css_variables(looks.main)}{page}}}body{{font-family:{STACK}}}\n{sheet}"
        f"{_own(looks)}{_dark(looks)}"
    )


def _scheme(looks: Look) -> str:
    return "light dark" if looks.other else looks.main.name


def _own(looks: Look) -> str:
    """What the author chose beside colours."""
    rules = [f"h1,h2,h3,h4{{font-family:{looks.heading_font}}}"] if looks.heading_font else []
    if looks.padding is not None:
        rules.append(f"body{{padding-left:{looks.padding}px;padding-right:{looks.padding}px}}")
    if looks.width is not None:
        rules.append(f"body{{max-width:{looks.width + 2 * (looks.padding or 0)}px}}")
    return "".join(rules)


def _dark(looks: Look) -> str:
    """Rules for a reader whose machine is dark."""
    if looks.other is None:
        return ""
    shown = ".light-only{display:none}.dark-only{display:block}"
    rules = f":root{{{css_variables(looks.other)}}}{shown}{_recoloured(looks.main, looks.other)}"
    return f"@media screen and (prefers-color-scheme:dark){{{rules}}}"


def _recoloured(light: Theme, dark: Theme) -> str:
    """Rules that draw a chart made for a light ground on a dark one: each colour of the palette becomes its partner."""
    pairs = [*zip(light.categorical, dark.categorical, strict=True), (light.muted, dark.muted), (light.line, dark.line)]
    return "".join(
        f'.chart [{part}="{one}" i]{{{part}:{other}}}'
        for one, other in pairs
        if one != other
        for part in ("fill", "stroke")
    )
