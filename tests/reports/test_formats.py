"""Every template's run in every format: the numbers that are read out of each are those that the run has frozen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from core import demo
from core.access import workspaces
from core.bootstrap import House
from core.connections import service as connections
from core.context import Context
from core.documents.renderers import email
from core.documents.renderers.pdf_figures import TIES
from core.exports import service as exports
from core.people import service as people
from core.reports import reading, service, templates
from core.stores.metrics import MetricsStore
from tests import fresh
from tests.datasources.test_googleanalytics import ACCOUNTS, key
from tests.reports import readers
from tests.reports.readers import READERS, Read, Words, number, squeezed
from tests.servers.replies import Asked, Replies, Reply, replying

Block = dict[str, Any]
OF_NETWORKS = (["Name", "Group", "Size"], ["From", "To", "Strength"])
"""Tables of which paper has the strongest rows alone; the drawing above them shows the rest."""
NUMERIC = {"integer", "number", "decimal", "percent", "hours", "quantity"}
EMPTY, TROUBLED = "nothing is known", "a part failed"
CASES = [*templates.GALLERY, EMPTY, TROUBLED]
ROOM = {
    "title": "Troubled", "window": {"range": "last_30_days", "compare": "previous"},
    "sections": [
        {"title": "All", "blocks": [
            {"widget": "metric.stat", "params": {"metric": "commits_count"}},
            {"kind": "view", "id": "gone", "view": "table", "args": {"datasource": "away", "query": "SELECT 1"}},
            {"widget": "metric.stat", "params": {"metric": "recovery_time_hours"}, "range": "2026-03-07..2026-03-08"},
            {"widget": "metric.trend", "params": {"metric": "recovery_time_hours"}, "range": "2026-02-16..2026-03-08"},
        ]},
    ],
    "datasources": {"away": {"connection": "Nowhere"}},
}  # fmt: skip


@dataclass
class Ran:
    """One run: its frozen document as plain JSON, and all its files as they are read back."""

    document: dict[str, Any]
    files: dict[str, Read]
    mail: Read
    letter: str
    sheets: list[str]
    """Of the PDF, page by page."""

    def blocks(self, *shapes: str) -> list[Block]:
        return [one for part in self.document["sections"] for one in part["blocks"] if one["shape"] in shapes]

    def everything(self) -> dict[str, str]:
        """All words of each format."""
        found = {fmt: one.words.text for fmt, one in self.files.items()}
        return found | {"mail": self.mail.words.text, "mail as text": squeezed(self.letter)}


@pytest.fixture(scope="module")
def ran(
    metrics: MetricsStore, home: Path, blank: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Ran]]:
    """`ran("dora-monthly")` is the run of that template; each runs once."""
    folder = tmp_path_factory.mktemp("formats")
    house = fresh.house(home, fresh.copied(blank, folder / "app.db"), metrics, folder)
    shown = house.context(demo.load(house))
    nothing = house.context(workspaces.create(house.app, name="Empty", now=fresh.NOW))
    somebody = people.people(shown)[3].name
    with replying() as google:
        google.routes |= {
            "/token": Reply({"access_token": "ya29", "expires_in": 3599}),
            "/v1beta/accountSummaries": Reply(ACCOUNTS),
            "/v1beta/properties/10:runReport": visits,
        }
        connected(shown, google)

        @cache
        def run(case: str) -> Ran:
            if case == TROUBLED:
                return _ran(house, shown, service.create(shown, case, plan=ROOM).id)
            ctx = nothing if case == EMPTY else shown
            template = "dora-monthly" if case == EMPTY else case
            chosen = [somebody] if case in templates.OF_ONE else []
            return _ran(house, ctx, templates.create_from(ctx, template, people=chosen).id)

        yield run
    house.app.close()


def connected(ctx: Context, google: Replies) -> None:
    args = {"key_json": key(google), "api": google.url, "admin_api": google.url}
    connections.create(ctx, "Google Analytics", "googleanalytics", args)
    connections.create(ctx, "Nowhere", "sql", {"driver": "sqlite", "database": "gone.db"})


def visits(asked: Asked) -> Reply:
    """The days that are asked for, or three pages, with a value for each metric; without either the day's number."""
    names = [one["name"] for one in asked.json.get("dimensions", [])]
    first, last = (date.fromisoformat(asked.json["dateRanges"][0][name]) for name in ("startDate", "endDate"))
    if not names:
        return _of_the_day(asked, first)
    days = [f"{first + timedelta(days=n):%Y%m%d}" for n in range((last - first).days + 1)]
    keys = days if names == ["date"] else ["/", "/a", "/b|c"]
    rows = [
        {"dimensionValues": [{"value": one}],
         "metricValues": [{"value": str(1000.25 * place + 7 * column)} for column in range(len(asked.json["metrics"]))]}
        for place, one in enumerate(keys, 1)
    ]  # fmt: skip
    return Reply({
        "dimensionHeaders": [{"name": name} for name in names],
        "metricHeaders": [{"name": one["name"], "type": "TYPE_FLOAT"} for one in asked.json["metrics"]],
        "rows": rows, "rowCount": len(rows),
    })  # fmt: skip


