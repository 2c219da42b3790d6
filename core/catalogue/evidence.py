"""The rows behind a number: as a table for a page, as CSV for a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.access.looks import looked
from core.base.errors import BadInput, NotAllowed
from core.base.period import PeriodType, whole
from core.base.pulls import UNNUMBERED
from core.catalogue import answers, query
from core.catalogue.facts import NUMBER, fact
from core.catalogue.metric import METRICS
from core.catalogue.models import Repository
from core.catalogue.query import Statement
from core.catalogue.scope import Scope
from core.catalogue.values import Value
from core.context import Context
from core.figures import Column, Scalar, State, Table

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK_ROWS = 5_000
EPOCH = date(1970, 1, 1)
PEOPLE = ("person", "other")
"""Columns that hold ids of people."""
_PERIODS = {
    "day": PeriodType.DAILY,
    "week": PeriodType.WEEKLY,
    "biweek": PeriodType.BIWEEKLY,
    "month": PeriodType.MONTHLY,
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row of a list, given once and a batch at a time, so that they are never held together."""

    title: str
    columns: tuple[Column, ...]
    total: int
    batches: Iterator[list[tuple[Scalar, ...]]]


def within(scope: Scope, group: Mapping[str, str]) -> Scope:
    """The scope cut down to one group of a grouped answer, such as {"person": id, "week": "2026-03-02"}."""
    for axis, text in group.items():
        match axis:
            case "person":
                scope = replace(scope, person_ids=(text,))
            case "team":
                scope = replace(scope, team_ids=(text,))
            case "repo":
                scope = replace(scope, repo_ids=(text,))
            case "component":
                scope = replace(scope, component_ids=(text,))
            case "day" | "week" | "biweek" | "month":
                scope = replace(scope, period=_overlap(scope, whole(_PERIODS[axis], _date(text), scope.time_zone)))
            case _:
                raise BadInput(
                    f"A number by {axis.replace('_', ' ')} cannot be explained; ask for it by person or day."
                )
    return scope


def statement(ctx: Context, key: str, scope: Scope, limit: int | None = None) -> tuple[Statement, tuple[Column, ...]]:
    """The statement that lists the rows, and its columns. NotAllowed where individuals are hidden."""
    metric = METRICS.get(key)
    teams = answers.with_subteams(ctx, scope.team_ids)
    if not (scope.person_ids or ctx.sees_scope(team_ids=teams)):
        raise NotAllowed(
            f"The rows behind '{metric.label}' show individuals, and '{ctx.workspace.name}' hides those from your role."
        )
    source = fact(metric.fact)
    narrow = query.narrowing(ctx, scope, (), teams)
    looked(ctx, team_ids=scope.team_ids, listed=not scope.person_ids)
    return query.evidence(source, metric, narrow, [c.key for c in source.evidence], limit), source.evidence


def table(ctx: Context, key: str, scope: Scope, limit: int, value: Value | None = None) -> Table:
    """Up to `limit` rows, newest first; `value` is the number itself, where it is known already."""
    metric = METRICS.get(key)
    value = value or answers.measured(ctx, (key,), scope, ()).get(key)
    known = value.state not in (State.NOT_COLLECTED, State.UNSUPPORTED)
    columns, rows = fact(metric.fact).evidence, list[list[Scalar]]()
    if known:
        asked, columns = statement(ctx, key, scope, limit)
        rows = [list(row) for row in named(ctx, ctx.metrics.arrow(asked.sql, asked.params), columns)]
    return Table(
        title=f"{metric.label}: the rows behind it",
        cols=list(columns),
        rows=rows,
        total_rows=value.n if metric.counted == "1" else None,
        state=State.MEASURED if rows else value.state if not known else State.NO_DATA,
        state_text=value.state_text,
    )


def every(ctx: Context, key: str, scope: Scope) -> Rows:
    """All rows, newest first, a few thousand at a time."""
    asked, columns = statement(ctx, key, scope)
    return streamed(ctx, asked.sql, asked.params, f"{METRICS.get(key).label}: the rows behind it", columns)


