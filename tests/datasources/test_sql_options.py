"""`query_args` as pandas.read_sql takes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.base.errors import BadInput
from core.datasources.kinds.sql import Sql
from tests.datasources.conftest import BERLIN

# ruff: noqa: DTZ001 - wall times, as a query gives them
BERLIN_CLOCK = ZoneInfo(BERLIN)


@pytest.mark.parametrize(
    ("query", "parse_dates", "expected"),
    [
        ("select '2026-03-01' as d", ["d"], datetime(2026, 3, 1)),
        ("select '2026-03-01 06:30:00' as d", ["d"], datetime(2026, 3, 1, 6, 30)),
        ("select '2026-03-01T06:30:00' as d", "d", datetime(2026, 3, 1, 6, 30)),
        ("select '2026-03-01' as d", {"d": "%Y-%m-%d"}, datetime(2026, 3, 1)),
        ("select '01.03.2026' as d", {"d": "%d.%m.%Y"}, datetime(2026, 3, 1)),
        ("select 'Mar 2026' as d", {"d": "%b %Y"}, datetime(2026, 3, 1)),
        ("select '20260301' as d", {"d": "%Y%m%d"}, datetime(2026, 3, 1)),
        ("select 20260301 as d", {"d": "%Y%m%d"}, datetime(2026, 3, 1)),
        ("select '03/04/2026' as d", ["d"], datetime(2026, 3, 4)),
        ("select '03/04/2026' as d", {"d": {"dayfirst": True}}, datetime(2026, 4, 3)),
        ("select 'not a day' as d", ["d"], None),
        ("select '2026-13-01' as d", {"d": "%Y-%m-%d"}, None),
        ("select 'x' as d", {"d": {"errors": "coerce"}}, None),
        ("select null as d", ["d"], None),
        ("select 1772323200 as d", ["d"], datetime(2026, 3, 1, 1, tzinfo=BERLIN_CLOCK)),
        ("select 1772323200 as d", {"d": "s"}, datetime(2026, 3, 1, 1, tzinfo=BERLIN_CLOCK)),
        ("select 1772323200500 as d", {"d": "ms"}, datetime(2026, 3, 1, 1, 0, 0, 500000, tzinfo=BERLIN_CLOCK)),
        ("select '1772323200' as d", {"d": "s"}, datetime(2026, 3, 1, 1, tzinfo=BERLIN_CLOCK)),
        ("select 1772323200.25 as d", {"d": {"unit": "s"}}, datetime(2026, 3, 1, 1, 0, 0, 250000, tzinfo=BERLIN_CLOCK)),
        ("select '2026-03-01' as d", None, "2026-03-01"),
        ("select '2026-03-01' as d", True, "2026-03-01"),
    ],
)
def test_columns_are_read_as_times_where_that_is_asked_for(
    sql: Callable[..., Sql], query: str, parse_dates: Any, expected: Any
) -> None:
    table = sql("sqlite").query(query, parse_dates=parse_dates).table

    assert table.column("d").to_pylist() == [expected]


def test_a_time_of_the_database_stays_what_it_is(sql: Callable[..., Sql]) -> None:
    table = sql("mysql").query("select cast('2026-03-01 06:30:00' as datetime) as d", parse_dates=["d"]).table

    assert table.column("d").to_pylist() == [datetime(2026, 3, 1, 6, 30)]


def test_a_zero_date_of_mysql_is_missing(sql: Callable[..., Sql], mariadb: Any) -> None:
    mariadb.run(
        "SET sql_mode = ''",
        "CREATE TABLE IF NOT EXISTS shop.zeros (at DATETIME, day DATE)",
        "DELETE FROM shop.zeros",
        "INSERT INTO shop.zeros VALUES ('0000-00-00 00:00:00', '0000-00-00'), ('2026-03-01', '2026-03-01')",
    )

    table = sql("mysql").query("select at, day from zeros order by at").table

    assert [str(value) for value in table.column("at").to_pylist()] == ["None", "2026-03-01 00:00:00"]
    assert [str(value) for value in table.column("day").to_pylist()] == ["None", "2026-03-01"]


@pytest.mark.parametrize(
    ("options", "columns"),
    [
        ({}, ["a", "b", "c"]),
        ({"index_col": "c"}, ["c", "a", "b"]),
        ({"index_col": ["c", "b"]}, ["c", "b", "a"]),
        ({"columns": ["a"], "coerce_float": True}, ["a", "b", "c"]),
    ],
)
def test_the_index_column_comes_first(sql: Callable[..., Sql], options: dict[str, Any], columns: list[str]) -> None:
    assert sql("sqlite").query("select 1 as a, 2 as b, 3 as c", **options).table.column_names == columns


def test_types_are_changed_where_that_is_asked_for(sql: Callable[..., Sql]) -> None:
    table = sql("sqlite").query("select 1 as a, '2' as b", dtype={"a": "str", "b": "int64"}).table

    assert table.to_pylist() == [{"a": "1", "b": 2}]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"index_col": "x"}, "'index_col' names 'x', which is no column of the result."),
        ({"parse_date": ["a"]}, "A SQL query takes no 'parse_date' in query_args. Did you mean 'parse_dates'?"),
        ({"parse_dates": {"b": {"format": "%Y"}}}, "'x' cannot be read with the format '%Y'."),
        ({"dtype": {"b": "int64"}}, "'dtype' cannot make 'int64' of the column 'b': "),
    ],
)
def test_options_that_do_not_fit_are_told(sql: Callable[..., Sql], options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput) as told:
        sql("sqlite").query("select 1 as a, 'x' as b", **options)

    assert told.value.message.startswith(sentence)


@pytest.mark.parametrize(
    ("options", "note"),
    [
        ({"chunksize": 10}, "'chunksize' is ignored: results are read in blocks anyway."),
        ({"parse_dates": ["x"]}, "'parse_dates' names 'x', which is no column of the result."),
    ],
)
def test_options_without_effect_are_told(sql: Callable[..., Sql], options: dict[str, Any], note: str) -> None:
    assert sql("sqlite").query("select 1 as a", **options).note == note


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select 1 as a union all select 2.5 union all select null", [1.0, 2.5, None]),
        ("select 1 as a union all select 'x' union all select null", ["1", "x", None]),
        ("select null as a union all select null", [None, None]),
        ("select x'00ff' as a", [b"\x00\xff"]),
        ("select 9223372036854775807 as a", [9223372036854775807]),
    ],
)
def test_columns_of_several_kinds_keep_their_values(sql: Callable[..., Sql], query: str, expected: list[Any]) -> None:
    assert sql("sqlite").query(query).table.column(0).to_pylist() == expected


def test_a_column_whose_kind_changes_late_keeps_its_values(sql: Callable[..., Sql]) -> None:
    numbers = "with recursive s(n) as (select 1 union all select n + 1 from s where n < 50000)"

    halves = sql("sqlite").query(f"{numbers} select iif(n < 50000, n, n + 0.5) as a from s").table
    mixed = sql("sqlite").query(f"{numbers} select iif(n < 50000, null, 'x') as a, iif(n < 50000, n, 'y') as b from s")

    assert halves.column(0).to_pylist()[-2:] == [49999.0, 50000.5]
    assert mixed.table.slice(49998, 2).to_pylist() == [{"a": None, "b": "49999"}, {"a": "x", "b": "y"}]
