"""Markdown: headings, tables, and the numbers of every chart, for wikis, chats and diffs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.documents import prose, tables, wording
from core.documents.document import Document, Section
from core.documents.local import localised
from core.documents.renderers import Rendered
from core.figures import NUMERIC, Figure, Network, Notice, Prose, Series, Stat, Table

ROWS = 1000
"""More rows of a table than this are left to XLSX and CSV."""

_SIGNS = {"info": "Note", "warning": "Warning", "error": "Failed"}


@dataclass(frozen=True, slots=True)
class Markdown:
    key: str = "markdown"
    label: str = "Markdown"
    media_type: str = "text/markdown; charset=utf-8"
    suffix: str = ".md"

    def render(self, document: Document) -> Rendered:
        """The document as one Markdown file."""
        text = "\n\n".join(part for part in _parts(localised(document)) if part) + "\n"
        return Rendered(text.encode(), self.media_type, self.suffix)


def _parts(document: Document) -> Iterator[str]:
    yield f"# {escaped(document.title)}"
    yield f"*{escaped(document.subtitle)}*" if document.subtitle else ""
    yield "\n".join(f"- **{label}:** {escaped(text)}" for label, text in wording.facts(document))
    yield from (_notice(notice) for notice in document.notices)
    for section in document.sections:
        yield from _section(section)
    yield from _origins(document)


def _section(section: Section) -> Iterator[str]:
    yield f"## {escaped(section.title)}" if section.title else ""
    yield safe(section.intro)
    for figure in section.drawn:
        yield from _figure(figure)


def _figure(figure: Figure) -> Iterator[str]:
    if isinstance(figure, Stat):
        yield _stat(figure)
        return
    if isinstance(figure, Notice):
        yield _notice(figure)
        return
    yield f"### {_titled(figure)}" if figure.title or figure.link else ""
    yield escaped(figure.description)
    match figure:
        case Prose():
            yield safe(prose.without_pictures(prose.source(figure, "markdown", "md")))
        case Series():
            yield from _series(figure)
        case Table():
            yield _table(figure)
        case Network():
            yield from (f"{escaped(part.title)}\n\n{_table(part)}" for part in tables.of_network(figure))
    yield f"*{escaped(figure.note)}*" if figure.note else ""


def _titled(figure: Figure) -> str:
    """The title, leading where the figure leads."""
    link = wording.web_link(figure.link)
    words = escaped(figure.title or link)
    return f"[{words}](<{link.replace('<', '%3C').replace('>', '%3E')}>)" if link else words


def _stat(stat: Stat) -> str:
    said = f"**{_titled(stat)}:** {escaped(wording.stat_text(stat))}"
    change = wording.change_text(stat)
    lines = [said + (f" ({escaped(change)})" if change else "")]
    lines += [escaped(text) for text in (wording.remark(stat), stat.description, stat.note) if text]
    return "  \n".join(lines)


def _series(series: Series) -> Iterator[str]:
    if not wording.has_values(series):
        yield f"*{escaped(wording.empty_text(series.state, series.state_text))}*"
        return
    yield f"*{escaped(wording.describe(series))}*"
    yield _table(tables.of_series(series))


def _table(table: Table) -> str:
    state = wording.remark(table) if table.rows else wording.empty_text(table.state, table.state_text)
    if not table.cols:
        return f"*{escaped(state)}*"
    head = "| " + " | ".join(escaped(column.label) for column in table.cols) + " |"
    rule = "|" + "|".join("---:" if column.kind in NUMERIC else "---" for column in table.cols) + "|"
    rows = [
        "| " + " | ".join(escaped(wording.cell_text(c, v)) for c, v in zip(table.cols, row, strict=True)) + " |"
        for row in table.rows[:ROWS]
    ]
    return "\n".join([head, rule, *rows]) + _cut(table) + (f"\n\n*{escaped(state)}*" if state else "")


def _cut(table: Table) -> str:
    said = wording.rows_text(table, ROWS)
    return f"\n\n*{said}*" if said else ""


def _notice(notice: Notice) -> str:
    title = f" {escaped(notice.title)}:" if notice.title else ""
    return f"> **{_SIGNS[notice.level]}:**{title} {escaped(notice.text)}"


def _origins(document: Document) -> Iterator[str]:
    records = document.sources()
    if not records:
        return
    yield "## Where the numbers come from"
    for record in records:
        told = "; ".join(f"{label}: {_told(label, text)}" for label, text in wording.origin_facts(document, record))
        yield f"- **{escaped(record.block)}** – {told}"


def _told(label: str, text: str) -> str:
    """A query as code, unless it has the sign that would end it; everything else as plain text."""
    return f"`{text}`" if label == "Query" and "`" not in text else escaped(text)


def safe(markdown: str) -> str:
    """Markdown as it was written, its raw HTML and its links to scripts made harmless."""
    plain = re.sub(r"<(?!https?://)", "&lt;", markdown) if prose.has_html(markdown) else markdown
    return re.sub(r"(?i)(\]\(\s*|\]:\s*|<)(javascript|vbscript|data):", r"\1blocked-\2:", plain)


def escaped(text: str) -> str:
    """Plain text in which Markdown and HTML mean nothing, on one line."""
    flat = " ".join(text.split())
    return re.sub(r"([\\`*_\[\]|<>#])", r"\\\1", flat.replace("&", "&amp;"))
