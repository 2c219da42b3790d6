"""A report that comes with its rhythm: both are made, or neither. It is run and kept; nobody is mailed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.context import Capability, Context
from core.reports import service as reports
from core.reports.views import ReportView
from core.schedules import service
from core.schedules.wish import Wish


def create(ctx: Context, name: str, parameters: Mapping[str, Any] | None, cron: str, **content: Any) -> ReportView:
    """Save a report that runs by `cron`; without one, a report that is run by hand."""
    ctx.require(Capability.EDIT_REPORTS)
    if not cron:
        return reports.create(ctx, name, parameters, **content)
    ctx.require(Capability.SCHEDULE_REPORTS)
    wish = Wish(cron=cron, formats=(), kept_only=True).checked(ctx)
    report = reports.create(ctx, name, parameters, **content)
    try:
        service.create(ctx, report.id, wish)
    except BaseException:
        reports.delete(ctx, report.id)
        raise
    return reports.get(ctx, report.id)


def set_cron(ctx: Context, report_id: str, cron: str) -> None:
    """Let a report run by another rhythm; an empty one ends its schedule."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    standing = reports.get(ctx, report_id).schedule_id
    if not cron:
        if standing:
            service.delete(ctx, standing)
    elif standing:
        service.update(ctx, standing, cron=cron)
    else:
        service.create(ctx, report_id, Wish(cron=cron, formats=(), kept_only=True))
