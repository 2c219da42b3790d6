"""Reports and runs page by page."""

from __future__ import annotations

import sqlalchemy as sa

from core.base.errors import BadInput
from core.context import Capability, Context
from core.reports import library
from core.reports.models import ReportRun, SavedReport
from core.reports.rows import light_columns, readable
from core.reports.views import ReportView, RunView, run_view
from core.stores.app.paging import Page, Place, paged


def reports(ctx: Context, place: Place, *, search: str = "", status: str = "", wanted: str = "") -> Page[ReportView]:
    """Reports that the actor may see, the latest changed first.

    `wanted` public leaves private ones out, and template gives the workspace's templates instead.
    """
    ctx.require(Capability.VIEW_REPORTS)
    if wanted not in ("", "public", "template"):
        raise BadInput(f"There is no filter '{wanted}'. Use public, template, or none.")
    asked = library.found(ctx, search, status=status, shelf="templates" if wanted == "template" else "reports")
    if wanted == "public":
        asked = asked.where(SavedReport.visibility == "workspace")
    with ctx.app.reading() as session:
        rows, total, cursor = paged(session, asked, place, SavedReport.updated_at, SavedReport.id)
        return Page(library.viewed(session, ctx, rows), total, cursor)


def runs(ctx: Context, report_id: str, place: Place) -> Page[RunView]:
    """Runs of a report, the newest first."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        readable(session, ctx, report_id)
        asked = sa.select(ReportRun).where(ReportRun.report_id == report_id).options(*light_columns())
        rows, total, cursor = paged(session, asked, place, ReportRun.created_at, ReportRun.id)
        return Page([run_view(row) for row in rows], total, cursor)
