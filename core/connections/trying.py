"""Reaching a connection before anybody relies on it: a test, its tables, a query with tight limits."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.access import workspaces
from core.base.errors import BadInput, SightlineError, SourceUnreachable
from core.base.period import Period, zone_of
from core.connections import settings
from core.connections.opening import source_of
from core.connections.rows import mine, read
from core.connections.sealing import known, whole
from core.connections.sides import ASKED, READ, SENT, SIDES, Side, side_of
from core.connections.views import ConnectionView, connection_view
from core.context import Capability, Context
from core.datasources.datasource import Answer, Datasource, Query
from core.datasources.desk import Desk
from core.datasources.window import Window

TRY_ROWS = 100
"""Rows that trying a query shows."""
TRY_SECONDS = 30
UNTRIED = "Its settings are complete. Whether it answers shows with the first report: this kind has no test."


def check(ctx: Context, connection_id: str) -> str:
    """Say what was reached, and remember it; if it cannot be reached, raise why, remembered too. Nothing is sent."""
    ctx.require(Capability.EDIT_REPORTS)
    row = read(ctx, connection_id)
    try:
        said = _tried(ctx, SIDES[row.side], row.plugin, whole(row))
    except SightlineError as error:
        remember(ctx, connection_id, failed=error.message)
        raise
    if said:
        remember(ctx, connection_id, reached=said)
    return said or UNTRIED


def checked(ctx: Context, connection_id: str) -> ConnectionView:
    """The same, told by the connection itself: its `check_text` or its `last_error`."""
    with suppress(SightlineError):
        check(ctx, connection_id)
    return connection_view(read(ctx, connection_id))


def check_settings(ctx: Context, plugin: str, args: Mapping[str, Any], connection_id: str = "", side: str = "") -> str:
    """The same for settings that are not saved; with a connection, its secrets fill what is left out."""
    ctx.require(Capability.MANAGE_SOURCES)
    stands = SIDES[side] if side else side_of(plugin)
    if connection_id:
        row = read(ctx, connection_id)
        stands = SIDES[row.side]
        args = settings.kept(stands.model(plugin), (row.args, known(row)), args)
    return _tried(ctx, stands, plugin, args) or UNTRIED


def schema(ctx: Context, connection_id: str) -> list[tuple[str, str, str]]:
    """(table, column, type) of what can be asked."""
    ctx.require(Capability.EDIT_REPORTS)
    row = _asked(ctx, connection_id)
    source = source_of(row, _last_week(ctx))
    with closing(source):
        return list(plainly(source, source.schema))


def try_query(
    ctx: Context, connection_id: str, text: str, rows: int = TRY_ROWS, options: Mapping[str, Any] | None = None
) -> Answer:
    """The first rows of a query over the last seven days, read-only and within tight limits."""
    ctx.require(Capability.EDIT_REPORTS)
    row = _asked(ctx, connection_id)
    if not text.strip():
        raise BadInput("The query is empty. Write one to see what it answers.")
    began = time.perf_counter()
    desk = Desk(_last_week(ctx), {row.name: lambda window: source_of(row, window, TRY_SECONDS)})
    try:
        answer = desk.ask(Query(row.name, text, dict(options or {}), rows))
    finally:
        desk.close()
    with ctx.app.session() as session:
        workspaces.note(session, ctx, "connection queried", row.name, query=text[:500], rows=answer.rows)
    return replace(answer, table=answer.table.slice(0, rows), seconds=time.perf_counter() - began)


def _asked(ctx: Context, connection_id: str) -> Any:
    row = read(ctx, connection_id)
    if row.side != ASKED.key:
        what = "is where reports are sent" if row.side == SENT.key else "is what sources are read with"
        raise BadInput(f"The connection '{row.name}' {what}: there is nothing to ask.")
    return row


def _tried(ctx: Context, side: Side, plugin: str, args: Mapping[str, Any]) -> str:
    given = settings.admitted(plugin, args, side)
    if side is SENT:
        output = side.kind(plugin)(plugin, given)
        return str(plainly(output, output.check))
    if side is READ:
        with closing(side.kind(plugin)(given)) as account:
            return str(plainly(account, account.check))
    source: Datasource = side.kind(plugin)(given, _last_week(ctx))
    with closing(source):
        return str(plainly(source, source.check))


def plainly(reached: Any, ask: Any) -> Any:
    """What `ask` returns; whatever a plugin raises becomes a sentence."""
    try:
        return ask()
    except SightlineError:
        raise
    except Exception as error:
        raise SourceUnreachable(f"{reached.label} failed: {type(error).__name__}: {error}.") from error


def _last_week(ctx: Context) -> Window:
    zone = ctx.workspace.time_zone
    today = ctx.clock().astimezone(zone_of(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(Period(today - timedelta(days=7), today), zone, 7)


def remember(ctx: Context, connection_id: str, *, reached: str = "", failed: str = "") -> None:
    """Keep what the last test of a connection said."""
    with ctx.app.session() as session:
        row = mine(session, ctx, connection_id)
        row.checked_at, row.check_text, row.last_error = ctx.clock(), reached, failed
