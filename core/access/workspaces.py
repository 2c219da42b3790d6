"""Workspaces: making them, finding them, and telling caches that their data changed."""

from __future__ import annotations

import re
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.first_start import welcome
from core.access.models import AuditEntry, DataChange, WorkspaceRow
from core.base.errors import BadInput, Conflict, NotFound, did_you_mean
from core.base.period import zone_of
from core.context import LEAST_GROUP, Capability, Context, Workspace
from core.stores.app import AppStore


def workspace_of(row: WorkspaceRow) -> Workspace:
    return Workspace(
        id=row.id,
        slug=row.slug,
        name=row.name,
        time_zone=row.time_zone,
        is_demo=row.is_demo,
        data_version=row.data_version,
        individuals=row.individuals,
        least_group=row.settings.get("insights", {}).get("least_group", LEAST_GROUP),
    )


def every(app: AppStore) -> list[Workspace]:
    """All workspaces, the demo last. For the system itself: doors list by membership."""
    with app.reading() as session:
        found = session.scalars(sa.select(WorkspaceRow).order_by(WorkspaceRow.is_demo, WorkspaceRow.created_at))
        return [workspace_of(row) for row in found]


def find(app: AppStore, slug: str) -> Workspace:
    """The workspace with this slug or id; NotFound with the nearest name."""
    known = every(app)
    for workspace in known:
        if slug in (workspace.slug, workspace.id):
            return workspace
    raise NotFound(f"There is no workspace named '{slug}'.{did_you_mean(slug, [w.slug for w in known])}")


def create(
    app: AppStore,
    *,
    name: str,
    now: datetime,
    slug: str = "",
    time_zone: str = "UTC",
    is_demo: bool = False,
    individuals: str = "open",
) -> Workspace:
    """Make a workspace; Conflict if its slug is taken."""
    zone_of(time_zone)
    _check_individuals(individuals)
    slug = slug or re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    if not slug:
        raise BadInput("A workspace needs a name with at least one letter or digit.")
    with app.session() as session:
        if session.scalar(sa.select(WorkspaceRow.id).where(WorkspaceRow.slug == slug)):
            raise Conflict(f"There is a workspace named '{slug}' already.")
        row = WorkspaceRow(
            slug=slug, name=name, time_zone=time_zone, is_demo=is_demo, individuals=individuals, created_at=now,
            data_version=0, settings={},
        )  # fmt: skip
        session.add(row)
        session.flush()
        welcome(session, row)
        return workspace_of(row)


INDIVIDUALS = {
    "open": "Everybody in the workspace",
    "members": "Members, managers and admins",
    "managers": "Managers and admins",
    "leads": "Team leads see the people of their own teams; admins see everybody",
    "self": "Nobody but the person themselves",
}
"""Who sees individuals' numbers, in words."""


def change(ctx: Context, *, name: str, time_zone: str, individuals: str) -> None:
    """Rename the workspace, move it to another zone, or change who sees individuals."""
    ctx.require(Capability.MANAGE_WORKSPACE)
    zone_of(time_zone)
    if not name.strip():
        raise BadInput("A workspace needs a name.")
    _check_individuals(individuals)
    with ctx.app.session() as session:
        row = session.get_one(WorkspaceRow, ctx.workspace.id)
        if row.time_zone != time_zone:
            data_changed(session, row.id, ctx.clock(), "schedule")  # days begin at other instants now
        row.name, row.time_zone, row.individuals = name.strip()[:120], time_zone, individuals
        note(session, ctx, "workspace.change", row.slug, time_zone=time_zone, individuals=individuals)


def audit(ctx: Context, limit: int = 100) -> list[dict[str, object]]:
    """The latest entries of this workspace's audit log, newest first."""
    ctx.require(Capability.MANAGE_WORKSPACE)
    with ctx.app.reading() as session:
        rows = session.scalars(
            sa.select(AuditEntry)
            .where(AuditEntry.workspace_id == ctx.workspace.id)
            .order_by(AuditEntry.at.desc())
            .limit(limit)
        )
        return [{"When": r.at, "Who": r.actor_name, "What": r.action, "Which": r.subject} for r in rows]


def _check_individuals(individuals: str) -> None:
    if individuals not in INDIVIDUALS:
        raise BadInput(f"Individuals' numbers are seen by one of {', '.join(INDIVIDUALS)}; '{individuals}' is none.")


def data_changed(
    session: Session,
    workspace_id: str,
    now: datetime,
    cause: str,
    first_day: date | None = None,
    last_day: date | None = None,
) -> None:
    """Say, in the caller's transaction, that facts, people or teams of these UTC days changed.

    Every cached figure of the workspace is old from now on, and snapshots of those days are made anew.
    """
    session.execute(
        sa.update(WorkspaceRow)
        .where(WorkspaceRow.id == workspace_id)
        .values(data_version=WorkspaceRow.data_version + 1)
    )
    session.add(DataChange(workspace_id=workspace_id, at=now, cause=cause, first_day=first_day, last_day=last_day))


def data_read(session: Session, workspace_id: str) -> None:
    """Say, in the caller's transaction, that the same facts are complete up to another time: figures tell it."""
    session.execute(
        sa.update(WorkspaceRow)
        .where(WorkspaceRow.id == workspace_id)
        .values(data_version=WorkspaceRow.data_version + 1)
    )


def note(session: Session, ctx: Context, action: str, subject: str = "", **detail: object) -> None:
    """Write an audit entry in the caller's transaction."""
    session.add(
        AuditEntry(
            workspace_id=ctx.workspace.id,
            user_id=ctx.actor.user_id or None,
            actor_name=ctx.actor.name,
            at=ctx.clock(),
            action=action,
            subject=subject[:240],
            detail=dict(detail),
        )
    )
