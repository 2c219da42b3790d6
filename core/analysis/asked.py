"""Asking the metrics store about the rows of a fact as no metric does: the same narrowing, the same rights."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from core.access.looks import looked
from core.base.errors import NotAllowed
from core.catalogue import answers, query
from core.catalogue.evidence import named, written
from core.catalogue.facts import fact
from core.catalogue.scope import Scope
from core.context import Context
from core.figures import Column, Provenance, Scalar, State, Table

T = TypeVar("T")
SHOWN = 500
KEPT = 24

_kept: dict[tuple[Any, ...], Any] = {}
_making: dict[tuple[Any, ...], threading.Lock] = {}
_lock = threading.Lock()


def relation(ctx: Context, key: str, scope: Scope) -> tuple[str, dict[str, Any]]:
    """The WITH clause that ends in `asked`, the rows of a fact in this scope, and its parameters."""
    teams = answers.with_subteams(ctx, scope.team_ids)
    source, narrow = fact(key), query.narrowing(ctx, scope, (), teams)
    return query.narrowed(source, narrow, ()), query.parameters(source, narrow)


def require_everybody(ctx: Context, scope: Scope, what: str) -> None:
    """Return quietly if the actor may see each person of the scope, and note that they do."""
    teams = answers.with_subteams(ctx, scope.team_ids)
    if not ctx.sees_scope(scope.person_ids, teams):
        raise NotAllowed(
            f"{what} shows individuals, and '{ctx.workspace.name}' hides those from your role."
            " What teams are as wholes stands beside it."
        )
    looked(ctx, scope.person_ids, scope.team_ids, listed=not scope.person_ids)


def columns(ctx: Context, sql: str, params: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The answer by column, as Python values."""
    found = ctx.metrics.arrow(sql, params, output_format_arrow_string_as_string=1)
    return {name: [_text(value) for value in found.column(name).to_pylist()] for name in found.column_names}


def origin(
    ctx: Context, block: str, about: str, facts: Sequence[str], sql: str, params: Mapping[str, Any], found: int
) -> Provenance:
    """Where an answer comes from, for "Explain" and for files."""
    plain = {name: str(value) for name, value in params.items()}
    return Provenance(
        block=block,
        definitions=[about],
        facts=list(facts),
        query_hash=hashlib.sha256(f"{sql}\n{sorted(plain.items())}".encode()).hexdigest(),
        query=sql,
        parameters=plain,
        rows=found,
        asked_at=ctx.clock(),
    )


def moment(value: Any) -> datetime:
    """A time as the store's Arrow has it: seconds since 1970."""
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int) else value.replace(tzinfo=UTC)


def rows(
    ctx: Context, key: str, scope: Scope, where: str, given: Mapping[str, Any], title: str, limit: int = SHOWN
) -> Table:
    """Rows of a fact that fit a condition, newest first, people and repositories by name."""
    source = fact(key)
    found = list(_rows(ctx, key, scope, where, given, limit))
    return Table(
        title=title,
        cols=list(source.evidence),
        rows=[list(row) for row in found],
        state=State.MEASURED if found else State.NO_DATA,
        note=f"The newest {limit:,}; the file has all of them." if len(found) == limit else "",
    )


def csv(ctx: Context, key: str, scope: Scope, where: str, given: Mapping[str, Any]) -> bytes:
    """All of those rows as one CSV file."""
    return b"".join(written(_rows(ctx, key, scope, where, given, None), fact(key).evidence))


def remembered(ctx: Context, name: str, asked: tuple[Any, ...], make: Callable[[], T]) -> T:
    """The answer, from this process's memory if the workspace's data have not changed, nor what the actor may see."""
    today = ctx.clock().date()
    key = (id(ctx.metrics), ctx.workspace.id, ctx.workspace.data_version, ctx.seen_as(), today, name, asked)
    with _lock:
        gate = _making.setdefault(key, threading.Lock())
    try:
        with gate:  # whoever asks the same meanwhile waits for this answer
            held: T | None = _kept.get(key)
            return _keep(key, make()) if held is None else held
    finally:
        _making.pop(key, None)


def _keep(key: tuple[Any, ...], answer: T) -> T:
    with _lock:
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = answer
    return answer


def last_day(scope: Scope, today: date) -> date:
    """The scope's last day that has begun."""
    return min(scope.period.dates(scope.time_zone)[1], today) if scope.period else today


def _rows(
    ctx: Context, key: str, scope: Scope, where: str, given: Mapping[str, Any], limit: int | None
) -> Iterator[Sequence[Scalar]]:
    evidence: tuple[Column, ...] = fact(key).evidence
    sql, params = relation(ctx, key, scope)
    wanted = [column.key for column in evidence]
    listed = ", ".join("repo_id AS repo" if one == "repo" else one for one in wanted)
    sql = f"{sql}\nSELECT {listed}\nFROM asked\nWHERE {where}\nORDER BY at DESC, {', '.join(wanted)}"
    if limit is not None:
        sql += "\nLIMIT {most:UInt32}"
    return named(ctx, ctx.metrics.arrow(sql, {**params, **given, "most": limit or 0}), evidence)


def _text(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
