"""A number that is a sum is added up by the database where it can be, and is the same as of the rows one by one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from core.base.errors import BadInput
from core.datasources import Answer, Desk, Query
from core.datasources.kinds.sql import Sql
from core.views.kinds.single_stat import summed
from core.views.making import Wanted, make
from core.views.view import Face
from tests.datasources.conftest import week

ADDED = {
    "numbers with fractions": ("select spent from signups", 82.5),
    "whole numbers": ("select id from signups", 55),
    "the second of two columns": ("select plan, id from signups", 55),
    "whole numbers and fractions": ("select id from signups union all select 0.5", 55.5),
    "with values missing": ("select nullif(id, 7) from signups", 48),
    "an expression without a name": ("select id * 2 from signups", 110),
    "beyond the exact numbers of floats": ("select 9007199254740993 as n union all select 2", 9007199254740995),
    "with a limit of its own": ("select id from signups order by id limit 3", 6),
    "with days": ("select id from signups where created_at >= {from} and created_at < {to}", 35),
    "of a common table": ("with few as (select id from signups where id < 3) select id from few", 3),
    "a name in quotes": ('select id as "a ""b"" c" from signups', 55),
}
FETCHED = {
    "numbers as text": ("select cast(id as text) as n from signups", 55.0),
    "beyond SQLite's own numbers": ("select 9223372036854775807 as n union all select 1", 9223372036854775808),
}


@pytest.fixture
def source(sql: Callable[..., Sql]) -> Sql:
    return sql("sqlite", timeout_s=2)


@pytest.mark.parametrize("name", [*ADDED, *FETCHED])
def test_the_sum_is_that_of_the_rows(source: Sql, name: str) -> None:
    query, value = (ADDED | FETCHED)[name]

    alone, rows = summed(source.query(query, sums=True)), summed(source.query(query))

    assert alone == rows
    assert alone.value == value
    assert type(alone.value) is type(value)


@pytest.mark.parametrize("name", ADDED)
def test_one_row_comes_back(source: Sql, name: str) -> None:
    assert source.query(ADDED[name][0], sums=True).rows == 1


def test_what_was_asked_is_told_as_it_was_written(source: Sql) -> None:
    answer = source.query(ADDED["with days"][0], sums=True)

    assert answer.statement.startswith("select id from signups where created_at >= '2026-03-02")
    assert [*answer.parameters] == ["from", "to"]


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ("select id from signups where id > 99", "the query returned no rows"),
        ("select null as n from signups", "the query returned no value"),
    ],
)
def test_no_rows_and_no_values_are_not_zero(source: Sql, query: str, missing: str) -> None:
    assert summed(source.query(query, sums=True)).missing == missing


def test_words_are_refused_as_they_are_row_by_row(source: Sql) -> None:
    with pytest.raises(BadInput, match="returned 'free' in the column 'plan' where a number is needed"):
        summed(source.query("select plan from signups where plan is not null", sums=True))


def test_a_wrong_query_is_told_in_the_databases_own_words(source: Sql) -> None:
    with pytest.raises(BadInput, match="SQLite refused the query: no such column: nope"):
        source.query("select nope from signups", sums=True)


def test_a_sum_that_never_ends_is_stopped_once(source: Sql) -> None:
    endless = "with recursive s(n) as (select 1 union all select n + 1 from s) select n from s"
    began = time.monotonic()

    with pytest.raises(BadInput, match="took longer than 2 s"):
        source.query(endless, sums=True)

    assert time.monotonic() - began < 3.9


@pytest.mark.parametrize("options", [{"dtype": {"id": "str"}}, {"parse_dates": ["id"]}, {"index_col": "id"}])
def test_options_that_change_values_are_heeded(source: Sql, options: dict[str, Any]) -> None:
    assert source.query("select id from signups", sums=True, **options).rows == 10


def test_who_shows_the_rows_too_shares_them(source: Sql) -> None:
    told = {"datasource": "db", "query": "select id from signups"}
    desk = Desk(week(), {"db": lambda window: source})

    made = make([Wanted(Face("a"), "single_stat", told), Wanted(Face("b"), "table", told)], desk)

    assert [one.failure for one in made] == ["", ""]
    (asked,) = desk.asked()
    assert isinstance(asked.answer, Answer)
    assert (asked.answer.rows, asked.query) == (10, Query("db", "select id from signups", {}, asked.query.rows))
