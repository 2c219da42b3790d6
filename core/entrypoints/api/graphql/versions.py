"""Versions of a report's definition over GraphQL, and its archive."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import strawberry
from strawberry import ID, Info
from strawberry.scalars import JSON

from core.entrypoints.api.graphql import shapes
from core.entrypoints.api.graphql.asking import Asking, within
from core.reports import paging, service
from core.reports import versions as kept
from core.reports.versions import VersionView
from core.stores.app.paging import Place


@strawberry.type(description="A definition as it was saved.")
class ReportVersion:
    number: int
    saved_at: datetime
    saved_by: str
    restored_from: int | None
    name: str
    is_current: bool


@strawberry.type
class ReportVersionPage:
    items: list[ReportVersion]
    total: int
    next_cursor: str | None


@strawberry.type(description="What a version says: to look at, or to save again.")
class ReportDefinition:
    number: int
    name: str
    description: str
    parameters: JSON
    report_plan: JSON | None
    file: str = strawberry.field(
        description="The report file, where the report is written as one; it has no plan then."
    )
    text: str = strawberry.field(description="The same as `sightline report pull` writes it, in YAML.")


@strawberry.type(description="What changed from one version to another.")
class ReportDifference:
    before: int
    after: int
    text: str = strawberry.field(description="Line by line, as diff writes it; empty where nothing differs.")


@strawberry.type
class VersionsQuery:
    @strawberry.field(description="Versions of a report's definition, the newest first.")
    def report_versions(
        self,
        info: Info[Asking, None],
        org_id: str,
        report_id: ID,
        limit: int = 50,
        offset: int = 0,
        after: str | None = None,
    ) -> ReportVersionPage | None:
        found = paging.kept(within(info, org_id), report_id, Place(limit, offset, after or ""))
        shown = [_version(one) for one in found.items]
        return ReportVersionPage(items=shown, total=found.total, next_cursor=found.next_cursor or None)

    @strawberry.field(description="A report's definition as it was in one version; 0 for how it stands.")
    def report_version(
        self, info: Info[Asking, None], org_id: str, report_id: ID, number: int = 0
    ) -> ReportDefinition | None:
        ctx = within(info, org_id)
        one = kept.definition(ctx, report_id, number)
        plan = JSON(one.content["report_plan"]) if one.plan else None
        return ReportDefinition(
            number=one.version,
            name=one.name,
            description=one.description,
            parameters=JSON(shapes.parameters(one.parameters)),
            report_plan=plan,
            file=one.file,
            text=kept.text(ctx, report_id, one.version),
        )

    @strawberry.field(description="What changed from one version to another, or to how the report stands.")
    def report_difference(
        self, info: Info[Asking, None], org_id: str, report_id: ID, before: int, after: int = 0
    ) -> ReportDifference | None:
        ctx = within(info, org_id)
        text = kept.compared(ctx, report_id, before, after)
        first, last = (kept.definition(ctx, report_id, one).version for one in (before, after))
        return ReportDifference(before=first, after=last, text=text)


@strawberry.type
class VersionsMutation:
    @strawberry.mutation(description="Make an earlier version the newest one; nothing in between is lost.")
    def restore_report_version(
        self, info: Info[Asking, None], org_id: str, report_id: ID, number: int
    ) -> shapes.SavedReport | None:
        ctx = within(info, org_id)
        kept.go_back(ctx, report_id, number)
        return shapes.report(service.get(ctx, report_id))

    @strawberry.mutation(description="Put a report out of the way with its results; it neither runs nor goes out.")
    def archive_report(self, info: Info[Asking, None], org_id: str, report_id: ID) -> shapes.SavedReport | None:
        ctx = within(info, org_id)
        service.archive(ctx, report_id)
        return shapes.report(service.get(ctx, report_id))

    @strawberry.mutation(description="Take a report back from the archive; it runs again, its schedules too.")
    def unarchive_report(self, info: Info[Asking, None], org_id: str, report_id: ID) -> shapes.SavedReport | None:
        return shapes.report(service.unarchive(within(info, org_id), report_id))


def _version(view: VersionView) -> ReportVersion:
    return ReportVersion(**asdict(view))
