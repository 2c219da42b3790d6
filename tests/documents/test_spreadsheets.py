"""XLSX and CSV: typed, readable by other programs, and harmless."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from datetime import date

import openpyxl
import pytest

from core.documents import Document, Section, render, wording
from core.documents.renderers.csv import safe
from core.figures import Column, Figure, Table
from tests.documents import sample


def alone(*figures: Figure) -> Document:
    """A document of these figures."""
    return Document(
        title="Alone", time_zone="Europe/Vienna", generated_at=sample.NOW, sections=[Section(blocks=list(figures))]
    )


def book(document: Document) -> openpyxl.Workbook:
    """The document as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(render(document, "xlsx").content))


def test_cells_keep_their_types():
    sheet = book(alone(sample.people()))["People"]
    person, commits, mean, share, hours, first, last = (cell.value for cell in sheet[2][:7])

    assert person == "Zoë Müller"
    assert (commits, mean, share, hours) == (1204, -3.25, 0.37, 0.5)
    assert str(first) == "2026-02-09 00:00:00"
    assert str(last) == "2026-03-01 15:05:00", "on the clock of the document's zone"
    assert [sheet[2][place].number_format for place in (1, 2, 3, 5)] == ["#,##0", "#,##0.00", "0.0 %", "yyyy-mm-dd"]


def test_a_column_of_several_units_holds_numbers_each_shown_in_its_own():
    rows = {row[0].value: row for row in book(alone(sample.changes()))["What changed"].iter_rows(min_row=2, max_row=13)}
    shown = {name: [(cell.value, cell.number_format) for cell in row[1:4]] for name, row in rows.items()}

    assert shown["Commits"] == [(6, "#,##0"), (25, "#,##0"), (-0.76, '+#,##0 %;-#,##0 %;"no change"')]
    assert shown["Reviews per pull request"][0] == (2.25, "#,##0.0")
    assert shown["Cycle time"][:2] == [(12.4, '#,##0.0" h"'), (11.2, '#,##0.0" h"')]
    assert shown["Weekend commits"][:2] == [(0.0244, "0.0 %"), (0.37, "#,##0 %")]
    assert shown["Merged but not deployed"][2] == (2.4, '+#,##0.0" points";-#,##0.0" points";"no change"')
    assert shown["Focus"] == [(0.62, "0.00"), (0.62, "0.00"), (0, '+#,##0 %;-#,##0 %;"no change"')]
    assert shown["Deployments"][2] == (1.25, '+#,##0.00" / day";-#,##0.00" / day";"no change"')


def test_a_missing_number_leaves_its_cell_empty_and_its_row_says_why():
    sheet = book(alone(sample.changes()))["What changed"]

    assert [cell.value for cell in sheet[13]] == ["Recovery time", None, 4, None, "No data: nothing failed."]


def test_the_head_is_frozen_and_filtered():
    sheet = book(alone(sample.people(8)))["People"]

    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:I9"
    assert sheet.column_dimensions["A"].width > 10


def test_no_cell_is_a_formula():
    for sheet in book(sample.document(rows=40)):
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_text_that_looks_like_a_formula_is_marked_as_text():
    sheet = book(alone(sample.people(8)))["People"]
    marked = {sheet.cell(row, 1).value: sheet.cell(row, 1).quotePrefix for row in range(2, 10)}

    assert marked[sample.HARM] and marked["@mention"] and marked["-1+1"] and marked["\t=1+1"]
    assert not marked["Zoë Müller"]


def test_only_addresses_that_may_be_followed_become_links():
    sheet = book(alone(sample.people(2)))["People"]

    assert sheet["H2"].hyperlink is None
    assert sheet["H3"].hyperlink.target == "https://example.org/p/1"


