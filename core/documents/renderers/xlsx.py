"""XLSX: a sheet a table with typed cells and native charts, and a first sheet that says what it is.

Written by xlsxwriter for small and large alike, since its constant-memory mode is a
flag: openpyxl needs ten times as long for a large table and would be a second writer.
Text is always written as text, so no cell can become a formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.base.counted import counted
from core.documents import blobs, prose, tables, wording
from core.documents.document import Document
from core.documents.local import localised
from core.documents.renderers import Rendered, xlsx_formats
from core.documents.renderers.xlsx_charts import add_chart
from core.documents.tables import Named
from core.documents.theme import LIGHT
from core.documents.themes import look
from core.figures import Cell, Column, Notice, Prose, Quantity, Table

LARGE = 20_000
"""From so many rows on a row is written out as soon as it is full."""

FIRST_YEAR = 1900
"""Excel knows no date before; older ones are written as text."""

WIDEST = 60
MOST_ROWS = 1_048_000
"""What one sheet can hold, with room for the lines around the table."""


@dataclass(frozen=True, slots=True)
class Xlsx:
    key: str = "xlsx"
    label: str = "Excel"
    media_type: str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffix: str = ".xlsx"

    def render(self, document: Document) -> Rendered:
        """The document as a workbook."""
        import xlsxwriter

        document = localised(document)
        found = tables.of_document(document)
        large = any(len(named.table.rows) > LARGE for named in found)
        out = io.BytesIO()
        options = {
            "in_memory": not large,
            "constant_memory": large,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        with xlsxwriter.Workbook(out, options) as book:
            _Writer(book, document).write(found)
        return Rendered(out.getvalue(), self.media_type, self.suffix)


class _Writer:
    """One workbook being written."""

    def __init__(self, book: Any, document: Document) -> None:
        self.book = book
        self.document = document
        self.formats: dict[str, Any] = {}
        self.names: set[str] = {"history"}
        book.set_properties(
            {"title": document.title, "author": document.author or "Sightline", "company": document.workspace}
        )
        book.set_properties(
            {
                "title": document.title,
                "subject": document.period_label,
                "author": document.author,
                "company": document.workspace,
            }
        )

    def write(self, found: list[Named]) -> None:
        sheets = [(named, self.sheet_name(named.name)) for named in found]
        self.about(sheets)
        for named, name in sheets:
            self.table(name, named)
        self.pictures()
        self.origins()

    def pictures(self) -> None:
        """Pictures that texts bring along, one below the other on a sheet of their own."""
        texts = [figure for figure in self.document.figures() if isinstance(figure, Prose)]
        contents = [(text, blobs.raster(blob)) for text in texts for blob in text.blobs]
        found = [(text, content, size) for text, content in contents if content and (size := blobs.size(content))]
        if not found:
            return
        sheet, row = self.book.add_worksheet(self.sheet_name("Pictures")), 0
        for text, content, (_, height) in found:
            self.text(sheet, row, 0, text.title or text.key, self.look("bold", bold=True))
            image = {"image_data": io.BytesIO(content), "description": text.title or text.key}
            sheet.insert_image(row + 1, 0, "picture", image)
            row += 3 + height // 20

    def look(self, key: str, **how: Any) -> Any:
        """A cell format, made once."""
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"font_name": "Calibri", "valign": "top", **how})
        return self.formats[key]

    def sheet_name(self, name: str) -> str:
        """A name that Excel takes: at most 31 letters, none of its signs, unlike every other."""
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip(" '") or "Table"
        short, number = plain[:31].rstrip(" '"), 2
        while short.lower() in self.names:
            short = f"{plain[: 30 - len(str(number))].rstrip()} {number}"
            number += 1
        self.names.add(short.lower())
        return short

    def text(self, sheet: Any, row: int, place: int, said: str, look: Any = None) -> None:
        sheet.write_string(row, place, said[:32_767], look)

    def about(self, sheets: list[tuple[Named, str]]) -> None:
        sheet = self.book.add_worksheet(self.sheet_name("About"))
        bold, wrap = self.look("bold", bold=True), self.look("wrap", text_wrap=True)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 90)
        self.text(sheet, 0, 0, self.document.title, self.look("title", bold=True, font_size=16))
        row = 2
        for label, said in self.told(sheets):
            self.text(sheet, row, 0, label, bold)
            self.text(sheet, row, 1, said, wrap)
            row += 1
        self.text(sheet, row + 1, 0, "Sheets", bold)
        for place, (named, name) in enumerate(sheets, row + 2):
            sheet.write_url(
                place,
                0,
                f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1",
                self.look("link", font_color=LIGHT.primary),
                name,
            )
            self.text(sheet, place, 1, _size(named.table), wrap)

    def told(self, sheets: list[tuple[Named, str]]) -> Iterable[tuple[str, str]]:
        """What the About sheet says, in order."""
        if self.document.subtitle:
            yield "Subtitle", self.document.subtitle
        yield from wording.facts(self.document)
        yield from ((f"Notice ({notice.level})", notice.text) for notice in self.document.notices)
        for section in self.document.sections:
            if section.intro:
                yield section.title or "Text", section.intro
            for figure in section.blocks:
                if isinstance(figure, Prose):
                    yield figure.title or "Text", prose.without_pictures(prose.source(figure, "xlsx"))
                elif isinstance(figure, Notice):
                    yield f"Notice ({figure.level})", f"{figure.title}: {figure.text}" if figure.title else figure.text
                for label, said in wording.asides(figure):
                    yield f"{figure.title or 'Text'}: {label}", said
                if link := wording.web_link(figure.link):
                    yield f"Link of {figure.title or figure.key}", link

    def table(self, name: str, named: Named) -> None:
        table = named.table
        sheet = self.book.add_worksheet(name)
        head = self.look("head", bold=True, bg_color=LIGHT.surface, bottom=1, bottom_color=LIGHT.line, text_wrap=True)
        for place, column in enumerate(table.cols):
            sheet.set_column(place, place, _width(table, place), self.cells(column))
            self.text(sheet, 0, place, column.label or column.key, head)
        sheet.freeze_panes(1, 1 if len(table.cols) > 1 else 0)
        rows = table.rows[:MOST_ROWS]
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                self.cell(sheet, number, place, table.cols[place], value)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(table.cols) - 1)
        self.foot(sheet, len(rows) + 2, table, name)
        if named.series and rows:
            add_chart(self.book, sheet, name, named.series, table, look(self.document.theme).main)

    def foot(self, sheet: Any, row: int, table: Table, name: str) -> None:
        """What must be known of the table, below it: its state, what was cut, a note, and whether it is demo data."""
        said = [
            wording.remark(table) if table.rows else wording.empty_text(table.state, table.state_text),
            wording.rows_text(table, MOST_ROWS),
            table.note,
        ]
        quiet = self.look("quiet", italic=True, font_color=LIGHT.muted)
        for place, line in enumerate([text for text in said if text], row):
            self.text(sheet, place, 0, line, quiet)
        sheet.set_header(f"&L{_header(self.document.title)}&R{_header(name)}")
        sheet.set_footer(
            f"&L{'Demo data' if self.document.is_demo else _header(self.document.workspace)}&RPage &P of &N"
        )
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)

    def cells(self, column: Column) -> Any:
        number = xlsx_formats.of_column(column)
        return self.look(f"{column.kind}{column.decimals}", **({"num_format": number} if number else {}))

    def quantity(self, sheet: Any, row: int, place: int, shown: Quantity) -> None:
        """A number in its own unit; a missing one leaves its cell empty, and the row's remark says why."""
        if shown.value is not None:
            number = xlsx_formats.of_quantity(shown)
            sheet.write_number(row, place, shown.value, self.look(f"quantity {number}", num_format=number))

    def cell(self, sheet: Any, row: int, place: int, column: Column, value: Cell) -> None:
        look = self.cells(column)
        match value:
            case None:
                return
            case Quantity():
                self.quantity(sheet, row, place, value)
            case bool() | str():
                self.written(sheet, row, place, column, str(value))
            case date() if value.year < FIRST_YEAR:
                self.text(sheet, row, place, wording.cell_text(column, value), look)
            case datetime():
                sheet.write_datetime(row, place, value.replace(tzinfo=None), look)
            case date():
                sheet.write_datetime(row, place, value, look)
            case _:
                sheet.write_number(row, place, value, look)

    def written(self, sheet: Any, row: int, place: int, column: Column, said: str) -> None:
        """Text; what could be taken for a formula by another program is marked as text for it too."""
        shown = wording.cell_text(column, said)
        quoted = self.look("quoted", quote_prefix=True) if shown[:1] in ("=", "+", "-", "@", "\t", "\r") else None
        if column.kind == "link" and (address := wording.safe_link(said)) and row <= LARGE:
            sheet.write_url(
                row, place, address, self.look("link", font_color=LIGHT.primary, underline=1), shown[:32_767]
            )
            return
        self.text(sheet, row, place, shown, quoted)

    def origins(self) -> None:
        """The last sheet: where the numbers come from."""
        records = self.document.sources()
        if not records:
            return
        sheet = self.book.add_worksheet(self.sheet_name("Provenance"))
        labels = ["Block", "Metrics", "Facts", "Source", "Rows", "Left out", "Complete up to", "Asked"]
        labels += ["Took", "With", "Query", "Definitions", "Rests on"]
        for place, label in enumerate(labels):
            sheet.set_column(place, place, 24)
            self.text(sheet, 0, place, label, self.look("bold", bold=True))
        sheet.freeze_panes(1, 0)
        for row, record in enumerate(records, 1):
            told = {
                "Block": record.block,
                **dict(wording.origin_facts(self.document, record)),
                "Query": wording.query_text(record) or record.query_hash,
            }
            for place, label in enumerate(labels):
                self.text(sheet, row, place, told.get(label, ""))


def _size(table: Table) -> str:
    return wording.remark(table) or wording.rows_text(table, MOST_ROWS) or counted(len(table.rows), "row")


def _width(table: Table, place: int) -> float:
    column = table.cols[place]
    widest = max((len(wording.cell_text(column, row[place])) for row in table.rows[:500]), default=0)
    return min(WIDEST, max(10, len(column.label) + 4, widest + 3))


def _header(said: str) -> str:
    """Text for a page header, where & is a sign of its own."""
    return said.replace("&", "&&")[:100]
