"""PostgreSQL by ADBC: COPY on the wire, Arrow in memory, no Python object a cell.

COPY takes no parameters, and without it the driver holds a whole result before it
gives the first row. So values are written into the query as typed literals.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.base.arrow import arrow
from core.base.errors import BadInput, SourceUnreachable
from core.base.outbound import checked_host
from core.datasources.kinds.sql.dialect import CONNECT_S, Dialect, Words
from core.datasources.kinds.sql.lexing import Syntax
from core.datasources.kinds.sql.postgresql_rows import TOO_LONG, asked, too_long
from core.datasources.kinds.sql.reading import Lost
from core.datasources.kinds.sql.tokens import Marks, Statement, Tongue, clock

if TYPE_CHECKING:
    import pyarrow as pa

GONE = (
    "no connection to the server",
    "terminating connection",
    "server closed the connection",
    "connection not open",
    "could not receive data",
    "could not send data",
    "SSL connection has been closed",
)
COPYABLE = ("select", "with", "values", "table", "(")


class _Marks(Marks):
    def moment(self, wall: datetime) -> str:
        return self.shown(wall)

    def shown(self, wall: datetime) -> str:
        return f"timestamp '{clock(wall)}'"

    def value(self, value: Any) -> str:
        return literal(value)


def literal(value: Any) -> str:
    """A value as PostgreSQL writes it, with `standard_conforming_strings` on, as the connection asks for."""
    if value is None or isinstance(value, bool):
        return {None: "NULL", True: "TRUE", False: "FALSE"}[value]
    if isinstance(value, int | float | Decimal):
        return repr(value) if isinstance(value, int) else f"'{value}'::float8"
    if isinstance(value, datetime):
        return f"timestamp{'tz' if value.tzinfo else ''} '{value.isoformat(' ')}'"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, str) and "\0" not in value:
        return "'" + value.replace("'", "''") + "'"
    raise BadInput(f"'params' holds {value!r}, which PostgreSQL has no word for. Give text, numbers or dates.")


class Postgresql(Dialect):
    label = "PostgreSQL"
    usual_port = 5432
    words = Words(
        version="SELECT 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1)",
        tables="SELECT count(*) FROM information_schema.tables"
        " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')",
        schema=(
            "SELECT CASE WHEN table_schema = current_schema() THEN table_name::text"
            " ELSE table_schema || '.' || table_name END, column_name::text, data_type::text"
            " FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
            " ORDER BY table_schema <> current_schema(), table_schema, table_name, ordinal_position"
        ),
    )

    def tongue(self) -> Tongue:
        return Tongue(Syntax(dollars=True, nested=True), "percent", lambda days: f"interval '{days} day'", _Marks)

    def open(self) -> PostgresqlDoor:
        return PostgresqlDoor(self)

    def conninfo(self) -> str:
        """What libpq takes, with everything quoted."""
        args = self.args
        host = args.host or "localhost"
        if not host.startswith("/"):
            checked_host(host, args.port or self.usual_port)
        asked = {"connect_timeout": CONNECT_S, "application_name": "Sightline", **args.others}
        named = {"user": args.user, "password": args.password.get_secret_value(), "dbname": args.database}
        asked |= {name: value for name, value in named.items() if value}
        asked |= {"host": host, "port": args.port or self.usual_port, "options": self._options(args.others)}
        return " ".join(f"{name}={_quoted(value)}" for name, value in asked.items())

    def _options(self, others: Mapping[str, Any]) -> str:
        settings = {
            "default_transaction_read_only": "on",
            "standard_conforming_strings": "on",
            "statement_timeout": str(round(self.args.timeout_s * 1000)),
            "TimeZone": self.args.time_zone or self.window.zone,
        }
        own = " ".join(f"-c {name}={value}".replace("\\", "\\\\") for name, value in settings.items())
        return f"{others.get('options', '')} {own}".strip()


class PostgresqlDoor:
    broken = False

    def __init__(self, dialect: Postgresql) -> None:
        import adbc_driver_manager
        import adbc_driver_postgresql

        self._dialect = dialect
        try:
            self._database = adbc_driver_postgresql.connect(dialect.conninfo())
            self._connection = adbc_driver_manager.AdbcConnection(self._database)
        except adbc_driver_manager.Error as error:
            raise self._no_entry(_said(error)) from error

    def batches(self, statement: Statement, most: int) -> Generator[pa.RecordBatch, None, None]:
        import adbc_driver_manager

        pa, clean = arrow(), False
        try:
            self._ask("BEGIN READ ONLY").read_all()
            yield from self._plain(self._ask(self._bounded(statement.text)))
            self._ask("ROLLBACK").read_all()
            clean = True
        except (adbc_driver_manager.Error, pa.ArrowException, OSError) as error:
            raise self._told(_said(error)) from error
        finally:
            if not clean:
                self.broken = True
                self.stop()

    def stop(self) -> None:
        with suppress(Exception):
            self._connection.cancel()

    def close(self) -> None:
        with suppress(Exception):
            self._connection.close()
            self._database.close()

    def _ask(self, text: str) -> Any:
        statement = self._statement(text)
        if not _copyable(text):
            statement.set_options(**{"adbc.postgresql.use_copy": "false"})
        handle, _ = statement.execute_query()
        return arrow().RecordBatchReader.from_stream(handle)

    def _bounded(self, text: str) -> str:
        """The query as it is asked, by the types of its columns; SHOW and its like as they are."""
        if not _copyable(text):
            return text
        return asked(text, arrow().schema(self._statement(text).execute_schema()))

    def _statement(self, text: str) -> Any:
        import adbc_driver_manager

        statement = adbc_driver_manager.AdbcStatement(self._connection)
        statement.set_sql_query(text)
        return statement

    def _plain(self, source: Any) -> Generator[pa.RecordBatch, None, None]:
        """Batches of types that views know. At least one, so that the columns are known."""
        pa = arrow()
        zone, given = self._dialect.window.zone, False
        for batch in source:
            given = True
            columns = [_plain(column, zone) for column in batch.columns]
            yield pa.RecordBatch.from_arrays(columns, names=source.schema.names)
        if not given:
            empty = [_plain(pa.array([], field.type), zone) for field in source.schema]
            yield pa.RecordBatch.from_arrays(empty, names=source.schema.names)

    def _told(self, said: str) -> Exception:
        if TOO_LONG in said:
            return too_long()
        if any(sign in said for sign in GONE):
            return Lost(f"The connection to PostgreSQL {self._dialect.place()} was lost: {self._dialect.hidden(said)}.")
        return self._dialect.wrong(said)

    def _no_entry(self, said: str) -> SourceUnreachable:
        if "authentication failed" in said or "does not exist" in said or "no pg_hba" in said:
            return SourceUnreachable(
                f"PostgreSQL {self._dialect.place()} refused the login: {self._dialect.hidden(said)}."
                " Check 'user', 'password' and 'database'."
            )
        return self._dialect.away(said)


def _copyable(text: str) -> bool:
    return text.lstrip().lower().startswith(COPYABLE)


def _said(error: Exception) -> str:
    """What the server said, without what the driver put around it."""
    text = str(error)
    for sign in ("ERROR:  ", "FATAL:  ", "failed: "):
        if sign in text:
            text = text.split(sign, 1)[1].split("\n\tIs the server", 1)[0]
            return text.split("\nLINE ", 1)[0].split("\n\nQuery was", 1)[0].split(". SQLSTATE", 1)[0].strip()
    return text.strip()


def _plain(column: Any, zone: str) -> Any:
    pa = arrow()
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        if getattr(kind, "type_name", "") == "numeric":
            return column.storage.cast(pa.float64())
        return pa.array([None if one is None else str(one) for one in column.to_pylist()], pa.string())
    if pa.types.is_timestamp(kind) and kind.tz:
        return column.cast(pa.timestamp(kind.unit, zone))
    return column


def _quoted(value: Any) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"
