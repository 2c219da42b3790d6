"""One document, six files: the numbers that come back out of each are those that went in."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator

import openpyxl
import pypdf
import pytest
from lxml import html

from core.documents import Document, Section, render, tables, wording
from core.figures import NUMERIC, Axis, Figure, Line, Series, Stat, Table, Unit, number_text
from tests.documents import sample

Numbers = dict[str, list[float]]
"""By figure: its numbers, row by row."""


def document() -> Document:
    """Every unit as a single number, every kind of column, and charts with gaps; columns narrow enough for paper."""
    units = [
        sample.stat(f"In {unit.value}", value, unit, sample.Better.HIGHER, value * 0.8)
        for unit, value in zip(Unit, (1204.0, -318.5, 12.4, 3.5, 0.37, 0.62, 1.25, 3.1, 2.4, 104.0), strict=True)
    ]
    charts: list[Figure] = [sample.trend(), sample.band(), sample.area(), sample.stacked(), sample.heat()]
    people = sample.people(30)
    narrow = people.model_copy(update={"cols": people.cols[:5], "rows": [row[:5] for row in people.rows]})
    return Document(
        title="Same",
        generated_at=sample.NOW,
        sections=[
            Section(title="Numbers", blocks=units),
            Section(title="Charts", blocks=[*charts, narrow, sample.changes()]),
        ],
    )


def put_in(shown: Document) -> Numbers:
    """What the document holds."""
    stats = {figure.title: [figure.value] for figure in shown.figures() if isinstance(figure, Stat)}
    rest = {
        table.title: list(_cells(table))
        for figure in shown.figures()
        if not isinstance(figure, Stat)
        for table in tables.of_figure(figure)
    }
    return {**stats, **rest}  # type: ignore[dict-item]


def _cells(table: Table) -> Iterator[float]:
    for row in table.rows:
        for column, cell in zip(table.cols, row, strict=True):
            number = wording.exact(cell)
            if column.kind in NUMERIC and isinstance(number, (int, float)):
                yield float(number)


def from_json(content: bytes) -> Numbers:
    return put_in(Document.thawed(content))


def from_csv(content: bytes) -> Numbers:
    found: Numbers = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = {
            name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")))) for name in archive.namelist()
        }
    titles = {row[0]: row[1].split(" – ")[0] for row in sheets.pop("about.csv") if row[0].endswith(".csv")}
    for name, rows in sheets.items():
        if titles[name] == "Numbers":
            found |= {row[0]: [float(row[2])] for row in rows[1:]}
        else:
            found[titles[name]] = [float(cell) for row in rows[1:] for cell in row[1:] if _is_number(cell)]
    return found


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?([eE]-?\d+)?", cell) is not None


def from_xlsx(content: bytes) -> Numbers:
    book = openpyxl.load_workbook(io.BytesIO(content))
    found: Numbers = {}
    for sheet in book.worksheets[1:]:
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        if sheet.title == "Numbers":
            found |= {str(row[0]): [float(row[2])] for row in rows if row[1]}  # type: ignore[arg-type]
        elif sheet.title != "Provenance":
            found[sheet.title] = [float(cell) for row in rows for cell in row if isinstance(cell, (int, float))]
    return found


def from_html(content: bytes) -> Numbers:
    page = html.fromstring(content.decode())
    found: Numbers = {}
    for card in page.xpath('//article[contains(@class, "stat")]'):
        found[card.xpath("./h3")[0].text_content()] = [float(card.xpath('.//p[@class="value"]/data/@value')[0])]
    for figure in page.xpath("//figure"):
        title = figure.xpath("./h3")[0].text_content()
        found[title] = [float(value) for value in figure.xpath(".//tbody//@data-value")]
    return found


EXACT = {"json": from_json, "csv": from_csv, "xlsx": from_xlsx, "html": from_html}


@pytest.mark.parametrize("fmt", EXACT)
def test_exact_numbers_come_back(fmt: str):
    shown = document()

    found = EXACT[fmt](render(shown, fmt).content)

    assert found.keys() == put_in(shown).keys()
    for title, numbers in put_in(shown).items():
        # Excel's file format keeps sixteen digits.
        assert found[title] == pytest.approx(numbers, rel=1e-15, abs=0), title


def texts(shown: Document) -> dict[str, list[list[str]]]:
    """What the house's rounding makes of every number: the rows of texts that a format without types must show."""
    found = {figure.title: [[figure.text]] for figure in shown.figures() if isinstance(figure, Stat)}
    for figure in shown.figures():
        for table in tables.of_figure(figure):
            rows = [[wording.cell_text(c, v) for c, v in zip(table.cols, row, strict=True)] for row in table.rows]
            found[table.title] = rows
    return found


def from_markdown(content: bytes) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    title = ""
    for line in content.decode().replace("\\", "").splitlines():
        if line.startswith("### "):
            title = line[4:]
            found[title] = []
        elif stat := re.match(r"\*\*(In .+?):\*\* (.+?) \(", line):
            found[stat[1]] = [[stat[2]]]
        elif line.startswith("| "):
            found[title].append([cell.strip() for cell in line.strip("| ").split(" | ")])
    return {title: rows if len(rows[0]) == 1 else rows[1:] for title, rows in found.items() if rows}


def test_markdown_shows_every_number_as_the_house_rounds_it():
    shown = document()
    found = from_markdown(render(shown, "markdown").content)

    assert found.keys() == texts(shown).keys()
    for title, rows in texts(shown).items():
        flat = [[" ".join(cell.split()) for cell in row] for row in rows]
        assert found[title] == flat, title


def test_pdf_shows_every_number_as_the_house_rounds_it():
    shown = document()
    pages = pypdf.PdfReader(io.BytesIO(render(shown, "pdf").content)).pages
    printed = "".join("".join(page.extract_text() for page in pages).split())

    for title, rows in texts(shown).items():
        for row in rows:
            assert "".join("".join(row).split()) in printed, f"{title}: {row}"


@pytest.mark.parametrize("value", [0.0, 0.004, 0.37, 1.0, 12.44, 71.9, 1204.0, 98765.4])
@pytest.mark.parametrize("unit", list(Unit))
def test_what_is_shown_is_the_value_to_its_last_digit(unit: Unit, value: float):
    text = number_text(value, unit)
    digits = re.match(r"[\d,]+(?:\.(\d+))?", text)
    assert digits
    number = float(digits[0].replace(",", ""))
    factor = 60 if text.endswith("min") else 1 / 24 if unit is Unit.HOURS and text.endswith("d") else 1
    factor = 100 if unit is Unit.RATIO else factor

    assert abs(number - value * factor) <= 0.5 * 10 ** -len(digits[1] or "") + 1e-9


def test_a_gap_is_a_gap_in_every_file():
    line = Line(name="Commits", x=list(sample.DAYS[:3]), y=[7.0, None, 9.0])
    chart = Series(title="Gap", y=Axis(unit=Unit.COUNT), lines=[line])
    shown = Document(title="Gap", generated_at=sample.NOW, sections=[Section(blocks=[chart])])
    book = openpyxl.load_workbook(io.BytesIO(render(shown, "xlsx").content))

    assert "2026-02-10,\r\n" in render(shown, "csv").content.decode("utf-8-sig")
    assert book["Gap"]["B3"].value is None
    assert "| 10 Feb 2026 | – |" in render(shown, "markdown").content.decode()
    assert ">–</td>" in render(shown, "html").content.decode()
