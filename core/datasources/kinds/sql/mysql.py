"""MySQL and MariaDB by PyMySQL, row by row from the wire, never the whole result at once."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from core.base.arrow import arrow
from core.base.errors import BadInput, SourceUnreachable
from core.base.outbound import checked_host
from core.datasources.kinds.sql.columns import Reader, batches
from core.datasources.kinds.sql.dialect import CONNECT_S, Dialect, Words
from core.datasources.kinds.sql.lexing import Syntax
from core.datasources.kinds.sql.reading import Lost
from core.datasources.kinds.sql.tokens import Marks, Statement, Tongue

if TYPE_CHECKING:
    import pyarrow as pa

GONE = (2006, 2013, 2055, 0, 1927, 4031)
"""The server went away, between queries or within one."""
REFUSED = (1044, 1045, 1049, 1130, 1698)
MULTI_STATEMENTS = 1 << 16
NOT_OURS = (
    "cursorclass",
    "conv",
    "local_infile",
    "autocommit",
    "defer_connect",
    "read_default_file",
    "unix_socket_class",
)


class _Marks(Marks):
    """PyMySQL writes values in where `%s` stands, so every other percent sign is doubled for it."""

    def value(self, value: Any) -> str:
        self.values.append(value)
        return "%s"

    def text(self, text: str) -> str:
        return text.replace("%", "%%")


class Mysql(Dialect):
    label = "MySQL"
    usual_port = 3306
    words = Words(
        version=(
            "SELECT concat(if(version() LIKE '%MariaDB%', 'MariaDB ', 'MySQL '), substring_index(version(), '-', 1))"
        ),
        tables="SELECT count(*) FROM information_schema.tables WHERE table_schema NOT IN"
        " ('information_schema', 'mysql', 'performance_schema', 'sys')",
        schema=(
            "SELECT if(table_schema = database(), table_name, concat(table_schema, '.', table_name)), column_name,"
            " column_type FROM information_schema.columns WHERE table_schema NOT IN"
            " ('information_schema', 'mysql', 'performance_schema', 'sys')"
            " ORDER BY table_schema <> coalesce(database(), ''), table_schema, table_name, ordinal_position"
        ),
    )

    def tongue(self) -> Tongue:
        syntax = Syntax(backslash=True, double_quotes="text", backticks=True, hashes=True, spaced_dashes=True)
        return Tongue(syntax, "percent", lambda days: f"interval {days} day", _Marks)

    def open(self) -> MysqlDoor:
        return MysqlDoor(self)

    def connected(self, **more: Any) -> Any:
        import pymysql

        try:
            return pymysql.connect(**{**self._asked(), **more})
        except TypeError as error:
            raise BadInput(f"The driver 'mysql' does not take these arguments: {error}.") from error
        except (pymysql.Error, OSError, RuntimeError) as error:
            raise self._no_entry(error) from error

    def _asked(self) -> dict[str, Any]:
        from pymysql.cursors import SSCursor

        args = self.args
        own = {name: value for name, value in args.others.items() if name not in NOT_OURS}
        if "unix_socket" not in own:
            checked_host(args.host or "localhost", args.port or self.usual_port)
        own["client_flag"] = int(own.get("client_flag", 0)) & ~MULTI_STATEMENTS
        named = {"user": args.user, "database": args.database, "password": args.password.get_secret_value()}
        return {
            "host": args.host or "localhost",
            "port": args.port or self.usual_port,
            "connect_timeout": CONNECT_S,
            "charset": "utf8mb4",
            "read_timeout": args.timeout_s + CONNECT_S,
            **{name: value for name, value in named.items() if value},
            **own,
            "conv": _decoders(),
            "cursorclass": SSCursor,
            "local_infile": False,
        }

    def _no_entry(self, error: Exception) -> SourceUnreachable:
        said = error.args[1] if len(error.args) > 1 else error
        if error.args and error.args[0] in REFUSED:
            return SourceUnreachable(
                f"MySQL {self.place()} refused the login: {self.hidden(said)}. Check 'user', 'password' and 'database'."
            )
        return self.away(said)


class MysqlDoor:
    broken = False

    def __init__(self, dialect: Mysql) -> None:
        self._dialect = dialect
        self._connection: Any = dialect.connected()
        self._thread = int(self._connection.thread_id())
        self._prepare(dialect.args.timeout_s, dialect.args.time_zone)

    def batches(self, statement: Statement, most: int) -> Generator[pa.RecordBatch, None, None]:
        import pymysql

        cursor, clean = self._connection.cursor(), False
        try:
            self._connection.query("START TRANSACTION READ ONLY")
            cursor.execute(statement.text, tuple(statement.values))
            result = cursor._result
            names = [column[0] for column in cursor.description or ()]
            yield from batches(names, cursor.fetchmany, [_reader(field) for field in getattr(result, "fields", ())])
            self._connection.query("ROLLBACK")
            clean = True
        except (pymysql.Error, OSError) as error:
            raise self._told(error) from error
        finally:
            if not clean:
                self._break_off(cursor)

    def stop(self) -> None:
        """Kill the query by another connection; where that cannot be had, hang up."""
        try:
            other = self._dialect.connected(connect_timeout=3, read_timeout=3)
            with other, other.cursor() as cursor:
                cursor.execute(f"KILL QUERY {self._thread}")
        except Exception:
            self._hang_up()

    def close(self) -> None:
        with suppress(Exception):
            self._connection.close()

    def _prepare(self, seconds: float, zone: str) -> None:
        """Read-only for good, and a time limit that holds even if this process dies."""
        mariadb = "mariadb" in self._connection.get_server_info().lower()
        limit = (
            f"max_statement_time = {seconds + 1}"
            if mariadb
            else f"max_execution_time = {math.ceil(seconds + 1) * 1000}"
        )
        with suppress(Exception):
            self._connection.query(f"SET SESSION {limit}")
        self._connection.query("SET SESSION TRANSACTION READ ONLY")
        if zone:
            self._connection.query(f"SET SESSION time_zone = {self._connection.escape(zone)}")

    def _told(self, error: Exception) -> Exception:
        code = error.args[0] if error.args else 0
        said = error.args[1] if len(error.args) > 1 else error
        if isinstance(error, OSError) or code in GONE:
            return Lost(f"The connection to MySQL {self._dialect.place()} was lost: {self._dialect.hidden(said)}.")
        return self._dialect.wrong(said)

    def _break_off(self, cursor: Any) -> None:
        """Leave the rest of a result on the wire: PyMySQL would read all of it first."""
        self.broken = True
        if cursor._result is not None:
            cursor._result.unbuffered_active = False
        cursor._result = None
        self._hang_up()

    def _hang_up(self) -> None:
        with suppress(Exception):
            self._connection._force_close()


def _decoders() -> dict[Any, Any]:
    """PyMySQL's own, except where Arrow reads a whole column faster from text, and decimals, which become numbers."""
    from pymysql.constants import FIELD_TYPE
    from pymysql.converters import conversions

    decimals = dict.fromkeys((FIELD_TYPE.DECIMAL, FIELD_TYPE.NEWDECIMAL), float)
    as_text = (FIELD_TYPE.DATE, FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP, FIELD_TYPE.TIME, FIELD_TYPE.NEWDATE)
    bits = {FIELD_TYPE.BIT: lambda raw: int.from_bytes(raw if isinstance(raw, bytes) else raw.encode("latin-1"), "big")}
    return {**conversions, **decimals, **dict.fromkeys(as_text), **bits}


def _reader(field: Any) -> Reader | None:
    from pymysql.constants import FIELD_TYPE

    pa = arrow()
    kinds = {
        FIELD_TYPE.DATE: pa.date32(),
        FIELD_TYPE.NEWDATE: pa.date32(),
        FIELD_TYPE.DATETIME: pa.timestamp("us"),
        FIELD_TYPE.TIMESTAMP: pa.timestamp("us"),
    }
    kind = kinds.get(field.type_code)
    return (lambda values: _times(values, kind)) if kind is not None else None


def _times(values: Sequence[str | None], kind: Any) -> Any:
    """Times of text. The zero dates of MySQL are no days, and are missing here."""
    pa = arrow()
    try:
        return pa.array(values, pa.string()).cast(kind)
    except pa.ArrowInvalid:
        return pa.concat_arrays([_time(value, kind) for value in values])


def _time(value: str | None, kind: Any) -> Any:
    pa = arrow()
    try:
        return pa.array([value], pa.string()).cast(kind)
    except pa.ArrowInvalid:
        return pa.nulls(1, kind)
