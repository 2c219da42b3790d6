"""What GraphQL answers with: the core's views under the names that its callers know."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from strawberry import ID, Info
from strawberry.scalars import JSON

from core.base.settings import settings
from core.entrypoints.api.graphql.asking import Asking
from core.exports.service import ExportView
from core.reports import reading
from core.reports.plan import Parameters
from core.reports.views import ReportView, RunView
from core.schedules import said
from core.schedules.views import ScheduleView, Sends
from core.stores.app.paging import Page, Place


@strawberry.enum
class RunStatus(Enum):
    """Where a run, or an export, stands."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCESS = "success"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"


@strawberry.enum
class ReportFilter(Enum):
    """Which reports: all but private ones, one's own, templates, what is archived, what can still be brought back."""

    PUBLIC = "public"
    MINE = "mine"
    TEMPLATE = "template"
    ARCHIVED = "archived"
    DELETED = "deleted"


@strawberry.type(description="A report definition with its parameters and, where it has one, its schedule.")
class SavedReport:
    id: ID
    org_id: ID
    name: str
    description: str
    parameters: JSON
    report_plan: JSON | None
    schedule_id: ID | None
    is_active: bool
    paused_reason: str
    archived_at: datetime | None
    deleted_at: datetime | None
    is_template: bool
    owner_id: ID | None
    owner_name: str
    visibility: str
    created_at: datetime
    updated_at: datetime
    last_run_at: datetime | None
    last_run_status: RunStatus | None
    may_edit: bool = strawberry.field(description="Whether this token may change it.")


@strawberry.type(description="One execution of a report.")
class ReportRun:
    id: ID
    report_id: ID
    status: RunStatus
    triggered_by: str = strawberry.field(description="manual, scheduler, cli or test.")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration_seconds: float | None
    error: str | None = strawberry.field(description="One sentence: what is missing, or why it failed.")
    failures: list[str] = strawberry.field(description="A sentence for each part that is missing.")
    progress: float
    progress_text: str
    attempt: int
    version: int | None = strawberry.field(description="Number of the definition that it ran.")
    period_start: datetime | None
    period_end: datetime | None
    has_document: strawberry.Private[bool]

    @strawberry.field(description="The result as Markdown, without what this token may not see.")
    def rendered_markdown(self, info: Info[Asking, None]) -> str | None:
        return reading.markdown(info.context.ctx, self.id) if self.has_document else None

    @strawberry.field(description="Where every number came from: query, parameters, rows, versions.")
    def provenance_records(self, info: Info[Asking, None]) -> JSON | None:
        return JSON(reading.provenance(info.context.ctx, self.id)) if self.has_document else None

    @strawberry.field(description="The frozen document, as its JSON format has it.")
    def document(self, info: Info[Asking, None]) -> JSON | None:
        if not self.has_document:
            return None
        return JSON(reading.document(info.context.ctx, self.id).model_dump(mode="json"))


@strawberry.type(description="A report that goes out, or is run, by a clock.")
class Schedule:
    id: ID
    report_id: ID
    report_name: str
    cron: str
    time_zone: str
    schedule: str = strawberry.field(description="daily, weekly, monthly or custom.")
    day_of_week: int | None = strawberry.field(description="0 is Monday.")
    day_of_month: int | None
    time: str | None = strawberry.field(description="HH:MM in its time zone.")
    time_utc: str | None = strawberry.field(description="The same where that is UTC, else null.")
    sentence: str
    recipients: list[str]
    recipient_names: list[str]
    bursts: bool = strawberry.field(description="Whether each recipient gets their own team's figures.")
    export_format: str | None = strawberry.field(description="Its one file; null for none, or several.")
    formats: list[str]
    delivery_method: str
    slack_connection: str
    slack_channels: list[str]
    is_active: bool
    paused_reason: str
    catch_up: str
    jitter_seconds: int
    condition: str
    next_run_at: datetime | None
    last_sent_at: datetime | None
    last_error: str
    created_at: datetime


@strawberry.type(description="One time of a schedule, past or coming, with all portions of it.")
class Send:
    due_at: datetime = strawberry.field(description="The time by its rhythm.")
    schedule_id: ID
    report_id: ID
    report_name: str
    state: str = strawberry.field(
        description="coming, paused, due, running, sending, sent, kept, partly, unsure, failed, skipped or cancelled."
    )
    detail: str = strawberry.field(description="What did not arrive, or why nothing was sent.")
    teams: int | None = strawberry.field(
        description="Teams' portions; 0 for the whole report, null while that is not known."
    )
    run_id: ID | None


