"""The body of a mail: HTML laid out by tables with inlined styles, charts as pictures, and the same in plain text.

Not a format to download: the delivery room puts the parts into a message. Tables are
short here, since mail programs cut long messages; the attached files have all rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.documents import charts, grid, wording
from core.documents.document import DEMO, Document
from core.documents.local import localised
from core.documents.renderers import email_text
from core.documents.renderers.html import environment
from core.documents.theme import LIGHT
from core.figures import Figure, Series, Table

ROWS = 15
COLUMNS = 6
WIDTH = 600
EDGES = 66
"""Paddings and borders around a chart that fills a row."""

FONT = "'Segoe UI',Helvetica,Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class MailBody:
    """The parts of a message."""

    html: str
    text: str
    images: dict[str, bytes] = field(default_factory=dict)
    """PNG by Content-ID, without its angle brackets; the HTML asks for "cid:<key>"."""


def render(document: Document) -> MailBody:
    """The document as the body of a mail."""
    shown = localised(document)
    images: dict[str, bytes] = {}
    page = environment().get_template("mail.html.j2")
    macros = environment().get_template("mail_figures.html.j2").make_module(_words(images))
    html = page.render(
        document=shown,
        css=_css(),
        demo=DEMO,
        facts=[fact for fact in wording.facts(shown) if fact[1] != DEMO],
        preheader=email_text.preheader(shown),
        rows=_rows,
        draw=lambda figure: getattr(macros, "prose_block" if figure.shape == "prose" else figure.shape)(figure),
        notice=macros.notice,
    )
    return MailBody(_inlined(html), email_text.text(shown), images)


def _words(images: dict[str, bytes]) -> dict[str, Any]:
    def picture(series: Series) -> str:
        name = f"chart-{len(images) + 1}@sightline"
        images[name] = charts.png(series, LIGHT, _width(series))
        return name

    return {
        "picture": picture,
        "width": _width,
        "describe": wording.describe,
        "most": ROWS,
        "columns": COLUMNS,
        "cut_text": cut_text,
    }


def _width(series: Series) -> int:
    return WIDTH - EDGES if series.columns > grid.WIDTH / 2 else WIDTH // 2 - EDGES // 2 - 18


def _rows(blocks: list[Figure]) -> list[list[Figure]]:
    """Numbers up to three in a row, charts up to two: what fits beside each other in 600 pixels."""
    narrow = [_narrowed(figure) for figure in blocks]
    return list(grid.rows(narrow))


def _narrowed(figure: Figure) -> Figure:
    least = {"stat": 2, "series": 3}.get(figure.shape, grid.WIDTH)
    half = least if figure.columns <= least else grid.WIDTH
    return figure.model_copy(update={"columns": half})


def cut_text(table: Table) -> str:
    """What of a table is left to the attached files."""
    said = [wording.rows_text(table, ROWS).partition(";")[0]]
    if len(table.cols) > COLUMNS:
        said.append(f"{COLUMNS} of {len(table.cols)} columns")
    told = ", ".join(part for part in said if part)
    return f"{told}; the files have all" if told else ""


def _css() -> Any:
    from markupsafe import Markup

    colours = {name: getattr(LIGHT, name) for name in LIGHT.__slots__ if isinstance(getattr(LIGHT, name), str)}
    return Markup(environment().get_template("mail.css.j2").render(colours | {"font": Markup(FONT)}))  # noqa: S704 - ours


def _inlined(html: str) -> str:
    from premailer import Premailer

    inliner = Premailer(
        html,
        keep_style_tags=False,
        remove_classes=True,
        disable_validation=True,
        allow_network=False,
        cssutils_logging_level=50,
    )
    return str(inliner.transform())
