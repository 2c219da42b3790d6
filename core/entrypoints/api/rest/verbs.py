"""What each door of `/api/v1/reports` does: a word with one service, no more."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from core.base.errors import BadInput
from core.context import Context
from core.entrypoints import pages
from core.entrypoints.api.downloads import sent
from core.entrypoints.api.rest import shapes, telling
from core.exports import service as exporting_jobs
from core.reports import exporting, looking, paging, quotas, reading, service, templates, tiles
from core.reports import runs as running
from core.schedules import said
from core.schedules import service as scheduling
from core.schedules.wish import Wish
from core.stores.app.paging import Place


def list_reports(ctx: Context, query: shapes.WhichReports) -> shapes.Page[shapes.Report]:
    found = paging.reports(ctx, Place(query.limit, 0, query.cursor), search=query.search, wanted=query.filter)
    return telling.page(found, telling.report)


def create_report(ctx: Context, body: shapes.ReportBody) -> shapes.Report:
    plan: Any = body.report_plan
    if body.widgets:
        _one_of(plan)
        plan = tiles.plan_of(body.name, body.widgets, body.filters, body.layout)
    elif body.layout:
        raise BadInput(NO_WIDGETS)
    made = service.create(
        ctx, body.name, body.parameters, description=body.description, plan=plan,
        visibility=_visibility(body) or "workspace", is_template=body.is_template,
    )  # fmt: skip
    return telling.report(made)


def get_report(ctx: Context, report_id: str) -> shapes.Report:
    return telling.report(service.get(ctx, report_id))


def update_report(ctx: Context, report_id: str, body: shapes.ReportChange) -> shapes.Report:
    changes = body.model_dump(exclude_none=True, include={"name", "description", "parameters"})
    plan: Any = body.report_plan
    if any(one is not None for one in (body.widgets, body.filters, body.layout)):
        _one_of(plan)
        plan = _laid_out(service.get(ctx, report_id), body)
    changes |= {
        "plan": plan,
        "visibility": _visibility(body),
        "is_active": body.is_active,
        "is_template": body.is_template,
    }
    return telling.report(service.update(ctx, report_id, **changes))


def delete_report(ctx: Context, report_id: str) -> None:
    service.delete(ctx, report_id)


def restore_report(ctx: Context, report_id: str) -> shapes.Report:
    return telling.report(service.restore(ctx, report_id))


def archive_report(ctx: Context, report_id: str) -> shapes.Report:
    service.archive(ctx, report_id)
    return telling.report(service.get(ctx, report_id))


def unarchive_report(ctx: Context, report_id: str) -> shapes.Report:
    return telling.report(service.unarchive(ctx, report_id))


def clone_report(ctx: Context, report_id: str, body: shapes.CloneBody) -> shapes.Report:
    return telling.report(service.clone(ctx, report_id, body.name))


def report_data(ctx: Context, report_id: str, body: shapes.DataBody) -> shapes.Data:
    found = looking.figures(ctx, report_id, date_range=body.date_range)
    return shapes.Data(
        report_id=report_id,
        title=found.title,
        period=found.period_label,
        figures=[one.model_dump(mode="json", exclude={"key"}) for one in found.figures()],
        notices=[one.text for one in found.notices],
    )


def list_templates(ctx: Context) -> shapes.Page[shapes.Template]:
    found = [shapes.Template.model_validate(one) for one in templates.templates(ctx)]
    return shapes.Page(items=found, total=len(found), next_cursor=None)


def create_from_template(ctx: Context, template_id: str, body: shapes.TemplateBody) -> shapes.Report:
    return telling.report(
        templates.create_from(
            ctx, template_id, body.name, teams=body.teams, repos=body.repos, people=body.people,
            visibility=body.visibility,
        )
    )  # fmt: skip


def save_as_template(ctx: Context, report_id: str, body: shapes.SaveTemplateBody) -> shapes.Report:
    return telling.report(templates.save_as(ctx, report_id, body.name))


def list_runs(ctx: Context, report_id: str, query: shapes.Paging) -> shapes.Page[shapes.Run]:
    return telling.page(paging.runs(ctx, report_id, Place(query.limit, 0, query.cursor)), telling.run)


def start_run(ctx: Context, report_id: str) -> shapes.Run:
    return telling.run(running.run_now(ctx, report_id))


def run_again(ctx: Context, run_id: str) -> shapes.Run:
    return telling.run(running.run_again(ctx, run_id))


def quota(ctx: Context) -> shapes.Quota:
    return shapes.Quota.model_validate(quotas.quota(ctx))


def get_run(ctx: Context, run_id: str) -> shapes.Run:
    return telling.run(running.run(ctx, run_id))


def cancel_run(ctx: Context, run_id: str) -> shapes.Run:
    running.cancel(ctx, run_id)
    return telling.run(running.run(ctx, run_id))


def run_markdown(ctx: Context, run_id: str) -> Response:
    return Response(reading.markdown(ctx, run_id), media_type="text/markdown")


def run_document(ctx: Context, run_id: str) -> Response:
    return Response(reading.document(ctx, run_id).model_dump_json(), media_type="application/json")


def list_schedules(ctx: Context, query: shapes.WhichSchedules) -> shapes.Page[shapes.Schedule]:
    found = scheduling.schedules(ctx, query.report_id)
    return shapes.Page(items=[telling.schedule(one) for one in found], total=len(found), next_cursor=None)


def list_sends(ctx: Context, query: shapes.WhichSends) -> shapes.Sends:
    found = scheduling.sends(
        ctx, query.month, query.first, query.last, time_zone=query.time_zone, report_id=query.report_id
    )
    return telling.sends(found)


def create_schedule(ctx: Context, report_id: str, body: shapes.ScheduleBody) -> shapes.Schedule:
    view = scheduling.create(ctx, report_id, Wish(**_wish(body)), is_active=body.is_active is not False)
    return telling.schedule(view)


def update_schedule(ctx: Context, schedule_id: str, body: shapes.ScheduleBody) -> shapes.Schedule:
    return telling.schedule(scheduling.update(ctx, schedule_id, is_active=body.is_active, **_wish(body)))


def send_schedule(ctx: Context, schedule_id: str) -> shapes.Runs:
    begun = scheduling.send_now(ctx, schedule_id)
    return shapes.Runs(items=[telling.run(running.run(ctx, run_id)) for run_id in begun])


def delete_schedule(ctx: Context, schedule_id: str) -> None:
    scheduling.delete(ctx, schedule_id)


def list_exports(ctx: Context, query: shapes.WhichExports) -> shapes.Page[shapes.Export]:
    found = exporting_jobs.page(ctx, Place(query.limit, 0, query.cursor), run_id=query.run_id)
    return telling.page(found, telling.export)


def create_export(ctx: Context, body: shapes.ExportBody) -> shapes.Export:
    export_id = exporting.request(
        ctx, body.export_type, body.format, run_id=body.run_id, report_id=body.report_id, person=body.person,
        team=body.team, parameters=body.parameters, page=pages.plan_of,
    )  # fmt: skip
    return telling.export(exporting_jobs.get(ctx, export_id))


def get_export(ctx: Context, export_id: str) -> shapes.Export:
    return telling.export(exporting_jobs.get(ctx, export_id))


def download_export(ctx: Context, export_id: str) -> Response:
    return sent(exporting_jobs.sending(ctx, export_id))


def cancel_export(ctx: Context, export_id: str) -> shapes.Export:
    exporting_jobs.cancel(ctx, export_id)
    return telling.export(exporting_jobs.get(ctx, export_id))


NO_WIDGETS = "A layout is of widgets, and this report has none of its own. Say them too."
NO_FILTERS = "This report has no widgets of its own, so its days and scope stand in its parameters."


def _one_of(plan: object) -> None:
    if plan:
        raise BadInput("Say either widgets with filters, or a whole report_plan, not both.")


def _laid_out(now: Any, body: shapes.ReportChange) -> Any:
    """The report's plan with its widgets replaced, or with other filters or another layout and all else as it is."""
    plan = now.report_plan
    if body.widgets is None:
        if not tiles.tiles_of(plan):
            raise BadInput(NO_WIDGETS if body.layout else NO_FILTERS)
        return tiles.changed(plan, body.filters, body.layout)
    if not body.widgets:
        return {}
    filters, layout = body.filters or tiles.filters_of(plan), body.layout or tiles.grid_of(plan)
    return tiles.plan_of(body.name or now.name, body.widgets, filters, layout, plan.theme if plan else None)


_AS_ASKED = (
    "recipients",
    "bursts",
    "slack_connection",
    "slack_channels",
    "delivery_method",
    "catch_up",
    "condition",
)


def _wish(body: shapes.ScheduleBody) -> dict[str, Any]:
    asked = body.model_dump(exclude_none=True, include={*_AS_ASKED})
    if body.jitter_seconds is not None:
        asked["jitter_s"] = body.jitter_seconds
    rhythm = said.heard(
        body.schedule, day_of_week=body.day_of_week, day_of_month=body.day_of_month, time_utc=body.time_utc,
        cron=body.cron, time_zone=body.time_zone,
    )  # fmt: skip
    return asked | said.files(body.export_format, body.formats) | rhythm


def _visibility(body: shapes.ReportBody | shapes.ReportChange) -> str | None:
    """Who is to see it, by either name; None if that is not said."""
    chosen = body.visibility if "visibility" in body.model_fields_set else None
    if body.is_public is None:
        return chosen
    meant = "workspace" if body.is_public else "private"
    if chosen not in (None, meant):
        raise BadInput("'visibility' and 'is_public' say different things. Say one of them.")
    return meant
