"""Connections: made, changed, tried and removed, and what may never happen to their secrets."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.access.models import AuditEntry
from core.base.errors import BadInput, Conflict, NotAllowed, NotFound, SourceUnreachable
from core.base.settings import settings
from core.connections import service
from core.connections.models import Connection
from core.connections.settings import joined, secret_paths, split
from core.connections.sides import ASKED
from core.context import Context
from core.reports import service as reports
from core.reports.build import build
from core.reports.connected import reports_using
from core.reports.plan import ReportPlan
from core.stores.app import unsealed
from tests.datasources.conftest import week
from tests.servers.mariadb import PASSWORD, Server

Acting = Callable[[str], Context]
SERVER = {"driver": "postgresql", "host": "db.example", "port": 5432, "user": "reader", "password": "open-sesame"}


@pytest.fixture
def folder(connection_files: Path) -> Path:
    """The folder below which connections may open files, with an SQLite file `shop.db` in it."""
    with sqlite3.connect(connection_files / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER, paid_at TEXT)")
        connection.executemany(
            "INSERT INTO orders VALUES (?, ?)", [(n, f"2026-03-{n:02d} 12:00:00") for n in range(1, 11)]
        )
    connection.close()
    return connection_files


@pytest.fixture
def shop(ctx: Context, folder: Path) -> service.ConnectionView:
    return service.create(ctx, "shop", "sql", {"driver": "sqlite", "database": "shop.db"})


def plan(**sources: Any) -> ReportPlan:
    block = {
        "kind": "view",
        "id": "orders",
        "view": "plot",
        "args": {"datasource": "db", "query": "select 1 as time, 2 as n"},
    }
    return ReportPlan.model_validate({"title": "Orders", "datasources": sources, "sections": [{"blocks": [block]}]})


def test_a_connection_is_made_listed_changed_and_removed(ctx: Context) -> None:
    made = service.create(ctx, " shop ", "sql", SERVER)

    assert [view.name for view in service.connections(ctx)] == ["shop"]
    assert made.place == "postgresql · db.example:5432 · reader"
    renamed = service.update(ctx, made.id, name="store", args={**SERVER, "user": "other", "password": ""})
    assert (renamed.name, renamed.args["user"], renamed.secrets) == ("store", "other", ("password",))
    service.remove(ctx, made.id)
    assert service.connections(ctx) == []


def test_a_secret_is_unreadable_in_the_database_and_in_everything_shown(ctx: Context) -> None:
    made = service.create(ctx, "shop", "sql", SERVER)

    with ctx.app.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT args, secrets FROM connections").one()
    assert "open-sesame" not in str(row)
    assert "open-sesame" not in repr(made)
    assert "open-sesame" not in repr(service.connection(ctx, "shop"))
    with ctx.app.reading() as session:
        assert unsealed(session.scalars(sa.select(Connection)).one().secrets or "") == '{"password": "open-sesame"}'
        told = [str(entry.detail) + entry.subject for entry in session.scalars(sa.select(AuditEntry))]
    assert told and not any("open-sesame" in one for one in told)


def test_a_secret_sealed_with_another_key_is_told_on_its_own_card(
    ctx: Context, shop: service.ConnectionView, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.create(ctx, "old", "sql", SERVER)
    monkeypatch.setenv("SIGHTLINE_SECRET_KEY", "another-key-than-before")
    settings.cache_clear()

    seen = {view.name: view.last_error for view in service.connections(ctx)}

    assert seen == {
        "old": "A stored secret cannot be read: the secret key has changed. Restore secret.key or enter it anew.",
        "shop": "",
    }
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize("change", [{"host": "evil.example"}, {"port": 6543}, {"driver": "mysql"}])
def test_a_kept_secret_never_goes_to_another_address(ctx: Context, change: dict[str, Any]) -> None:
    made = service.create(ctx, "shop", "sql", SERVER)
    changed = {**SERVER, **change, "password": ""}

    with pytest.raises(BadInput, match="has changed, so enter 'password' anew"):
        service.update(ctx, made.id, args=changed)
    with pytest.raises(BadInput, match="has changed, so enter 'password' anew"):
        service.check_settings(ctx, "sql", changed, made.id)

    assert service.update(ctx, made.id, args={**changed, "password": "new"}).secrets == ("password",)


def test_secrets_of_headers_and_nested_logins_are_told_apart() -> None:
    http = ASKED.model("http")
    given = {
        "url": "https://api.example",
        "headers": {"Authorization": "Bearer x", "Accept": "text/csv"},
        "basic_auth": {"username": "u", "password": "p"},
    }

    plain, secrets = split(http, given)

    assert plain == {"url": "https://api.example", "headers": {"Accept": "text/csv"}, "basic_auth": {"username": "u"}}
    assert secrets == {"headers.Authorization": "Bearer x", "basic_auth.password": "p"}
    assert joined(plain, secrets) == given


def test_every_kind_but_our_own_metrics_can_be_a_connection() -> None:
    known = ASKED.kinds()

    assert {"sql", "prometheus", "jenkins", "http", "googleanalytics", "twitter"} <= set(known)
    assert not {"metrics", "mysql"} & set(known)
    assert list(secret_paths(known["prometheus"].Args)) == ["basic_auth.password", "token"]


def test_two_connections_of_one_name_are_refused(ctx: Context, shop: service.ConnectionView) -> None:
    with pytest.raises(Conflict, match="There is a connection named 'shop' already"):
        service.create(ctx, "shop", "sql", SERVER)


@pytest.mark.parametrize(
    ("name", "plugin", "args", "sentence"),
    [
        ("", "sql", {}, "A connection needs a name of 1 to 80 characters."),
        ("a", "metrics", {}, "'metrics' needs no connection: reports ask it as it is."),
        ("a", "sqll", {}, "There is no kind of connection named 'sqll'. Did you mean 'sql'?"),
        ("a", "prometheus", {}, "The connection (prometheus): 'host' is missing."),
        ("a", "sql", {"timeout_s": 0}, "The connection (sql): 'timeout_s' must be more than 0.0, not '0'."),
        ("a", "sql", {"init_command": "delete from x"}, "A connection may not have 'init_command'. Take it out."),
    ],
)  # fmt: skip
def test_settings_that_are_wrong_are_told_and_nothing_is_made(
    ctx: Context, name: str, plugin: str, args: dict[str, Any], sentence: str
) -> None:
    with pytest.raises((BadInput, NotFound)) as told:
        service.create(ctx, name, plugin, args)

    assert told.value.message == sentence
    assert service.connections(ctx) == []


@pytest.mark.parametrize("database", ["/etc/passwd", "../app.db", "file:/etc/passwd?mode=ro", "link.db", "."])
def test_a_file_outside_the_folder_for_connections_is_refused(ctx: Context, folder: Path, database: str) -> None:
    (folder / "link.db").symlink_to("/etc/passwd")

    with pytest.raises(BadInput, match=f"A connection opens SQLite files only below '{folder}'"):
        service.create(ctx, "a", "sql", {"driver": "sqlite", "database": database})


def test_a_key_file_outside_the_folder_is_refused(ctx: Context, folder: Path) -> None:
    with pytest.raises(BadInput, match="A connection opens key files only below"):
        service.create(ctx, "ga", "googleanalytics", {"key_file": "/etc/shadow"})


def test_networks_that_an_operator_closes_are_not_reached(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    made = service.create(ctx, "inside", "sql", {**SERVER, "host": "127.0.0.1"})
    monkeypatch.setenv("SIGHTLINE_OUTBOUND_DENY", "private")
    settings.cache_clear()

    with pytest.raises(BadInput, match="may not reach"):
        service.check(ctx, made.id)

    monkeypatch.undo()
    settings.cache_clear()


def test_a_check_is_remembered_with_what_was_reached_or_why_not(ctx: Context, shop: service.ConnectionView) -> None:
    away = service.create(ctx, "away", "sql", {"driver": "sqlite", "database": "gone.db"})

    said = service.check(ctx, shop.id)
    with pytest.raises(SourceUnreachable):
        service.check(ctx, away.id)

    assert said.startswith("SQLite ") and said.endswith("answers: 1 table.")
    seen = {view.name: view for view in service.connections(ctx)}
    assert (seen["shop"].check_text, seen["shop"].last_error) == (said, "")
    assert seen["away"].last_error.startswith("There is no SQLite file ")
    assert seen["shop"].checked_at == ctx.clock()


def test_a_query_is_tried_over_the_last_week_with_the_first_rows_and_the_count(
    ctx: Context, shop: service.ConnectionView
) -> None:
    answer = service.try_query(ctx, shop.id, "select id from orders where paid_at >= {from} order by id", rows=3)

    assert answer.table.to_pylist() == [{"id": 4}, {"id": 5}, {"id": 6}]
    assert answer.total == 7
    assert answer.parameters == {"from": "2026-03-04 00:00:00"}
    with pytest.raises(BadInput, match="'delete' is refused"):
        service.try_query(ctx, shop.id, "delete from orders")
    with pytest.raises(BadInput, match="The query is empty"):
        service.try_query(ctx, shop.id, "  ")


def test_the_schema_is_that_of_the_database(ctx: Context, shop: service.ConnectionView) -> None:
    assert service.schema(ctx, shop.id) == [("orders", "id", "INTEGER"), ("orders", "paid_at", "TEXT")]


def test_a_server_is_reached_with_the_secret_that_was_kept(ctx: Context, mariadb: Server) -> None:
    made = service.create(ctx, "maria", "sql", {**mariadb.args, "driver": "mysql"})

    assert made.secrets == ("password",)
    assert PASSWORD not in repr(made)
    assert service.check(ctx, made.id).startswith("MariaDB ")


def test_a_report_asks_a_connection_by_its_name(ctx: Context, shop: service.ConnectionView) -> None:
    source = service.opened(ctx, "shop", week())

    answer = source.query("select count(*) as n from orders where paid_at >= {from} and paid_at < {to}")

    assert answer.table.to_pylist() == [{"n": 7}]
    with pytest.raises(NotFound, match=r"There is no connection named 'shopp' in 'Acme'. Did you mean 'shop'"):
        service.opened(ctx, "shopp", week())


def test_reports_that_ask_a_connection_are_named_before_it_goes(ctx: Context, shop: service.ConnectionView) -> None:
    reports.create(ctx, "Weekly orders", plan=plan(db={"connection": "shop"}).model_dump())
    reports.create(ctx, "Other", plan=plan(db={"connection": "elsewhere"}).model_dump())

    assert reports_using(ctx, "shop") == ["Weekly orders"]


def test_a_member_tries_queries_but_makes_no_connection(
    ctx: Context, acting: Acting, shop: service.ConnectionView
) -> None:
    member, viewer = acting("member"), acting("viewer")

    assert [view.name for view in service.connections(member)] == ["shop"]
    assert service.try_query(member, shop.id, "select 1 as one").rows == 1
    for verb in (
        lambda: service.create(member, "x", "sql", SERVER),
        lambda: service.update(member, shop.id, name="x"),
        lambda: service.remove(member, shop.id),
        lambda: service.check_settings(member, "sql", SERVER),
        lambda: service.connections(viewer),
        lambda: service.try_query(viewer, shop.id, "select 1"),
    ):
        with pytest.raises(NotAllowed):
            verb()


def test_a_members_report_names_connections_and_brings_no_address(
    ctx: Context, acting: Acting, shop: service.ConnectionView
) -> None:
    own = {"plugin": "sql", "args": {"driver": "sqlite", "database": "shop.db"}}

    named = build(acting("member"), plan(db={"connection": "shop"}), ctx.clock())
    brought = build(acting("manager"), plan(db=own), ctx.clock())
    with pytest.raises(NotAllowed, match="brings its own address, which the role 'member' may not do"):
        build(acting("member"), plan(db=own), ctx.clock())
    with pytest.raises(BadInput, match="opens SQLite files only below"):
        build(acting("manager"), plan(db={**own, "args": {"driver": "sqlite", "database": "/etc/passwd"}}), ctx.clock())

    assert named.failures == () and brought.failures == ()


def test_another_workspace_sees_nothing_of_it(ctx: Context, shop: service.ConnectionView, house: Any) -> None:
    from core.access import workspaces

    other = house.context(workspaces.create(house.app, name="Other", now=house.clock()))

    assert service.connections(other) == []
    with pytest.raises(NotFound):
        service.opened(other, "shop", week())
    for verb in (service.check, service.schema, service.remove):
        with pytest.raises(NotFound, match="does not exist any more"):
            verb(other, shop.id)


def test_what_was_done_stands_in_the_audit_trail(ctx: Context, shop: service.ConnectionView) -> None:
    service.update(ctx, shop.id, name="store", args={"driver": "sqlite", "database": "shop.db", "timeout_s": 5})
    service.try_query(ctx, shop.id, "select 1 as one")
    service.remove(ctx, shop.id)

    with ctx.app.reading() as session:
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.action.startswith("connection")))
        told = {entry.action: (entry.subject, entry.detail) for entry in entries}
    assert told["connection created"] == ("shop", {"plugin": "sql", "settings": ["database", "driver"]})
    assert told["connection renamed"] == ("shop", {"to": "store"})
    assert told["connection changed"] == ("store", {"settings": ["timeout_s"]})
    assert told["connection queried"] == ("store", {"query": "select 1 as one", "rows": 1})
    assert told["connection removed"] == ("store", {"plugin": "sql"})
