"""Exports that an actor may reach: the files of a report are as private as the report, and gone while it is."""

from __future__ import annotations

import sqlalchemy as sa

from core.access.privacy import shown_to
from core.context import Context
from core.exports.models import ExportJob

# Reports stand above exports, so that their rows are named here and not imported.
_RUNS = sa.table("report_runs", sa.column("id", sa.String), sa.column("report_id", sa.String))
_REPORTS = sa.table(
    "saved_reports", sa.column("id", sa.String), sa.column("workspace_id", sa.String), sa.column("owner_id", sa.String),
    sa.column("visibility", sa.String), sa.column("deleted_at", sa.DateTime),
)  # fmt: skip

_MEMBERS = sa.table("report_members", sa.column("report_id", sa.String), sa.column("user_id", sa.String))


def visible(ctx: Context) -> sa.Select[ExportJob]:
    """Exports of this workspace whose report, if they are of one, the actor may see."""
    return sa.select(ExportJob).where(
        ExportJob.workspace_id == ctx.workspace.id, ExportJob.run_id.is_(None) | ExportJob.run_id.in_(_runs(ctx))
    )


def _runs(ctx: Context) -> sa.Select[str]:
    report = _REPORTS.c
    shared = sa.select(_MEMBERS.c.report_id).where(_MEMBERS.c.user_id == ctx.actor.user_id)
    return (
        sa.select(_RUNS.c.id)
        .join(_REPORTS, report.id == _RUNS.c.report_id)
        .where(
            report.workspace_id == ctx.workspace.id,
            report.deleted_at.is_(None),
            shown_to(ctx, report.visibility, report.owner_id, report.id.in_(shared)),
        )
    )
