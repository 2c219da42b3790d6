"""Whoever reads what is sent: a letter shows no more than its reader may see in the app.

An address that belongs to no user here, and a channel or folder that many read, is read by somebody unknown: they
see what a viewer sees who is nobody's person.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from core.access import sessions
from core.access.models import User, WorkspaceMember, WorkspaceRow
from core.context import ROLES, Actor, Context

STRANGER = Actor("somebody unknown", "somebody unknown", "viewer", ROLES["viewer"])


def stranger(ctx: Context) -> Context:
    """Whoever reads where nobody signs in."""
    return ctx.on_behalf_of(STRANGER)


def readers(ctx: Context, addresses: Iterable[str]) -> dict[str, Context]:
    """Who reads at each address, as the rows say now."""
    wanted = {one: one.strip().casefold() for one in addresses}
    asked = (
        sa.select(User, WorkspaceMember, WorkspaceRow)
        .join(WorkspaceMember, WorkspaceMember.user_id == User.id)
        .join(WorkspaceRow, WorkspaceRow.id == WorkspaceMember.workspace_id)
        .where(WorkspaceMember.workspace_id == ctx.workspace.id, User.is_active, User.email.in_(wanted.values()))
    )
    with ctx.app.reading() as session:
        known = {row[0].email: sessions.in_workspace(session, *row) for row in session.execute(asked)}
    return {one: ctx.on_behalf_of(known.get(plain, STRANGER)) for one, plain in wanted.items()}
