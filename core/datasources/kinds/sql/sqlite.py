"""SQLite: a file, opened so that nothing can be written or created."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from core.base.errors import BadInput, SourceUnreachable
from core.datasources.kinds.sql.columns import batches
from core.datasources.kinds.sql.dialect import Dialect, Words
from core.datasources.kinds.sql.guard import READING_PRAGMAS
from core.datasources.kinds.sql.lexing import Syntax
from core.datasources.kinds.sql.tokens import Marks, Statement, Tongue, clock

if TYPE_CHECKING:
    import pyarrow as pa

OTHERS = ("uri", "timeout", "detect_types", "isolation_level", "check_same_thread", "cached_statements", "factory")
DENIED = frozenset((sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH))
"""Steps that read-only mode would let pass; an attached file would be created."""
MEMORY = ":memory:"
LONGEST = 64 * 1024 * 1024
"""Bytes of the longest text or blob: SQLite makes up to a gigabyte of one in a moment."""


class _Marks(Marks):
    """SQLite keeps times as text, so the days are bound as text that compares with it."""

    def moment(self, wall: datetime) -> str:
        return self.value(clock(wall))


class Sqlite(Dialect):
    label = "SQLite"
    words = Words(
        version="SELECT 'SQLite ' || sqlite_version()",
        tables="SELECT count(*) FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'",
        schema=(
            "SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c"
            " WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
        ),
    )

    def tongue(self) -> Tongue:
        return Tongue(Syntax(backticks=True, brackets=True), "question", lambda days: f"'{days} days'", _Marks)

    def open(self) -> SqliteDoor:
        self.only_takes(OTHERS)
        return SqliteDoor(self)

    def place(self) -> str:
        return f"'{Path(self.args.database).name}'"

    def path(self) -> Path | None:
        """The file; None for a database in memory."""
        named = self.args.database
        if not named:
            raise BadInput("SQLite needs 'database', the path of its file.")
        if named == MEMORY:
            return None
        path = Path(named.removeprefix("file:").partition("?")[0] if named.startswith("file:") else named).expanduser()
        if not path.is_file():
            raise SourceUnreachable(f"There is no SQLite file '{named}'. Check 'database'; it is never created.")
        return path


class SqliteDoor:
    broken = False

    def __init__(self, dialect: Sqlite) -> None:
        self._dialect = dialect
        path = dialect.path()
        where = f"file:{quote(str(path.absolute()))}?mode=ro" if path else MEMORY
        try:
            self._connection = sqlite3.connect(where, uri=True, check_same_thread=False, timeout=dialect.args.timeout_s)
            self._connection.execute("PRAGMA query_only = ON")
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            raise SourceUnreachable(f"The file {dialect.place()} cannot be read as SQLite: {error}.") from error
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        self._connection.set_authorizer(_authorized)

    def batches(self, statement: Statement, most: int) -> Generator[pa.RecordBatch, None, None]:
        try:
            cursor = self._connection.execute(statement.text, statement.values)
            names = [column[0] for column in cursor.description or ()]
            yield from batches(names, cursor.fetchmany)
        except sqlite3.DataError as error:
            if "too big" in str(error):
                size = LONGEST // 1024 // 1024
                raise BadInput(
                    f"A value in the query is larger than {size} MiB. Take a part of it, with substr()."
                ) from error
            raise self._dialect.wrong(error) from error
        except (sqlite3.Error, sqlite3.Warning, OverflowError) as error:
            raise self._dialect.wrong(error) from error

    def stop(self) -> None:
        self._connection.interrupt()

    def close(self) -> None:
        self._connection.close()


def _authorized(action: int, first: str | None, second: str | None, *more: Any) -> int:
    """SQLite's own question whether a step of a statement is allowed."""
    changes = action == sqlite3.SQLITE_PRAGMA and (first or "").lower() not in READING_PRAGMAS
    return sqlite3.SQLITE_DENY if changes or action in DENIED else sqlite3.SQLITE_OK
