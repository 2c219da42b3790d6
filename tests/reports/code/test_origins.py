"""A report file tells what it asked, of whom, and how much came back, in every format, and never a secret."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdf
import pytest
from openpyxl import load_workbook

from core.documents import Document, render
from core.figures import Provenance
from tests.reports.code.test_fragments import figures, ran, replies, shop  # noqa: F401 - fixtures
from tests.servers.replies import Replies, Reply

HUSH = "hush-hush"
DAYS = "created_at >= '2026-03-02 00:00:00' and created_at >= '2026-01-01'"
ASKED = f"select count(*) from signups where {DAYS} or 1 = :w"
VIEW = """\
views:
  total:
    plugin: single_stat
    title: Sign-ups
    args:
      datasource: users_db
      query: >-
        select count(*)
        from signups where created_at >= {from} and created_at >= :since or 1 = :w
      query_args: {params: {since: 2026-01-01, w: hush-hush}}
"""


@pytest.fixture
def document(tmp_path: Path, shop: str) -> Document:  # noqa: F811
    outcome = ran(tmp_path, shop + VIEW)
    figures(outcome)
    return outcome.document


def written(document: Document, fmt: str) -> str:
    content = render(document, fmt).content
    if fmt == "pdf":
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if fmt == "xlsx":
        sheet = load_workbook(io.BytesIO(content))["Provenance"]
        return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    return content.decode()


def flat(text: str) -> str:
    return re.sub(r"[\s\\]|&\w+;|&#\d+;|[<>']", "", text)


@pytest.mark.parametrize("fmt", ["html", "markdown", "pdf", "xlsx"])
def test_each_format_says_the_query_and_whom_it_was_asked(document: Document, fmt: str) -> None:
    text = written(document, fmt)

    assert flat(ASKED) in flat(text)
    assert "usersdb" in flat(text).replace("_", "")
    assert flat("params.since = 2026-01-01") in flat(text)
    assert HUSH not in text


def test_a_record_has_rows_and_time_and_days_but_no_value_that_may_be_a_secret(document: Document) -> None:
    (record,) = document.origins()

    assert (record.block, record.datasource, record.rows) == ("Sign-ups", "users_db", 1)
    assert " ".join(record.query.split()) == ASKED
    assert record.duration_ms > 0
    assert record.parameters == {"params": {"since": "2026-01-01", "w": "…"}, "from": "2026-03-02 00:00:00"}
    assert HUSH not in render(document, "json").content.decode()


def test_questions_that_differ_in_a_hidden_value_are_two(tmp_path: Path, shop: str) -> None:  # noqa: F811
    other = VIEW.removeprefix("views:\n").replace("  total:", "  other:").replace(HUSH, "else")

    outcome = ran(tmp_path, shop + VIEW + other)

    assert len({record.query_hash for record in outcome.document.origins()}) == 2


def test_a_path_of_a_web_api_keeps_its_keys_to_itself(tmp_path: Path, replies: Replies) -> None:  # noqa: F811
    replies.routes["/v1/list"] = Reply([{"name": "a", "count": 3}])
    source = f"datasources: {{api: {{plugin: http, args: {{url: '{replies.url}/v1'}}}}}}\n"
    query = f"/list?day={{from}}&api_key={HUSH}"
    view = f"views: {{t: {{plugin: table, title: T, args: {{datasource: api, query: '{query}'}}}}}}"

    outcome = ran(tmp_path, source + view)

    figures(outcome)
    (record,) = outcome.document.origins()
    assert record.query == "/list?day=2026-03-02T00:00:00&api_key=…"
    assert HUSH not in render(outcome.document, "json").content.decode()


def test_our_own_numbers_are_told_by_their_definitions() -> None:
    from core.documents import wording
    from tests.documents import sample

    told = dict(wording.origin_facts(sample.document(), sample.origin("commits_count")))

    assert told["Query"] == "9f2c1e5b7a3d4c6e"
    assert "Took" not in told


def test_a_query_of_many_pages_is_cut_where_people_read_it() -> None:
    from core.documents import wording

    record = Provenance(datasource="db", query="select " + "x, " * 2_000)

    assert len(wording.query_text(record)) == wording.LONGEST_QUERY + 1