def chunks(ctx: Context, key: str, scope: Scope) -> Iterator[bytes]:
    """All rows as CSV, a few thousand at a time, in UTF-8 with a header line."""
    found = every(ctx, key, scope)
    return written(chain.from_iterable(found.batches), found.columns)


def written(rows: Iterable[Sequence[Scalar]], columns: Sequence[Column]) -> Iterator[bytes]:
    """Rows as CSV, piece by piece."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([column.label for column in columns])
    for number, row in enumerate(rows, 1):
        writer.writerow([safe(cell) for cell in row])
        if number % CHUNK_ROWS == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def named(ctx: Context, rows: pa.Table, columns: Sequence[Column]) -> Iterator[tuple[Scalar, ...]]:
    """Rows with people and repositories by name."""
    called = _called(ctx, columns)
    for batch in rows.to_batches(max_chunksize=CHUNK_ROWS):
        yield from _shown(batch, columns, called)


def streamed(ctx: Context, sql: str, params: Mapping[str, Any], title: str, columns: tuple[Column, ...]) -> Rows:
    """Every row that a statement finds, by name, as the store sends them. They are counted first."""
    total = int(ctx.metrics.scalar(f"SELECT count() FROM (\n{sql}\n)", params) or 0)  # noqa: S608 - our own statement
    return Rows(title, columns, total, _batches(ctx, sql, params, columns) if total else iter(()))


def _batches(
    ctx: Context, sql: str, params: Mapping[str, Any], columns: Sequence[Column]
) -> Iterator[list[tuple[Scalar, ...]]]:
    called = _called(ctx, columns)
    for batch in ctx.metrics.batches(sql, params):
        for start in range(0, batch.num_rows, CHUNK_ROWS):
            yield list(_shown(batch.slice(start, CHUNK_ROWS), columns, called))


def _shown(
    batch: pa.RecordBatch, columns: Sequence[Column], called: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[Scalar, ...]]:
    """The rows of a batch, worked out a column at a time."""
    told = ([_cell(column, value, called) for value in batch.column(column.key).to_pylist()] for column in columns)
    return zip(*told, strict=True)


def _called(ctx: Context, columns: Sequence[Column]) -> dict[str, Mapping[str, str]]:
    """What the ids in these columns are called."""
    from core.people.directory import names

    keys = [column.key for column in columns]
    called: dict[str, Mapping[str, str]] = {one: names(ctx) for one in PEOPLE if one in keys}
    return called | ({"repo": repository_names(ctx)} if "repo" in keys else {})


def repository_names(ctx: Context) -> dict[str, str]:
    """What to call each repository, inactive ones too."""
    with ctx.app.reading() as session:
        found = session.scalars(sa.select(Repository).where(Repository.workspace_id == ctx.workspace.id))
        return {row.id: row.name for row in found}


def _cell(column: Column, value: Any, called: Mapping[str, Mapping[str, str]]) -> Scalar:
    key = column.key
    if key in called:
        return called[key].get(str(value), str(value) if key not in PEOPLE else "somebody unknown" if value else None)
    if column is NUMBER and isinstance(value, int) and value >= UNNUMBERED:
        return None
    # The store's Arrow has times as seconds and dates as days since 1970.
    if isinstance(value, int) and column.kind == "moment":
        return datetime.fromtimestamp(value, UTC)
    if isinstance(value, int) and column.kind == "date":
        return EPOCH + timedelta(days=value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    cell: Scalar = value
    return cell


def safe(cell: Scalar) -> Scalar:
    """A cell as a file may hold it."""
    # A spreadsheet would run a text that begins like a formula.
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{cell}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return cell


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"'{text}' is no date. Write 2026-01-31.") from error


def _overlap(scope: Scope, bucket: Any) -> Any:
    if scope.period is None:
        return bucket
    return replace(bucket, start=max(bucket.start, scope.period.start), end=min(bucket.end, scope.period.end))
