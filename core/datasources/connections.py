"""Connections: datasources that an admin registered once, with their secrets, for reports to name.

Secrets go in and never come out: what a person sees of them is that they are set.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import workspaces
from core.base.errors import BadInput, Conflict, NotFound, SightlineError, SourceUnreachable, did_you_mean
from core.base.period import Period, zone_of
from core.context import Capability, Context
from core.datasources import settings
from core.datasources.datasource import Answer, Datasource, Query
from core.datasources.desk import Desk
from core.datasources.models import Connection
from core.datasources.registry import DATASOURCES
from core.datasources.window import Window
from core.stores.app import sealed, unsealed

TRY_ROWS = 100
"""Rows that trying a query shows."""
TRY_SECONDS = 30
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection as a person sees it."""

    id: str
    name: str
    plugin: str
    label: str
    """The kind in words."""
    place: str
    """Where it leads, in a few words."""
    args: Mapping[str, Any]
    secrets: tuple[str, ...]
    """Paths of the secrets that are set."""
    created_at: datetime
    updated_at: datetime
    checked_at: datetime | None
    check_text: str
    last_error: str


def connections(ctx: Context) -> list[ConnectionView]:
    """Every connection of the workspace, by name."""
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.reading() as session:
        mine = sa.select(Connection).where(Connection.workspace_id == ctx.workspace.id)
        return [_view(row) for row in session.scalars(mine.order_by(sa.func.lower(Connection.name)))]


def connection(ctx: Context, ref: str) -> ConnectionView:
    """One connection by name or id; NotFound with the nearest name."""
    known = connections(ctx)
    for view in known:
        if ref in (view.name, view.id):
            return view
    hint = did_you_mean(ref, [view.name for view in known]) or " Add it on the Connections page."
    raise NotFound(f"There is no connection named '{ref}' in '{ctx.workspace.name}'.{hint}")


def create(ctx: Context, name: str, plugin: str, args: Mapping[str, Any]) -> ConnectionView:
    """Register a datasource. Nothing is asked of it yet."""
    ctx.require(Capability.MANAGE_SOURCES)
    settings.admitted(plugin, args)
    plain, secrets = settings.split(DATASOURCES.get(plugin), args)
    now = ctx.clock()
    with ctx.app.session() as session:
        row = Connection(
            workspace_id=ctx.workspace.id, name=_free(session, ctx, name), plugin=plugin, args=plain,
            secrets=_packed(secrets), created_at=now, updated_at=now, created_by=ctx.actor.user_id or None,
            check_text="", last_error="",
        )  # fmt: skip
        session.add(row)
        session.flush()
        workspaces.note(session, ctx, "connection created", row.name, plugin=plugin, settings=sorted(plain))
        return _view(row)


def update(
    ctx: Context,
    connection_id: str,
    *,
    name: str = "",
    args: Mapping[str, Any] | None = None,
    forget: Sequence[str] = (),
) -> ConnectionView:
    """Change the name, or all settings. A secret that is left out stays, unless it would go to another address.

    `forget` names secrets that are taken away.
    """
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.session() as session:
        row = _mine(session, ctx, connection_id)
        if name and name.strip() != row.name:
            workspaces.note(session, ctx, "connection renamed", row.name, to=name.strip())
            row.name = _free(session, ctx, name)
        if forget:
            row.secrets = _packed({path: one for path, one in _known(row).items() if path not in forget})
            workspaces.note(session, ctx, "connection changed", row.name, forgotten=sorted(forget))
        if args is not None:
            changed = _changed(row, args)
            workspaces.note(session, ctx, "connection changed", row.name, settings=changed)
            row.checked_at, row.check_text, row.last_error = None, "", ""
        row.updated_at = ctx.clock()
        return _view(row)


