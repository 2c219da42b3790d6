"""What `{from}`, `{to}`, `{interval}`, percent signs and parameters become, asked of each real database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.base.errors import BadInput
from core.datasources.kinds.sql import Sql
from tests.datasources.conftest import BERLIN, week

FROM, TO = datetime(2026, 3, 2), datetime(2026, 3, 9)
THERE = ZoneInfo(BERLIN)
Case = tuple[str, str, dict[str, Any], list[Any]]

# ruff: noqa: E501, DTZ001 - a case a line, so that the table can be read
MYSQL: list[Case] = [
    ("mysql", "select {from}, {to}", {}, ["2026-03-02 00:00:00", "2026-03-09 00:00:00"]),
    ("mysql", "select date_sub({from}, {interval})", {}, ["2026-02-23 00:00:00"]),
    ("mysql", "select cast({to} as datetime) - {interval}", {}, [FROM]),
    ("mysql", "select date_format({from}, '%%Y-%%m-%%d')", {}, ["2026-03-02"]),
    ("mysql", "select date_format({from}, '%Y-%m-%d')", {}, ["2026-03-02"]),
    ("mysql", "select date_format({from}, '%H:%i:%s')", {}, ["00:00:00"]),
    ("mysql", "select date_format({from}, '%%H:%%i:%%s')", {}, ["00:00:00"]),
    ("mysql", "select 'abc' like '%%b%%', 7 %% 4", {}, [1, 3]),
    ("mysql", "select 'abc' like '%b%', 7 % 4", {}, [1, 3]),
    ("mysql", "select '%%', 7 % 4", {}, ["%%", 3]),
    ("mysql", "select '%%'", {}, ["%"]),
    (
        "mysql",
        "select '{from}', \"{to}\", '{\"a\": {\"b\": 1}}', '{0}'",
        {},
        ["{from}", "{to}", '{"a": {"b": 1}}', "{0}"],
    ),
    ("mysql", "select 1 as `{from}`", {}, [1]),
    ("mysql", "select 'it''s {from}', 'it\\'s {to}', {from} > '2026'", {}, ["it's {from}", "it's {to}", 1]),
    ("mysql", "select 1 -- since {from}, 50% of\n, 2 # {to}\n, 3 /* {interval} 5% */", {}, [1, 2, 3]),
    ("mysql", "select 5--3", {}, [8]),
    ("mysql", "select %s, {from}, %s", {"params": ["a'b", 2]}, ["a'b", "2026-03-02 00:00:00", 2]),
    ("mysql", "select %(x)s, %(from)s, '%(x)s'", {"params": {"x": "50%"}}, ["50%", "2026-03-02 00:00:00", "%(x)s"]),
    ("mysql", "select %(to)s", {}, ["2026-03-09 00:00:00"]),
    ("mysql", "select cast({from} as date)", {}, [date(2026, 3, 2)]),
]
SQLITE: list[Case] = [
    ("sqlite", "select {from}, {to}", {}, ["2026-03-02 00:00:00", "2026-03-09 00:00:00"]),
    ("sqlite", "select datetime({from}, '-' || {interval})", {}, ["2026-02-23 00:00:00"]),
    ("sqlite", "select datetime({from}, {interval})", {}, ["2026-03-09 00:00:00"]),
    ("sqlite", "select strftime('%Y-%m', {from}), '%%', 7 % 4", {}, ["2026-03", "%%", 3]),
    ("sqlite", "select count(*) from signups where created_at >= {from} and created_at < {to}", {}, [7]),
    ("sqlite", "select count(*) from signups where created_at < {from}", {}, [1]),
    ("sqlite", "select '{from}', '{\"a\": 1}', json_extract('{\"a\": 1}', '$.a')", {}, ["{from}", '{"a": 1}', 1]),
    ("sqlite", 'select 1 as "{from}", 2 as [{to}], 3 as `{interval}`', {}, [1, 2, 3]),
    ("sqlite", "select 'a\\', {from} -- '{to}'", {}, ["a\\", "2026-03-02 00:00:00"]),
    ("sqlite", "select 1 /* {from} */, 2 -- {to}", {}, [1, 2]),
    ("sqlite", "select ?, {to}, ?", {"params": [1, "z"]}, [1, "2026-03-09 00:00:00", "z"]),
    ("sqlite", "select :x, {from}, :x", {"params": {"x": 5}}, [5, "2026-03-02 00:00:00", 5]),
    ("sqlite", "select ?2, ?1", {"params": ["a", "b"]}, ["b", "a"]),
    ("sqlite", "select '?', ':x', ?", {"params": [3]}, ["?", ":x", 3]),
]
POSTGRESQL: list[Case] = [
    ("postgresql", "select {from}, {to}", {}, [FROM, TO]),
    ("postgresql", "select {from} - {interval}", {}, [datetime(2026, 2, 23)]),
    ("postgresql", "select to_char({from}, 'YYYY-MM-DD'), ({from})::date", {}, ["2026-03-02", date(2026, 3, 2)]),
    ("postgresql", "select timestamptz '2026-03-01 23:00:00+00' = {from}", {}, [True]),
    ("postgresql", "select timestamptz '2026-03-01 22:59:59+00' >= {from}", {}, [False]),
    ("postgresql", "select timestamptz '2026-03-05 12:00:00+00'", {}, [datetime(2026, 3, 5, 13, tzinfo=THERE)]),
    ("postgresql", "select 'abc' like '%b%', 7 % 4", {}, [True, 3]),
    ("postgresql", "select 'abc' like '%%b%%', 7 %% 4", {}, [True, 3]),
    ("postgresql", "select format('%s%%', 5), 7 % 4", {}, ["5%", 3]),
    ("postgresql", "select '{from}', '{\"a\": 1}'::jsonb ->> 'a', '{1,2}'::int[]", {}, ["{from}", "1", [1, 2]]),
    ("postgresql", "select $$ {from} $$, $q$ '{to} $q$, E'it\\'s {to}', 'a\\'", {}, [" {from} ", " '{to} ", "it's {to}", "a\\"]),
    ("postgresql", 'select 1 as "{from}" /* {to} /* {from} */ 50% */, 2 -- {interval}', {}, [1, 2]),
    ("postgresql", "select %s::text, {from}, %s", {"params": ["o'b\\c", 2]}, ["o'b\\c", FROM, 2]),
    ("postgresql", "select %(d)s, %(n)s::int, %(t)s", {"params": {"d": date(2026, 1, 2), "n": None, "t": True}}, [date(2026, 1, 2), None, True]),
    ("postgresql", "select 1.5::numeric, 10::money::numeric, 'x'::varchar", {}, [1.5, 10.0, "x"]),
    ("postgresql", "select '10.0.0.1'::inet, interval '1 day', 'a'::char(1)", {}, ["10.0.0.1/32", "1 day", "a"]),
]  # fmt: skip
CLICKHOUSE: list[Case] = [
    ("clickhouse", "select {from}, {to}", {}, [FROM.replace(tzinfo=THERE), TO.replace(tzinfo=THERE)]),
    ("clickhouse", "select date_sub({from}, {interval})", {}, [datetime(2026, 2, 23, tzinfo=THERE)]),
    ("clickhouse", "select toDateTime('2026-03-01 23:00:00', 'UTC') = {from}", {}, [1]),
    ("clickhouse", "select toDate({from}), toString({to})", {}, [date(2026, 3, 2), "2026-03-09 00:00:00"]),
    ("clickhouse", "select formatDateTime({from}, '%Y-%m-%d %%'), 7 % 4", {}, ["2026-03-02 %", 3]),
    ("clickhouse", "select '{from}', '{\"a\": 1}', 'it\\'s {to}'", {}, ["{from}", '{"a": 1}', "it's {to}"]),
    ("clickhouse", "select {x:Int32}, {y:String}, toYear({from})", {"params": {"x": 5, "y": "o'b"}}, [5, "o'b", 2026]),
    ("clickhouse", "select 1 /* {from} */, 2 as `{to}` -- {interval}", {}, [1, 2]),
    ("clickhouse", "select toIPv4('1.2.3.4'), CAST('b', 'Enum8(\\'a\\' = 1, \\'b\\' = 2)'), toDecimal32(1.5, 2)", {}, ["1.2.3.4", "b", 1.5]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("driver", "query", "options", "expected"),
    [*MYSQL, *SQLITE, *POSTGRESQL, *CLICKHOUSE],
    ids=lambda value: str(value)[:60],
)
def test_a_query_gets_the_days_that_it_names(
    sql: Callable[..., Sql], driver: str, query: str, options: dict[str, Any], expected: list[Any]
) -> None:
    table = sql(driver).query(query, **options).table

    assert [column[0].as_py() for column in table.columns] == expected


@pytest.mark.parametrize("driver", ["mysql", "sqlite", "postgresql", "clickhouse"])
def test_a_week_with_a_change_of_the_clock_begins_and_ends_at_midnight(sql: Callable[..., Sql], driver: str) -> None:
    answer = sql(driver, week(month=3, day=23)).query("select {from} as a, {to} as b")

    assert answer.parameters == {"from": "2026-03-23 00:00:00", "to": "2026-03-30 00:00:00"}
    assert [str(value)[:19] for value in answer.table.to_pylist()[0].values()] == [
        "2026-03-23 00:00:00",
        "2026-03-30 00:00:00",
    ]


@pytest.mark.parametrize(
    ("driver", "shown"),
    [
        ("mysql", "select '2026-03-02 00:00:00', interval 7 day"),
        ("sqlite", "select '2026-03-02 00:00:00', '7 days'"),
        ("postgresql", "select timestamp '2026-03-02 00:00:00', interval '7 day'"),
        ("clickhouse", "select toDateTime('2026-03-02 00:00:00', 'Europe/Berlin'), INTERVAL 7 DAY"),
    ],
)
def test_the_answer_says_what_was_asked_so_that_people_can_ask_it_again(
    sql: Callable[..., Sql], driver: str, shown: str
) -> None:
    source = sql(driver)
    text = shown.replace("interval 7 day", "'{interval}'")
    answer = source.query("select {from}" if driver == "mysql" else "select {from}, {interval}")

    assert answer.statement == (text.split(",", maxsplit=1)[0] if driver == "mysql" else shown)


def test_a_token_within_quotes_stays_text_and_is_told(sql: Callable[..., Sql]) -> None:
    answer = sql("sqlite").query("select '{from}'")

    assert answer.note == "{from} stands within quotes, where it is text and not a date. Write {from} without quotes."


@pytest.mark.parametrize(
    ("driver", "query", "params", "sentence"),
    [
        ("sqlite", "select ?, ?", [1], "The query has more parameters than the 1 that 'params' gives."),
        ("sqlite", "select ?", [1, 2], "'params' gives 2 values; the query uses 1."),
        ("sqlite", "select :y", {"x": 1}, "The query names the parameter 'y', which 'params' does not give."),
        ("sqlite", "select 1", "x", "'params' in query_args is a list of values, or a mapping of names to values."),
        ("postgresql", "select %s", [b"x"], "'params' holds b'x', which PostgreSQL has no word for. Give text, numbers or dates."),
    ],
)  # fmt: skip
def test_parameters_that_do_not_fit_are_told(
    sql: Callable[..., Sql], driver: str, query: str, params: Any, sentence: str
) -> None:
    with pytest.raises(BadInput) as told:
        sql(driver).query(query, params=params)

    assert told.value.message == sentence