VISITS = {
    ("totalUsers", False): (1400, 1000, 1350),
    ("newUsers", False): (600, 620, 500),
    ("totalUsers", True): (800, 800, 1250),
    ("sessions", False): (1204, 1604, 1204),
    ("averageSessionDuration", False): (95.5, 90, 94),
}
"""Of each metric, of returning users alone or not: yesterday, the day before, the same day a week before."""


def _of_the_day(asked: Asked, day: date) -> Reply:
    (metric,) = (one["name"] for one in asked.json["metrics"])
    place = {1: 0, 2: 1, 8: 2}[(fresh.NOW.date() - day).days]
    value = VISITS[metric, "dimensionFilter" in asked.json][place]
    rows = [{"metricValues": [{"value": str(value)}]}]
    return Reply({"metricHeaders": [{"name": metric, "type": "TYPE_FLOAT"}], "rows": rows, "rowCount": 1})


def _ran(house: House, ctx: Context, report_id: str) -> Ran:
    given = service.get(ctx, report_id).parameters.model_dump(mode="json")
    service.update(ctx, report_id, parameters=given | {"formats": list(READERS)})
    run = service.run_now(ctx, report_id)
    service.execute(house, ctx.workspace.id, run.id)
    kept = {one.format: exports.content(ctx, one.id).content for one in exports.exports(ctx, run_id=run.id)}
    assert kept.keys() == READERS.keys(), service.run(ctx, run.id).error
    document = reading.document(ctx, run.id)
    mail = email.render(document)
    files = {fmt: read(kept[fmt]) for fmt, read in READERS.items()}
    sheets = readers.sheets(kept["pdf"])
    return Ran(json.loads(document.frozen()), files, readers.of_mail(mail), mail.text, sheets)


def test_the_summary_on_one_page_is_on_one_page(ran: Callable[[str], Ran]) -> None:
    first, second, *_ = ran("executive-summary").sheets

    assert "What changed" in first and "smaller ones are not shown" in first.replace(
        "smaller one is", "smaller ones are"
    )
    assert second.lstrip().startswith(("Executive summary on one page", "Where the numbers come from"))


# What the run has frozen, as columns of numbers


@dataclass
class Column:
    """Numbers of one column; None is missing."""

    label: str
    values: list[float | None]
    days: bool = False


def columns(ran: Ran) -> list[list[Column]]:
    """The numbers of every chart and table, in the order of the page."""
    return [found for block in ran.blocks("series", "table", "network") for found in _grids(block)]


def _grids(block: Block) -> Iterator[list[Column]]:
    if block["shape"] == "series":
        yield _lines(block)
    elif block["shape"] == "table":
        yield [
            Column(col["label"], [_number(row[place]) for row in block["rows"]], _in_days(block["rows"], place))
            for place, col in enumerate(block["cols"])
            if col["kind"] in NUMERIC
        ]
    else:
        yield [Column("Size", sorted((one["size"] for one in block["nodes"]), reverse=True))]
        yield [Column("Strength", sorted((one["weight"] for one in block["edges"]), reverse=True))]


def _lines(block: Block) -> list[Column]:
    met = list(dict.fromkeys(x for line in block["lines"] for x in line["x"]))
    xs = sorted(met) if block["x"]["kind"] in ("temporal", "quantitative") else met
    found = []
    for line in block["lines"]:
        for end, values in (("", line["y"]), (" (low)", line["low"]), (" (high)", line["high"])):
            if values or not end:
                at = dict(zip(line["x"], values, strict=True))
                found.append(Column(line["name"] + end, [at.get(x) for x in xs], block["y"]["unit"] == "days"))
    return found


