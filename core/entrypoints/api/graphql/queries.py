"""What can be asked. Each field speaks to one service."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry
from strawberry import ID, Info

from core.entrypoints.api.graphql import shapes
from core.entrypoints.api.graphql.asking import Asking, within
from core.exports import service as exports
from core.reports import paging, runs, service
from core.schedules import service as schedules
from core.stores.app.paging import Place


@strawberry.type
class Query:
    """`orgId` is the id or the slug of the token's workspace."""

    @strawberry.field(description="Reports, the latest changed first; with every word of `search` in them.")
    def saved_reports(
        self,
        info: Info[Asking, None],
        org_id: str,
        limit: int = 50,
        offset: int = 0,
        after: str | None = None,
        search: str = "",
        status: shapes.RunStatus | None = None,
        filter: shapes.ReportFilter | None = None,
    ) -> shapes.SavedReportPage | None:
        ctx, place = within(info, org_id), Place(limit, offset, after or "")
        said, wanted = status.value if status else "", filter.value if filter else ""
        return shapes.reports_page(paging.reports(ctx, place, search=search, status=said, wanted=wanted))

    @strawberry.field(description="One report.")
    def saved_report(self, info: Info[Asking, None], org_id: str, report_id: ID) -> shapes.SavedReport | None:
        return shapes.report(service.get(within(info, org_id), report_id))

    @strawberry.field(description="Runs of a report, the newest first.")
    def report_runs(
        self,
        info: Info[Asking, None],
        org_id: str,
        report_id: ID,
        limit: int = 50,
        offset: int = 0,
        after: str | None = None,
    ) -> shapes.ReportRunPage | None:
        return shapes.runs_page(paging.runs(within(info, org_id), report_id, Place(limit, offset, after or "")))

    @strawberry.field(description="One run.")
    def report_run(self, info: Info[Asking, None], org_id: str, run_id: ID) -> shapes.ReportRun | None:
        return shapes.run(runs.run(within(info, org_id), run_id))

    @strawberry.field(description="Schedules, the next to come first; of one report, or of all.")
    def schedules(
        self, info: Info[Asking, None], org_id: str, report_id: ID | None = None, limit: int = 50, offset: int = 0
    ) -> shapes.SchedulePage | None:
        place, found = Place(limit, offset), schedules.schedules(within(info, org_id), report_id or "")
        shown = found[place.offset : place.offset + place.limit]
        return shapes.SchedulePage(items=[shapes.schedule(one) for one in shown], total=len(found))

    @strawberry.field(description="Every send of a month, or of the days from `from` up to and without `to`.")
    def schedule_calendar(
        self,
        info: Info[Asking, None],
        org_id: str,
        month: str = "",
        first: Annotated[date | None, strawberry.argument(name="from")] = None,
        last: Annotated[date | None, strawberry.argument(name="to")] = None,
        time_zone: str = "",
        report_id: ID | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> shapes.SendPage | None:
        ctx, place = within(info, org_id), Place(limit, offset)
        found = schedules.sends(ctx, month, first, last, time_zone=time_zone, report_id=report_id or "")
        return shapes.sends_page(found, place)

    @strawberry.field(description="Files that were asked for, the newest first; of one run, or of all.")
    def export_jobs(
        self,
        info: Info[Asking, None],
        org_id: str,
        run_id: ID | None = None,
        limit: int = 50,
        offset: int = 0,
        after: str | None = None,
    ) -> shapes.ExportJobPage | None:
        place = Place(limit, offset, after or "")
        return shapes.exports_page(exports.page(within(info, org_id), place, run_id=run_id or ""))

    @strawberry.field(description="One file that was asked for, with where to fetch it.")
    def export_job(self, info: Info[Asking, None], org_id: str, export_id: ID) -> shapes.ExportJob | None:
        return shapes.export(exports.get(within(info, org_id), export_id))
