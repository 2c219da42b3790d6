"""Who wrote which lines, month by month: kept in the store, so that a large workspace reads its history once.

Ownership and the bus factor weigh every line of five years, whatever the period. Of
many changes that takes seconds, so the store keeps their sums by month for one data
version, and a question reads from the facts only what lies in no whole month.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from core.base.period import midnight
from core.catalogue.fact import Fact
from core.catalogue.relations import IS_THERE, parts_of, relation

if TYPE_CHECKING:
    from core.catalogue.query import Narrowing
    from core.context import Context
    from core.stores.metrics import MetricsStore

FACT = "owned_lines"
MANY = 2_000_000
"""Changed files of a workspace above which its months are kept: fewer are read as fast."""
VERSIONS = 3
"""Of how many data versions the months stay: who asked just before a change still reads the old ones."""
WEIGHED_AT = date(2106, 1, 1)
"""The day for which the months are weighed; a question weighs them anew for its own."""

_KEEP = """INSERT INTO owned_months (workspace_id, data_version, repo_id, author_id, month, weight, written, last_at)
WITH $parts
SELECT {workspace:String}, {months_of:UInt64}, repo_id, author_id, toStartOfMonth(authored_at) AS month, sum(weight),
    sum(additions), max(authored_at)
FROM weighed_files WHERE $there GROUP BY repo_id, author_id, month"""
_MONTHS = """SELECT author_id, repo_id,
    weight * exp2(dateDiff('second', {weighed_for:DateTime('UTC')}, toDateTime({weighed_at:Date}, 'UTC')) / 15552000)
        AS weight,
    written, last_at
FROM owned_months FINAL
WHERE workspace_id = {workspace:String} AND data_version = {months_of:UInt64}
    AND month >= {whole_from:Date} AND month < {whole_until:Date}"""
_EDGES = (
    " AND (authored_at < toDateTime({whole_from:Date}, 'UTC') OR authored_at >= toDateTime({whole_until:Date}, 'UTC'))"
)

_keeping = threading.Lock()


def by_months(ctx: Context, fact: Fact, narrow: Narrowing, by: tuple[str, ...] = ()) -> Narrowing:
    """The same narrowing, answered from kept months where that is faster; keeps them first if nobody has."""
    is_plain = not (narrow.folder or narrow.component_ids or narrow.include_generated or "component" in by)
    if fact.key != FACT or not is_plain or not keep(ctx):
        return narrow
    return replace(narrow, months_of=ctx.workspace.data_version)


def keep(ctx: Context) -> bool:
    """Have the months of the workspace's data version in the store; False where it has few changes."""
    workspace = ctx.workspace
    if not _is_large(ctx.metrics, workspace.id, workspace.data_version):
        return False
    if not _is_kept(ctx):
        with _keeping:
            if not _is_kept(ctx):
                _write(ctx)
    return True


def replaced(narrow: Narrowing, base: Callable[[str], str]) -> dict[str, str]:
    """What stands in place of relations when months are read: only the edges of the facts, and the months beside."""
    repos = " AND repo_id IN {repos:Array(String)}" if narrow.repo_ids else ""
    both = f"{relation('owned_then')}\nUNION ALL\n{_MONTHS}{repos}"
    return {"file_rows": f"{base('file_rows')}{_EDGES}", "owned_then": both}


def parameters(narrow: Narrowing, begin: datetime) -> dict[str, Any]:
    """The whole months between `begin` and the day for which the period is weighed."""
    at = min(narrow.end, midnight(narrow.today + timedelta(days=1), narrow.time_zone))
    first = begin.date().replace(day=1)
    is_whole = begin == midnight(first)
    return {
        "months_of": narrow.months_of,
        "weighed_at": WEIGHED_AT,
        "weighed_for": at,
        "whole_from": first if is_whole else _next_month(first),
        "whole_until": at.date().replace(day=1),
    }


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


@lru_cache(maxsize=256)
def _is_large(store: MetricsStore, workspace_id: str, data_version: int) -> bool:
    count = "SELECT count() FROM commit_files WHERE workspace_id = {workspace:String}"
    return int(store.scalar(count, {"workspace": workspace_id}) or 0) >= MANY


def _is_kept(ctx: Context) -> bool:
    found = ctx.metrics.scalar(
        "SELECT count() FROM owned_months_kept"
        " WHERE workspace_id = {workspace:String} AND data_version = {months_of:UInt64}",
        _key(ctx),
    )
    return bool(found)


def _write(ctx: Context) -> None:
    names = parts_of("owned_then")[:-1]
    tables = {
        "file_rows": "SELECT * FROM commit_files FINAL WHERE workspace_id = {workspace:String}",
        "tree_rows": "SELECT * FROM tree_files FINAL WHERE workspace_id = {workspace:String}",
    }
    parts = ",\n".join(f"{name} AS (\n{tables.get(name) or relation(name)}\n)" for name in names)
    given = {
        "end": midnight(WEIGHED_AT), "today": WEIGHED_AT - timedelta(days=1), "tz": "UTC", "folder": "",
        "include_generated": 0,
    }  # fmt: skip
    ctx.metrics.command(_KEEP.replace("$parts", parts).replace("$there", IS_THERE), _key(ctx) | given)
    ctx.metrics.command(
        "INSERT INTO owned_months_kept (workspace_id, data_version) SELECT {workspace:String}, {months_of:UInt64}",
        _key(ctx),
    )
    _throw_away(ctx)


def _throw_away(ctx: Context) -> None:
    mine = "FROM owned_months_kept FINAL WHERE workspace_id = {workspace:String}"
    found = ctx.metrics.rows(f"SELECT data_version {mine} ORDER BY data_version DESC", _key(ctx))
    for row in found[VERSIONS:]:
        old = _key(ctx) | {"months_of": row["data_version"]}
        ctx.metrics.command(f"DELETE {mine.replace(' FINAL', '')} AND data_version = {{months_of:UInt64}}", old)
        ctx.metrics.command("ALTER TABLE owned_months DROP PARTITION ({workspace:String}, {months_of:UInt64})", old)


def _key(ctx: Context) -> dict[str, Any]:
    return {"workspace": ctx.workspace.id, "months_of": ctx.workspace.data_version}