def _number(cell: Any) -> float | None:
    return cell["value"] if isinstance(cell, dict) else cell


def _in_days(rows: list[list[Any]], place: int) -> bool:
    return any(isinstance(row[place], dict) and row[place]["unit"] == "days" for row in rows)


def with_values(ran: Ran) -> list[list[Column]]:
    """Those that have anything to show: formats that are read say of an empty chart why it is empty."""
    empty = [one for one in ran.blocks("series") if all(y is None for line in one["lines"] for y in line["y"])]
    left = [_lines(one) for one in empty]
    return [one for one in columns(ran) if one not in left]


@pytest.mark.parametrize("fmt", ["csv", "xlsx", "html"])
@pytest.mark.parametrize("case", CASES)
def test_every_number_comes_back_as_it_is(ran: Callable[[str], Ran], case: str, fmt: str) -> None:
    shown = ran(case)
    found, frozen = shown.files[fmt], shown.blocks("stat")

    assert [title for title, _, _ in found.stats] == [one["title"] for one in frozen]
    for one, (title, value, text) in zip(frozen, found.stats, strict=True):
        if one["value"] is None:
            assert value in (None, ""), title
            assert text == one["state"].replace("_", " "), title
        else:
            # Excel's file format keeps sixteen digits.
            assert float(value) == pytest.approx(one["value"], rel=1e-15, abs=0), title
            assert text == one["text"], title
    wanted = with_values(shown) if fmt == "html" else columns(shown)
    assert len(found.grids) == len(wanted)
    for head, rows, cols in zip(found.heads, found.grids, wanted, strict=True):
        for col in cols:
            place = head.index(col.label)
            values = [None if row[place] in (None, "", "–") else float(row[place]) for row in rows]
            assert values == [v if v is None else pytest.approx(v, rel=1e-15, abs=0) for v in col.values], col.label


@pytest.mark.parametrize("fmt", ["html", "markdown", "mail"])
@pytest.mark.parametrize("case", CASES)
def test_every_number_is_written_to_its_last_digit(ran: Callable[[str], Ran], case: str, fmt: str) -> None:
    shown = ran(case)
    found = shown.mail if fmt == "mail" else shown.files[fmt]
    if fmt == "markdown":
        assert [(title, text) for title, _, text in found.stats] == [
            (one["title"], one["text"] if one["value"] is not None else one["state"].replace("_", " "))
            for one in shown.blocks("stat")
        ]
    wanted = with_values(shown)
    if fmt == "mail":
        wanted = [found for block in shown.blocks("table", "network") for found in [*_grids(block)][-1:]]
    assert len(found.written) == len(wanted)
    for head, rows, cols in zip(found.heads, found.written, wanted, strict=True):
        for col in cols:
            if fmt == "mail" and col.label not in head:
                continue
            texts = [row[head.index(col.label)] for row in rows]
            assert len(texts) == (min(15, len(col.values)) if fmt == "mail" else len(col.values))
            for text, value in zip(texts, col.values, strict=False):
                if value is None:
                    assert text == "–", col.label
                else:
                    near, off = number(text, col.days) or (None, 0.0)
                    assert near == pytest.approx(value, abs=off), f"{col.label}: {text}"


@pytest.mark.parametrize("case", CASES)
def test_paper_shows_what_the_page_shows(ran: Callable[[str], Ran], case: str) -> None:
    shown = ran(case)
    page, paper, mail = shown.files["html"], shown.files["pdf"].words, shown.mail.words
    letter = Words(shown.letter)

    for title, _, text in page.stats:
        assert title + text in paper, title
        assert title + text in mail, title
        assert f"{title}: {text}" in letter, title
    for head, rows in zip(page.heads, page.written, strict=True):
        for row in rows[:TIES] if head[:3] in OF_NETWORKS else rows:
            assert "".join(row) in paper, f"{head}: {row}"


@pytest.mark.parametrize("case", CASES)
def test_the_sentence_in_place_of_a_picture_bears_its_numbers(ran: Callable[[str], Ran], case: str) -> None:
    shown = ran(case)
    drawn = [one for one in shown.blocks("series") if any(y is not None for line in one["lines"] for y in line["y"])]

    assert len(drawn) == len(shown.mail.pictures)
    for block, said in zip(drawn, shown.mail.pictures, strict=True):
        assert squeezed(said) in squeezed(shown.letter)
        known = [y for y in block["lines"][0]["y"] if y is not None]
        if told := re.search(r"between (.+) and (.+)\.", said):
            _held(told.groups(), [min(known), max(known)])
        elif block["mark"] == "horizontal_bar":
            bars = dict(zip(block["lines"][0]["x"], block["lines"][0]["y"], strict=True))
            named = [re.fullmatch(r"(.+?) ([\d,.]+(?: .+)?)", one) for one in said.split("; ")]
            assert all(named), said
            _held([one[2] for one in named if one], [bars[one[1]] for one in named if one])


