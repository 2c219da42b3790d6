"""A document as plain text, for mail programs and people who read no HTML."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from core.documents import prose, tables, wording
from core.documents.document import DEMO, Document
from core.figures import NUMERIC, Figure, Network, Notice, Prose, Series, Stat, Table

ROWS = 10
LINE = 76
CELL = 28
_SIGNS = {"info": "Note", "warning": "Warning", "error": "Failed"}


def text(document: Document) -> str:
    """The whole document as text."""
    return "\n\n".join(part for part in _parts(document) if part.strip()) + "\n"


def preheader(document: Document) -> str:
    """What a mail program shows beside the subject: the first numbers."""
    stats = [figure for figure in document.figures() if isinstance(figure, Stat)][:3]
    said = "; ".join(f"{stat.title} {wording.stat_text(stat)}" for stat in stats)
    return said or document.period_label


def _parts(document: Document) -> Iterator[str]:
    yield f"{document.title}\n{'=' * min(LINE, len(document.title))}"
    yield document.subtitle
    yield "\n".join(f"{label}: {said}" for label, said in wording.facts(document) if said != DEMO)
    yield DEMO.upper() if document.is_demo else ""
    yield from (_notice(notice) for notice in document.notices)
    for section in document.sections:
        yield f"{section.title}\n{'-' * min(LINE, len(section.title))}" if section.title else ""
        yield section.intro
        for figure in section.drawn:
            yield _figure(figure)


def _figure(figure: Figure) -> str:
    match figure:
        case Stat():
            return _stat(figure)
        case Notice():
            return _notice(figure)
        case Prose():
            body = prose.without_pictures(prose.source(figure, "text", "txt")).strip()
        case Series():
            body = fill(wording.describe(figure), LINE) if wording.has_values(figure) else ""
            body = body or wording.empty_text(figure.state, figure.state_text)
        case Table() | Network():
            body = lines(figure)
    state = wording.remark(figure) if _shown(figure) else ""
    about = fill(figure.description, LINE)
    told = (figure.title.upper(), about, body, state, figure.note, wording.web_link(figure.link))
    return "\n".join(part for part in told if part)


def _shown(figure: Figure) -> bool:
    """Whether it has numbers; why there are none stands in their place."""
    return bool(figure.rows) if isinstance(figure, Table) else isinstance(figure, Series) and wording.has_values(figure)


def _stat(stat: Stat) -> str:
    change = wording.change_text(stat)
    first = f"{stat.title}: {wording.stat_text(stat)}" + (f" ({change})" if change else "")
    return "\n".join(
        part for part in (first, wording.remark(stat), stat.description, stat.note, wording.web_link(stat.link)) if part
    )


def _notice(notice: Notice) -> str:
    title = f" {notice.title}:" if notice.title else ""
    return fill(f"[{_SIGNS[notice.level]}]{title} {notice.text}", LINE)


def lines(figure: Table | Network) -> str:
    """Its first rows in columns of letters of one width."""
    return _table(figure if isinstance(figure, Table) else tables.of_network(figure)[1])


def _table(table: Table) -> str:
    empty = "" if table.rows else wording.empty_text(table.state, table.state_text)
    cols = table.cols[:5]
    rows = [[wording.cell_text(c, v)[:CELL] for c, v in zip(cols, row, strict=False)] for row in table.rows[:ROWS]]
    rows.insert(0, [column.label[:CELL] for column in cols])
    widths = [max(len(row[place]) for row in rows) for place in range(len(cols))]
    lines = [
        "  ".join(_padded(row[p], widths[p], c.kind in NUMERIC) for p, c in enumerate(cols)).rstrip() for row in rows
    ]
    cut = wording.rows_text(table, ROWS).partition(";")[0]
    return "\n".join(line for line in (*lines, empty, f"({cut})" if cut else "") if line)


def _padded(said: str, width: int, right: bool) -> str:
    return said.rjust(width) if right else said.ljust(width)
