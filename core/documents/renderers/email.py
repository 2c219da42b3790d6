"""The body of a mail: HTML laid out by tables with inlined styles, charts as pictures, and the same in plain text.

Not a format to download: the delivery room puts the parts into a message. Tables are
short here, since mail programs cut long messages; the attached files have all rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from core.documents import blobs, charts, grid, prose, templating, wording
from core.documents.document import DEMO, Document
from core.documents.linking import folded
from core.documents.local import localised
from core.documents.renderers import email_text
from core.documents.sidefiles import Names, address
from core.documents.theme import Theme
from core.documents.themes import hard_to_read, look
from core.figures import Blob, Figure, Prose, Series, Table

ROWS = 15
COLUMNS = 6
WIDTH = 600
ROOM = WIDTH - 32
"""What the edges of the page leave."""

GAP = 8
EDGES = 18
"""Padding and border of a card."""

STACKED = 480
"""Pixels of room below which figures move below each other: telephones."""
DRAWN, SHOWN = 330, 420
"""Charts are drawn in no more pixels than a telephone has for them, and shown in few more, since a mail brings one
picture for every window: the words in it are 11 pixels high there, and never more than 14."""

LONG = 12
"""Letters of a word that may be broken in a table, so that it becomes as narrow as a telephone."""
SHARP = 2.6
"""Pixels of a picture for one of its drawing, which is shown larger than it is drawn, on sharp screens."""

FONT = "'Segoe UI',Helvetica,Arial,sans-serif"
LEAST = {"stat": 1 / 3, "series": 1 / 2, "table": 1 / 2, "prose": 1 / 2}
"""The part of a row that a figure needs, however fine the grid is; others take the whole."""


_IMAGE = re.compile(r'<img((?:\s+[\w:-]+="[^"]*")*?\s+src="cid:([^"]*)"(?:\s+[\w:-]+="[^"]*")*)')


@dataclass(frozen=True, slots=True)
class MailBody:
    """The parts of a message."""

    html: str
    text: str
    images: dict[str, bytes] = field(default_factory=dict)
    """Pictures by Content-ID, without its angle brackets; the HTML asks for "cid:<key>"."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure in its place."""

    figure: Figure
    width: int
    """Of the cell, in pixels."""
    shared: bool = False
    """Whether others stand beside it."""

    @property
    def inside(self) -> int:
        return self.width - EDGES

    @property
    def drawn(self) -> int:
        """In how many pixels its chart is drawn."""
        return min(self.inside, DRAWN)

    @property
    def picture(self) -> int:
        """… and shown, by programs that know no largest width."""
        return min(self.inside, SHOWN)


def render(document: Document, remote: str = "", *, files: bool = True) -> MailBody:
    """The document as the body of a mail; with `remote`, pictures are asked for there instead of brought along.

    What a table leaves out is said to be in the files, if there are `files` beside the body.
    """
    whole = localised(document)
    shown = folded(whole)
    worn = look(shown.theme)
    made = templating.environment(shown.theme.theme_dir if shown.theme else "")
    pictures = _Pictures(worn.main, Names(shown), remote)
    cut = {"cut_text": partial(cut_text, files=files)}
    macros = templating.macros(made, "mail_figures.html.j2", pictures.words() | cut)
    dark = _css(made, "mail_dark.css.j2", worn.other) if worn.other and not _is_theirs(shown) else ""
    html = templating.rendered(
        made,
        "mail.html.j2",
        document=shown,
        css=_css(made, "mail.css.j2", worn.main, worn.heading_font),
        dark=dark,
        scheme="light dark" if dark else worn.main.name,
        demo=DEMO,
        facts=[fact for fact in wording.facts(shown) if fact[1] != DEMO],
        remarks_on_theme=hard_to_read(shown.theme),
        preheader=email_text.preheader(shown),
        rows=lambda blocks: list(_rows(blocks, shown.columns)),
        beside=_beside,
        draw=lambda cell: getattr(macros, "prose_block" if cell.figure.shape == "prose" else cell.figure.shape)(cell),
        notice=lambda figure: macros.notice(Cell(figure, ROOM)),
    )
    return MailBody(_inlined(html, keeps_classes=bool(dark)), email_text.text(whole), pictures.images)


def chart_widths(document: Document) -> dict[str, int]:
    """In how many pixels a mail wants each chart drawn, by the figure's key."""
    rows = (row for section in document.sections for row in _rows(section.blocks, document.columns))
    return {cell.figure.key: cell.drawn for row in rows for cell in row if isinstance(cell.figure, Series)}


