"""A report that comes with its rhythm: both are saved, or neither. It is run and kept; nobody is mailed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from core.context import Capability, Context
from core.reports import service as reports
from core.reports.models import SavedReport
from core.reports.rows import readable
from core.reports.views import ReportView
from core.schedules import service
from core.schedules.wish import Wish


def create(ctx: Context, name: str, parameters: Mapping[str, Any] | None, cron: str, **content: Any) -> ReportView:
    """Save a report that runs by `cron`; without one, a report that is run by hand."""
    ctx.require(Capability.EDIT_REPORTS)
    along = _along(ctx, cron) if cron else None
    return reports.create(ctx, name, parameters, **content, along=along)


def update(ctx: Context, report_id: str, cron: str | None, **changes: Any) -> ReportView:
    """Change what is given of a report, and its rhythm: an empty one ends its schedule, None leaves it as it is."""
    ctx.require(Capability.VIEW_REPORTS)
    along = None if cron is None else _along(ctx, cron)
    if changes:
        return reports.update(ctx, report_id, **changes, along=along)
    if along:
        with ctx.app.session() as session:
            along(session, readable(session, ctx, report_id))
    return reports.get(ctx, report_id)


def _along(ctx: Context, cron: str) -> reports.Along:
    """What writes a report's rhythm beside it; NotAllowed or BadInput before anything is written."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    wish = Wish(cron=cron, formats=(), kept_only=True).checked(ctx) if cron else None

    def written(session: Session, report: SavedReport) -> None:
        standing = service.standing(session, ctx, report)
        if wish is None:
            if standing:
                service.end(session, ctx, standing)
        elif standing:
            service.change(session, ctx, standing, report, cron=wish.cron)
        else:
            service.add(session, ctx, report, wish)

    return written
