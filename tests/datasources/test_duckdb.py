"""DuckDB for real: its package is among those of the tests, and need not be among the app's."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from core.base.errors import BadInput, SourceUnreachable
from core.base.fields import accepted
from core.datasources.kinds.sql import Sql, SqlArgs
from tests.datasources.conftest import BERLIN, week

Duck = Callable[..., Sql]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with 10 signups: one a day at noon from 2026-03-01 to 2026-03-10."""
    path = tmp_path_factory.mktemp("duckdb") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE signups (id INTEGER, created_at TIMESTAMP, spent DECIMAL(10, 2))")
        connection.execute(
            "INSERT INTO signups SELECT n, TIMESTAMP '2026-02-28 12:00:00' + n * INTERVAL 1 DAY, n * 1.5"
            " FROM range(1, 11) AS days(n)"
        )
    return path


@pytest.fixture
def duck(path: Path) -> Iterator[Duck]:
    """`duck(timeout_s=1)` is a datasource on that file."""
    opened: list[Sql] = []

    def open_(**args: Any) -> Sql:
        given = {"driver": "duckdb", "database": str(path), **args}
        opened.append(Sql(accepted(SqlArgs, given, "the datasource"), week()))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


def test_the_reports_days_stand_for_its_tokens(duck: Duck) -> None:
    counted = duck().query("select count(*) from signups where created_at >= {from} and created_at < {to}")
    days = duck().query("select {from}, {to}, {from} - {interval}, '{from}'")

    assert counted.table.column(0).to_pylist() == [7]
    assert [column[0].as_py() for column in days.table.columns] == [
        datetime.fromisoformat("2026-03-02"), datetime.fromisoformat("2026-03-09"),
        datetime.fromisoformat("2026-02-23"), "{from}",
    ]  # fmt: skip


def test_moments_are_compared_and_told_in_the_reports_zone(duck: Duck) -> None:
    (same, moment) = duck().query("select timestamptz '2026-03-01 23:00:00+00' = {from}, {from}::timestamptz").table

    assert same.to_pylist() == [True]
    assert moment.to_pylist() == [datetime(2026, 3, 2, tzinfo=ZoneInfo(BERLIN))]


def test_parameters_are_given_by_place_and_by_name(duck: Duck) -> None:
    asked = duck()

    assert asked.query("select id from signups where id = ?", params=[3]).table.to_pylist() == [{"id": 3}]
    assert asked.query("select id from signups where id = $n", params={"n": 4}).table.to_pylist() == [{"id": 4}]


def test_a_view_gets_its_rows_and_the_count_of_all(duck: Duck) -> None:
    answer = duck().query("select id, spent from signups order by id", rows=2)

    assert answer.table.to_pylist() == [{"id": 1, "spent": 1.5}, {"id": 2, "spent": 3.0}]
    assert answer.total == 10


def test_reading_stops_at_the_limits(duck: Duck) -> None:
    rows = duck(max_rows=100).query("select * from range(5000000)")
    size = duck(max_bytes=1_000_000).query("select repeat('x', 1000) from range(5000000)")

    assert (rows.rows, rows.note[:44]) == (100, "Only the first 100 rows were read; there are")
    assert size.rows < 20_000
    assert size.note.endswith("(max_bytes).")


def test_a_query_that_takes_too_long_is_stopped(duck: Duck) -> None:
    began = time.monotonic()

    with pytest.raises(BadInput, match=r"The query took longer than 0\.5 s and was stopped"):
        duck(timeout_s=0.5).query("select count(*) from range(100000000) a, range(1000000) b where a.range % 7 = 3")
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "query",
    [
        "insert into signups values (11, now(), 1)",
        "copy signups to 'here.csv'",
        "attach 'other.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "select 1; drop table signups",
        "pragma memory_limit = '1GB'",
    ],
)
def test_nothing_but_reading_passes(duck: Duck, query: str) -> None:
    with pytest.raises(BadInput, match=r"Only statements that read|only one is allowed"):
        duck().query(query)


def test_the_database_itself_is_locked_besides(path: Path, duck: Duck) -> None:
    source = duck()
    source.query("select 1")
    connection = source._pool._idle[0]._connection  # type: ignore[attr-defined]

    with pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("drop table signups")


@pytest.mark.parametrize("config", [{}, {"enable_external_access": "true"}, {"enable_external_access": True}])
def test_no_other_file_is_read_whatever_its_settings(duck: Duck, config: dict[str, Any]) -> None:
    for query in ("select * from read_csv('/etc/passwd')", "select * from '/etc/passwd'", "from read_text('/etc/*')"):
        with pytest.raises(BadInput, match=r"disabled by configuration|does not exist"):
            duck(config=config).query(query)


def test_what_is_wrong_is_told(duck: Duck, tmp_path: Path) -> None:
    (tmp_path / "no.duckdb").write_text(
        "something else, which is long enough to be looked at as a database of any kind"
    )

    for args, sentence in {
        "nope.duckdb": "There is no DuckDB file 'nope.duckdb'. Check 'database'; it is never created.",
        str(tmp_path / "no.duckdb"): "The file 'no.duckdb' cannot be read as DuckDB: ",
    }.items():
        with pytest.raises(SourceUnreachable) as unreachable:
            duck(database=args).query("select 1")
        assert unreachable.value.message.startswith(sentence)
    with pytest.raises(BadInput, match="DuckDB refused the query: Catalog Error: Table with name nope does not exist!"):
        duck().query("select * from nope")
    with pytest.raises(BadInput, match="The driver 'duckdb' has no argument named 'threads'"):
        duck(threads=1).query("select 1")
    with pytest.raises(BadInput, match="'config' holds DuckDB's settings by their names"):
        duck(config=5).query("select 1")


def test_it_is_checked_and_looked_into(duck: Duck) -> None:
    assert duck().check().endswith("'shop.duckdb', answers: 1 table.")
    assert duck().schema()[0] == ("signups", "id", "INTEGER")


def test_without_its_package_the_person_is_told_how_to_get_it(duck: Duck, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)

    with pytest.raises(BadInput) as told:
        duck().query("select 1")

    assert told.value.message == ("The driver 'duckdb' needs the package duckdb. Install it with `pip install duckdb`.")
