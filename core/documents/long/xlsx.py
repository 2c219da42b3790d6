"""Long tables as a workbook: as many sheets as Excel asks for, typed cells, and a first sheet that tells of them.

xlsxwriter keeps one row in memory and the rest in a file of its own beside: text is
always written as text, so that no cell becomes a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

from core.documents import wording
from core.documents.long.table import LongTable
from core.documents.renderers import xlsx_formats
from core.documents.theme import LIGHT
from core.figures import Column, Scalar

EXCEL_ROWS = 1_048_576
"""Of one sheet, its heading among them."""
FIRST_YEAR = 1900
"""Excel knows no date before; older ones are written as text."""
LONGEST = 32_767
"""Letters of a cell."""
MOST_LINKS = 60_000
"""Excel takes no more than 65,530 of a sheet; further addresses are text."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_WIDTHS = {"integer": 12, "number": 10, "decimal": 12, "percent": 10, "hours": 12, "date": 12, "moment": 17, "link": 30}


@dataclass(frozen=True, slots=True)
class LongXlsx:
    key: str = "xlsx"
    label: str = "Excel"
    media_type: str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffix: str = ".xlsx"
    sheet_rows: int = EXCEL_ROWS

    def write(self, table: LongTable, out: BinaryIO, written: Callable[[int], None]) -> None:
        """The table over as many sheets as it needs, and About before them."""
        import xlsxwriter

        how = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(out, how) as book:
            about = book.add_worksheet("About")
            pages = _Pages(book, table, self.sheet_rows)
            done = 0
            for batch in table.batches:
                for row in batch:
                    pages.add(row)
                written(done := done + len(batch))
            pages.end()
            _about(book, about, table, pages.filled)


@dataclass(slots=True)
class _Pages:
    """The sheets that rows go to, one after the other."""

    book: Any
    table: LongTable
    most: int
    filled: list[tuple[str, int]] = field(default_factory=list)
    """Name and rows of each sheet that is full."""
    sheet: Any = None
    at: int = 0
    """Rows of the sheet so far, its heading among them."""
    _writers: list[Callable[[Any, int, int, Scalar], None]] = field(default_factory=list)

    def add(self, row: Any) -> None:
        """One row; a new sheet where the one before is full."""
        if self.sheet is None or self.at >= self.most:
            self._turn()
        for place, cell in enumerate(row):
            if cell is not None:
                self._writers[place](self.sheet, self.at, place, cell)
        self.at += 1

    def end(self) -> None:
        """Close the last sheet; an empty table has one with its headings."""
        if self.sheet is None:
            self._turn()
        self._close()

    def _turn(self) -> None:
        if self.sheet is not None:
            self._close()
        number = len(self.filled) + 1
        self.sheet, self.at = self.book.add_worksheet("Rows" if number == 1 else f"Rows {number}"), 1
        head = self.book.add_format(
            {"font_name": "Calibri", "bold": True, "bg_color": LIGHT.surface, "bottom": 1, "bottom_color": LIGHT.line}
        )
        self._writers = [_writer(self.book, column) for column in self.table.cols]
        for place, column in enumerate(self.table.cols):
            self.sheet.set_column(place, place, _width(column))
            self.sheet.write_string(0, place, column.label or column.key, head)
        self.sheet.freeze_panes(1, 0)

    def _close(self) -> None:
        rows = self.at - 1
        if rows:
            self.sheet.autofilter(0, 0, rows, len(self.table.cols) - 1)
        if self.table.is_demo:
            self.sheet.set_footer("&LDemo data&RPage &P of &N")
        self.filled.append((self.sheet.get_name(), rows))


def _writer(book: Any, column: Column) -> Callable[[Any, int, int, Scalar], None]:
    """How cells of a column are written: its formats are made once a sheet."""
    number = xlsx_formats.of_column(column)
    plain = book.add_format({"font_name": "Calibri", **({"num_format": number} if number else {})})
    quoted = book.add_format({"font_name": "Calibri", "quote_prefix": True})
    link = book.add_format({"font_name": "Calibri", "font_color": LIGHT.primary, "underline": 1})
    is_link = column.kind == "link"

    def write(sheet: Any, row: int, place: int, cell: Scalar) -> None:
        if isinstance(cell, str):
            if is_link and row <= MOST_LINKS and (address := wording.safe_link(cell)):
                sheet.write_url(row, place, address, link, cell[:LONGEST])
            else:
                sheet.write_string(row, place, cell[:LONGEST], quoted if cell.startswith(DANGEROUS) else plain)
        elif isinstance(cell, date):
            _write_date(sheet, row, place, cell, plain)
        else:
            sheet.write_number(row, place, cell, plain)

    return write


def _write_date(sheet: Any, row: int, place: int, day: date, look: Any) -> None:
    if day.year < FIRST_YEAR:
        sheet.write_string(row, place, day.isoformat(), look)
    else:
        sheet.write_datetime(row, place, day.replace(tzinfo=None) if isinstance(day, datetime) else day, look)


def _width(column: Column) -> float:
    return max(_WIDTHS.get(column.kind, 24), len(column.label) + 4)


def _about(book: Any, sheet: Any, table: LongTable, filled: list[tuple[str, int]]) -> None:
    bold = book.add_format({"font_name": "Calibri", "bold": True, "valign": "top"})
    wrap = book.add_format({"font_name": "Calibri", "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, table.title, book.add_format({"font_name": "Calibri", "bold": True, "font_size": 16}))
    for row, (label, said) in enumerate([*table.about, *_sheets(filled)], 2):
        sheet.write_string(row, 0, label, bold)
        sheet.write_string(row, 1, said[:LONGEST], wrap)


def _sheets(filled: list[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    """What is on which sheet; where there are several, why."""
    yield "In all", f"{sum(rows for _, rows in filled):,} rows"
    if len(filled) > 1:
        yield (
            "Sheets",
            f"{len(filled)}: one sheet of Excel holds no more than {EXCEL_ROWS:,} rows, its heading among them.",
        )
        for name, rows in filled:
            yield name, f"{rows:,} rows"
