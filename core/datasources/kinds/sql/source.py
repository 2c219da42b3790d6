"""SQL databases as datasources of reports."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.base import machine
from core.base.errors import BadInput, SightlineError
from core.datasources.datasource import Answer, Datasource
from core.datasources.kinds.sql.args import MEBIBYTE, SqlArgs
from core.datasources.kinds.sql.counting import Counting
from core.datasources.kinds.sql.guard import Outline, checked
from core.datasources.kinds.sql.options import missed, options_of, shaped
from core.datasources.kinds.sql.pool import Pool
from core.datasources.kinds.sql.reading import Fetched, Late, Limits, counted, fetched
from core.datasources.kinds.sql.tokens import Statement, told
from core.datasources.tables import of_columns

if TYPE_CHECKING:
    from core.datasources.kinds.sql.dialect import Dialect
    from core.datasources.window import Window

DIALECTS = {
    "mysql": "Mysql",
    "sqlite": "Sqlite",
    "postgresql": "Postgresql",
    "clickhouse": "Clickhouse",
    "duckdb": "Duckdb",
}
MOST_COLUMNS = 50_000
"""Columns of a schema that are listed."""


class Sql(Datasource):
    """A SQL database, read and never written."""

    key = "sql"
    label = "SQL database"
    Args = SqlArgs
    adds_up = True

    def __init__(self, args: SqlArgs, window: Window) -> None:
        super().__init__(args, window)
        module = importlib.import_module(f"core.datasources.kinds.sql.{args.driver}")
        self._dialect: Dialect = getattr(module, DIALECTS[args.driver])(args, window)
        self.parallel = min(self.parallel, machine.cores()) if self._dialect.works_here else self.parallel
        self._tongue = self._dialect.tongue()
        self._pool = Pool(self._dialect.open)

    def query(self, text: str, *, rows: int | None = None, sums: bool = False, **options: Any) -> Answer:
        """The rows of a SELECT. With `rows`, the database gives no more than those and counts the rest.

        With `sums`, it adds up, where it can and the options leave the values as they are.
        """
        wanted = options_of(options)
        statement = told(text, self._tongue, self.window, wanted.params)
        outline = checked(statement.text, self._tongue.syntax)
        statement = replace(statement, text=outline.text)
        if sums and outline.wrappable and wanted.leaves_values and (added := self._added(statement)):
            return added
        found, total = self._found(statement, outline, rows)
        notes = [statement.note, wanted.note, missed(found.table, wanted), self._cut(found, rows)]
        return Answer(
            shaped(found.table, wanted, self.window.zone),
            total=total,
            note=" ".join(note for note in notes if note),
            statement=statement.shown.strip(),
            parameters=statement.parameters,
        )

    def _added(self, statement: Statement) -> Answer | None:
        """The sum alone; None where rows must be looked at: the dialect cannot, or not every value is a number."""
        if not self._dialect.summing("", ""):
            return None
        limits = Limits(1, self.args.max_bytes, self.args.timeout_s)
        try:
            nothing = statement.around(lambda text: f"SELECT * FROM (\n{text}\n) LIMIT 0")  # noqa: S608
            names = self._pool.use(lambda door: fetched(door, nothing, limits)).table.column_names
            name = names[min(1, len(names) - 1)]
            adding = statement.around(lambda text: self._dialect.summing(text, name))
            table = self._pool.use(lambda door: fetched(door, adding, limits)).table
        except Late:
            raise
        except BadInput:
            return None  # the query as it stands tells better what is wrong with it
        count, total, words = (column[0].as_py() for column in table.columns)
        if words or names.count(name) > 1:
            return None
        return Answer(
            of_columns({name: [total] if count else []}),
            note=statement.note,
            statement=adding.shown.strip(),
            parameters=statement.parameters,
        )

    def check(self) -> str:
        """What was reached, and how much can be asked of it."""
        version = self._asked(self._dialect.words.version).column(0)[0].as_py()
        tables = self._asked(self._dialect.words.tables).column(0)[0].as_py()
        return f"{version}, {self._dialect.place()}, answers: {tables:,} {'table' if tables == 1 else 'tables'}."

    def schema(self) -> list[tuple[str, str, str]]:
        columns = [column.to_pylist() for column in self._asked(self._dialect.words.schema).columns]
        return [(str(table), str(name), str(kind)) for table, name, kind in zip(*columns, strict=True)]

    def close(self) -> None:
        self._pool.close()

    def _asked(self, sql: str) -> Any:
        """Our own question."""
        statement = told(sql, self._tongue, self.window)
        limits = Limits(MOST_COLUMNS, self.args.max_bytes, self.args.timeout_s)
        return self._pool.use(lambda door: fetched(door, statement, limits)).table

    def _found(self, statement: Statement, outline: Outline, rows: int | None) -> tuple[Fetched, int | None]:
        most = self.args.max_rows if rows is None else min(rows, self.args.max_rows)
        limits = Limits(most, self.args.max_bytes, self.args.timeout_s)
        limited = statement
        if rows is not None and outline.open_ended:
            limited = statement.around(lambda text: self._dialect.limited(text, most + 1))
        found = self._pool.use(lambda door: fetched(Counting(door), limited, limits))
        if rows is None or not found.cut:
            return found, None
        return found, self._total(statement, outline, limits)

    def _total(self, statement: Statement, outline: Outline, limits: Limits) -> int | None:
        """How many rows there are in all; None if that cannot be found out."""
        try:
            if outline.wrappable:
                counting = statement.around(self._dialect.counting)
                return int(self._pool.use(lambda door: fetched(door, counting, limits)).table.column(0)[0].as_py())
        except BadInput:
            pass  # a table within a query may not name two columns alike, so the rows are let pass instead
        try:
            everything = replace(limits, rows=2**62)
            return self._pool.use(lambda door: counted(door, statement, everything))
        except SightlineError:
            return None

    def _cut(self, found: Fetched, rows: int | None) -> str:
        """A note where a limit, not the view, ended the result."""
        if found.cut == "bytes":
            size = f"{self.args.max_bytes / MEBIBYTE:,.0f} MiB"
            return f"Only the first {found.table.num_rows:,} rows were read, as they fill {size} (max_bytes)."
        if found.cut == "rows" and (rows is None or rows > self.args.max_rows):
            return (
                f"Only the first {found.table.num_rows:,} rows were read; there are more."
                " Sum them up in the query, or raise 'max_rows'."
            )
        return ""
