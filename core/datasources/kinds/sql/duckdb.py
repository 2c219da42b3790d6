"""DuckDB, where its package is installed."""

from __future__ import annotations

import itertools
from collections.abc import Generator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.base.arrow import arrow
from core.base.errors import BadInput, SourceUnreachable
from core.datasources.kinds.sql.dialect import Dialect, Words
from core.datasources.kinds.sql.lexing import Syntax
from core.datasources.kinds.sql.tokens import Marks, Statement, Tongue, clock

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 16_384


class _Marks(Marks):
    def shown(self, wall: datetime) -> str:
        return f"timestamp '{clock(wall)}'"


class Duckdb(Dialect):
    label = "DuckDB"
    words = Words(
        version="SELECT 'DuckDB ' || version()",
        tables="SELECT count(*) FROM information_schema.tables",
        schema="SELECT table_name, column_name, data_type FROM information_schema.columns"
        " ORDER BY table_name, ordinal_position",
    )

    def tongue(self) -> Tongue:
        return Tongue(Syntax(dollars=True), "question", lambda days: f"interval {days} day", _Marks)

    def open(self) -> DuckdbDoor:
        return DuckdbDoor(self)

    def place(self) -> str:
        return f"'{Path(self.args.database).name}'"

    def config(self) -> dict[str, Any]:
        """DuckDB's own settings, as the author wants them."""
        given = self.only_takes(("config",)).get("config", {})
        if not isinstance(given, dict):
            raise BadInput("'config' holds DuckDB's settings by their names: {threads: 2}.")
        return given


class DuckdbDoor:
    broken = False

    def __init__(self, dialect: Duckdb) -> None:
        self._dialect = dialect
        duckdb = _module()
        path = Path(dialect.args.database).expanduser()
        if not dialect.args.database or not path.is_file():
            raise SourceUnreachable(
                f"There is no DuckDB file {dialect.place()}. Check 'database'; it is never created."
            )
        config = {**dialect.config(), "enable_external_access": "false"}
        try:
            self._connection = duckdb.connect(str(path), read_only=True, config=config)
            zone = (dialect.args.time_zone or dialect.window.zone).replace("'", "''")
            self._connection.execute(f"SET TimeZone = '{zone}'")
        except duckdb.Error as error:
            raise SourceUnreachable(f"The file {dialect.place()} cannot be read as DuckDB: {error}.") from error

    def batches(self, statement: Statement, most: int) -> Generator[pa.RecordBatch, None, None]:
        duckdb, pa = _module(), arrow()
        try:
            answered = self._connection.sql(statement.text, params=statement.values or None)
            reader = getattr(answered, "to_arrow_reader", None) or answered.fetch_record_batch
            source = reader(BATCH_ROWS)
            empty = pa.RecordBatch.from_arrays([pa.array([], one.type) for one in source.schema], schema=source.schema)
            for batch in itertools.chain([empty], source):
                columns = [_plain(column, self._dialect.window.zone) for column in batch.columns]
                yield pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            raise self._dialect.wrong(str(error).split("\n\nLINE ", 1)[0]) from error

    def stop(self) -> None:
        self._connection.interrupt()

    def close(self) -> None:
        with suppress(Exception):
            self._connection.close()


def _plain(column: Any, zone: str) -> Any:
    pa = arrow()
    if pa.types.is_timestamp(column.type) and column.type.tz:
        return column.cast(pa.timestamp(column.type.unit, zone))
    return column.cast(pa.float64()) if pa.types.is_decimal(column.type) else column


def _module() -> Any:
    import importlib

    try:
        return importlib.import_module("duckdb")
    except ImportError as error:
        raise BadInput("The driver 'duckdb' needs the package duckdb. Install it with `pip install duckdb`.") from error