def _held(texts: Sequence[str], values: Sequence[float]) -> None:
    for text, value in zip(texts, values, strict=True):
        near, off = number(text) or (None, 0.0)
        assert near == pytest.approx(value, abs=off), text


@pytest.mark.parametrize("case", CASES)
def test_what_must_be_known_of_a_number_is_said_in_every_format(ran: Callable[[str], Ran], case: str) -> None:
    shown = ran(case)
    told = [one["text"] for one in shown.document["notices"]]
    for block in shown.blocks("stat", "series", "table", "network", "prose", "notice"):
        told += [block["description"], block["note"], block.get("state_text", "")]
        told += [block["text"]] if block["shape"] == "notice" else []

    for fmt, words in shown.everything().items():
        assert [one for one in told if squeezed(one).casefold() not in words.casefold()] == [], fmt


@pytest.mark.parametrize("case", CASES)
def test_every_file_says_where_its_numbers_come_from(ran: Callable[[str], Ran], case: str) -> None:
    shown = ran(case)
    records = [
        one for block in shown.blocks("stat", "series", "table", "network", "prose") for one in block["provenance"]
    ]
    told = [one["query_hash"][:16] for one in records if one["datasource"] == "metrics store" and one["query_hash"]]
    told += [ground for one in records for ground in one["grounds"]]

    assert told
    for fmt, read in shown.files.items():
        assert [one for one in told if squeezed(one) not in read.words.text] == [], fmt


def test_product_analytics_calls_the_columns_of_google_by_what_people_call_them(ran: Callable[[str], Ran]) -> None:
    days, pages = ran("product-analytics-daily").blocks("table")[:2]

    assert [col["label"] for col in days["cols"]] == ["Day", "Users", "New users", "Sessions", "Seconds in a session"]
    assert [col["label"] for col in pages["cols"]] == ["Page", "Views"]


def test_product_analytics_holds_yesterday_against_two_other_days(ran: Callable[[str], Ran]) -> None:
    shown = ran("product-analytics-daily")
    flagged = "Flagged: it changed by more than 30 %."
    day, week = "the day before", "the same day a week before"

    assert [
        (one["title"], one["text"], one["change"]["text"], one["change"]["versus"], one["note"])
        for one in shown.blocks("stat")
    ] == [
        ("Users", "1,400", "+40.0 %", f"vs 1,000, {day}", flagged),
        ("New users", "600", "−3.2 %", f"vs 620, {day}", ""),
        ("Returning users", "800", "no change", f"vs 800, {day}", ""),
        ("Sessions", "1,204", "−24.9 %", f"vs 1,604, {day}", ""),
        ("Seconds in a session", "96", "+6.1 %", f"vs 90, {day}", ""),
        ("Users", "1,400", "+3.7 %", f"vs 1,350, {week}", ""),
        ("New users", "600", "+20.0 %", f"vs 500, {week}", ""),
        ("Returning users", "800", "−36.0 %", f"vs 1,250, {week}", flagged),
        ("Sessions", "1,204", "no change", f"vs 1,204, {week}", ""),
        ("Seconds in a session", "96", "+1.6 %", f"vs 94, {week}", ""),
    ]
    assert [one["texts"]["text"].split("\n\n") for one in shown.blocks("prose")] == [
        [
            "On 10 Mar 2026, Users stood at 1,400, New users at 600, Returning users at 800"
            " and Sessions at 1,204. Compared with 9 Mar 2026, Users and Seconds in a session got better,"
            " and Sessions got worse.",
            "Concerns:\n- Sessions fell by 24.9 % to 1,204, from 1,604, which is worse.",
            "Notable changes:\n- Users rose by 40.0 % to 1,400, from 1,000, which is better.",
        ],
        [
            "Concerns:\n- Returning users fell by 36.0 % to 800, from 1,250, which is worse.",
            "Notable changes:\n- New users rose by 20.0 % to 600, from 500, which is better.",
        ],
    ]
