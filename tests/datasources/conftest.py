"""Real databases of each kind, one a test process."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core.base.fields import accepted
from core.base.period import Period, zone_of
from core.datasources import Window
from core.datasources.kinds.sql import Sql, SqlArgs
from core.stores.metrics import MetricsStore, embedded
from tests.servers.mariadb import Server
from tests.servers.mariadb import mariadb as running

BERLIN = "Europe/Berlin"


def week(zone: str = BERLIN, month: int = 3, day: int = 2, days: int = 7) -> Window:
    """A window of days from a midnight of the zone; by default the week of Monday 2026-03-02."""
    clock = zone_of(zone)
    start = datetime(2026, month, day, tzinfo=clock)
    end = datetime.fromordinal(start.date().toordinal() + days).replace(tzinfo=clock)
    return Window(Period(start, end), zone, days)


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with 10 signups: one a day at noon from 2026-03-01 to 2026-03-10."""
    path = tmp_path_factory.mktemp("sqlite") / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE signups (id INTEGER, created_at TEXT, spent REAL, plan TEXT)")
        rows = [(n, f"2026-03-{n:02d} 12:00:00", n * 1.5, "free" if n % 2 else None) for n in range(1, 11)]
        connection.executemany("INSERT INTO signups VALUES (?, ?, ?, ?)", rows)
    connection.close()
    return path


@pytest.fixture(scope="session")
def places(request: pytest.FixtureRequest) -> Callable[[str], dict[str, Any]]:
    """`places("postgresql")` are the arguments by which a datasource reaches that database."""

    def args(driver: str) -> dict[str, Any]:
        return {"driver": driver, **_PLACES[driver](request)}

    return args


@pytest.fixture
def sql(places: Callable[[str], dict[str, Any]]) -> Iterator[Callable[..., Sql]]:
    """`sql("sqlite", timeout_s=1)` is a datasource on a real database of that kind."""
    opened: list[Sql] = []

    def open_(driver: str, window: Window | None = None, **args: Any) -> Sql:
        opened.append(Sql(accepted(SqlArgs, {**places(driver), **args}, "the datasource"), window or week()))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


def _mysql(request: pytest.FixtureRequest) -> dict[str, Any]:
    server: Server = request.getfixturevalue("mariadb")
    return server.args


def _sqlite(request: pytest.FixtureRequest) -> dict[str, Any]:
    return {"database": str(request.getfixturevalue("file"))}


def _postgresql(request: pytest.FixtureRequest) -> dict[str, Any]:
    parts = urlsplit(request.getfixturevalue("pg_url"))
    return {"host": parse_qs(parts.query)["host"][0], "user": parts.username, "database": "postgres"}


def _clickhouse(request: pytest.FixtureRequest) -> dict[str, Any]:
    store: MetricsStore = request.getfixturevalue("metrics")
    store.ping()
    parts = urlsplit(embedded.address(request.getfixturevalue("home")))
    return {"host": parts.hostname, "port": parts.port, "user": parts.username, "password": parts.password}


_PLACES = {"mysql": _mysql, "sqlite": _sqlite, "postgresql": _postgresql, "clickhouse": _clickhouse}
