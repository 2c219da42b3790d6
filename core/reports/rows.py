"""Rows of reports and runs that an actor may reach: nothing of another workspace, nothing private of others."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from core.access.privacy import shown_to
from core.base.errors import NotAllowed, NotFound
from core.context import Capability, Context
from core.reports.models import ReportRun, SavedReport


def visible(ctx: Context, *, deleted: bool = False) -> sa.Select[SavedReport]:
    """Reports of this workspace that the actor may see: private ones are their owner's and the admins'."""
    gone = SavedReport.deleted_at.is_not(None) if deleted else SavedReport.deleted_at.is_(None)
    seen = shown_to(ctx, SavedReport.visibility, SavedReport.owner_id)
    return sa.select(SavedReport).where(SavedReport.workspace_id == ctx.workspace.id, gone, seen)


def readable(session: Session, ctx: Context, report_id: str, *, deleted: bool = False) -> SavedReport:
    """The row; NotFound unless the actor may see it."""
    row = session.scalar(visible(ctx, deleted=deleted).where(SavedReport.id == report_id))
    if row is None:
        raise NotFound("There is no such report in this workspace, or it is private. Look in Reports.")
    return row


def editable(session: Session, ctx: Context, report_id: str, *, deleted: bool = False) -> SavedReport:
    """The row, for a change; NotAllowed unless the actor owns it or is an admin."""
    row = readable(session, ctx, report_id, deleted=deleted)
    if not may_edit(ctx, row):
        raise NotAllowed(f"Only the owner of '{row.name}' and admins may change it. Clone it to make it your own.")
    return row


def may_edit(ctx: Context, row: SavedReport) -> bool:
    owns = bool(ctx.actor.user_id) and row.owner_id == ctx.actor.user_id
    return ctx.may(Capability.EDIT_REPORTS) and (owns or ctx.may(Capability.MANAGE_WORKSPACE))


def run_row(session: Session, ctx: Context, run_id: str, *, light: bool = False) -> ReportRun:
    """The row of a run whose report the actor may see; NotFound if not."""
    asked = sa.select(ReportRun).where(ReportRun.id == run_id, ReportRun.workspace_id == ctx.workspace.id)
    row = session.scalar(asked.options(*light_columns()) if light else asked)
    if row is None:
        raise NotFound("There is no such run in this workspace. Look at the report's history.")
    readable(session, ctx, row.report_id)
    return row


def light_columns() -> list[Any]:
    """Leave the heavy columns in the store."""
    heavy = (ReportRun.document, ReportRun.plan, ReportRun.rendered_markdown, ReportRun.provenance_records)
    return [defer(column) for column in heavy]
