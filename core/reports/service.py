"""Saved reports: make, change, clone, delete and bring back. Runs are in `core.reports.runs`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import workspaces
from core.base.errors import BadInput, Conflict
from core.context import Capability, Context, Rooms
from core.reports import runs as running
from core.reports.library import SHELVES, UNDO_LASTS, Listed, find, get, listed, reports
from core.reports.models import SavedReport
from core.reports.outgoing import require_sending
from core.reports.plan import Parameters, ReportPlan, read_parameters, read_plan
from core.reports.references import checked_parameters, checked_plan
from core.reports.rows import editable, owned, print_of
from core.reports.runs import begin, cancel, execute, run, run_again, run_now, runs
from core.reports.versions import keep, keep_first
from core.reports.views import ReportView, RunView

VISIBILITIES = {"workspace": "Everybody in the workspace", "private": "Only me, those I share it with, and admins"}
SEEN_BY = {"workspace": "everybody in the workspace", "private": "its owner, those it is shared with, and admins"}
"""Who sees a report, as others than its owner read it."""
Along = Callable[[Session, SavedReport], None]
"""What is written in the same transaction as a report: both are kept, or neither."""
__all__ = [
    "SEEN_BY", "SHELVES", "Along", "Listed", "ReportView", "RunView", "archive", "begin", "cancel", "checked_name",
    "clone", "create", "delete", "execute", "find", "get", "listed", "purge", "reports", "restore", "run", "run_again",
    "run_now", "runs", "take_over", "unarchive", "update",
]  # fmt: skip


def create(
    ctx: Context,
    name: str,
    parameters: Mapping[str, Any] | Parameters | None = None,
    *,
    description: str = "",
    plan: Mapping[str, Any] | ReportPlan | None = None,
    visibility: str = "workspace",
    is_template: bool = False,
    along: Along | None = None,
) -> ReportView:
    """Save a report that runs with the rights of the actor; BadInput if it names something that is not there."""
    ctx.require(Capability.EDIT_REPORTS)
    now = ctx.clock()
    row = SavedReport(
        workspace_id=ctx.workspace.id,
        owner_id=ctx.actor.owner_id,
        is_active=True,
        paused_reason="",
        is_template=is_template,
        created_at=now,
        **_content(ctx, name, parameters, description, plan, visibility),
    )
    with ctx.app.session() as session:
        row.updated_at = now
        session.add(row)
        session.flush()
        keep(session, ctx, row)
        workspaces.note(session, ctx, "report.create", row.name, report=row.id)
        if along:
            along(session, row)
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
    is_template: bool | None = None,
    expecting: str = "",
    along: Along | None = None,
) -> ReportView:
    """Change a report; what is not given stays, an empty plan takes the report's own away. A version is kept.

    Its owner, editors and admins may: it runs with its owner's rights all the same. Who sees it, and whether it is a
    template, is its owner's to say.

    Conflict if `expecting` is given, and is not the print of the report as it is saved now.
    """
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.session() as session:
        row = editable(session, ctx, report_id)
        if expecting and expecting != print_of(row):
            raise Conflict(f"'{row.name}' was saved by somebody else meanwhile. Save over it, or save yours as new.")
        if visibility not in (None, row.visibility) or is_template not in (None, row.is_template):
            owned(session, ctx, report_id)
        if is_template and row.schedule_id:
            raise Conflict(
                f"'{row.name}' goes out by a schedule, and a template does not. Delete the schedule, or save a copy of"
                " the report as a template."
            )
        if is_template is not None:
            row.is_template = is_template
        keep_first(session, row)
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
        if is_active and row.archived_at:
            raise Conflict(f"'{row.name}' is archived. Take it back from the archive first.")
        if is_active is not None:
            row.is_active, row.paused_reason = is_active, "" if is_active else f"Paused by {ctx.actor.name}."
        row.updated_at = ctx.clock()
        keep(session, ctx, row)
        workspaces.note(session, ctx, "report.update", row.name, report=row.id)
        if along:
            along(session, row)
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
        row = owned(session, ctx, report_id)
        row.deleted_at = ctx.clock()
        running.cancel_open(session, ctx, report_id)
        workspaces.note(session, ctx, "report.delete", row.name, report=row.id)


def restore(ctx: Context, report_id: str) -> ReportView:
    """Bring a deleted report back with its runs; Conflict once its days are over, swept or not."""
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.session() as session:
        row = owned(session, ctx, report_id, deleted=True)
        if row.deleted_at and row.deleted_at < ctx.clock() - UNDO_LASTS:
            raise Conflict(
                f"'{row.name}' was deleted more than {UNDO_LASTS.days} days ago and cannot be brought back."
                " Make it anew."
            )
        row.deleted_at = None
        workspaces.note(session, ctx, "report.restore", row.name, report=row.id)
    return get(ctx, report_id)


def archive(ctx: Context, report_id: str) -> None:
    """Put a report out of the way with its results: it neither runs nor goes out until it is taken back."""
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.session() as session:
        row = owned(session, ctx, report_id)
        row.archived_at, row.is_active = ctx.clock(), False
        row.paused_reason = f"Archived by {ctx.actor.name}."
        running.cancel_open(session, ctx, report_id)
        workspaces.note(session, ctx, "report.archive", row.name, report=row.id)


def unarchive(ctx: Context, report_id: str) -> ReportView:
    """Take a report back from the archive; it runs again, its schedules too."""
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.session() as session:
        row = owned(session, ctx, report_id)
        row.archived_at, row.is_active, row.paused_reason = None, True, ""
        workspaces.note(session, ctx, "report.unarchive", row.name, report=row.id)
    return get(ctx, report_id)


def take_over(ctx: Context, report_id: str) -> ReportView:
    """Become the owner of a report whose owner left; it runs with the actor's rights from now on."""
    ctx.require(Capability.MANAGE_WORKSPACE)
    with ctx.app.session() as session:
        row = editable(session, ctx, report_id)
        row.owner_id, row.is_active, row.paused_reason = ctx.actor.owner_id, True, ""
        row.archived_at = None
        row.updated_at = ctx.clock()
        workspaces.note(session, ctx, "report.take_over", row.name, report=row.id)
    return get(ctx, report_id)


