"""Saved reports: make, change, clone, delete and bring back. Runs are in `core.reports.runs`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import workspaces
from core.access.models import User
from core.base.errors import BadInput, NotFound, did_you_mean
from core.context import Capability, Context, Rooms
from core.reports import runs as running
from core.reports.models import SavedReport
from core.reports.outgoing import require_sending
from core.reports.plan import Parameters, ReportPlan, read_parameters, read_plan
from core.reports.references import checked_parameters, checked_plan
from core.reports.rows import editable, may_edit, readable, visible
from core.reports.runs import begin, cancel, execute, run, run_now, runs
from core.reports.views import ReportView, RunView, report_view

VISIBILITIES = {"workspace": "Everybody in the workspace", "private": "Only me and admins"}
UNDO_LASTS = timedelta(days=30)
"""How long a deleted report can be brought back."""

__all__ = [
    "Listed", "ReportView", "RunView", "begin", "cancel", "clone", "create", "delete", "execute", "find", "get",
    "listed", "purge", "reports", "restore", "run", "run_now", "runs", "take_over", "update",
]  # fmt: skip


def create(
    ctx: Context,
    name: str,
    parameters: Mapping[str, Any] | Parameters | None = None,
    *,
    description: str = "",
    plan: Mapping[str, Any] | ReportPlan | None = None,
    visibility: str = "workspace",
) -> ReportView:
    """Save a report that runs with the rights of the actor; BadInput if it names something that is not there."""
    ctx.require(Capability.EDIT_REPORTS)
    now = ctx.clock()
    row = SavedReport(
        workspace_id=ctx.workspace.id,
        owner_id=ctx.actor.user_id or None,
        is_active=True,
        paused_reason="",
        created_at=now,
        **_content(ctx, name, parameters, description, plan, visibility),
    )
    with ctx.app.session() as session:
        row.updated_at = now
        session.add(row)
        session.flush()
        workspaces.note(session, ctx, "report.create", row.name, report=row.id)
    return get(ctx, row.id)


def update(
    ctx: Context,
    report_id: str,
    *,
    name: str | None = None,
    parameters: Mapping[str, Any] | Parameters | None = None,
    description: str | None = None,
    plan: Mapping[str, Any] | ReportPlan | None = None,
    visibility: str | None = None,
    is_active: bool | None = None,
) -> ReportView:
    """Change a report; what is not given stays, an empty plan takes the report's own away.

    Only its owner and admins may: it runs with its owner's rights.
    """
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.session() as session:
        row = editable(session, ctx, report_id)
        fresh = _content(
            ctx,
            row.name if name is None else name,
            row.parameters if parameters is None else parameters,
            row.description if description is None else description,
            row.report_plan if plan is None else plan,
            row.visibility if visibility is None else visibility,
            row.report_plan,
        )
        for field, value in fresh.items():
            setattr(row, field, value)
        if is_active is not None:
            row.is_active, row.paused_reason = is_active, "" if is_active else f"Paused by {ctx.actor.name}."
        row.updated_at = ctx.clock()
        workspaces.note(session, ctx, "report.update", row.name, report=row.id)
    return get(ctx, report_id)


def clone(ctx: Context, report_id: str, name: str = "") -> ReportView:
    """A copy that belongs to the actor and runs with the actor's rights, without schedule or runs."""
    ctx.require(Capability.EDIT_REPORTS)
    original = get(ctx, report_id)
    return create(
        ctx,
        name or f"Copy of {original.name}",
        original.parameters,
        description=original.description,
        plan=original.report_plan,
    )


def delete(ctx: Context, report_id: str) -> None:
    """Take a report away, its schedule with it; `restore` brings both back for 30 days."""
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.session() as session:
        row = editable(session, ctx, report_id)
        row.deleted_at = ctx.clock()
        running.cancel_open(session, ctx, report_id)
        workspaces.note(session, ctx, "report.delete", row.name, report=row.id)


def restore(ctx: Context, report_id: str) -> ReportView:
    """Bring a deleted report back with its runs."""
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.session() as session:
        row = editable(session, ctx, report_id, deleted=True)
        row.deleted_at = None
        workspaces.note(session, ctx, "report.restore", row.name, report=row.id)
    return get(ctx, report_id)


