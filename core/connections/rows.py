"""Rows of connections that an actor may reach: none of another workspace."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.base.errors import BadInput, NotFound, did_you_mean
from core.connections.models import Connection
from core.connections.sides import SIDES, Side
from core.context import Context


def mine(session: Session, ctx: Context, connection_id: str) -> Connection:
    """The row of this id; NotFound if this workspace has none."""
    row = session.get(Connection, connection_id)
    if row is None or row.workspace_id != ctx.workspace.id:
        raise NotFound("That connection does not exist any more.")
    return row


def read(ctx: Context, connection_id: str) -> Connection:
    """The same by a session of its own."""
    with ctx.app.reading() as session:
        return mine(session, ctx, connection_id)


def named(ctx: Context, name: str, side: Side) -> Connection:
    """The row that a report names; NotFound if this workspace has none, BadInput if it stands on the other side."""
    here = Connection.workspace_id == ctx.workspace.id
    with ctx.app.reading() as session:
        row = session.scalar(sa.select(Connection).where(here, Connection.name == name))
        known = session.scalars(sa.select(Connection.name).where(here, Connection.side == side.key)).all()
    if row is None:
        hint = did_you_mean(name, known) or " Add it on the Connections page."
        raise NotFound(f"There is no connection named '{name}' in '{ctx.workspace.name}'.{hint}")
    if row.side != side.key:
        other = SIDES[row.side]
        raise BadInput(f"The connection '{name}' ({row.plugin}) belongs under '{other.section}': {_what(other)}.")
    return row


def _what(side: Side) -> str:
    return side.use[:1].lower() + side.use[1:]
