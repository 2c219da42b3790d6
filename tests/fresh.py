"""Fresh app stores without making 49 tables for every test: SQLite's are copies of one file, PostgreSQL's is emptied.

Neither waits for the disk: that a commit survives a power cut is no claim of these tests.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.bootstrap import models
from core.stores.app import AppStore, Base


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