def take_over(ctx: Context, report_id: str) -> ReportView:
    """Become the owner of a report whose owner left; it runs with the actor's rights from now on."""
    ctx.require(Capability.MANAGE_WORKSPACE)
    with ctx.app.session() as session:
        row = editable(session, ctx, report_id)
        row.owner_id, row.is_active, row.paused_reason = ctx.actor.user_id or None, True, ""
        row.updated_at = ctx.clock()
        workspaces.note(session, ctx, "report.take_over", row.name, report=row.id)
    return get(ctx, report_id)


def get(ctx: Context, report_id: str) -> ReportView:
    """One report by id."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        return viewed(session, ctx, [readable(session, ctx, report_id)])[0]


def find(ctx: Context, ref: str) -> ReportView:
    """One report by id or name; NotFound with the nearest name."""
    known = reports(ctx)
    same = [one for one in known if one.id == ref] or [one for one in known if one.name.casefold() == ref.casefold()]
    if not same:
        raise NotFound(f"There is no report named '{ref}'.{did_you_mean(ref, [one.name for one in known])}")
    if len(same) > 1:
        raise BadInput(
            f"There are {len(same)} reports named '{ref}'. Name it by its id: {', '.join(s.id for s in same)}"
        )
    return same[0]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of reports and how many there are in all."""

    items: list[ReportView]
    total: int


def listed(ctx: Context, search: str = "", *, status: str = "", limit: int = 1000, offset: int = 0) -> Listed:
    """Reports that the actor may see, the latest changed first; `search` looks in names and descriptions."""
    ctx.require(Capability.VIEW_REPORTS)
    asked = found(ctx, search, status=status)
    with ctx.app.reading() as session:
        total = session.scalar(sa.select(sa.func.count()).select_from(asked.subquery())) or 0
        newest = asked.order_by(SavedReport.updated_at.desc(), SavedReport.id)
        rows = session.scalars(newest.limit(limit).offset(offset)).all()
        return Listed(viewed(session, ctx, list(rows)), total)


def found(ctx: Context, search: str = "", *, status: str = "") -> sa.Select[SavedReport]:
    """The question for reports that the actor may see, with every word of `search` in them."""
    asked = visible(ctx)
    for word in search.split():
        like = f"%{word.replace('%', '').replace('_', '')}%"
        asked = asked.where(SavedReport.name.ilike(like) | SavedReport.description.ilike(like))
    return asked.where(SavedReport.last_run_status == status) if status else asked


def reports(ctx: Context, search: str = "") -> list[ReportView]:
    """Every report that the actor may see, the latest changed first."""
    return listed(ctx, search).items


def purge(rooms: Rooms) -> int:
    """Remove for good what was deleted longer ago than it can be brought back; how many reports."""
    with rooms.app.session() as session:
        gone = session.scalars(
            sa.delete(SavedReport).where(SavedReport.deleted_at < rooms.clock() - UNDO_LASTS).returning(SavedReport.id)
        ).all()
    return len(gone)


def _content(
    ctx: Context,
    name: str,
    parameters: Mapping[str, Any] | Parameters | None,
    description: str,
    plan: Mapping[str, Any] | ReportPlan | None,
    visibility: str,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    if not name.strip():
        raise BadInput("A report needs a name.")
    if len(name) > 200:
        raise BadInput("The name is too long. Keep it under 200 letters.")
    if visibility not in VISIBILITIES:
        raise BadInput(f"'{visibility}' is no visibility. Choose one of {', '.join(VISIBILITIES)}.")
    chosen = parameters if isinstance(parameters, Parameters) else read_parameters(dict(parameters or {}))
    wanted = read_plan(plan) if plan and not isinstance(plan, ReportPlan) else plan
    require_sending(ctx, wanted if isinstance(wanted, ReportPlan) else None, before)
    return {
        "name": name.strip(),
        "description": description.strip(),
        "visibility": visibility,
        "parameters": checked_parameters(ctx, chosen).model_dump(mode="json"),
        "report_plan": checked_plan(ctx, wanted).model_dump(mode="json") if isinstance(wanted, ReportPlan) else None,
    }


def viewed(session: Session, ctx: Context, rows: list[SavedReport]) -> list[ReportView]:
    """Rows as the actor sees them, with their owners' names."""
    owners = {row.owner_id for row in rows if row.owner_id}
    found = session.scalars(sa.select(User).where(User.id.in_(owners))).all() if owners else []
    names = {user.id: user.name for user in found}
    return [
        report_view(row, names.get(row.owner_id or "", "Sightline" if row.owner_id is None else "Somebody who left"),
                    may_edit(ctx, row))
        for row in rows
    ]  # fmt: skip
