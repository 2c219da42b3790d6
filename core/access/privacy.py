"""What is private: its owner's and the admins', of whatever kind it is."""

from __future__ import annotations

import sqlalchemy as sa

from core.context import Capability, Context


def shown_to(
    ctx: Context,
    visibility: sa.SQLColumnExpression[str],
    owner_id: sa.SQLColumnExpression[str | None],
    shared: sa.ColumnElement[bool],
) -> sa.ColumnElement[bool]:
    """The condition under which the actor may see a row: it is the workspace's, theirs or shared, or they are admin."""
    if ctx.may(Capability.MANAGE_WORKSPACE):
        return sa.true()
    return (visibility == "workspace") | owned_by(ctx, owner_id) | shared


def owned_by(ctx: Context, owner_id: sa.SQLColumnExpression[str | None]) -> sa.ColumnElement[bool]:
    """The condition under which a row is the actor's own. What has no owner is the system's, and its tokens'."""
    return owner_id.is_not_distinct_from(ctx.actor.owner_id)