def remove(ctx: Context, connection_id: str) -> None:
    """Forget a connection with its secrets. Reports that name it fail from then on."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.session() as session:
        row = _mine(session, ctx, connection_id)
        workspaces.note(session, ctx, "connection removed", row.name, plugin=row.plugin)
        session.delete(row)


def check(ctx: Context, connection_id: str) -> str:
    """Say what was reached, and remember it; SourceUnreachable or BadInput, remembered too, if it cannot be."""
    ctx.require(Capability.EDIT_REPORTS)
    row = _read(ctx, connection_id)
    try:
        said = _tried(ctx, row.plugin, _whole(row))
    except SightlineError as error:
        _remember(ctx, connection_id, failed=error.message)
        raise
    _remember(ctx, connection_id, reached=said)
    return said


def checked(ctx: Context, connection_id: str) -> ConnectionView:
    """The same, told by the connection itself: its `check_text` or its `last_error`."""
    with suppress(SightlineError):
        check(ctx, connection_id)
    return _view(_read(ctx, connection_id))


def check_settings(ctx: Context, plugin: str, args: Mapping[str, Any], connection_id: str = "") -> str:
    """The same for settings that are not saved; with a connection, its secrets fill what is left out."""
    ctx.require(Capability.MANAGE_SOURCES)
    if connection_id:
        row = _read(ctx, connection_id)
        args = settings.kept(DATASOURCES.get(plugin), (row.args, _known(row)), args)
    return _tried(ctx, plugin, args)


def schema(ctx: Context, connection_id: str) -> list[tuple[str, str, str]]:
    """(table, column, type) of what can be asked."""
    ctx.require(Capability.EDIT_REPORTS)
    source = _open(ctx, _read(ctx, connection_id), _last_week(ctx))
    with closing(source):
        return list(_plainly(source, source.schema))


def try_query(
    ctx: Context, connection_id: str, text: str, rows: int = TRY_ROWS, options: Mapping[str, Any] | None = None
) -> Answer:
    """The first rows of a query over the last seven days, read-only and within tight limits."""
    ctx.require(Capability.EDIT_REPORTS)
    row = _read(ctx, connection_id)
    if not text.strip():
        raise BadInput("The query is empty. Write one to see what it answers.")
    began = time.perf_counter()
    desk = Desk(_last_week(ctx), {row.name: lambda window: _open(ctx, row, window, TRY_SECONDS)})
    try:
        answer = desk.ask(Query(row.name, text, dict(options or {}), rows))
    finally:
        desk.close()
    with ctx.app.session() as session:
        workspaces.note(session, ctx, "connection queried", row.name, query=text[:500], rows=answer.rows)
    return replace(answer, table=answer.table.slice(0, rows), seconds=time.perf_counter() - began)


def opened(ctx: Context, name: str, window: Window) -> Datasource:
    """The datasource of the connection `name`, for one report; NotFound if this workspace has none of that name."""
    ctx.require(Capability.RUN_REPORTS)
    with ctx.app.reading() as session:
        row = session.scalar(
            sa.select(Connection).where(Connection.workspace_id == ctx.workspace.id, Connection.name == name)
        )
        if row is not None:
            return _open(ctx, row, window)
        known = session.scalars(sa.select(Connection.name).where(Connection.workspace_id == ctx.workspace.id)).all()
    hint = did_you_mean(name, known) or " Add it on the Connections page."
    raise NotFound(f"There is no connection named '{name}' in '{ctx.workspace.name}'.{hint}")


def _tried(ctx: Context, plugin: str, args: Mapping[str, Any]) -> str:
    source = DATASOURCES.get(plugin)(settings.admitted(plugin, args), _last_week(ctx))
    with closing(source):
        return str(_plainly(source, source.check))


def _open(ctx: Context, row: Connection, window: Window, most_seconds: float | None = None) -> Datasource:
    args = settings.admitted(row.plugin, _whole(row))
    limit = getattr(args, "timeout_s", None)
    if most_seconds and limit and limit > most_seconds:
        args = args.model_copy(update={"timeout_s": most_seconds})
    return DATASOURCES.get(row.plugin)(args, window)


def _plainly(source: Datasource, ask: Any) -> Any:
    """What `ask` returns; whatever a plugin raises becomes a sentence."""
    try:
        return ask()
    except SightlineError:
        raise
    except Exception as error:
        raise SourceUnreachable(f"{source.label} failed: {type(error).__name__}: {error}.") from error


def _last_week(ctx: Context) -> Window:
    zone = ctx.workspace.time_zone
    today = ctx.clock().astimezone(zone_of(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(Period(today - timedelta(days=7), today), zone, 7)


def _changed(row: Connection, args: Mapping[str, Any]) -> list[str]:
    """Put the settings into the row; the names of those that are other than before, secrets by their path."""
    kind, before = DATASOURCES.get(row.plugin), (dict(row.args), _known(row))
    whole = settings.kept(kind, before, args)
    settings.admitted(row.plugin, whole)
    plain, secrets = settings.split(kind, whole)
    row.args, row.secrets = plain, _packed(secrets)
    names = {name for name in {*plain, *before[0]} if plain.get(name) != before[0].get(name)}
    return sorted(names | {path for path in {*secrets, *before[1]} if secrets.get(path) != before[1].get(path)})


def _free(session: Session, ctx: Context, name: str) -> str:
    chosen = " ".join(name.split())
    if not chosen or len(chosen) > LONGEST_NAME:
        raise BadInput(f"A connection needs a name of 1 to {LONGEST_NAME} characters.")
    taken = sa.select(Connection.id).where(Connection.workspace_id == ctx.workspace.id, Connection.name == chosen)
    if session.scalar(taken):
        raise Conflict(f"There is a connection named '{chosen}' already. Choose another name.")
    return chosen


def _mine(session: Session, ctx: Context, connection_id: str) -> Connection:
    row = session.get(Connection, connection_id)
    if row is None or row.workspace_id != ctx.workspace.id:
        raise NotFound("That connection does not exist any more.")
    return row


def _read(ctx: Context, connection_id: str) -> Connection:
    with ctx.app.reading() as session:
        return _mine(session, ctx, connection_id)


def _remember(ctx: Context, connection_id: str, *, reached: str = "", failed: str = "") -> None:
    with ctx.app.session() as session:
        row = _mine(session, ctx, connection_id)
        row.checked_at, row.check_text, row.last_error = ctx.clock(), reached, failed


def _whole(row: Connection) -> dict[str, Any]:
    return settings.joined(row.args, _unpacked(row))


def _packed(secrets: Mapping[str, str]) -> str | None:
    return sealed(json.dumps(dict(sorted(secrets.items())))) if secrets else None


def _known(row: Connection) -> dict[str, str]:
    """The secrets, or none where they were sealed with a key that is gone and must be entered anew."""
    try:
        return _unpacked(row)
    except BadInput:
        return {}


def _unpacked(row: Connection) -> dict[str, str]:
    return dict(json.loads(unsealed(row.secrets))) if row.secrets else {}


def _view(row: Connection) -> ConnectionView:
    try:
        label, secrets = DATASOURCES.get(row.plugin).label, tuple(sorted(_unpacked(row)))
        error = row.last_error
    except SightlineError as broken:  # a plugin that was removed, or a key that has changed: the rest still shows
        label, secrets, error = row.plugin, (), broken.message
    return ConnectionView(
        id=row.id, name=row.name, plugin=row.plugin, label=label, place=_place(row.args), args=dict(row.args),
        secrets=secrets, created_at=row.created_at, updated_at=row.updated_at, checked_at=row.checked_at,
        check_text=row.check_text, last_error=error,
    )  # fmt: skip


def _place(args: Mapping[str, Any]) -> str:
    """Where settings lead: 'postgresql · db:5432 · shop · reader'."""
    host = f"{args['host']}:{args['port']}" if args.get("host") and args.get("port") else args.get("host")
    parts: Sequence[Any] = (args.get("driver"), host or args.get("url"), args.get("database"), args.get("user"))
    return " · ".join(str(part).partition("://")[2] or str(part) for part in parts if part)
