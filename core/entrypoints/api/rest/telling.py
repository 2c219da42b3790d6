"""The core's views as what REST answers with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from core.base.settings import settings
from core.entrypoints.api.rest import shapes
from core.exports.service import ExportView
from core.reports import tiles
from core.reports.views import ReportView, RunView
from core.schedules import said
from core.schedules.views import ScheduleView, Sends
from core.stores.app.paging import Page

View = TypeVar("View")
Item = TypeVar("Item")


def page(found: Page[View], tell: Callable[[View], Item]) -> shapes.Page[Item]:
    """A page of whatever `tell` makes of each view."""
    return shapes.Page(
        items=[tell(one) for one in found.items], total=found.total, next_cursor=found.next_cursor or None
    )


def report(view: ReportView) -> shapes.Report:
    plan = view.report_plan
    return shapes.Report(
        organization_id=view.workspace_id,
        creator_id=view.owner_id,
        creator_name=view.owner_name,
        parameters=view.parameters.model_dump(mode="json"),
        widgets=tiles.tiles_of(plan),
        filters=tiles.filters_of(plan),
        layout=tiles.layout_of(plan),
        report_plan=plan.model_dump(mode="json") if plan else None,
        is_public=view.visibility == "workspace",
        **_same(view, "id name description visibility is_active paused_reason schedule_id created_at updated_at"
                " archived_at deleted_at last_run_at last_run_status may_edit is_template"),
    )  # fmt: skip


def run(view: RunView) -> shapes.Run:
    return shapes.Run.model_validate(view)


def schedule(view: ScheduleView) -> shapes.Schedule:
    rhythm = view.rhythm
    return shapes.Schedule(
        schedule=rhythm.preset,
        day_of_week=rhythm.day_of_week,
        day_of_month=rhythm.day_of_month,
        time=f"{rhythm.at:%H:%M}" if rhythm.at else None,
        time_utc=said.time_utc(view),
        export_format=said.export_format(view),
        cron=rhythm.cron,
        jitter_seconds=view.jitter_s,
        condition=view.condition,
        recipient_names=view.names,
        **_same(view, "id report_id report_name time_zone sentence recipients bursts delivery_method"
                " slack_connection slack_channels formats is_active"
                " paused_reason catch_up last_sent_at last_error next_run_at"),
    )  # fmt: skip


def sends(found: Sends) -> shapes.Sends:
    return shapes.Sends(
        starts_at=found.period.start,
        ends_at=found.period.end,
        items=[shapes.Send.model_validate(one) for one in found.items],
        total=len(found.items),
        **_same(found, "time_zone cut_at"),
    )


def export(view: ExportView) -> shapes.Export:
    finished = view.status == "success"
    return shapes.Export(
        error_message=view.error,
        download_url=f"{settings().url}/api/v1/reports/exports/{view.id}/download" if finished else None,
        **_same(view, "id export_type format config status requested_by run_id file_name media_type file_size_bytes"
                " progress progress_text created_at finished_at expires_at"),
    )  # fmt: skip


def _same(view: Any, names: str) -> dict[str, Any]:
    return {name: getattr(view, name) for name in names.split()}