class _Pictures:
    """The pictures of one mail: brought along, or named by their addresses."""

    def __init__(self, theme: Theme, names: Names, remote: str) -> None:
        self.theme = theme
        self.names = names
        self.remote = remote
        self.images: dict[str, bytes] = {}
        self.widths: dict[str, int] = {}
        """Of pictures that figures bring along, by Content-ID."""

    def words(self) -> dict[str, Any]:
        """What the templates of a mail may call beside the usual."""
        from markupsafe import Markup

        return {
            "picture": self.chart,
            "describe": wording.describe,
            "written": lambda cell: Markup(self.text(cell.figure, cell.width)),  # noqa: S704 - sanitised by nh3
            "most": ROWS,
            "most_wide": SHOWN,
            "long_words": lambda text: any(len(word) > LONG for word in str(text).split()),
            "fitting": lambda cell: _fitting(cell.width),
        }

    def chart(self, cell: Cell) -> str:
        """The address of a chart's picture."""
        assert isinstance(cell.figure, Series)
        if self.remote:
            return address(self.remote, self.names.picture(cell.figure))
        return self._kept(charts.png(cell.figure, self.theme, cell.drawn, sharp=SHARP), "chart")

    def text(self, text: Prose, room: int) -> str:
        """A text with its pictures, none wider than its place: mail programs know no largest width."""
        where = blobs.pictures(text, lambda blob: self._blob(text, blob))
        more = "".join(f'<img src="{where(one.id)}" alt="">' for one in blobs.shown(text, text.html or text.markdown))
        return _IMAGE.sub(lambda found: self._sized(found, room), prose.written(text, where) + more)

    def _blob(self, text: Prose, blob: Blob) -> str:
        if self.remote:
            return address(self.remote, self.names.blob(text, blob))
        content = blobs.raster(blob)
        wide = blobs.width(blob, content) if content else None
        if content is None or wide is None:
            return ""
        where = self._kept(content, "picture")
        self.widths[where.removeprefix("cid:")] = wide
        return where

    def _sized(self, found: re.Match[str], room: int) -> str:
        wide = self.widths.get(found[2])
        return found[0] if wide is None or " width=" in found[0] else f'<img width="{min(room, wide)}"{found[1]}'

    def _kept(self, content: bytes, kind: str) -> str:
        name = next((known for known, kept in self.images.items() if kept is content), None)
        name = name or f"{kind}-{len(self.images) + 1}@sightline"
        self.images[name] = content
        return f"cid:{name}"


def _rows(figures: list[Figure], columns: int) -> Iterator[list[Cell]]:
    """What fits beside each other in 600 pixels; a row is always full there."""
    for row in grid.shared(figures, lambda figure: _share(figure, columns)):
        shares = [_share(figure, columns) for figure in row]
        room = ROOM - GAP * (len(row) - 1)
        widths = [int(room * share / sum(shares)) for share in shares]
        yield [Cell(figure, width, len(row) > 1) for figure, width in zip(row, widths, strict=True)]


def _beside(cell: Cell) -> str:
    """How wide a figure among others is without a query of the window, which many mail programs drop.

    Below `STACKED` the computed width is larger than all there is, and figures take the
    most they may; above, it is less than nothing, and they take the least.
    """
    least = (cell.width + GAP) * 100 / (ROOM + GAP) - 0.05
    most = 100 if least > 40 else 50
    return (
        f"display:inline-block;vertical-align:top;min-width:{least:.2f}%;max-width:{most}%;"
        f"width:calc(({STACKED}px - 100%) * {STACKED})"
    )


def _share(figure: Figure, columns: int) -> float:
    if isinstance(figure, Table) and len(figure.cols) > _fitting(ROOM // 2):
        return 1.0
    return min(1.0, max(figure.columns / columns, LEAST.get(figure.shape, 1.0)))


def _fitting(width: int) -> int:
    """Columns of a table that can be read in so many pixels."""
    return max(2, min(COLUMNS, width // 90))


def cut_text(table: Table, columns: int, *, files: bool = True) -> str:
    """What of a table is left out, or left to the attached files."""
    said = [wording.rows_text(table, ROWS).partition(";")[0]]
    if len(table.cols) > columns:
        said.append(f"{columns} of {len(table.cols)} columns")
    told = ", ".join(part for part in said if part)
    return f"{told}; the files have all" if told and files else told


def _is_theirs(document: Document) -> bool:
    """Whether its author laid mails out anew: our rules for a dark ground may not fit theirs."""
    return bool(document.theme and document.theme.theme_dir)


def _css(made: Any, name: str, theme: Theme, heading_font: str = "") -> Any:
    from markupsafe import Markup

    colours = {name: getattr(theme, name) for name in theme.__slots__ if isinstance(getattr(theme, name), str)}
    fonts = {"font": Markup(FONT), "heading_font": Markup(heading_font or FONT)}  # noqa: S704 - checked
    return Markup(templating.rendered(made, name, **colours, **fonts))  # noqa: S704 - ours


def _inlined(html: str, *, keeps_classes: bool) -> str:
    """Styles written into each element, since many mail programs drop sheets; classes stay for the dark sheet alone."""
    from premailer import Premailer

    inliner = Premailer(
        html,
        keep_style_tags=False,
        remove_classes=not keeps_classes,
        disable_basic_attributes=[
            "width"
        ],  # those of pictures and of the page are for Outlook, the styles for telephones
        disable_validation=True,
        allow_network=False,
        cssutils_logging_level=50,
    )
    return str(inliner.transform())
