"""ClickHouse over HTTP, in Arrow from end to end."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Generator
from contextlib import closing, suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from core.base.arrow import arrow
from core.base.errors import BadInput, SourceUnreachable
from core.base.outbound import checked_host
from core.datasources.kinds.sql.clickhouse_types import is_vague, plain
from core.datasources.kinds.sql.dialect import CONNECT_S, Dialect, Words
from core.datasources.kinds.sql.lexing import Syntax
from core.datasources.kinds.sql.reading import Lost
from core.datasources.kinds.sql.tokens import Marks, Statement, Tongue, clock

if TYPE_CHECKING:
    import pyarrow as pa
    from clickhouse_connect.driver.client import Client

PATIENCE_S = 3
"""Seconds beyond its own after which a query is given up: a user who may change no setting may kill none either."""
TYPES = ((bool, "Bool"), (int, "Int64"), (float, "Float64"), (str, "String"), (date, "Date32"))


class _Marks(Marks):
    """Parameters with names and types, as the server takes them."""

    def __init__(self, zone: str) -> None:
        super().__init__()
        self._zone = zone

    def moment(self, wall: datetime) -> str:
        return self._named(clock(wall), f"DateTime('{self._zone}')")

    def shown(self, wall: datetime) -> str:
        return f"toDateTime('{clock(wall)}', '{self._zone}')"

    def value(self, value: Any) -> str:
        kind = next((name for python, name in TYPES if isinstance(value, python)), "String")
        return self._named(value, kind)

    def bound(self) -> dict[str, Any]:
        return {f"sightline_{place}": value for place, value in enumerate(self.values)}

    def _named(self, value: Any, kind: str) -> str:
        self.values.append(value)
        return f"{{sightline_{len(self.values) - 1}:{kind}}}"


class Clickhouse(Dialect):
    label = "ClickHouse"
    usual_port = 8123
    words = Words(
        version="SELECT 'ClickHouse ' || version()",
        tables="SELECT count() FROM system.tables WHERE database NOT IN"
        " ('system', 'information_schema', 'INFORMATION_SCHEMA')",
        schema=(
            "SELECT if(database = currentDatabase(), table, database || '.' || table), name, type FROM system.columns"
            " WHERE database NOT IN ('system', 'information_schema', 'INFORMATION_SCHEMA')"
            " ORDER BY database != currentDatabase(), database, table, position"
        ),
    )

    @property
    def zone(self) -> str:
        return self.args.time_zone or self.window.zone

    def tongue(self) -> Tongue:
        syntax = Syntax(backslash=True, backticks=True, hashes=True, dollars=True)
        return Tongue(syntax, "braces", lambda days: f"INTERVAL {days} DAY", lambda: _Marks(self.window.zone))

    def open(self) -> ClickhouseDoor:
        return ClickhouseDoor(self)

    def limited(self, text: str, most: int) -> str:
        """Unchanged: the setting `limit` goes with every query."""
        return text

    def connected(self) -> Client:
        import clickhouse_connect
        from clickhouse_connect import common
        from clickhouse_connect.driver.exceptions import ClickHouseError
        from clickhouse_connect.driver.httputil import get_pool_manager

        common.set_setting("autogenerate_session_id", False)
        logging.getLogger("clickhouse_connect").addHandler(logging.NullHandler())
        args = self.args
        checked_host(args.host or "localhost", args.port or self.usual_port)
        asked = {"connect_timeout": CONNECT_S, "query_limit": 0, "compress": False, **args.others}
        try:
            return clickhouse_connect.get_client(
                host=args.host or "localhost",
                port=args.port or self.usual_port,
                username=args.user or "default",
                password=args.password.get_secret_value(),
                database=args.database or "default",
                send_receive_timeout=math.ceil(args.timeout_s) + PATIENCE_S,
                pool_mgr=get_pool_manager(maxsize=4),
                **asked,
            )
        except TypeError as error:
            raise BadInput(f"The driver 'clickhouse' does not take these arguments: {error}.") from error
        except (ClickHouseError, OSError) as error:
            raise self._no_entry(error) from error

    def _no_entry(self, error: Exception) -> SourceUnreachable:
        said = told(error)
        if "Authentication" in said or "AUTHENTICATION" in said or "does not exist" in said:
            return SourceUnreachable(
                f"ClickHouse {self.place()} refused the login: {self.hidden(said)}."
                " Check 'user', 'password' and 'database'."
            )
        return self.away(said)


class ClickhouseDoor:
    broken = False

    def __init__(self, dialect: Clickhouse) -> None:
        self._dialect = dialect
        self._client = dialect.connected()
        self._query_id = ""

    def batches(self, statement: Statement, most: int) -> Generator[pa.RecordBatch, None, None]:
        from clickhouse_connect.driver.exceptions import ClickHouseError, OperationalError

        pa, clean = arrow(), False
        try:
            with closing(self._asked(statement, most)) as stream:
                source = pa.ipc.open_stream(stream)
                yield from plain(source, self._kinds(statement, source.schema), self._dialect.window.zone)
            clean = True
        except OperationalError as error:
            raise Lost(
                f"The connection to ClickHouse {self._dialect.place()} was lost: {self._dialect.hidden(told(error))}"
            ) from error
        except (ClickHouseError, pa.ArrowException, OSError) as error:
            raise self._dialect.wrong(told(error)) from error
        finally:
            if not clean:
                self.broken = True
                self.stop()

    def stop(self) -> None:
        with suppress(Exception):
            other = self._dialect.connected()
            other.command("KILL QUERY WHERE query_id = {id:String} ASYNC", parameters={"id": self._query_id})
            other.close()

    def close(self) -> None:
        with suppress(Exception):
            self._client.close()

    def _asked(self, statement: Statement, most: int) -> Any:
        self._query_id = f"sightline-{uuid4()}"
        return self._client.raw_stream(
            statement.text,
            parameters=dict(statement.values) or None,
            settings=self._settings(most),
            fmt="ArrowStream",
        )

    def _kinds(self, statement: Statement, schema: Any) -> list[str]:
        """The server's own types of the columns, asked for only where Arrow's do not tell them."""
        if not any(is_vague(field.type) for field in schema):
            return []
        try:
            found = self._client.query(
                f"DESCRIBE TABLE (\n{statement.text}\n)",
                parameters=dict(statement.values) or None,
                settings=self._settings(10_000),
            )
        except Exception:  # SHOW and its like cannot be described; their columns stay what they are
            return []
        return [str(row[1]) for row in found.result_rows]

    def _settings(self, most: int) -> dict[str, Any]:
        """Read-only and bounded; what this user may not set is left out, since such a user is read-only already."""
        wanted = {
            "readonly": 2,
            "max_execution_time": self._dialect.args.timeout_s,
            "limit": most,
            "session_timezone": self._dialect.zone,
            "output_format_arrow_string_as_string": 1,
            "output_format_arrow_low_cardinality_as_dictionary": 0,
            "output_format_arrow_compression_method": "none",
        }
        known = self._client.server_settings
        fixed = {name for name, setting in known.items() if getattr(setting, "readonly", 0)}
        return {"query_id": self._query_id} | {name: value for name, value in wanted.items() if name not in fixed}


def told(error: Exception) -> str:
    """What the server said, without code, address and stack."""
    text = str(error)
    if refused := re.search(r"\[Errno \d+\] ([^\"')]+)", text):
        return refused.group(1)
    text = re.split(r"DB::Exception: |server response: (?:Code: \d+\. )?", text)[-1]
    text = re.sub(r"\s*\(for url [^)]*\)", "", text)
    return " ".join(text.split())[:500]
