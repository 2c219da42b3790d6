"""Keeping up: every source read again and again, and new repositories that a pattern means found by themselves."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
import structlog

from core.access import workspaces
from core.base.errors import SightlineError
from core.context import Capability, Context, Rooms
from core.ingestion import providers, service
from core.ingestion.models import Source, SourcePattern, SyncRun

log = structlog.get_logger(__name__)


def sync_all(ctx: Context) -> int:
    """Ask the worker to read every source, new ones of kept patterns too; how many there are."""
    ctx.require(Capability.MANAGE_SOURCES)
    providers.expand(ctx)
    with ctx.app.reading() as session:
        mine = list(session.scalars(sa.select(Source.id).where(Source.workspace_id == ctx.workspace.id)))
    for source_id in mine:
        service.request_sync(ctx, source_id)
    return len(mine)


def tick(house: Rooms) -> None:
    """Let providers' sources be read that have not been for as long as the installation says."""
    every = timedelta(minutes=house.settings.sync_every_minutes)
    if not every:
        return
    for workspace in workspaces.every(house.app):
        ctx = house.context(workspace)
        _found(ctx, every)
        for source_id in _due(ctx, every):
            service.request_sync(ctx, source_id, triggered_by="clock")


def _found(ctx: Context, every: timedelta) -> None:
    """New repositories of patterns that were not looked at for so long. An account that fails costs no other one."""
    old = sa.or_(SourcePattern.expanded_at.is_(None), SourcePattern.expanded_at <= ctx.clock() - every)
    with ctx.app.reading() as session:
        mine = sa.select(SourcePattern.connection_id).where(SourcePattern.workspace_id == ctx.workspace.id, old)
        accounts = list(session.scalars(mine))
    for connection_id in accounts:
        try:
            providers.expand(ctx, connection_id)
        except SightlineError as error:
            log.warning("pattern_not_expanded", connection_id=connection_id, reason=error.message)


def _due(ctx: Context, every: timedelta) -> list[str]:
    asked = sa.select(SyncRun.source_id).where(
        SyncRun.workspace_id == ctx.workspace.id,
        sa.or_(SyncRun.status.in_(("pending", "running")), SyncRun.created_at > ctx.clock() - every),
    )
    due = sa.select(Source.id).where(
        Source.workspace_id == ctx.workspace.id, Source.kind != "git", Source.id.not_in(asked)
    )
    with ctx.app.reading() as session:
        return list(session.scalars(due))
