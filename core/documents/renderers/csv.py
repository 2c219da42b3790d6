"""CSV: one file a table, zipped when there are several. Opens rightly in spreadsheets and runs nothing there."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.documents import prose, tables, wording
from core.documents.document import Document
from core.documents.local import localised
from core.documents.renderers import Rendered
from core.figures import Cell, Column, Network, Notice, Prose, Stat, Table

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as an old code page."""

_DANGEROUS = re.compile(r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]")


@dataclass(frozen=True, slots=True)
class Csv:
    key: str = "csv"
    label: str = "CSV"
    media_type: str = "text/csv; charset=utf-8"
    suffix: str = ".csv"

    def render(self, document: Document) -> Rendered:
        """One table as CSV; several, none, or one with a notice as a zip with `about.csv`."""
        document = localised(document)
        found = tables.of_document(document)
        if len(found) == 1 and not _told(document):
            return Rendered(text(document, found[0].table).encode(), self.media_type, self.suffix)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            files = {f"{number:02}-{_plain(named.name)}.csv": named.table for number, named in enumerate(found, 1)}
            archive.writestr(_entry("about.csv", document), _about(document, files))
            for name, table in files.items():
                archive.writestr(_entry(name, document), text(document, table))
        return Rendered(packed.getvalue(), "application/zip", ".zip")


def text(document: Document, table: Table) -> str:
    """One table. A demo's rows say so; a table without rows says why."""
    demo, table = document.is_demo, tables.with_units(table)
    head = [safe(column.label or column.key) for column in table.cols] + ["data"] * demo
    if not table.rows:
        return _written([head, [wording.empty_text(table.state, table.state_text)]])
    return _written([head, *([*map(cell, row, table.cols), *["demo"] * demo] for row in table.rows)])


def cell(shown: Cell, column: Column) -> str | int | float:
    """A number plain, a moment as ISO 8601, text so that no spreadsheet runs it."""
    value = wording.exact(shown)
    if value is None:
        return ""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, str):
        return safe(wording.cell_text(column, value))
    return int(value) if value == int(value) else value


def safe(said: str) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{said}" if _DANGEROUS.match(said) else said


def _written(rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return BOM + out.getvalue()


def _told(document: Document) -> list[tuple[str, str]]:
    """Notices and states, which a table of its own could not tell."""
    told = [("Notice", notice.text) for notice in document.notices]
    for figure in document.figures():
        said = figure.text if isinstance(figure, Notice) else wording.state_of(figure)
        if said:
            told.append((figure.title or "Notice", said))
    return told


def _about(document: Document, files: dict[str, Table]) -> str:
    rows = [("Title", document.title), *wording.facts(document), *_told(document)]
    rows += [
        (f.title or "Text", prose.without_pictures(prose.source(f, "csv")))
        for f in document.figures()
        if isinstance(f, Prose)
    ]
    for figure in document.figures():
        if isinstance(figure, (Stat, Prose, Network)):
            rows += [(f"{figure.title or 'Text'}: {label}", said) for label, said in wording.asides(figure)]
    for name, table in files.items():
        rows.append((name, " – ".join(part for part in (table.title, table.description, table.note) if part)))
    rows += [(f"Link of {f.title or f.key}", link) for f in document.figures() if (link := wording.web_link(f.link))]
    for record in document.sources():
        told = "; ".join(f"{label}: {said}" for label, said in wording.origin_facts(document, record))
        rows.append((f"Where it comes from: {record.block or 'Document'}", told))
    return _written([["About", ""], *([safe(label), safe(said)] for label, said in rows)])


def _entry(name: str, document: Document) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, document.local(document.generated_at).timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _plain(name: str) -> str:
    return re.sub(r"[^\w]+", "-", name).strip("-").lower()[:60] or "table"
