"""Figures as PDF flowables: cards side by side, charts as vectors, tables that split and repeat their head."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from core.documents import charts, grid, networks, pictures, spark, tables, wording
from core.documents.renderers import pdf_prose
from core.documents.renderers.pdf_style import GAP, HEIGHT, WIDTH, colour, paragraph
from core.documents.renderers.pdf_tables import table
from core.documents.theme import LIGHT
from core.figures import Figure, Network, Notice, Prose, Series, Stat, Table

SCALE = 1.3
"""Pixels of a chart in a point of paper: its 11-pixel letters become 8.5 points."""

PADDING = 8
_GROUNDS = {"info": LIGHT.info, "warning": LIGHT.warning, "error": LIGHT.error}
_SIGNS = {"info": "Note", "warning": "Warning", "error": "Failed"}


def flow(figures: Iterable[Figure]) -> Iterator[Any]:
    """The figures in reading order, those that fit beside each other."""
    from reportlab.platypus import Spacer

    for row in grid.rows(figures):
        if all(isinstance(figure, (Stat, Series)) for figure in row):
            yield _cards(row)
            yield Spacer(1, GAP)
            continue
        for figure in row:
            yield from _wide(figure)
            yield Spacer(1, GAP)


def _cards(row: list[Figure]) -> Any:
    """Cards of equal height; each as wide as its share of six columns."""
    from reportlab.platypus import Table as Layout

    column = (WIDTH - (grid.WIDTH - 1) * GAP) / grid.WIDTH
    cells: list[Any] = []
    widths: list[float] = []
    for figure in row:
        width = figure.columns * column + (figure.columns - 1) * GAP
        cells += [_card(figure, width - 2 * PADDING), ""]
        widths += [width, GAP]
    drawn = Layout([cells[:-1]], colWidths=widths[:-1], hAlign="LEFT")
    boxes = [("BOX", (place, 0), (place, 0), 0.6, colour(LIGHT.line)) for place in range(0, len(widths), 2)]
    paddings = [(f"{side}PADDING", (0, 0), (-1, -1), PADDING) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    drawn.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *boxes, *paddings])
    return _fitting(drawn)


def _fitting(drawn: Any) -> Any:
    """What stands in one piece unless it is taller than a page."""
    drawn.splitInRow = int(drawn.wrap(WIDTH, HEIGHT)[1] > HEIGHT)
    return drawn


def _card(figure: Figure, width: float) -> list[Any]:
    return _stat(figure, width) if isinstance(figure, Stat) else _chart(figure, width)


def _stat(stat: Stat, width: float) -> list[Any]:
    drawn = [
        paragraph(stat.title, "label"),
        paragraph(wording.stat_text(stat), "missing" if stat.value is None else "value"),
    ]
    if stat.change:
        drawn.append(_change(stat))
    drawn += _spark(stat.spark, min(width, 120))
    return drawn + _remarks(stat, stat.description)


def _change(stat: Stat) -> Any:
    from reportlab.platypus import Paragraph

    from core.documents.renderers import pdf_fonts
    from core.documents.renderers.pdf_style import style

    change = stat.change
    assert change is not None
    shade = LIGHT.muted if change.good is None else LIGHT.good if change.good else LIGHT.bad
    words = f'<font color="{shade}"><b>{pdf_fonts.markup(change.text, pdf_fonts.BOLD)}</b></font>'
    verdict = "" if change.good is None else " (better)" if change.good else " (worse)"
    return Paragraph(f"{words}{verdict} {pdf_fonts.markup(change.versus)}", style("note"))


def _spark(values: list[float | None], width: float) -> list[Any]:
    from reportlab.graphics.shapes import Circle, Drawing, PolyLine

    height = 22
    drawing = Drawing(width, height)
    for piece in spark.points(values, width, height):
        dots = [number for x, y in piece for number in (x, height - y)]
        if len(piece) == 1:
            drawing.add(Circle(*dots, 1, fillColor=colour(LIGHT.primary), strokeColor=None))
        else:
            drawing.add(PolyLine(dots, strokeColor=colour(LIGHT.primary), strokeWidth=1.2))
    return [drawing] if drawing.contents else []


def _remarks(figure: Figure, *more: str) -> list[Any]:
    return [paragraph(text, "note") for text in (wording.remark(figure), *more, figure.note) if text]


def _chart(figure: Figure, width: float) -> list[Any]:
    assert isinstance(figure, Series)
    drawn = _heading(figure)
    if wording.has_values(figure):
        drawn.append(_drawing(charts.svg(figure, LIGHT, round(width * SCALE)), width))
        return drawn + _remarks(figure)
    words = wording.empty_text(figure.state, figure.state_text)
    return [*drawn, paragraph(words, "missing"), *([paragraph(figure.note, "note")] if figure.note else [])]


def _heading(figure: Figure) -> list[Any]:
    drawn = [paragraph(figure.title, "h2")] if figure.title else []
    return drawn + ([paragraph(figure.description, "note")] if figure.description else [])


def _drawing(svg: str, width: float) -> Any:
    """SVG as vectors, made to fit the width and a page."""
    from svglib.svglib import svg2rlg

    from core.documents.renderers import pdf_fonts

    pdf_fonts.registered()
    drawing = svg2rlg(io.BytesIO(pictures.for_print(svg)))
    factor = min(width / drawing.width, (HEIGHT - 90) / drawing.height)
    drawing.scale(factor, factor)
    drawing.width, drawing.height = drawing.width * factor, drawing.height * factor
    return drawing


def _wide(figure: Figure) -> Iterator[Any]:
    """A figure over the whole width, which a page may break."""
    match figure:
        case Stat() | Series():
            yield _cards([figure])
        case Table():
            yield from _heading(figure)
            yield from table(figure)
            yield from _remarks(figure) if figure.rows else ()
        case Network():
            yield from _network(figure)
        case Prose():
            yield from _heading(figure)
            yield from pdf_prose.flow(figure.markdown)
            yield from _remarks(figure)
        case Notice():
            yield notice(figure)


def _network(network: Network) -> Iterator[Any]:
    yield from _heading(network)
    if networks.drawable(network):
        yield _drawing(networks.svg(network, LIGHT, round(WIDTH * SCALE)), WIDTH)
    for part in tables.of_network(network):
        yield paragraph(part.title, "h2")
        yield from table(part)
    yield from _remarks(network)


def notice(shown: Notice) -> Any:
    """A box in the colour of how bad it is."""
    from reportlab.platypus import Table as Layout

    title = f"{_SIGNS[shown.level]} · {shown.title}" if shown.title else _SIGNS[shown.level]
    drawn = Layout([[[paragraph(title, "h2"), paragraph(shown.text)]]], colWidths=[WIDTH], spaceAfter=6)
    edge = colour(LIGHT.bad if shown.level == "error" else LIGHT.categorical[1 if shown.level == "warning" else 0])
    ground = ("BACKGROUND", (0, 0), (-1, -1), colour(_GROUNDS[shown.level]))
    drawn.setStyle([ground, ("LINEBEFORE", (0, 0), (0, -1), 3, edge), ("LEFTPADDING", (0, 0), (-1, -1), 10)])
    return _fitting(drawn)
