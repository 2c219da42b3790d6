"""Figures as PDF flowables: cards side by side, charts as vectors, tables that split and repeat their head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from core.documents import blobs, charts, grid, networks, prose, spark, tables, wording
from core.documents.drawing.look import FONT_SIZE
from core.documents.renderers import pdf_html, pdf_prose
from core.documents.renderers.pdf_keeping import together, with_next
from core.documents.renderers.pdf_pictures import picture, placed, vectors
from core.documents.renderers.pdf_style import GAP, HEIGHT, WIDTH, colour, letters, paragraph, style, theme
from core.documents.renderers.pdf_tables import ROWS, fits, pairs, table
from core.figures import Figure, Network, Notice, Prose, Series, Stat, Table

PADDING = 8
LEAST = {"stat": 78.0, "series": 150.0, "table": 130.0, "prose": 110.0, "notice": 110.0}
"""Points of paper that a figure needs, however fine the grid is; a network takes the whole width."""

TIES = 30
"""Rows of a network's tables, the strongest first: the drawing shows the rest, and XLSX and CSV have it."""

SHORT = 600
"""Letters of a text that stands on one page."""

_SIGNS = {"info": "Note", "warning": "Warning", "error": "Failed"}


def flow(figures: Iterable[Figure], columns: int = grid.WIDTH, most: int = ROWS) -> Iterator[Any]:
    """The figures in reading order, those that fit beside each other."""
    for row in grid.shared(figures, lambda figure: _share(figure, columns)):
        widths = [_share(figure, columns) * (WIDTH + GAP) - GAP for figure in row]
        if _beside(row, widths):
            yield from _apart([_cards(row, widths)])
            continue
        for figure in row:
            yield from _apart(list(_wide(figure, most)))


def _apart(drawn: list[Any]) -> list[Any]:
    """With room below, which unlike a spacer does not begin a page of its own where it does not fit."""
    for last in drawn[-1:]:
        last.spaceAfter = GAP
    return drawn


def _share(figure: Figure, columns: int) -> float:
    """What part of a row a figure takes: its columns, or what it needs to be read."""
    least = (LEAST.get(figure.shape, WIDTH) + GAP) / (WIDTH + GAP)
    return min(1.0, max(figure.columns / columns, least))


def _beside(row: list[Figure], widths: list[float]) -> bool:
    """Whether these stand side by side as cards: numbers and charts always, others where each fits its part."""
    if all(isinstance(figure, (Stat, Series)) for figure in row):
        return True
    return len(row) > 1 and all(map(_fits, row, widths))


def _fits(figure: Figure, width: float) -> bool:
    match figure:
        case Table():
            return fits(figure, width - 2 * PADDING)
        case Prose():
            return len(prose.source(figure, "pdf")) < 2000
        case _:
            return not isinstance(figure, Network)


