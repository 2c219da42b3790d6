"""The page of connections, as a manager and as a member use it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pandas import Timestamp
from streamlit.testing.v1 import AppTest

from core.bootstrap import House
from core.connections import service
from core.connections.fields import fields
from core.connections.sides import ASKED, SENT
from core.context import Context
from core.reports import service as reports
from tests.pages import entered
from tests.servers.replies import Reply, replying

Opened = Callable[..., AppTest]


@pytest.fixture
def opened(house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """`opened()` is the page for a manager."""
    return lambda role="manager": entered(house, ctx, monkeypatch, "data/connections", role).run()


@pytest.fixture
def shop(ctx: Context, connection_files: Path) -> service.ConnectionView:
    """A connection to an SQLite file with 150 orders."""
    with sqlite3.connect(connection_files / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER, paid_at TEXT)")
        connection.execute("CREATE TABLE people (name TEXT)")
        connection.executemany("INSERT INTO orders VALUES (?, '2026-03-05 12:00:00')", [(n,) for n in range(150)])
    connection.close()
    return service.create(ctx, "shop", "sql", {"driver": "sqlite", "database": "shop.db"})


def shown(page: AppTest) -> str:
    every = (*page.markdown, *page.caption, *page.info, *page.success, *page.warning, *page.error)
    return "\n".join(element.value for element in every)


def look(page: AppTest, view: service.ConnectionView, part: str) -> AppTest:
    page.button_group(key=f"part_{view.id}").set_value(part)
    return page.run()


def test_an_empty_page_says_what_a_connection_is_and_who_makes_one(opened: Opened) -> None:
    manager, member = opened(), opened("member")

    assert "No connection yet" in shown(manager) and "Fill in the form above." in shown(manager)
    assert "Ask a manager to add one." in shown(member)
    assert not member.text_input


def test_the_form_asks_for_what_a_kind_takes(opened: Opened) -> None:
    page = opened()
    assert {"Host", "User", "Password"} <= {field.label for field in page.text_input}

    page.selectbox(key="connection_new_sql_driver").set_value("sqlite").run()
    assert "Host" not in {field.label for field in page.text_input}

    page.selectbox(key="connection_kind").set_value("prometheus").run()
    assert {"Host (needed)", "Username", "Password", "Token"} <= {field.label for field in page.text_input}
    assert not page.exception


@pytest.mark.parametrize("kind", sorted(ASKED.kinds()))
def test_every_kind_has_a_form(opened: Opened, kind: str) -> None:
    page = opened()

    page.selectbox(key="connection_kind").set_value(kind).run()

    assert not page.exception
    drawn = [*page.text_input, *page.number_input, *page.selectbox, *page.text_area, *page.toggle]
    keys = {element.key for element in drawn}
    first = next(field for field in fields(ASKED.kinds()[kind].Args))
    assert f"connection_new_{kind}_{first.path}" in keys


def test_a_connection_is_tested_then_made_and_checked(opened: Opened, ctx: Context, shop: Any) -> None:
    page = opened()
    page.text_input(key="connection_name").set_value("again")
    page.selectbox(key="connection_new_sql_driver").set_value("sqlite").run()
    page.text_input(key="connection_new_sql_database").set_value("shop.db").run()

    page.button(key="connection_test").click().run()
    assert page.success[0].value.startswith("SQLite")
    assert [view.name for view in service.connections(ctx)] == ["shop"]

    page.button(key="connection_add").click().run()
    made = service.connection(ctx, "again")
    assert made.check_text.endswith("answers: 2 tables.")


def test_what_is_wrong_with_the_form_is_told_on_the_page(opened: Opened, ctx: Context) -> None:
    page = opened()

    page.button(key="connection_add").click().run()

    assert page.warning[0].value == "A connection needs a name of 1 to 80 characters."
    assert service.connections(ctx) == []


def test_a_query_shows_its_first_hundred_rows_and_how_many_there_are(opened: Opened, shop: Any) -> None:
    page = look(opened("member"), shop, "Try a query")

    page.text_area(key=f"query_{shop.id}").set_value("select id from orders where paid_at >= {from} order by id").run()
    page.button(key=f"ask_{shop.id}").click().run()

    assert page.dataframe[0].value["id"].tolist() == list(range(100))
    assert "100 of 150 rows" in shown(page)


def test_a_query_takes_what_a_report_file_would_give_it(opened: Opened, shop: Any) -> None:
    page = look(opened("member"), shop, "Try a query")
    page.text_area(key=f"query_{shop.id}").set_value("select id, paid_at from orders where id in (?, ?) order by id")
    page.text_area(key=f"query_args_{shop.id}").set_value("params: [7, 9]\nparse_dates: [paid_at]\nindex_col: paid_at")

    page.button(key=f"ask_{shop.id}").click().run()

    found = page.dataframe[0].value
    assert found.columns.tolist() == ["paid_at", "id"]
    assert found["id"].tolist() == [7, 9]
    assert found["paid_at"].tolist() == [Timestamp("2026-03-05 12:00")] * 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("parse_date: [paid_at]", "A SQL query takes no 'parse_date' in query_args. Did you mean 'parse_dates'?"),
        ("[paid_at]", "query_args:1:1: These are no names with values."),
        ("params: [1, 2", "query_args:2:1: The list that opens with '[' in line 1 goes wrong here."),
        ("{params: [1]}\n---\n{}", "The file holds several documents."),
        ("params: !!python/object:os.system [x]", "The tag '!!python/object:os.system' is not allowed"),
        ("params: [1]\nparams: [2]", "query_args:2:1: 'params' is written twice."),
        ("index_col: 5", "'index_col' is the name of a column, or a list."),
        ("parse_dates: 5", "'parse_dates' is a list of columns, or column: format."),
        ("rows: 5", "takes no 'rows' in query_args."),
    ],
)
def test_what_is_wrong_with_query_args_is_told_on_the_page(opened: Opened, shop: Any, given: str, said: str) -> None:
    page = look(opened("member"), shop, "Try a query")
    page.text_area(key=f"query_{shop.id}").set_value("select id from orders")
    page.text_area(key=f"query_args_{shop.id}").set_value(given)

    page.button(key=f"ask_{shop.id}").click().run()

    assert said in page.warning[0].value.replace("\\", "")
    assert not page.exception and not page.dataframe


def test_a_web_api_is_asked_with_its_own_options(opened: Opened, ctx: Context) -> None:
    with replying() as server:
        server.routes["/orders"] = Reply({"orders": [{"sum": 5, "at": "2026-03-05"}], "other": [1]})
        view = service.create(ctx, "api", "http", {"url": server.url})
        page = look(opened("member"), view, "Try a query")
        page.text_area(key=f"query_{view.id}").set_value("/orders")
        page.text_area(key=f"query_args_{view.id}").set_value(
            '{"rows_path": "$.orders[*]", "columns": {"total": "$.sum"}, "params": {"since": "{from}"}}'
        )

        page.button(key=f"ask_{view.id}").click().run()

        assert page.dataframe[0].value.to_dict("records") == [{"total": 5}]
        assert server.asked[-1].params == {"since": "2026-03-04T00:00:00"}


def test_a_query_that_would_write_is_refused_in_a_sentence(opened: Opened, shop: Any) -> None:
    page = look(opened(), shop, "Try a query")

    page.text_area(key=f"query_{shop.id}").set_value("drop table orders").run()
    page.button(key=f"ask_{shop.id}").click().run()

    assert "'drop' is refused" in page.warning[0].value
    assert not page.exception


def test_tables_are_listed_and_found(opened: Opened, shop: Any) -> None:
    page = look(opened(), shop, "Tables")
    assert "2 tables, 3 columns" in shown(page)

    page.text_input(key=f"tables_{shop.id}").set_value("PAID").run()

    assert page.dataframe[0].value.to_dict("records") == [{"Table": "orders", "Column": "paid_at", "Type": "TEXT"}]


def test_settings_are_changed_and_a_secret_is_never_in_the_page(opened: Opened, ctx: Context) -> None:
    secret = {"driver": "postgresql", "host": "db.example", "user": "reader", "password": "open-sesame"}
    view = service.create(ctx, "db", "sql", secret)
    page = look(opened(), view, "Settings")

    field = page.text_input(key=f"set_{view.id}_password")
    assert (field.value, field.placeholder) == ("", "Set. Leave empty to keep it.")
    page.text_input(key=f"set_{view.id}_user").set_value("other").run()
    page.button(key=f"save_{view.id}").click().run()

    changed = service.connection(ctx, "db")
    assert (changed.args["user"], changed.secrets) == ("other", ("password",))
    assert "open-sesame" not in str(page)


def test_a_connection_that_cannot_be_reached_says_so_on_its_card(opened: Opened, ctx: Context, shop: Any) -> None:
    view = service.create(ctx, "gone", "sql", {"driver": "sqlite", "database": "gone.db"})
    page = opened("member")

    page.button(key=f"check_{view.id}").click().run()

    assert "There is no SQLite file" in page.error[0].value
    assert "There is no SQLite file" in service.connection(ctx, "gone").last_error


def test_reports_that_ask_it_are_named_before_it_is_removed(opened: Opened, ctx: Context, shop: Any) -> None:
    block = {"kind": "view", "id": "o", "view": "plot", "args": {"datasource": "db", "query": "select 1"}}
    plan = {"title": "T", "datasources": {"db": {"connection": "shop"}}, "sections": [{"blocks": [block]}]}
    reports.create(ctx, "Weekly orders", plan=plan)
    page = opened()

    assert "1 report asks it and will fail: Weekly orders." in shown(page)
    page.button(key=f"remove_do_{shop.id}").click().run()

    assert service.connections(ctx) == []
    assert "No connection yet" in shown(page)


@pytest.mark.parametrize("kind", sorted(SENT.kinds()))
def test_every_output_has_a_form_with_what_a_report_says_for_itself_apart(opened: Opened, kind: str) -> None:
    page = opened()
    page.segmented_control(key="connection_side").set_value("output").run()

    page.selectbox(key="connection_kind_output").set_value(kind).run()

    assert not page.exception
    drawn = [*page.text_input, *page.number_input, *page.selectbox, *page.text_area, *page.toggle]
    labels = {element.key.removeprefix(f"connection_new_{kind}_") for element in drawn if element.key}
    assert set(SENT.kind(kind).of_report) - {"image_remote_base_url"} <= labels
    assert not {"output_dir", "verify", "connect_kwargs.password"} & labels


def test_an_output_is_added_and_its_card_has_neither_queries_nor_tables(opened: Opened, ctx: Context) -> None:
    page = opened()
    page.segmented_control(key="connection_side").set_value("output").run()
    page.selectbox(key="connection_kind_output").set_value("smtp").run()
    page.text_input(key="connection_name").set_value("post")
    page.text_input(key="connection_new_smtp_smtp_host").set_value("127.0.0.1")
    page.number_input(key="connection_new_smtp_smtp_port").set_value(9)
    page.text_input(key="connection_new_smtp_email_from").set_value("reports@example.org").run()

    page.button(key="connection_add").click().run()

    made = service.connection(ctx, "post")
    assert (made.side, made.args["smtp_port"]) == ("output", 9)
    assert "Could not reach the mail server 127.0.0.1:9" in made.last_error
    assert "Does not answer" in shown(opened())
    control = opened().segmented_control(key=f"part_{made.id}")
    assert control.options == ["Settings"]
