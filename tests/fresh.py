"""Fresh houses. Nobody makes 49 tables for every test: SQLite stores are copies of one file, PostgreSQL is emptied.

Neither waits for the disk: that a commit survives a power cut is no claim of these tests.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.base.queue import InlineQueue
from core.base.settings import Settings
from core.bootstrap import House, models
from core.stores.app import AppStore, Base
from core.stores.files import LocalFiles
from core.stores.metrics import MetricsStore

NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
"""A Wednesday."""


def house(home: Path, app: AppStore, metrics: MetricsStore, folder: Path) -> House:
    """These stores, files in the folder, and an inline queue, at noon of NOW."""
    return House(Settings(home=home), app, metrics, LocalFiles(folder / "files"), InlineQueue(), lambda: NOW)


def blank(at: Path) -> Path:
    """Make an SQLite file there that holds every table and no row."""
    models()
    store = hasty(AppStore(f"sqlite:///{at}"))
    Base.metadata.create_all(store.engine)
    store.close()
    return at


def copied(blank: Path, at: Path) -> AppStore:
    """A fresh app store in the file `at`."""
    shutil.copyfile(blank, at)
    return hasty(AppStore(f"sqlite:///{at}"))


def emptied(store: AppStore) -> AppStore:
    """The same store without its rows, and with every table."""
    tables = reversed(Base.metadata.sorted_tables)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("; ".join(f'DELETE FROM "{table.name}"' for table in tables))
    return store


def hasty(store: AppStore) -> AppStore:
    """The store, whose SQLite leaves it to the system when to write its pages to the disk."""

    def leave_it(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    sa.event.listen(store.engine, "connect", leave_it)
    return store