def test_the_first_sheet_says_what_it_is():
    said = {row[0]: row[1] for row in book(sample.document(is_demo=True, rows=3))["About"].iter_rows(values_only=True)}

    assert said["Period"] == "9 Feb 2026 – 8 Mar 2026"
    assert said["Filters"] == "Team: Platform; Team: Mobile"
    assert said["Generated"] == "11 Mar 2026 13:00 CET"
    assert said["People"] == "3 of 40 rows"
    assert said["Note"].startswith("Demo data")


def test_charts_are_native_beside_their_numbers():
    sheets = book(sample.document())

    assert len(sheets["Commits a day"]._charts) == 1
    assert len(sheets["Files changed most"]._charts) == 1
    assert sheets["When commits are made"].conditional_formatting


def test_sheet_names_are_what_excel_takes():
    cols = [Column(key="a", label="a")]
    titles = ["History", "a/b:c*[d]?", "'quoted'", "x" * 50, "x" * 50, "PEOPLE", "people", ""]
    names = book(alone(*[Table(title=title, cols=cols, rows=[["1"]]) for title in titles])).sheetnames

    assert len({name.lower() for name in names}) == len(titles) + 1
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert "History" not in names


def test_a_large_table_is_written_fast_and_whole():
    cols = [Column(key=f"c{i}", label=f"c{i}", kind="integer") for i in range(10)]
    table = Table(title="Large", cols=cols, rows=[[i * j for j in range(10)] for i in range(25_000)])

    begun = time.process_time()
    made = render(alone(table), "xlsx")
    spent = time.process_time() - begun
    sheet = openpyxl.load_workbook(io.BytesIO(made.content), read_only=True)["Large"]

    assert sheet.max_row == 25_001
    assert spent < 15


@pytest.mark.parametrize("said", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_csv_text_that_a_spreadsheet_would_run_is_disarmed(said: str):
    assert safe(said) == f"'{said}"


@pytest.mark.parametrize("said", ["Zoë", "a=b", "1 − 2", "", "2026-03-02"])
def test_csv_leaves_other_text_alone(said: str):
    assert safe(said) == said


def test_one_table_is_one_csv_that_excel_reads_as_utf8():
    made = render(alone(sample.people(8)), "csv")
    rows = list(csv.reader(io.StringIO(made.content.decode("utf-8-sig"))))

    assert made.filename_suffix == ".csv"
    assert made.content.startswith(b"\xef\xbb\xbf")
    assert rows[1][:7] == ["Zoë Müller", "1204", "-3.25", "0.37", "0.5", "2026-02-09", "2026-03-01T15:05:00+01:00"]
    assert date.fromisoformat(rows[1][5]) == date(2026, 2, 9)


def test_bare_numbers_of_several_units_stand_beside_their_units_in_csv():
    head, *rows = csv.reader(io.StringIO(render(alone(sample.changes()), "csv").content.decode("utf-8-sig")))

    assert head == ["Metric", "Now", "Before", "Unit", "Change", "Unit of Change", "Remark"]
    assert rows[3][:4] == ["Cycle time", "12.4", "11.2", "hours"]
    assert rows[6] == ["Merged but not deployed", "0.024", "0", "ratio", "2.4", "points", ""]
    assert rows[11] == ["Recovery time", "", "4", "hours", "", "", "No data: nothing failed."]


def test_several_tables_are_a_zip_that_says_what_it_is():
    made = render(sample.document(), "csv")
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        names = archive.namelist()
        about = archive.read("about.csv").decode("utf-8-sig")

    assert made.filename_suffix == ".zip"
    assert names[:3] == ["about.csv", "01-numbers.csv", "02-commits-a-day.csv"]
    assert "connect a source of deployments" in about
    assert "PagerDuty refused" in about


def test_a_number_that_names_something_is_never_grouped():
    column = Column(key="number", label="Number", kind="number")

    sheet = book(alone(Table(key="pulls", title="Pulls", cols=[column], rows=[[1154]])))["Pulls"]

    assert (sheet[2][0].value, sheet[2][0].number_format) == (1154, "0")
    assert wording.cell_text(column, 1154) == "1154"