@strawberry.type(description="A file that was asked for.")
class ExportJob:
    id: ID
    export_type: str
    format: str
    config: JSON
    status: RunStatus
    requested_by: ID | None = strawberry.field(description="Id of a user; null for Sightline itself.")
    run_id: ID | None
    file_name: str
    media_type: str
    file_size_bytes: float | None
    error_message: str | None
    progress: float
    progress_text: str
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    download_url: str | None = strawberry.field(description="Fetch it with the same token; null until it is finished.")


@strawberry.type
class SavedReportPage:
    items: list[SavedReport]
    total: int
    next_cursor: str | None = strawberry.field(description="Ask with `after` for those that follow.")


@strawberry.type
class ReportRunPage:
    items: list[ReportRun]
    total: int
    next_cursor: str | None


@strawberry.type
class SchedulePage:
    items: list[Schedule]
    total: int


@strawberry.type
class SendPage:
    items: list[Send]
    total: int
    cut_at: datetime | None = strawberry.field(description="Too many: from here on they are missing, else null.")


@strawberry.type
class ExportJobPage:
    items: list[ExportJob]
    total: int
    next_cursor: str | None


def report(view: ReportView) -> SavedReport:
    plan = view.report_plan
    return SavedReport(
        parameters=JSON(parameters(view.parameters)),
        report_plan=JSON(plan.model_dump(mode="json")) if plan else None,
        org_id=ID(view.workspace_id),
        last_run_status=RunStatus(view.last_run_status) if view.last_run_status else None,
        **_same(view, "id name description schedule_id is_active paused_reason archived_at deleted_at is_template"
                " owner_id owner_name visibility"
                " created_at updated_at last_run_at may_edit"),
    )  # fmt: skip


def run(view: RunView) -> ReportRun:
    return ReportRun(
        status=RunStatus(view.status),
        failures=list(view.failures),
        **_same(view, "id report_id triggered_by created_at started_at finished_at duration_seconds error progress"
                " progress_text attempt version period_start period_end has_document"),
    )  # fmt: skip


def schedule(view: ScheduleView) -> Schedule:
    return Schedule(
        cron=view.rhythm.cron,
        schedule=view.rhythm.preset,
        day_of_week=view.rhythm.day_of_week,
        day_of_month=view.rhythm.day_of_month,
        time=f"{view.rhythm.at:%H:%M}" if view.rhythm.at else None,
        time_utc=said.time_utc(view),
        export_format=said.export_format(view),
        jitter_seconds=view.jitter_s,
        condition=view.condition,
        recipient_names=view.names,
        **_same(view, "id report_id report_name time_zone sentence recipients bursts slack_connection slack_channels"
                " formats delivery_method is_active"
                " paused_reason catch_up next_run_at last_sent_at last_error created_at"),
    )  # fmt: skip


def export(view: ExportView) -> ExportJob:
    finished = view.status == "success"
    return ExportJob(
        status=RunStatus(view.status),
        config=JSON(view.config),
        error_message=view.error,
        file_size_bytes=view.file_size_bytes,
        download_url=f"{settings().url}/api/v1/reports/exports/{view.id}/download" if finished else None,
        **_same(view, "id export_type format requested_by run_id file_name media_type progress progress_text created_at"
                " finished_at expires_at"),
    )  # fmt: skip


def sends_page(found: Sends, place: Place) -> SendPage:
    shown = found.items[place.offset : place.offset + place.limit]
    names = "due_at schedule_id report_id report_name state detail teams run_id"
    return SendPage(items=[Send(**_same(one, names)) for one in shown], total=len(found.items), cut_at=found.cut_at)


def reports_page(page: Page[ReportView]) -> SavedReportPage:
    return SavedReportPage(
        items=[report(one) for one in page.items], total=page.total, next_cursor=page.next_cursor or None
    )


def runs_page(page: Page[RunView]) -> ReportRunPage:
    return ReportRunPage(items=[run(one) for one in page.items], total=page.total, next_cursor=page.next_cursor or None)


def exports_page(page: Page[ExportView]) -> ExportJobPage:
    return ExportJobPage(
        items=[export(one) for one in page.items], total=page.total, next_cursor=page.next_cursor or None
    )


def parameters(given: Parameters) -> dict[str, Any]:
    """The parameters under the names that GraphQL has for them."""
    return {_camel(name): value for name, value in given.model_dump(mode="json").items()}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def _same(view: Any, names: str) -> dict[str, Any]:
    return {name: getattr(view, name) for name in names.split()}
