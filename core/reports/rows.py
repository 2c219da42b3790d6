"""Rows of reports and runs that an actor may reach: nothing of another workspace, nothing private of others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from core.access.privacy import shown_to
from core.base.errors import NotAllowed, NotFound
from core.context import Capability, Context
from core.reports.models import ReportMember, ReportRun, SavedReport

EDITOR = "editor"


def visible(ctx: Context, *, deleted: bool = False) -> sa.Select[SavedReport]:
    """Reports of this workspace that the actor may see: private ones are their owner's, the admins' and whose they
    are shared with."""
    gone = SavedReport.deleted_at.is_not(None) if deleted else SavedReport.deleted_at.is_(None)
    seen = shown_to(ctx, SavedReport.visibility, SavedReport.owner_id, SavedReport.id.in_(_shared(ctx)))
    return sa.select(SavedReport).where(SavedReport.workspace_id == ctx.workspace.id, gone, seen)


def readable(session: Session, ctx: Context, report_id: str, *, deleted: bool = False) -> SavedReport:
    """The row; NotFound unless the actor may see it."""
    row = session.scalar(visible(ctx, deleted=deleted).where(SavedReport.id == report_id))
    if row is None:
        raise NotFound("There is no such report in this workspace, or it is private. Look in Reports.")
    return row


def editable(session: Session, ctx: Context, report_id: str, *, deleted: bool = False) -> SavedReport:
    """The row, for a change, held until the transaction ends: two that save at once do it one after the other.

    NotAllowed unless the actor owns it, is its editor or an admin.
    """
    row = readable(session, ctx, report_id, deleted=deleted)
    session.refresh(row, with_for_update=True)
    if not may_edit(session, ctx, row):
        raise NotAllowed(
            f"Only the owner of '{row.name}', its editors and admins may change it. Clone it to make it your own."
        )
    return row


def owned(session: Session, ctx: Context, report_id: str, *, deleted: bool = False) -> SavedReport:
    """The row, for what an editor may not do; NotAllowed unless the actor owns it or is an admin."""
    row = readable(session, ctx, report_id, deleted=deleted)
    if not owns(ctx, row):
        raise NotAllowed(f"Only the owner of '{row.name}' and admins may do that.")
    return row


def owns(ctx: Context, row: SavedReport) -> bool:
    """Whether the report is the actor's, or an admin asks. One without an owner is the system's, and its tokens'."""
    theirs = row.owner_id == ctx.actor.owner_id
    return ctx.may(Capability.EDIT_REPORTS) and (theirs or ctx.may(Capability.MANAGE_WORKSPACE))


def may_edit(session: Session, ctx: Context, row: SavedReport) -> bool:
    return owns(ctx, row) or (ctx.may(Capability.EDIT_REPORTS) and row.id in edited(session, ctx, [row.id]))


def edited(session: Session, ctx: Context, report_ids: Sequence[str]) -> set[str]:
    """Those of the reports that the actor is an editor of."""
    if not report_ids or not ctx.actor.user_id:
        return set()
    asked = _shared(ctx).where(ReportMember.role == EDITOR, ReportMember.report_id.in_(report_ids))
    return set(session.scalars(asked))


def _shared(ctx: Context) -> sa.Select[str]:
    return sa.select(ReportMember.report_id).where(ReportMember.user_id == ctx.actor.user_id)


def print_of(row: SavedReport) -> str:
    """Another one whenever somebody saved another definition; a run or a pause changes nothing of it."""
    told = (row.name, row.description, row.visibility, row.report_plan, row.parameters)
    return sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


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
