"""A report as Slack's blocks: sections, fields of numbers, dividers, context, and pictures of charts and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from core.delivery.outputs.bundle import TABLE_ROWS, picture
from core.delivery.outputs.slack_words import LONGEST, escaped, link, of_markdown, pieces, short
from core.documents import blobs, charts, prose, wording
from core.documents.document import DEMO, Document
from core.documents.local import localised
from core.documents.sidefiles import Names
from core.documents.themes import look
from core.figures import Figure, Network, Notice, Prose, Series, Stat, Table

MOST_BLOCKS = 50
MOST_FIELDS = 10
LONGEST_TITLE = 150
LONGEST_ALT = 2000
LONGEST_FIELD = 2000
WIDTH = 640

Block = dict[str, Any]
_SIGNS = {"info": ":information_source:", "warning": ":warning:", "error": ":x:"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a message: where it lies beside the page, and how it is made if nobody serves it."""

    path: str
    alt: str
    make: Callable[[], bytes]
    served: bool = True
    """Whether outputs that serve files have it."""


Address = Callable[[Picture], Block | None]
"""What a picture's block says of where it is; None where no picture can go: then its numbers are written out."""


@dataclass(slots=True)
class Pages:
    """Blocks in messages that are short enough."""

    messages: list[list[Block]] = field(default_factory=list)

    def add(self, group: Sequence[Block]) -> None:
        """Put blocks that belong together into one message, unless they are too many for any."""
        for start in range(0, len(group), MOST_BLOCKS):
            part = list(group[start : start + MOST_BLOCKS])
            if not self.messages or len(self.messages[-1]) + len(part) > MOST_BLOCKS:
                self.messages.append([])
            self.messages[-1].extend(part)


def messages(document: Document, address: Address) -> list[list[Block]]:
    """The report as the blocks of as few messages as it takes."""
    shown = localised(document)
    pages = Pages()
    pages.add(list(_head(shown)))
    drawer = _Drawer(shown, address)
    for section in shown.sections:
        pages.add(list(_heading(section.title, section.intro)))
        for group in _grouped(section.drawn):
            pages.add(list(drawer.blocks(group)))
    pages.add([{"type": "divider"}, _context(_made(shown))])
    return pages.messages


def summary(document: Document) -> str:
    """What a notification says: title, period, and the first numbers."""
    from core.documents.renderers.email_text import preheader

    said = ": ".join(part for part in (document.title, document.period_label) if part)
    first = preheader(document)
    return escaped(short(f"{said}. {first}" if first and first != document.period_label else said, LONGEST))


def _head(document: Document) -> Iterator[Block]:
    yield {"type": "header", "text": {"type": "plain_text", "text": short(document.title, LONGEST_TITLE)}}
    told = [document.subtitle, document.period_label, DEMO if document.is_demo else ""]
    if said := "  ·  ".join(escaped(part) for part in told if part):
        yield _context(said)
    yield {"type": "divider"}
    for shown in document.notices:
        yield from _notice(shown)


def _heading(title: str, intro: str) -> Iterator[Block]:
    if title:
        yield {"type": "header", "text": {"type": "plain_text", "text": short(title, LONGEST_TITLE)}}
    if intro:
        yield from _sections(of_markdown(intro))


def _grouped(figures: Sequence[Figure]) -> Iterator[list[Figure]]:
    """Numbers that follow each other together, everything else by itself."""
    group: list[Figure] = []
    for figure in figures:
        if group and (len(group) == MOST_FIELDS or not isinstance(figure, Stat) or not isinstance(group[0], Stat)):
            yield group
            group = []
        group.append(figure)
    if group:
        yield group


