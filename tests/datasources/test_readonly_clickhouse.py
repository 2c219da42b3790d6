"""A user of ClickHouse who may change no setting is asked without any of ours."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from core.base.errors import BadInput
from core.datasources.kinds.sql import Sql
from tests.datasources.conftest import BERLIN
from tests.servers.readonly_clickhouse import readonly_clickhouse


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with readonly_clickhouse(tmp_path_factory.mktemp("readonly")) as args:
        yield args


@pytest.fixture
def asked(sql: Callable[..., Sql], where: dict[str, Any]) -> Callable[..., Any]:
    return lambda text, rows=None, **args: sql("clickhouse", **{"user": "default", **where, **args}).query(
        text, rows=rows
    )


def test_the_user_may_really_change_no_setting(where: dict[str, Any]) -> None:
    answer = httpx.post(
        f"http://127.0.0.1:{where['port']}/?max_execution_time=5",
        content="SELECT 1",
        auth=("default", where["password"]),
    )

    assert answer.status_code == 500
    assert "readonly mode" in answer.text


def test_the_reports_days_and_values_come_as_ever(asked: Callable[..., Any]) -> None:
    row = asked(
        "SELECT 'word' AS s, toLowCardinality('low') AS l, toDecimal64(1.5, 2) AS d, {from} AS day"
    ).table.to_pylist()[0]

    assert (row["s"], row["l"], row["d"]) == ("word", "low", 1.5)
    assert row["day"] == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert row["day"].tzinfo.key == BERLIN


def test_rows_are_cut_and_counted(asked: Callable[..., Any]) -> None:
    answer = asked("SELECT number FROM numbers(1000)", rows=3)
    cut = asked("SELECT number FROM numbers(1000000)", max_rows=10)

    assert (answer.table.column(0).to_pylist(), answer.total) == ([0, 1, 2], 1000)
    assert cut.note.startswith("Only the first 10 rows were read")


def test_what_takes_too_long_is_stopped(asked: Callable[..., Any]) -> None:
    began = time.monotonic()

    with pytest.raises(BadInput, match=r"The query took longer than 1 s and was stopped"):
        asked("SELECT count() FROM numbers(3000000000) WHERE sipHash64(number) = 1", timeout_s=1)
    assert time.monotonic() - began < 9


def test_nothing_is_written(asked: Callable[..., Any]) -> None:
    with pytest.raises(BadInput, match="'create' is refused"):
        asked("CREATE TABLE t (a Int8) ENGINE = Memory")
