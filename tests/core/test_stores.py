"""The stores keep what they are given, and say so plainly when they cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from core.base.errors import BadInput, NotFound, StoreUnreachable
from core.stores.app import AppStore
from core.stores.files import LocalFiles
from core.stores.metrics import MetricsStore, embedded


def test_parameters_are_values_and_never_sql(metrics: MetricsStore) -> None:
    hostile = "'; DROP TABLE commits; --"

    rows = metrics.rows("SELECT {text:String} AS text", {"text": hostile})

    assert rows == [{"text": hostile}]


def test_parameters_may_be_long(metrics: MetricsStore) -> None:
    numbers = list(range(50_000))

    found = metrics.rows(
        "SELECT sum(arrayJoin({p:Array(UInt32)})) AS whole, {t:String} AS text", {"p": numbers, "t": "'ä"}
    )

    assert found == [{"whole": sum(numbers), "text": "'ä"}]


def test_a_row_inserted_twice_is_read_once(metrics: MetricsStore) -> None:
    row = {"workspace_id": "twice", "identity_id": 1, "person_id": "p", "is_bot": 0, "version": 1, "deleted": 0}

    metrics.insert_rows("identity_people", [row])
    metrics.insert_rows("identity_people", [row])

    assert metrics.scalar("SELECT count() FROM identity_people FINAL WHERE workspace_id = 'twice'") == 1


def test_a_tombstone_removes_the_row(metrics: MetricsStore) -> None:
    row = {"workspace_id": "gone", "identity_id": 1, "person_id": "p", "is_bot": 0, "version": 1, "deleted": 0}

    metrics.insert_rows("identity_people", [row, {**row, "version": 2, "deleted": 1}])

    assert metrics.scalar("SELECT count() FROM identity_people FINAL WHERE workspace_id = 'gone'") == 0


def test_a_second_migration_finds_nothing_to_do(metrics: MetricsStore) -> None:
    assert metrics.migrate() == []


def test_an_app_store_on_a_closed_port_says_what_to_do() -> None:
    store = AppStore("postgresql+psycopg://u:p@127.0.0.1:9/x")

    with (
        pytest.raises(StoreUnreachable, match="set SIGHTLINE_DATABASE_URL to one that runs") as told,
        store.reading() as s,
    ):
        s.connection()

    assert "\n" not in told.value.message
    with pytest.raises(StoreUnreachable, match="SIGHTLINE_DATABASE_URL"):
        store.migrate()


def test_an_unreachable_store_says_what_to_do() -> None:
    store = MetricsStore(lambda: "clickhouse://default@127.0.0.1:9/default")

    with pytest.raises(StoreUnreachable, match="sightline up"):
        store.ping()


def test_settings_of_one_statement_do_not_leak_into_the_next(metrics: MetricsStore) -> None:
    metrics.rows("SELECT 1 AS one", max_block_size=7)

    found = {metrics.scalar("SELECT getSetting('max_block_size')") for _ in range(8)}

    assert 7 not in found


def test_a_statement_that_may_only_read_costs_the_store_no_connection(metrics: MetricsStore) -> None:
    for _ in range(6):
        with pytest.raises(DatabaseError, match="readonly mode"):
            metrics.command("CREATE TABLE never (a Int8) ENGINE = Memory", readonly=2)

    assert metrics.rows("SELECT 1 AS one", readonly=2, max_execution_time=5) == [{"one": 1}]
    metrics.command("CREATE TABLE once (a Int8) ENGINE = Memory")
    metrics.command("DROP TABLE once")


def test_a_file_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)

    with pytest.raises(RuntimeError), files.writing("reports/half.pdf") as file:
        file.write(b"half")
        raise RuntimeError

    with pytest.raises(NotFound):
        files.read("reports/half.pdf")
    assert files.used_bytes() == 0


def test_a_key_cannot_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        LocalFiles(tmp_path).read("../secret.key")


def test_a_store_that_was_killed_and_came_back_elsewhere_is_found_again(tmp_path: Path) -> None:
    first = embedded.launch(tmp_path)
    store = MetricsStore(lambda: embedded.address(tmp_path))
    store.command("CREATE TABLE kept (n UInt8) ENGINE = MergeTree ORDER BY n")
    store.insert_rows("kept", [{"n": 7}])
    first.kill()
    first.wait(20)

    second = embedded.launch(tmp_path)
    found = store.scalar("SELECT n FROM kept")

    store.close()
    second.terminate()
    second.wait(20)
    assert found == 7


def test_a_second_store_for_the_same_folder_steps_aside(home: Path, metrics: MetricsStore) -> None:
    second = embedded.launch(home)

    assert second.wait(20) == 0
    metrics.ping()


def test_the_store_wants_its_key(home: Path, metrics: MetricsStore) -> None:
    port = json.loads((home / "run" / "metrics.json").read_text())["port"]
    stranger = MetricsStore(lambda: f"clickhouse://sightline:wrong@127.0.0.1:{port}/default")

    with pytest.raises((StoreUnreachable, DatabaseError), match=r"Authentication|does not answer"):
        stranger.ping()
