"""Reading and nothing else, within limits, from each real database."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import pytest

from core.base.errors import BadInput, SourceUnreachable
from core.base.fields import accepted
from core.datasources.kinds.sql import Sql, SqlArgs
from core.datasources.kinds.sql.reading import Limits, fetched
from core.datasources.kinds.sql.tokens import Statement
from tests.datasources.conftest import week
from tests.servers import free_port
from tests.servers.mariadb import PASSWORD, Server

# ruff: noqa: E501 - a case a line, so that the table can be read
DRIVERS = ["mysql", "sqlite", "postgresql", "clickhouse"]
THOUSAND = {
    "mysql": "select seq as n from seq_1_to_1000",
    "sqlite": "with recursive s(n) as (select 1 union all select n + 1 from s where n < 1000) select n from s",
    "postgresql": "select n from generate_series(1, 1000) n",
    "clickhouse": "select number + 1 as n from numbers(1000)",
}
ENDLESS = {
    "mysql": "select count(*) from seq_1_to_100000000 a, seq_1_to_100000000 b",
    "sqlite": "with recursive s(n) as (select 1 union all select n + 1 from s) select count(*) from s",
    "postgresql": "select count(*) from generate_series(1, 100000000000)",
    "clickhouse": "select count() from numbers(1000000000000) where sipHash64(number) = 1",
}
ENDLESS_ROWS = {
    "mysql": "select a.seq, repeat('x', 1000) from seq_1_to_100000000 a, seq_1_to_100000000 b",
    "sqlite": "with recursive s(n) as (select 1 union all select n + 1 from s) select n, printf('%1000d', n) from s",
    "postgresql": "select a, repeat('x', 1000) from generate_series(1, 1000000) a",
    "clickhouse": "select number, repeat('x', 1000) from numbers(200000)",
}
REFUSED = [
    ("delete from signups", "delete"),
    ("update signups set id = 1", "update"),
    ("insert into signups values (1)", "insert"),
    ("drop table signups", "drop"),
    ("alter table signups add x int", "alter"),
    ("create table x (a int)", "create"),
    ("truncate table signups", "truncate"),
    ("call x()", "call"),
    ("set @a = 1", "set"),
    ("load data infile '/etc/passwd' into table x", "load"),
    ("attach database 'x.db' as x", "attach"),
    ("pragma query_only = 0", "pragma"),
    ("pragma main.user_version(3)", "pragma"),
    ("copy (select 1) to program 'id'", "copy"),
    ("vacuum", "vacuum"),
    ("/* select */ delete from signups", "delete"),
    ("select 1 into outfile '/tmp/x'", "into"),
    ("select * into copied from signups", "into"),
    ("with gone as (delete from signups returning *) select * from gone", "delete"),
    ("with x as (select 1) update signups set id = 1", "update"),
    ("explain analyze delete from signups", "delete"),
    ("select * from signups for update", "for update"),
    ("select * from signups lock in share mode", "lock in share mode"),
]


@pytest.mark.parametrize(("query", "word"), REFUSED)
def test_a_statement_that_writes_is_refused_before_the_database_sees_it(
    sql: Callable[..., Sql], query: str, word: str
) -> None:
    with pytest.raises(BadInput) as told:
        sql("sqlite").query(query)

    assert told.value.message == (
        f"Only statements that read are allowed here; '{word}' is refused."
        " Write a query that begins with SELECT or WITH."
    )


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "The query is empty. Write one that begins with SELECT or WITH."),
        ("-- nothing", "The query is empty. Write one that begins with SELECT or WITH."),
        ("select 1; select 2", "The query holds several statements; only one is allowed. Make a query of each."),
        ("select 1; drop table x", "The query holds several statements; only one is allowed. Make a query of each."),
        ("select 1 /*!50000 + 1 */", "A comment that begins with '/*!' is code to MySQL, and is refused. Write it without it."),
    ],
)  # fmt: skip
def test_only_one_plain_statement_is_taken(sql: Callable[..., Sql], query: str, sentence: str) -> None:
    with pytest.raises(BadInput) as told:
        sql("sqlite").query(query)

    assert told.value.message == sentence


@pytest.mark.parametrize(
    "query",
    [
        "select 'delete from x; drop table y' as a",
        "select 1 as a; -- the end; really",
        "select replace('a', 'a', 'b') as a",
        "select 1 as 'update'",
        "with a as (select 1 as a) select replace(a, 1, 2) as a from a",
        "values (1)",
        "pragma table_info(signups)",
        "pragma user_version",
        "explain query plan select 1",
    ],
)
def test_words_of_writing_in_names_and_texts_are_harmless(sql: Callable[..., Sql], query: str) -> None:
    assert sql("sqlite").query(query).rows >= 1


WRITES = {
    "mysql": ["create table w (a int)", "insert into kept values (2)"],
    "sqlite": ["create table w (a int)", "attach database '{home}/new.db' as n", "pragma query_only = 0", "create temp table t (a)"],
    "postgresql": ["create table w (a int)", "select set_config('transaction_read_only', 'off', true)", "select nextval('counter')"],
    "clickhouse": ["create table w (a Int8) engine = Memory", "set readonly = 0"],
}  # fmt: skip


@pytest.mark.parametrize(("driver", "statement"), [(driver, one) for driver in WRITES for one in WRITES[driver]])
def test_the_database_itself_refuses_to_write_too(
    sql: Callable[..., Sql], tmp_path: Path, driver: str, statement: str, request: pytest.FixtureRequest
) -> None:
    source = sql(driver)
    if driver == "mysql":
        request.getfixturevalue("mariadb").run("CREATE TABLE IF NOT EXISTS shop.kept (a INT)")
    if "counter" in statement:
        _pg(request, "CREATE SEQUENCE IF NOT EXISTS counter")
    door = source._dialect.open()
    values: Any = {} if driver == "clickhouse" else ()
    text = Statement(statement.replace("{home}", str(tmp_path)), values)

    with pytest.raises((BadInput, SourceUnreachable)):
        fetched(door, text, Limits(10, 10**6, 10))

    assert not (tmp_path / "new.db").exists()


def test_a_session_that_was_talked_into_writing_still_only_reads(
    sql: Callable[..., Sql], mariadb: Server, request: pytest.FixtureRequest
) -> None:
    mariadb.run("CREATE TABLE IF NOT EXISTS shop.kept (a INT)")
    _pg(request, "CREATE TABLE IF NOT EXISTS kept (a INT)")
    talked = {
        "postgresql": "select set_config('default_transaction_read_only', 'off', false)",
        "mysql": "set session transaction read write",
    }

    for driver, statement in talked.items():
        door = sql(driver)._dialect.open()
        fetched(door, Statement(statement), Limits(1, 10**6, 10))

        with pytest.raises(BadInput, match=r"(?i)read.only transaction"):
            fetched(door, Statement("insert into kept values (3)"), Limits(1, 10**6, 10))
        door.close()


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_view_of_few_rows_gets_the_first_in_order_and_the_count_of_all(sql: Callable[..., Sql], driver: str) -> None:
    answer = sql(driver).query(THOUSAND[driver] + " order by n desc", rows=3)

    assert [row["n"] for row in answer.table.to_pylist()] == [1000, 999, 998]
    assert answer.total == 1000
    assert answer.note == ""


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize(
    ("tail", "first", "total"),
    [
        (" order by n desc limit 10", [1000, 999, 998], 10),
        (" order by n desc limit 2", [1000, 999], None),
        (" order by n; -- that is all", [1, 2, 3], 1000),
        (" where n < 0", [], None),
        (" where n < 4 order by n", [1, 2, 3], None),
    ],
)
def test_a_query_with_a_limit_of_its_own_keeps_it(
    sql: Callable[..., Sql], driver: str, tail: str, first: list[int], total: int | None
) -> None:
    base = f"select n from ({THOUSAND[driver]}) as t"
    answer = sql(driver).query(base + tail, rows=3)

    assert [row["n"] for row in answer.table.to_pylist()] == first
    assert answer.total == total


@pytest.mark.parametrize("driver", DRIVERS)
def test_rows_are_counted_even_if_two_columns_have_one_name(sql: Callable[..., Sql], driver: str) -> None:
    answer = sql(driver).query(f"select n, n from ({THOUSAND[driver]}) as t order by n", rows=2)

    assert answer.table.column(0).to_pylist() == [1, 2]
    assert answer.total == 1000


@pytest.mark.parametrize("driver", DRIVERS)
def test_more_rows_than_allowed_are_cut_and_told(sql: Callable[..., Sql], driver: str) -> None:
    answer = sql(driver, max_rows=100).query(THOUSAND[driver])

    assert answer.rows == 100
    assert answer.note == (
        "Only the first 100 rows were read; there are more. Sum them up in the query, or raise 'max_rows'."
    )


@pytest.mark.parametrize("driver", DRIVERS)
def test_exactly_as_many_rows_as_allowed_are_no_cut(sql: Callable[..., Sql], driver: str) -> None:
    answer = sql(driver, max_rows=1000).query(THOUSAND[driver])

    assert (answer.rows, answer.note) == (1000, "")


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_result_too_large_for_memory_is_cut_and_told(sql: Callable[..., Sql], driver: str) -> None:
    answer = sql(driver, max_bytes=20 * 2**20).query(ENDLESS_ROWS[driver])

    assert 1000 < answer.rows < 100_000
    assert answer.note == f"Only the first {answer.rows:,} rows were read, as they fill 20 MiB (max_bytes)."


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_query_that_never_ends_is_stopped(sql: Callable[..., Sql], driver: str) -> None:
    source = sql(driver, timeout_s=1)
    source.query(THOUSAND[driver])
    began = time.monotonic()

    with pytest.raises(BadInput) as told:
        source.query(ENDLESS[driver])

    assert time.monotonic() - began < 10
    assert told.value.message == (
        "The query took longer than 1 s and was stopped. Let it read less, or raise 'timeout_s'."
    )
    assert source.query(THOUSAND[driver]).rows == 1000


def test_a_stopped_query_is_stopped_on_the_server_too(sql: Callable[..., Sql], mariadb: Server) -> None:
    with pytest.raises(BadInput):
        sql("mysql", timeout_s=1).query(ENDLESS["mysql"])

    running = [row[7] for row in mariadb.asked("SHOW FULL PROCESSLIST")]
    assert not any("seq_1_to_100000000" in str(one) for one in running)


@pytest.mark.parametrize("driver", ["mysql", "postgresql"])
def test_a_connection_that_broke_is_opened_anew(
    sql: Callable[..., Sql], driver: str, request: pytest.FixtureRequest
) -> None:
    source = sql(driver)
    if driver == "mysql":
        mine = source.query("select connection_id() as id").table.to_pylist()[0]["id"]
        request.getfixturevalue("mariadb").run(f"KILL {mine}")
    else:
        mine = source.query("select pg_backend_pid() as id").table.to_pylist()[0]["id"]
        _pg(request, f"SELECT pg_terminate_backend({mine}, 5000)")

    assert source.query("select 1 as one").table.to_pylist() == [{"one": 1}]


@pytest.mark.parametrize(
    ("driver", "version"),
    [
        ("mysql", "MariaDB "),
        ("sqlite", f"SQLite {apsw.sqlite_lib_version()}"),
        ("postgresql", "PostgreSQL "),
        ("clickhouse", "ClickHouse "),
    ],
)
def test_a_check_says_what_was_reached(sql: Callable[..., Sql], driver: str, version: str) -> None:
    told = sql(driver).check()

    assert told.startswith(version)
    assert " answers: " in told


def test_the_schema_names_tables_columns_and_types(sql: Callable[..., Sql], mariadb: Server) -> None:
    mariadb.run("CREATE TABLE IF NOT EXISTS shop.orders (id INT, paid_at DATETIME)")

    assert sql("sqlite").schema() == [
        ("signups", "id", "INTEGER"),
        ("signups", "created_at", "TEXT"),
        ("signups", "spent", "REAL"),
        ("signups", "plan", "TEXT"),
    ]
    assert ("orders", "paid_at", "datetime") in sql("mysql").schema()


@pytest.mark.parametrize(
    ("driver", "query", "said"),
    [
        ("mysql", "select * from nope", "MySQL refused the query: Table 'shop.nope' doesn't exist."),
        ("sqlite", "select * from nope", "SQLite refused the query: no such table: nope."),
        ("sqlite", "select from", 'SQLite refused the query: near "from": syntax error.'),
        ("postgresql", "select * from nope", 'PostgreSQL refused the query: relation "nope" does not exist.'),
        ("postgresql", "select from from", 'PostgreSQL refused the query: syntax error at or near "from".'),
    ],
)
def test_a_wrong_query_is_told_in_the_databases_own_words(
    sql: Callable[..., Sql], driver: str, query: str, said: str
) -> None:
    with pytest.raises(BadInput) as told:
        sql(driver).query(query)

    assert told.value.message == said


def test_a_file_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "nope.db"

    with pytest.raises(SourceUnreachable, match=f"There is no SQLite file '{path}'"):
        _opened(driver="sqlite", database=str(path)).query("select 1")

    assert not path.exists()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are notes, and no database at all " * 30)

    with pytest.raises(SourceUnreachable, match="cannot be read as SQLite: file is not a database"):
        _opened(driver="sqlite", database=str(path)).query("select 1")


@pytest.mark.parametrize(
    "query",
    [
        "select 1 as n, repeat('x', 1000000000) as s",
        "select repeat('x', 40000000) as s, repeat('y', 40000000) as s",
        "select null as s, convert_to(repeat('x', 100000000), 'UTF8') as s",
        "select to_jsonb(repeat('x', 100000000)) as s",
        "select array_agg(n) as s from generate_series(1, 20000000) n",
        "select case n when 500 then repeat('x', 100000000) else 'x' end as s from generate_series(1, 1000) n",
        "(values (repeat('x', 100000000)))",
    ],
)
def test_a_row_of_postgresql_that_would_fill_the_memory_is_refused(sql: Callable[..., Sql], query: str) -> None:
    with pytest.raises(BadInput) as told:
        sql("postgresql").query(query)

    assert told.value.message == ("A row of the query is larger than 64 MiB. Take a part of its values, with substr().")


def test_rows_of_postgresql_below_the_limit_come_as_they_are(sql: Callable[..., Sql]) -> None:
    large = sql("postgresql").query("select repeat('x', 60000000) as s, null::text as t").table
    small = sql("postgresql").query(
        'select n as a, case n when 2 then null else n::text end as a, array[n] as l, \'{}\'::jsonb as "j""s"'
        " from generate_series(1, 3) n order by n desc limit 2"
    )

    assert [len(large["s"][0].as_py()), large["t"][0].as_py()] == [60_000_000, None]
    assert small.table.column_names == ["a", "a", "l", 'j"s']
    assert [column.to_pylist() for column in small.table.columns] == [[3, 2], ["3", None], [[3], [2]], ["{}", "{}"]]


def test_a_wrong_password_is_told_without_it(sql: Callable[..., Sql], mariadb: Server) -> None:
    for driver, wrong in (("mysql", "not-this-one"), ("clickhouse", "not-this-one")):
        with pytest.raises(SourceUnreachable, match="refused the login") as told:
            sql(driver, **{"passwd" if driver == "mysql" else "password": wrong}).query("select 1")

        assert "not-this-one" not in told.value.message
        assert PASSWORD not in told.value.message


@pytest.mark.parametrize("driver", ["mysql", "postgresql", "clickhouse"])
def test_a_server_that_is_not_there_is_told(driver: str) -> None:
    port = free_port()

    with pytest.raises(SourceUnreachable, match=f"127.0.0.1:{port} could not be reached: .*[Cc]onnection refused"):
        _opened(driver=driver, host="127.0.0.1", port=port, user="bob", password="hunter22").query("select 1")


@pytest.mark.parametrize("driver", ["mysql", "postgresql", "clickhouse"])
def test_metadata_addresses_are_never_reached(driver: str) -> None:
    with pytest.raises(BadInput, match="which reports may not reach"):
        _opened(driver=driver, host="169.254.169.254").query("select 1")


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ({"driver": "oracle"}, "'driver' must be mysql, sqlite, postgresql, clickhouse or duckdb, not 'oracle'."),
        ({"port": "x"}, "'port' must be a whole number, not 'x'."),
        ({"timeout_s": 0}, "'timeout_s' must be more than 0.0, not '0'."),
    ],
)
def test_wrong_arguments_are_told(args: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput) as told:
        accepted(SqlArgs, args, "The datasource 'db' (sql)", "argument")

    assert told.value.message == f"The datasource 'db' (sql): {sentence}"


def test_arguments_that_a_driver_does_not_take_are_told(sql: Callable[..., Sql]) -> None:
    with pytest.raises(BadInput, match=r"The driver 'sqlite' has no argument named 'time_out'. Did you mean 'timeout"):
        sql("sqlite", time_out=3).query("select 1")
    with pytest.raises(BadInput, match=r"The driver 'mysql' does not take these arguments: .*'colour'"):
        sql("mysql", colour="red").query("select 1")


def test_a_million_rows_cost_little_memory_and_no_pandas(tmp_path: Path) -> None:
    path = tmp_path / "large.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (id INTEGER, at TEXT, v REAL)")
        connection.execute(
            "WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < 999999)"
            " INSERT INTO t SELECT n, datetime('2026-01-01', n || ' seconds'), n * 0.5 FROM s"
        )
    connection.close()

    told = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True)

    rows, mebibytes, cpu, pandas = told.stdout.split()
    assert rows == "1000000"
    assert float(mebibytes) < 150
    assert float(cpu) < 2.0  # the benchmark holds the tighter limit, on a machine that has nothing else to do
    assert pandas == "False"


MEASURE = """
import resource, sys, time
from tests.datasources.test_sql_reading import _opened
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
source = _opened(driver="sqlite", database=sys.argv[1])
source.query("select id, at, v from t limit 10")
for name in [name for name in sys.modules if name.partition(".")[0] == "pandas"]:
    del sys.modules[name]
before, began = peak(), time.process_time()
answer = source.query("select id, at, v from t")
print(answer.rows, peak() - before, time.process_time() - began, "pandas" in sys.modules)
"""


def _opened(**args: Any) -> Sql:
    return Sql(accepted(SqlArgs, args, "the datasource"), week())


def _pg(request: pytest.FixtureRequest, statement: str) -> None:
    import psycopg

    url = request.getfixturevalue("pg_url").replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
