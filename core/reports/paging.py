"""Reports and runs page by page."""

from __future__ import annotations

import sqlalchemy as sa

from core.base.errors import BadInput
from core.context import Capability, Context
from core.reports import library, versions
from core.reports.models import ReportRun, SavedReport
from core.reports.rows import light_columns, readable
from core.reports.versions import VersionView
from core.reports.views import ReportView, RunView, run_view
from core.stores.app.paging import Page, Place, paged

FILTERS = {
    "": "reports", "public": "reports", "mine": "mine", "template": "templates", "archived": "archived",
    "deleted": "deleted",
}  # fmt: skip
"""What programs call the shelves of the library; `public` is all but private ones."""


def reports(ctx: Context, place: Place, *, search: str = "", status: str = "", wanted: str = "") -> Page[ReportView]:
    """Reports that the actor may see, the latest changed first: all that are in use, or those of a filter."""
    ctx.require(Capability.VIEW_REPORTS)
    if wanted not in FILTERS:
        raise BadInput(f"There is no filter '{wanted}'. Use {', '.join(filter(None, FILTERS))}, or none.")
    asked = library.found(ctx, search, status=status, shelf=FILTERS[wanted])
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


def kept(ctx: Context, report_id: str, place: Place) -> Page[VersionView]:
    """Versions of a report, the newest first. A cursor is the number of the last one that was shown."""
    found = versions.versions(ctx, report_id)
    last = next((at for at, one in enumerate(found) if str(one.number) == place.after), -1)
    if place.after and last < 0:
        raise BadInput("This cursor is none that we gave. Begin again without one.")
    older = found[last + 1 + place.offset :]
    shown = older[: place.limit]
    return Page(shown, len(found), str(shown[-1].number) if len(older) > len(shown) else "")
