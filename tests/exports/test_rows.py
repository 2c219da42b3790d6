"""Files of every row of a list: in batches of a bounded size, over as many sheets as needed, and stopped when asked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from core.base.errors import BadInput, LostLease, NotAllowed, NotFound
from core.bootstrap import House
from core.catalogue.evidence import CHUNK_ROWS, streamed
from core.context import Context
from core.documents.long import LongTable
from core.documents.long.csv import LongCsv
from core.documents.long.xlsx import LongXlsx
from core.exports import service as exports
from core.figures import Column
from core.reports import exporting
from tests.exports.test_exports import Users, make
from tests.reports.conftest import World, user, world

__all__ = ["user", "world"]
COLS = (
    Column(key="at", label="At", kind="moment"),
    Column(key="day", label="Day", kind="date"),
    Column(key="subject", label="Subject"),
    Column(key="lines", label="Lines", kind="integer"),
    Column(key="url", label="Link", kind="link"),
)
ROW = (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), date(2026, 3, 2), "=cmd()|x", 7, "https://code.example/1")


def table(rows: int, **more: Any) -> LongTable:
    return LongTable("Rows", COLS, iter([[ROW] * rows]), rows, **more)


def written(how: LongCsv | LongXlsx, long: LongTable) -> io.BytesIO:
    out = io.BytesIO()
    how.write(long, out, lambda rows: None)
    out.seek(0)
    return out


def test_the_store_gives_every_row_once_in_batches_that_are_bounded(ctx: Context) -> None:
    sql = "SELECT toString(number) AS subject, number AS lines FROM numbers({most:UInt32}) ORDER BY number"
    columns = (COLS[2], COLS[3])

    found = streamed(ctx, sql, {"most": 3 * CHUNK_ROWS + 7}, "Numbers", columns)
    sizes, last = [], ()
    for batch in found.batches:
        sizes.append(len(batch))
        last = batch[-1]

    assert (found.total, sum(sizes), max(sizes)) == (3 * CHUNK_ROWS + 7, 3 * CHUNK_ROWS + 7, CHUNK_ROWS)
    assert last == (str(3 * CHUNK_ROWS + 6), 3 * CHUNK_ROWS + 6)
    assert list(streamed(ctx, sql, {"most": 0}, "Numbers", columns).batches) == []


def test_rows_go_over_as_many_sheets_as_one_cannot_hold_and_about_says_so() -> None:
    book = load_workbook(written(LongXlsx(sheet_rows=11), table(25, about=(("Workspace", "Ours"),))))

    assert book.sheetnames == ["About", "Rows", "Rows 2", "Rows 3"]
    assert [book[name].max_row for name in book.sheetnames[1:]] == [11, 11, 6]
    told = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=3)}
    assert (told["Workspace"], told["In all"], told["Rows 3"]) == ("Ours", "25 rows", "5 rows")
    assert told["Sheets"].startswith("3: one sheet of Excel holds no more than 1,048,576 rows")


def test_cells_are_what_they_are_and_none_is_a_formula() -> None:
    sheet = load_workbook(written(LongXlsx(), table(1)))["Rows"]

    at, day, subject, lines, link = next(sheet.iter_rows(min_row=2))
    assert (at.value, day.value, lines.value) == (datetime(2026, 3, 2, 9, 30), datetime(2026, 3, 2), 7)  # noqa: DTZ001
    assert (subject.value, subject.data_type, subject.quotePrefix) == ("=cmd()|x", "s", True)
    assert link.hyperlink.target == "https://code.example/1"
    text = written(LongCsv(), table(1, is_demo=True)).getvalue().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["At", "Day", "Subject", "Lines", "Link", "data"],
        ["2026-03-02 09:30:00", "2026-03-02", "'=cmd()|x", "7", "https://code.example/1", "demo"],
    ]


def test_rows_behind_a_number_and_a_list_are_made_by_the_worker_and_sent_in_pieces(world: World, house: House) -> None:
    of_ann = {"metric": "Commits", "dateRange": "2026-03-01..2026-03-10", "people": ["Ann"]}
    asked = exporting.request(world.ctx, "rows", "csv", parameters=of_ann)
    milestones = exporting.request(world.ctx, "rows", "xlsx", parameters={"list": "milestones"})

    make(house, asked)

    job = exports.get(world.ctx, asked)
    assert (job.status, job.error) == ("success", None)
    assert job.file_name == "commits-1-mar-2026-to-10-mar-2026.csv"
    file = exports.sending(world.ctx, asked)
    content = b"".join(file.pieces)
    assert len(content) == file.size == job.file_size_bytes
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {(row["Person"], row["Repository"]) for row in rows} == {("Ann", "app")} and len(rows) == 9
    book = load_workbook(io.BytesIO(exports.content(world.ctx, milestones).content))
    assert (book.sheetnames, book["Rows"].max_row) == (["About", "Rows"], 1)


@pytest.mark.parametrize(
    ("fmt", "parameters", "sentence"),
    [
        ("pdf", {"metric": "commits_count"}, "no format 'pdf'.* Choose of xlsx, csv"),
        ("csv", {"metric": "commitz"}, "no metric named 'commitz'"),
        ("csv", {"list": "pull"}, "no list 'pull'. Did you mean 'pulls'"),
        ("csv", {"metric": "commits_count", "teams": ["Atlass"]}, "no team named 'Atlass'"),
        ("csv", {"metric": "commits_count", "days": 7}, "'days'"),
    ],
)
def test_what_cannot_be_listed_is_named(world: World, fmt: str, parameters: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        exporting.request(world.ctx, "rows", fmt, parameters=parameters)


def test_a_cancelled_export_stops_among_its_rows_and_leaves_no_file(world: World, house: House, user: Users) -> None:
    asked = exporting.request(world.ctx, "rows", "csv", parameters={"metric": "commits_count"})
    with pytest.raises(NotAllowed):
        exports.cancel(user("vic", "viewer"), asked)

    def endless() -> Iterator[list[tuple[Any, ...]]]:
        yield [ROW]
        exports.cancel(world.ctx, asked)
        while True:
            yield [ROW] * 100

    with pytest.raises(LostLease):
        exports.execute(
            house, world.ctx.workspace.id, asked, lambda ctx, job: (LongTable("Endless", COLS, endless(), 9), True)
        )

    assert exports.get(world.ctx, asked).status == "cancelled"
    assert house.files.used_bytes() == 0
    with pytest.raises(NotFound):
        exports.sending(world.ctx, asked)
