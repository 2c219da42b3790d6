"""Connections: registered once, with their secrets, for reports to name.

Secrets go in and never come out: what a person sees of them is that they are set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import workspaces
from core.base.errors import BadInput, Conflict, NotFound, did_you_mean
from core.connections import settings
from core.connections.models import Connection
from core.connections.opening import opened, output
from core.connections.probing import foretold, probe, target
from core.connections.rows import mine
from core.connections.sealing import known, packed
from core.connections.sides import SIDES, side_of
from core.connections.trying import TRY_ROWS, check, check_settings, checked, schema, try_query
from core.connections.views import ConnectionView, connection_view
from core.context import Capability, Context
from core.ingestion import providers

LONGEST_NAME = 80

__all__ = [
    "TRY_ROWS", "ConnectionView", "check", "check_settings", "checked", "connection", "connections", "create",
    "foretold", "opened", "output", "probe", "remove", "schema", "target", "try_query", "update",
]  # fmt: skip


def connections(ctx: Context) -> list[ConnectionView]:
    """Every connection of the workspace, by name."""
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.reading() as session:
        here = sa.select(Connection).where(Connection.workspace_id == ctx.workspace.id)
        return [connection_view(row) for row in session.scalars(here.order_by(sa.func.lower(Connection.name)))]


def connection(ctx: Context, ref: str) -> ConnectionView:
    """One connection by name or id; NotFound with the nearest name."""
    there = connections(ctx)
    for view in there:
        if ref in (view.name, view.id):
            return view
    hint = did_you_mean(ref, [view.name for view in there]) or " Add it on the Connections page."
    raise NotFound(f"There is no connection named '{ref}' in '{ctx.workspace.name}'.{hint}")


def create(ctx: Context, name: str, plugin: str, args: Mapping[str, Any], side: str = "") -> ConnectionView:
    """Register a datasource, an output or an account; `side` says which where a kind is both. Nothing is asked yet."""
    ctx.require(Capability.MANAGE_SOURCES)
    stands = SIDES[side] if side else side_of(plugin)
    settings.admitted(plugin, args, stands)
    plain, secrets = settings.split(stands.model(plugin), args)
    now = ctx.clock()
    with ctx.app.session() as session:
        row = Connection(
            workspace_id=ctx.workspace.id, name=_free(session, ctx, name), side=stands.key, plugin=plugin, args=plain,
            secrets=packed(secrets), created_at=now, updated_at=now, created_by=ctx.actor.user_id or None,
            check_text="", last_error="",
        )  # fmt: skip
        session.add(row)
        session.flush()
        workspaces.note(session, ctx, "connection created", row.name, plugin=plugin, settings=sorted(plain))
        return connection_view(row)


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
        row = mine(session, ctx, connection_id)
        if name and name.strip() != row.name:
            workspaces.note(session, ctx, "connection renamed", row.name, to=name.strip())
            row.name = _free(session, ctx, name)
        if forget:
            row.secrets = packed({path: one for path, one in known(row).items() if path not in forget})
            workspaces.note(session, ctx, "connection changed", row.name, forgotten=sorted(forget))
        if args is not None:
            changed = _changed(row, args)
            workspaces.note(session, ctx, "connection changed", row.name, settings=changed)
            row.checked_at, row.check_text, row.last_error = None, "", ""
        row.updated_at = ctx.clock()
        return connection_view(row)


def remove(ctx: Context, connection_id: str) -> None:
    """Forget a connection with its secrets. Reports that name it fail from then on; sources that need it keep it."""
    ctx.require(Capability.MANAGE_SOURCES)
    reading = providers.read_with(ctx, connection_id)
    with ctx.app.session() as session:
        row = mine(session, ctx, connection_id)
        if reading:
            raise Conflict(
                f"'{reading[0]}'{f' and {len(reading) - 1:,} more sources are' if reading[1:] else ' is'} read with"
                f" '{row.name}'. Remove them first, on the Sources page."
            )
        workspaces.note(session, ctx, "connection removed", row.name, plugin=row.plugin)
        session.delete(row)


def _changed(row: Connection, args: Mapping[str, Any]) -> list[str]:
    """Put the settings into the row; the names of those that are other than before, secrets by their path."""
    side, before = SIDES[row.side], (dict(row.args), known(row))
    model = side.model(row.plugin)
    whole = settings.kept(model, before, args)
    settings.admitted(row.plugin, whole, side)
    plain, secrets = settings.split(model, whole)
    row.args, row.secrets = plain, packed(secrets)
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