def purge(rooms: Rooms) -> int:
    """Remove for good what was deleted longer ago than it can be brought back; how many reports."""
    with rooms.app.session() as session:
        gone = session.scalars(
            sa.delete(SavedReport).where(SavedReport.deleted_at < rooms.clock() - UNDO_LASTS).returning(SavedReport.id)
        ).all()
    return len(gone)


def checked_name(name: str) -> str:
    """The name as it is kept; BadInput if there is none, or far too much of one."""
    if not name.strip():
        raise BadInput("A report needs a name.")
    if len(name) > 200:
        raise BadInput("The name is too long. Keep it under 200 letters.")
    return name.strip()


def rename(ctx: Context, report_id: str, name: str, description: str) -> ReportView:
    """Call a report something else, at the head of its results too. A version is kept."""
    plan = get(ctx, report_id).report_plan
    titled = plan.model_dump(mode="json") | {"title": name, "description": description} if plan else None
    return update(ctx, report_id, name=name, description=description, plan=titled)


def _content(
    ctx: Context,
    name: str,
    parameters: Mapping[str, Any] | Parameters | None,
    description: str,
    plan: Mapping[str, Any] | ReportPlan | None,
    visibility: str,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    named = checked_name(name)
    if visibility not in VISIBILITIES:
        raise BadInput(f"'{visibility}' is no visibility. Choose one of {', '.join(VISIBILITIES)}.")
    chosen = parameters if isinstance(parameters, Parameters) else read_parameters(dict(parameters or {}))
    wanted = read_plan(plan) if plan and not isinstance(plan, ReportPlan) else plan
    require_sending(ctx, wanted if isinstance(wanted, ReportPlan) else None, before)
    return {
        "name": named,
        "description": description.strip(),
        "visibility": visibility,
        "parameters": checked_parameters(ctx, chosen).model_dump(mode="json"),
        "report_plan": checked_plan(ctx, wanted).model_dump(mode="json") if isinstance(wanted, ReportPlan) else None,
    }