class _Drawer:
    def __init__(self, document: Document, address: Address) -> None:
        self.theme = look(document.theme).main
        self.names = Names(document)
        self.address = address

    def blocks(self, group: list[Figure]) -> Iterator[Block]:
        if numbers := [one for one in group if isinstance(one, Stat)]:
            yield {"type": "section", "fields": [_mrkdwn(_stat(one), LONGEST_FIELD) for one in numbers]}
            return
        yield from self.figure(group[0])

    def figure(self, figure: Figure) -> Iterator[Block]:
        if isinstance(figure, Notice):
            yield from _notice(figure)
            return
        if title := "\n".join(part for part in (_title(figure), escaped(figure.description)) if part):
            yield from _sections(title)
        match figure:
            case Prose():
                yield from self.text(figure)
            case Series() if wording.has_values(figure):
                yield from self.chart(figure)
            case Table() | Network() if not isinstance(figure, Table) or figure.rows:
                yield from self.drawn(figure)
            case Series() | Table():
                yield from _sections(f"_{escaped(wording.empty_text(figure.state, figure.state_text))}_")
        if said := " ".join(part for part in (wording.remark(figure), figure.note) if part):
            yield _context(escaped(said))

    def chart(self, series: Series) -> Iterator[Block]:
        made = Picture(
            self.names.picture(series), wording.describe(series), lambda: charts.png(series, self.theme, WIDTH)
        )
        yield self.image(made) or _context(escaped(made.alt))

    def drawn(self, figure: Table | Network) -> Iterator[Block]:
        bare = figure.model_copy(update={"title": "", "description": "", "note": ""})
        alt = f"Table '{figure.title}'" if isinstance(figure, Table) else f"Network '{figure.title}'"
        rows = f", {min(len(figure.rows), TABLE_ROWS)} rows" if isinstance(figure, Table) else ""
        served = isinstance(figure, Table)
        made = Picture(self.names.picture(figure), alt + rows, lambda: picture(bare, self.theme), served)
        if image := self.image(made):
            yield image
        else:
            yield from _columns(figure)

    def text(self, text: Prose) -> Iterator[Block]:
        own = text.texts.get("slack")
        yield from _sections(of_markdown(prose.source(text)) if own is None else own)
        for blob in text.blobs:
            content = blobs.raster(blob)
            if content is not None:
                served = blobs.media_type(blob.content) == blob.media_type
                alt = blob.title or text.title or blob.id
                made = Picture(self.names.blob(text, blob), alt, partial(bytes, content), served)
                yield self.image(made) or _context(escaped(alt))

    def image(self, made: Picture) -> Block | None:
        where = self.address(made)
        if where is None:
            return None
        return {"type": "image", "alt_text": short(made.alt or "Picture", LONGEST_ALT), **where}


def _columns(figure: Table | Network) -> Iterator[Block]:
    """Rows below each other, in letters of one width."""
    from core.documents.renderers.email_text import lines

    fence = "```"
    for piece in pieces(escaped(lines(figure).replace(fence, "'")), LONGEST - 2 * len(fence) - 2):
        yield {"type": "section", "text": {"type": "mrkdwn", "text": f"{fence}\n{piece}\n{fence}"}}


def _stat(stat: Stat) -> str:
    change = wording.change_text(stat)
    said = [_title(stat), f"*{escaped(wording.stat_text(stat))}*" + (f"  {escaped(change)}" if change else "")]
    said += [escaped(text) for text in (wording.remark(stat), stat.note) if text]
    return "\n".join(part for part in said if part)


def _title(figure: Figure) -> str:
    words = escaped(figure.title or wording.web_link(figure.link))
    return f"*{link(wording.web_link(figure.link), words)}*" if words else ""


def _notice(shown: Notice) -> Iterator[Block]:
    title = f" *{escaped(shown.title)}*\n" if shown.title else " "
    yield from _sections(f"{_SIGNS[shown.level]}{title}{escaped(shown.text)}")


def _sections(text: str) -> Iterator[Block]:
    return ({"type": "section", "text": _mrkdwn(piece, LONGEST)} for piece in pieces(text))


def _context(text: str) -> Block:
    return {"type": "context", "elements": [_mrkdwn(text, LONGEST)]}


def _mrkdwn(text: str, longest: int) -> Block:
    return {"type": "mrkdwn", "text": short(text, longest)}


def _made(document: Document) -> str:
    told = (document.workspace, wording.local_text(document, document.generated_at), "made with Sightline")
    return "  ·  ".join(escaped(part) for part in told if part)
