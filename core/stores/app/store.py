"""The engine and its sessions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from core.base.errors import StoreUnreachable

ROOT = Path(__file__).resolve().parents[3]


class AppStore:
    """Sessions over one engine: `session()` to write, `reading()` to read. An error rolls back."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._readers = sessionmaker(self.engine.execution_options(sqlite_read_only=True), expire_on_commit=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction that may write: committed when the block ends well."""
        with self._transaction(self._sessions) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads, and on SQLite never waits for a writer."""
        with self._transaction(self._readers) as session:
            yield session

    @contextmanager
    def _transaction(self, sessions: sessionmaker[Session]) -> Iterator[Session]:
        try:
            with sessions.begin() as session:
                yield session
        except sa.exc.OperationalError as error:
            raise self._unreachable(error) from error

    def migrate(self) -> None:
        """Bring the schema to the newest revision; safe to call from several processes at once."""
        from alembic.config import Config

        from alembic import command

        config = Config()
        config.set_main_option("script_location", str(ROOT / "alembic"))
        config.attributes["engine"] = self.engine
        try:
            command.upgrade(config, "head")
        except sa.exc.OperationalError as error:
            raise self._unreachable(error) from error

    def close(self) -> None:
        self.engine.dispose()

    def _unreachable(self, error: sa.exc.OperationalError) -> StoreUnreachable:
        said = " ".join(str(error.orig).split()).rstrip(".?")
        if self.engine.dialect.name == "sqlite":
            do = f"Look at the file {self.engine.url.database} and the room on its disk"
        else:
            do = "Start its server, or set SIGHTLINE_DATABASE_URL to one that runs"
        return StoreUnreachable(f"The app store does not answer: {said}. {do}; `sightline doctor` checks every part.")


def _engine(url: str) -> sa.Engine:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(parsed, hide_parameters=True, pool_pre_ping=True, pool_size=5, max_overflow=15)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed, hide_parameters=True, connect_args={"timeout": 30})
    sa.event.listen(engine, "connect", _sqlite_pragmas)
    sa.event.listen(engine, "begin", _begin_immediate)
    return engine


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    # The driver's own BEGIN is deferred and cannot wait for a writer; ours is sent by _begin_immediate.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: sa.Connection) -> None:
    deferred = connection.get_execution_options().get("sqlite_read_only", False)
    connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")
