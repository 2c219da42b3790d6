"""HTML: one self-contained page, light and dark, to be read, printed, or kept. It loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from core.documents import blobs, prose, templating, wording
from core.documents.document import DEMO, Document
from core.documents.drawing.look import ground, seen
from core.documents.linking import folded
from core.documents.local import localised
from core.documents.renderers import Rendered, html_sizes
from core.documents.theme import STACK, Theme, css_variables, ink_on
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
        document = folded(localised(document))
        looks = look(document.theme)
        made = templating.environment(document.theme.theme_dir if document.theme else "")
        text = templating.rendered(
            made,
            "document.html.j2",
            document=document,
            css=_css(made, looks, document),
            scheme=_scheme(looks),
            columns=document.columns,
            small=html_sizes.small,
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

    numbers, page = count(1), _Page(looks, columns)
    context = {
        "drawing": lambda series: Markup(_chart(series, page, next(numbers))),  # noqa: S704 - drawn by us
        "web": lambda network: Markup(_network(network, page, next(numbers))),  # noqa: S704 - drawn by us
        "written": lambda text: Markup(_written(text)),  # noqa: S704 - sanitised by nh3
    }
    macros = templating.macros(made, "figures.html.j2", context)
    names = {"series": "chart", "prose": "prose_block"}
    return lambda figure: getattr(macros, names.get(figure.shape, figure.shape))(figure)


def _written(text: Prose) -> str:
    address = blobs.data_uris(text)
    more = "".join(f'<img src="{address(blob.id)}" alt="">' for blob in blobs.shown(text, text.html or text.markdown))
    return prose.written(text, address) + more


def _chart(series: Series, page: _Page, number: int) -> str:
    from core.documents import charts, pictures

    label = wording.describe(series)

    def made(theme: Theme, letter: str) -> str:
        draw = charts.drawer(series, theme)

        def at(width: int) -> str:
            return pictures.inline(draw(width, None), label, f"{letter}{number}-{width}-")

        return html_sizes.bundled(page.widths(series), page.width(series), at)

    looks = page.looks
    drawn = made(looks.main, "c")
    if series.mark != "heatmap" or looks.other is None:
        return drawn
    return f'<div class="light-only">{drawn}</div><div class="dark-only">{made(looks.other, "d")}</div>'


def _network(network: Network, page: _Page, number: int) -> str:
    from core.documents import networks, pictures

    if not networks.drawable(network):
        return ""
    label = networks.describe(network)

    def at(width: int) -> str:
        return pictures.inline(networks.svg(network, page.looks.main, width), label, f"c{number}-{width}-")

    return html_sizes.bundled(page.widths(network), page.width(network), at)


def chart_width(document: Document, figure: Figure) -> int:
    """Pixels that a chart of the page is drawn in where there is room for all of it."""
    return round(_Page(look(document.theme), document.columns).width(figure))


@dataclass(frozen=True, slots=True)
class _Page:
    """How wide things are on it."""

    looks: Look
    columns: int

    def width(self, figure: Figure) -> float:
        """Of a chart, where there is room for the whole page."""
        return max(NARROWEST, (self.looks.width or PAGE) / self.columns * figure.columns - FRAME)

    def widths(self, figure: Figure) -> list[int]:
        """All that it is drawn in."""
        return html_sizes.widths_of(figure, self.width(figure), self.columns)


def _css(made: Any, looks: Look, document: Document) -> Any:
    from markupsafe import Markup

    columns = document.columns
    sheet = templating.sheet(made, "document.css")
    page = f"--columns:{columns};--gap:{16 if columns <= 8 else 12 if columns <= 12 else 8}px"
    return Markup(  # noqa: S704 - colours and fonts were checked, the sheet is ours or of the author's own folder
        f":root{{color-scheme:{_scheme(looks)};{css_variables(looks.main)}{page}}}body{{font-family:{STACK}}}\n{sheet}"
        f"{_own(looks)}{_dark(looks, _opacities(document))}{html_sizes.rules(_ranges(looks, document))}"
    )


def _ranges(looks: Look, document: Document) -> Iterator[html_sizes.Range]:
    """Where each drawing of the page is shown."""
    page = _Page(looks, document.columns)
    for figure in document.figures():
        if isinstance(figure, Series | Network):
            yield from html_sizes.ranges(page.widths(figure))


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


def _opacities(document: Document) -> set[float]:
    """How opaque bars are that words stand on."""
    styles = (figure.style for figure in document.figures() if isinstance(figure, Series))
    return {1 if style.opacity is None else style.opacity for style in styles if style and style.bar_labels}


def _dark(looks: Look, opacities: set[float]) -> str:
    """Rules for a reader whose machine is dark."""
    if looks.other is None:
        return ""
    shown = ".light-only{display:none}.dark-only{display:block}"
    words = "".join(_reinked(looks.main, looks.other, opacity) for opacity in sorted(opacities))
    rules = f":root{{{css_variables(looks.other)}}}{shown}{_recoloured(looks.main, looks.other)}{words}"
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


def _reinked(light: Theme, dark: Theme, opacity: float) -> str:
    """Rules for the words on bars whose colour becomes another."""
    return "".join(
        f'.chart [data-on="{ground(one, opacity)}" i]{{fill:{ink_on(seen(other, opacity, dark.background))}}}'
        for one, other in zip(light.categorical, dark.categorical, strict=True)
    )
