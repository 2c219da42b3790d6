"""`sightline connections`, as somebody types it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from core import bootstrap
from core.access import workspaces
from core.base.errors import BadInput, NotFound, SourceUnreachable
from core.bootstrap import House
from core.entrypoints.cli import assembled
from core.reports import service as reports
from core.stores.metrics import MetricsStore
from tests.delivery.post_office import PostOffice


@pytest.fixture(scope="module")
def rooms(home: Path, metrics: MetricsStore) -> Iterator[House]:
    """This process's own house with one workspace, and an SQLite file where connections may open it."""
    bootstrap.house.cache_clear()
    house = bootstrap.house()
    house.migrate()
    workspaces.create(house.app, name="Ours", now=house.clock())
    folder = home / "files-for-connections"
    folder.mkdir(exist_ok=True)
    with sqlite3.connect(folder / "shop.db") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS orders (id INTEGER, paid_at TEXT)")
        connection.executemany("INSERT INTO orders VALUES (?, ?)", [(n, None) for n in range(1, 6)])
    connection.close()
    yield house
    house.close()
    bootstrap.house.cache_clear()
    for path in [*home.glob("app.db*"), folder / "shop.db"]:
        path.unlink()


def said(*words: str, given: str = "") -> str:
    result = CliRunner().invoke(assembled(["connections"]), ["connections", *words], input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def rows(*words: str, given: str = "") -> list[dict[str, Any]]:
    return list(json.loads(said(*words, "--json", given=given))["rows"])


def test_a_connection_is_added_checked_asked_changed_and_removed(rooms: House) -> None:
    said("add", "shop", "sql", "-s", "driver=sqlite", "-s", "database=shop.db")

    assert rows("check", "shop")[0]["reached"].endswith("answers: 1 table.")
    assert rows("schema", "shop", "--like", "paid") == [{"table": "orders", "column": "paid_at", "type": "TEXT"}]
    assert rows("query", "shop", "select id from orders order by id", "-n", "2") == [{"id": 1}, {"id": 2}]
    assert rows("change", "shop", "--rename", "store", "-s", "timeout_s=5")[0]["name"] == "store"
    (listed,) = rows("list")
    assert (listed["name"], listed["kind"], listed["leads_to"]) == ("store", "sql", "sqlite · shop.db")
    assert rows("remove", "store", "--yes") == [{"removed": "store", "reports": []}]
    assert "No connection yet." in said("list")


def test_a_query_is_asked_with_what_a_report_file_would_give_it(rooms: House) -> None:
    said("add", "shop", "sql", "-s", "driver=sqlite", "-s", "database=shop.db")
    asked = "select id, '2026-03-05' as day from orders where id < :most order by id"

    found = rows("query", "shop", asked, "--args", "query_args: {params: {most: 2}, parse_dates: [day]}")

    assert found == [{"id": 1, "day": "2026-03-05T00:00:00"}]
    for given, told in {
        "{params: [": "query_args:",
        "days": "query_args:1:1: These are no names with values.",
        "{parse_date: [day]}": "A SQL query takes no 'parse_date' in query_args. Did you mean 'parse_dates'?",
    }.items():
        with pytest.raises(BadInput, match=re.escape(told)):
            said("query", "shop", asked, "--args", given)
    said("remove", "shop", "--yes")


def test_a_secret_comes_from_stdin_and_is_never_shown(rooms: House) -> None:
    told = said("add", "db", "sql", "-s", "host=db.example", "--secret", "password", given="open-sesame\n")

    assert "open-sesame" not in told + said("list")
    assert rows("list")[0]["secrets_set"] == ["password"]
    with pytest.raises(BadInput, match="'host' has changed, so enter 'password' anew"):
        said("change", "db", "-s", "host=evil.example")
    said("remove", "db", "--yes")


def test_a_test_is_sent_after_it_was_said_to_whom(rooms: House) -> None:
    office = PostOffice().start()
    said(
        "add", "post", "smtp", "-s", "smtp_host=127.0.0.1", "-s", f"smtp_port={office.port}", "-s", "email_from=a@x.org"
    )
    words = ["connections", "check", "post", "--send", "--to", "ann@example.org"]

    refused = CliRunner().invoke(assembled(["connections"]), words, input="n\n")
    assert "A message of one sentence goes to ann@example.org. Send it?" in refused.output
    assert (refused.exit_code, office.mails) == (1, [])

    told = rows(*words[1:], "--yes")[0]["reached"]
    office.stop()
    assert told == f"Mailed to ann@example.org by 127.0.0.1:{office.port}."
    assert [letter["X-Envelope-To"] for letter in office.mails] == ["ann@example.org"]
    with pytest.raises(BadInput, match="write --send beside it"):
        said("check", "post", "--to", "ann@example.org")
    said("remove", "post", "--yes")


def test_removing_one_that_reports_ask_names_them_and_asks(rooms: House) -> None:
    said("add", "shop", "sql", "-s", "driver=sqlite", "-s", "database=shop.db")
    block = {"kind": "view", "id": "o", "view": "plot", "args": {"datasource": "db", "query": "select 1"}}
    plan = {"title": "T", "datasources": {"db": {"connection": "shop"}}, "sections": [{"blocks": [block]}]}
    reports.create(rooms.context(workspaces.every(rooms.app)[0]), "Weekly orders", plan=plan)

    refused = CliRunner().invoke(assembled(["connections"]), ["connections", "remove", "shop"], input="n\n")

    assert "These reports ask it and will fail: Weekly orders." in refused.stdout
    assert refused.exit_code == 1
    assert rows("remove", "shop", "--yes") == [{"removed": "shop", "reports": ["Weekly orders"]}]


def test_what_is_wrong_is_told(rooms: House) -> None:
    with pytest.raises(BadInput, match=r"'host' is no setting. Write KEY=VALUE"):
        said("add", "x", "sql", "-s", "host")
    with pytest.raises(BadInput, match="The value of 'host' cannot be read: "):
        said("add", "x", "sql", "-s", "host=[db")
    with pytest.raises(NotFound, match="There is no connection named 'nope'"):
        said("check", "nope")
    said("add", "gone", "sql", "-s", "driver=sqlite", "-s", "database=gone.db")
    with pytest.raises(SourceUnreachable, match="There is no SQLite file"):
        said("check", "gone")
    said("remove", "gone", "--yes")


def test_the_kinds_are_listed_with_their_settings_and_secrets(rooms: House) -> None:
    known = {row["kind"]: row["settings"] for row in rows("kinds")}

    assert "<password>" in known["sql"] and "database" in known["sql"]
    assert "<basic_auth.password>" in known["prometheus"]