def _cards(row: list[Figure], across: list[float]) -> Any:
    """Cards of equal height; each as wide as its share of the page."""
    from reportlab.platypus import Table as Layout

    cells: list[Any] = []
    widths: list[float] = []
    for figure, width in zip(row, across, strict=True):
        cells += [_card(figure, width - 2 * PADDING), ""]
        widths += [width, GAP]
    drawn = Layout([cells[:-1]], colWidths=widths[:-1], hAlign="LEFT")
    looks: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
    looks += [(f"{side}PADDING", (0, 0), (-1, -1), PADDING) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    for place, figure in enumerate(row):
        looks += _edges(figure, (2 * place, 0))
    drawn.setStyle(looks)
    return _fitting(drawn)


def _edges(figure: Figure, at: tuple[int, int]) -> Iterator[Any]:
    if not isinstance(figure, (Prose, Notice)):
        yield ("BOX", at, at, 0.6, colour(theme().line))
    if link := wording.web_link(figure.link):
        yield ("HREF", at, at, link)


def _fitting(drawn: Any) -> Any:
    """What stands in one piece unless it is taller than a page."""
    drawn.splitInRow = int(drawn.wrap(WIDTH, HEIGHT)[1] > HEIGHT)
    return drawn


def _card(figure: Figure, width: float) -> list[Any]:
    match figure:
        case Stat():
            return _stat(figure, width)
        case Series():
            return _chart(figure, width)
        case Table():
            return [*_heading(figure), *table(figure, ROWS, width), *(_remarks(figure) if figure.rows else [])]
        case Prose():
            return [*_heading(figure), *_text(figure, width), *_remarks(figure)]
        case Notice():
            return [notice(figure, width)]
        case Network():
            return []


def _stat(stat: Stat, width: float) -> list[Any]:
    drawn = [paragraph(stat.title, "label"), _value(stat)]
    if stat.change:
        drawn.append(_change(stat))
    drawn += _spark(stat.spark, min(width, 120))
    return drawn + _remarks(stat, stat.description)


def _value(stat: Stat) -> Any:
    from reportlab.platypus import Paragraph

    if stat.html and stat.value is not None:
        return Paragraph(pdf_html.inline(stat.html, style("value").fontName), style("value"))
    return paragraph(wording.stat_text(stat), "missing" if stat.value is None else "value")


def _change(stat: Stat) -> Any:
    from reportlab.platypus import Paragraph

    from core.documents.renderers import pdf_fonts

    change = stat.change
    assert change is not None
    shade = theme().muted if change.good is None else theme().good if change.good else theme().bad
    words = f'<font color="{shade}"><b>{pdf_fonts.markup(change.text, pdf_fonts.BOLD)}</b></font>'
    verdict = "" if change.good is None else " (better)" if change.good else " (worse)"
    return Paragraph(f"{words}{verdict} {pdf_fonts.markup(change.versus)}", style("note"))


def _spark(values: list[float | None], width: float) -> list[Any]:
    from reportlab.graphics.shapes import Circle, Drawing, PolyLine

    height, ink = 22, colour(theme().primary)
    drawing = Drawing(width, height)
    for piece in spark.points(values, width, height):
        dots = [number for x, y in piece for number in (x, height - y)]
        if len(piece) == 1:
            drawing.add(Circle(*dots, 1, fillColor=ink, strokeColor=None))
        else:
            drawing.add(PolyLine(dots, strokeColor=ink, strokeWidth=1.2))
    return [drawing] if drawing.contents else []


def _remarks(figure: Figure, *more: str) -> list[Any]:
    return [paragraph(text, "note") for text in (wording.remark(figure), *more, figure.note) if text]


def _chart(figure: Series, width: float) -> list[Any]:
    drawn = _heading(figure)
    if wording.has_values(figure):
        drawn.append(vectors(charts.svg(figure, theme(), round(width * _scale())), width))
        return drawn + _remarks(figure)
    words = wording.empty_text(figure.state, figure.state_text)
    return [*drawn, paragraph(words, "missing"), *_note(figure)]


def _note(figure: Figure) -> list[Any]:
    return [paragraph(figure.note, "note")] if figure.note else []


def _scale() -> float:
    """Pixels of a chart in a point of paper."""
    return FONT_SIZE / letters()


def _heading(figure: Figure) -> list[Any]:
    link = wording.web_link(figure.link)
    drawn = [paragraph(figure.title or link, "h2", link)] if figure.title or link else []
    return with_next(drawn + ([paragraph(figure.description, "note")] if figure.description else []))


def _wide(figure: Figure, most: int) -> Iterator[Any]:
    """A figure over the whole width, which a page may break."""
    match figure:
        case Stat() | Series():
            yield _cards([figure], [WIDTH])
        case Table():
            yield from _heading(figure)
            yield from table(figure, most)
            yield from _remarks(figure) if figure.rows else _note(figure)
        case Network():
            yield from _network(figure, most)
        case Prose():
            drawn = _card(figure, WIDTH)
            yield from together(drawn) if len(prose.source(figure, "pdf")) < SHORT else drawn
        case Notice():
            yield notice(figure)


def _text(text: Prose, width: float) -> list[Any]:
    """A text with its pictures: what it says for PDF, else its Markdown, else its HTML."""
    own = text.texts.get("pdf") or text.markdown

    def found(address: str) -> Any:
        return placed(text, address, width)

    drawn = pdf_prose.flow(own, width, found) if own or not text.html else pdf_html.flow(text.html, width, found)
    drawn += [shown for blob in blobs.shown(text, own or text.html) if (shown := picture(blob, width)) is not None]
    return drawn


def _network(network: Network, most: int) -> Iterator[Any]:
    yield from _heading(network)
    if networks.drawable(network):
        yield vectors(networks.svg(network, theme(), round(WIDTH * _scale())), WIDTH)
    yield from pairs(tables.of_network(network), min(most, TIES))
    yield from _remarks(network)


def notice(shown: Notice, width: float = WIDTH) -> Any:
    """A box in the colour of how bad it is."""
    from reportlab.platypus import Table as Layout

    title = f"{_SIGNS[shown.level]} · {shown.title}" if shown.title else _SIGNS[shown.level]
    drawn = Layout([[[paragraph(title, "h2"), paragraph(shown.text)]]], colWidths=[width], spaceAfter=6)
    worn = theme()
    edge = {"info": worn.categorical[0], "warning": "#E69F00", "error": worn.bad}[shown.level]
    ground = ("BACKGROUND", (0, 0), (-1, -1), colour(getattr(worn, shown.level)))
    drawn.setStyle([ground, ("LINEBEFORE", (0, 0), (0, -1), 3, colour(edge)), ("LEFTPADDING", (0, 0), (-1, -1), 10)])
    return _fitting(drawn)
