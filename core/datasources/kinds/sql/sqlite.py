"""SQLite: a file, opened so that nothing can be written or created."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import apsw

from core.base.errors import BadInput, SourceUnreachable
from core.datasources.kinds.sql.columns import batches
from core.datasources.kinds.sql.dialect import Dialect, Words
from core.datasources.kinds.sql.guard import READING_PRAGMAS
from core.datasources.kinds.sql.lexing import Syntax
from core.datasources.kinds.sql.tokens import Marks, Statement, Tongue, clock

if TYPE_CHECKING:
    import pyarrow as pa

OTHERS = ("uri", "timeout", "detect_types", "isolation_level", "check_same_thread", "cached_statements", "factory")
DENIED = frozenset((apsw.SQLITE_ATTACH, apsw.SQLITE_DETACH))
"""Steps that read-only mode would let pass; an attached file would be created."""
MEMORY = ":memory:"
SORTS_IN_KIB = -8 * 1024
"""Below zero SQLite takes it for a size."""
OPEN = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI | apsw.SQLITE_OPEN_NOMUTEX
"""Without a lock of its own for every value: the pool gives a connection to one thread at a time."""
LONGEST = 64 * 1024 * 1024
"""Bytes of the longest text or blob: SQLite makes up to a gigabyte of one in a moment."""


class _Marks(Marks):
    """SQLite keeps times as text, so the days are bound as text that compares with it."""

    def moment(self, wall: datetime) -> str:
        return self.value(clock(wall))


class Sqlite(Dialect):
    label = "SQLite"
    works_here = True
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

    def summing(self, text: str, column: str) -> str:
        name = '"' + column.replace('"', '""') + '"'
        words = f"coalesce(sum(typeof({name}) IN ('text', 'blob')), 0)"
        return f"SELECT count(*), sum({name}), {words} FROM (\n{text}\n)"  # noqa: S608 - checked to only read

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
            self._connection = apsw.Connection(where, flags=OPEN)
            self._connection.set_busy_timeout(round(dialect.args.timeout_s * 1000))
            self._connection.pragma("query_only", True)
            self._connection.pragma("cache_size", SORTS_IN_KIB)
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except apsw.Error as error:
            raise SourceUnreachable(f"The file {dialect.place()} cannot be read as SQLite: {error}.") from error
        self._connection.limit(apsw.SQLITE_LIMIT_LENGTH, LONGEST)
        self._connection.authorizer = _authorized

    def batches(self, statement: Statement, most: int) -> Generator[pa.RecordBatch, None, None]:
        names: list[str] = []

        def begins(cursor: apsw.Cursor, *_: Any) -> bool:
            names.extend(column[0] for column in cursor.get_description())
            return True

        cursor = self._connection.cursor()
        cursor.exec_trace = begins  # a result without rows is over, and its names are gone, once it was asked for
        try:
            rows = cursor.execute(statement.text, _bound(statement.values))
            yield from batches(names, lambda size: list(islice(rows, size)))
        except apsw.TooBigError as error:
            size = LONGEST // 1024 // 1024
            raise BadInput(
                f"A value in the query is larger than {size} MiB. Take a part of it, with substr()."
            ) from error
        except (apsw.Error, UnicodeDecodeError, OverflowError, TypeError) as error:
            raise self._dialect.wrong(error) from error
        finally:
            cursor.close(True)

    def stop(self) -> None:
        self._connection.interrupt()

    def close(self) -> None:
        self._connection.close(True)


def _bound(values: Any) -> Any:
    """Values as SQLite keeps them: it has no times, only their text."""
    if isinstance(values, dict):
        return {name: _text(value) for name, value in values.items()}
    return [_text(value) for value in values]


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else value


def _authorized(action: int, first: str | None, second: str | None, *more: Any) -> int:
    """SQLite's own question whether a step of a statement is allowed."""
    changes = action == apsw.SQLITE_PRAGMA and (first or "").lower() not in READING_PRAGMAS
    return apsw.SQLITE_DENY if changes or action in DENIED else apsw.SQLITE_OK
