"""Any JSON API as rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from core.base.errors import BadInput, SourceUnreachable
from core.base.fields import accepted
from core.base.period import Period
from core.datasources import Window
from core.datasources.kinds.http import Http
from tests.servers.replies import Replies, Reply, replying

WINDOW = Window(Period(datetime(2026, 3, 1, 23, tzinfo=UTC), datetime(2026, 3, 8, 23, tzinfo=UTC)), "Europe/Berlin")
ITEMS = [
    {"name": "a", "count": 3, "by": {"id": 1}, "tags": ["x"]},
    {"name": "b", "count": 4, "by": {"id": 2}, "tags": []},
]


@pytest.fixture
def server() -> Iterator[Replies]:
    with replying() as replies:
        replies.routes |= {
            "/v1": Reply({"total": 2, "items": ITEMS}),
            "/v1/list": Reply(ITEMS),
            "/v1/numbers": Reply([1, 2]),
            "/v1/one": Reply({"answer": 42}),
            "/v1/deep": Reply({"data": {"rows": ITEMS}, "more": [1], "even": [2]}),
            "/v1/text": Reply("hello"),
            "/v1/empty": Reply([]),
            "/v1/times": Reply([{"at": 1772960400, "day": "08.03.2026"}]),
        }
        yield replies


def asked(
    server: Replies, text: str = "", /, args: dict[str, Any] | None = None, **options: Any
) -> list[dict[str, Any]]:
    given = accepted(Http.Args, {"url": f"{server.url}/v1", **(args or {})}, "api")
    source = Http(given, WINDOW)
    try:
        rows: list[dict[str, Any]] = source.query(text, **options).table.to_pylist()
    finally:
        source.close()
    return rows


FLAT = [
    {"name": "a", "count": 3, "by": '{"id": 1}', "tags": '["x"]'},
    {"name": "b", "count": 4, "by": '{"id": 2}', "tags": "[]"},
]


@pytest.mark.parametrize(
    ("text", "args", "options", "rows"),
    [
        ("", {}, {}, FLAT),
        ("/list", {}, {}, FLAT),
        ("/numbers", {}, {}, [{"value": 1}, {"value": 2}]),
        ("/one", {}, {}, [{"answer": 42}]),
        ("/empty", {}, {}, []),
        ("$.items[?@.count > 3]", {}, {"columns": {"who": "name", "id": "$.by.id"}}, [{"who": "b", "id": 2}]),
        ("/deep", {}, {"rows_path": "$.data.rows", "columns": {"n": "count"}}, [{"n": 3}, {"n": 4}]),
        ("/deep", {"rows": "$.data.rows[*]", "columns": {"n": "count"}}, {}, [{"n": 3}, {"n": 4}]),
        ("/list", {"columns": {"gone": "nothing"}}, {}, [{"gone": None}, {"gone": None}]),
        (
            "/times",
            {},
            {"parse_dates": {"at": "s", "day": "%d.%m.%Y"}},
            [{"at": datetime(2026, 3, 8, 9, tzinfo=UTC), "day": datetime(2026, 3, 8)}],  # noqa: DTZ001
        ),
    ],
)
def test_rows_are_picked_from_the_reply(
    server: Replies, text: str, args: dict[str, Any], options: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    assert asked(server, text, args, **options) == rows


def test_a_query_that_is_no_path_is_sent_as_a_parameter(server: Replies) -> None:
    with_host = accepted(Http.Args, {"api_host": f"{server.url}/v1"}, "api")
    Http(with_host, WINDOW).query("signups since {from}")
    asked(server, "x", {"query_param": "q", "params": {"key": "1"}}, params={"until": "{to}"})

    assert server.asked[0].params == {"query": "signups since 2026-03-02T00:00:00"}
    assert server.asked[1].params == {"q": "x", "key": "1", "until": "2026-03-09T00:00:00"}


def test_it_can_post_and_sign_in(server: Replies) -> None:
    asked(server, "x", {"method": "POST", "token": "t0ken", "headers": {"X-Team": "core"}})

    request = server.asked[0]
    assert (request.method, request.json) == ("POST", {"query": "x"})
    assert (request.headers["authorization"], request.headers["x-team"]) == ("Bearer t0ken", "core")


@pytest.mark.parametrize(
    ("text", "args", "options", "said"),
    [
        ("$.items[", {}, {}, "'$.items[' is no JSONPath"),
        ("", {"columns": {"a": "$["}}, {}, "'$[' is no JSONPath"),
        ("", {}, {"limit": 3}, "A web API takes no 'limit' in query_args; it takes rows_path, params"),
        ("", {}, {"rows_path": 5}, "'rows_path' is a JSONPath, such as $.items[*]."),
        ("", {}, {"params": [1]}, "'params' holds names and values"),
        ("", {}, {"columns": {"a": 1}}, "'columns' holds names and JSONPaths: {total: $.sum}."),
        ("/nowhere", {}, {}, "did not understand the question (404: Nothing at /v1/nowhere)"),
        ("/times", {}, {"parse_dates": ["when"]}, "parse_dates names 'when', which is no column."),
        ("/times", {}, {"parse_dates": ["day"]}, "The column 'day' has '08.03.2026', which cannot be read as a time"),
        ("", {"url": "ftp://x/y"}, {}, "'ftp://x/y' is no web address. Write https://host/path."),
        ("", {"url": "http://169.254.169.254/latest/meta-data"}, {}, "which reports may not reach"),
        ("", {"urls": 1}, {}, "there is no setting named 'urls'. Did you mean 'url'?"),
        ("", {"method": "PUT"}, {}, "'method' must be GET or POST, not 'PUT'."),
    ],
)
def test_what_is_wrong_is_said(
    server: Replies, text: str, args: dict[str, Any], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput) as raised:
        asked(server, text, args, **options)

    assert said in str(raised.value)


def test_text_is_no_answer(server: Replies) -> None:
    with pytest.raises(SourceUnreachable, match="did not answer with JSON but with 'hello'"):
        asked(server, "/text")


def test_an_endless_reply_is_cut(server: Replies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.datasources.web.MOST_BYTES", 1024 * 1024)
    server.routes["/v1/list"] = Reply(b"[" + b"1," * 1_000_000)

    with pytest.raises(SourceUnreachable, match=r"sent more than 1 MB\. Ask for less"):
        asked(server, "/list")
