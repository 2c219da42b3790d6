"""Who asks, and of which workspace."""

from __future__ import annotations

from dataclasses import dataclass

from strawberry import Info

from core.base.errors import NotFound
from core.context import Context


@dataclass(frozen=True, slots=True)
class Asking:
    """What resolvers are handed."""

    ctx: Context


def within(info: Info[Asking, None], org_id: str) -> Context:
    """The token's context; NotFound unless `org_id` is the id or the slug of its workspace."""
    ctx = info.context.ctx
    if org_id not in (ctx.workspace.id, ctx.workspace.slug):
        raise NotFound(f"This token sees no organisation '{org_id}'. It belongs to '{ctx.workspace.slug}'.")
    return ctx
