"""What can be changed. Each field speaks to one service, which says who may."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry import ID, Info

from core.entrypoints import pages
from core.entrypoints.api.graphql import inputs, shapes
from core.entrypoints.api.graphql.asking import Asking, within
from core.exports import service as exports
from core.reports import exporting, runs, service
from core.schedules import founding, said
from core.schedules import service as schedules
from core.schedules.wish import Wish

REPORT = ("name", "description", "parameters", "visibility", "is_active")
RHYTHM = ("schedule", "day_of_week", "day_of_month", "time_utc", "cron", "time_zone")
FILES: dict[str, Any] = {"export_format": None, "formats": None}
SCHEDULE = (
    "recipients",
    "bursts",
    "slack_connection",
    "slack_channels",
    "delivery_method",
    "catch_up",
    "condition",
)


@strawberry.type
class Mutation:
    """`orgId` is the id or the slug of the token's workspace."""

    @strawberry.mutation(description="Make a report, with a schedule if a cron expression is given.")
    def create_saved_report(
        self, info: Info[Asking, None], org_id: str, input: inputs.CreateSavedReportInput
    ) -> shapes.SavedReport | None:
        plan = inputs.an_object(input.report_plan, "report plan")
        content = {"description": input.description or "", "plan": plan, "visibility": input.visibility}
        parameters = inputs.an_object(input.parameters, "parameters")
        made = founding.create(within(info, org_id), input.name, parameters, input.schedule_cron or "", **content)
        return shapes.report(made)

    @strawberry.mutation(description="Change what is given of a report. Its owner, its editors and admins may.")
    def update_saved_report(
        self, info: Info[Asking, None], org_id: str, report_id: ID, input: inputs.UpdateSavedReportInput
    ) -> shapes.SavedReport | None:
        ctx, changes = within(info, org_id), inputs.given(input, REPORT)
        if input.report_plan is not strawberry.UNSET:
            changes["plan"] = inputs.an_object(input.report_plan, "report plan")
        if "parameters" in changes:
            inputs.an_object(changes["parameters"], "parameters")
        cron = input.schedule_cron if isinstance(input.schedule_cron, str) else None
        return shapes.report(founding.update(ctx, report_id, cron, **changes))

    @strawberry.mutation(description="A copy of one's own, without schedule and runs.")
    def clone_saved_report(
        self, info: Info[Asking, None], org_id: str, report_id: ID, name: str = ""
    ) -> shapes.SavedReport | None:
        return shapes.report(service.clone(within(info, org_id), report_id, name))

    @strawberry.mutation(description="Take a report away; restoreSavedReport brings it back for 30 days.")
    def delete_saved_report(self, info: Info[Asking, None], org_id: str, report_id: ID) -> bool | None:
        service.delete(within(info, org_id), report_id)
        return True

    @strawberry.mutation(description="Bring a deleted report back with its runs and its schedule.")
    def restore_saved_report(self, info: Info[Asking, None], org_id: str, report_id: ID) -> shapes.SavedReport | None:
        return shapes.report(service.restore(within(info, org_id), report_id))

    @strawberry.mutation(description="Run a report now. A run that still waits or runs is returned instead.")
    def trigger_report(self, info: Info[Asking, None], org_id: str, report_id: ID) -> shapes.ReportRun | None:
        return shapes.run(service.run_now(within(info, org_id), report_id))

    @strawberry.mutation(description="Stop a run that waits or runs.")
    def cancel_report_run(self, info: Info[Asking, None], org_id: str, run_id: ID) -> shapes.ReportRun | None:
        ctx = within(info, org_id)
        runs.cancel(ctx, run_id)
        return shapes.run(runs.run(ctx, run_id))

    @strawberry.mutation(description="Send a report by a clock.")
    def create_schedule(
        self, info: Info[Asking, None], org_id: str, report_id: ID, input: inputs.ScheduleInput
    ) -> shapes.Schedule | None:
        made = schedules.create(
            within(info, org_id), report_id, Wish(**_wish(input)), is_active=input.is_active is not False
        )
        return shapes.schedule(made)

    @strawberry.mutation(description="Change what is given of a schedule, and plan its next run anew.")
    def update_schedule(
        self, info: Info[Asking, None], org_id: str, schedule_id: ID, input: inputs.ScheduleInput
    ) -> shapes.Schedule | None:
        changes = {**_wish(input), **inputs.given(input, ("is_active",))}
        return shapes.schedule(schedules.update(within(info, org_id), schedule_id, **changes))

    @strawberry.mutation(description="Send nothing until it is resumed.")
    def pause_schedule(
        self, info: Info[Asking, None], org_id: str, schedule_id: ID, reason: str = ""
    ) -> shapes.Schedule | None:
        return shapes.schedule(schedules.pause(within(info, org_id), schedule_id, reason))

    @strawberry.mutation(description="Send again, from its next time on.")
    def resume_schedule(self, info: Info[Asking, None], org_id: str, schedule_id: ID) -> shapes.Schedule | None:
        return shapes.schedule(schedules.resume(within(info, org_id), schedule_id))

    @strawberry.mutation(description="Run its report now and send it to all; when it comes next stays.")
    def send_schedule(self, info: Info[Asking, None], org_id: str, schedule_id: ID) -> list[shapes.ReportRun] | None:
        ctx = within(info, org_id)
        return [shapes.run(runs.run(ctx, run_id)) for run_id in schedules.send_now(ctx, schedule_id)]

    @strawberry.mutation(description="End a schedule. The log of what was sent stays.")
    def delete_schedule(self, info: Info[Asking, None], org_id: str, schedule_id: ID) -> bool | None:
        schedules.delete(within(info, org_id), schedule_id)
        return True

    @strawberry.mutation(description="Ask for a file; follow it with exportJob.")
    def create_export(
        self, info: Info[Asking, None], org_id: str, input: inputs.CreateExportInput
    ) -> shapes.ExportJob | None:
        ctx = within(info, org_id)
        export_id = exporting.request(
            ctx, input.export_type, input.format, run_id=input.run_id or "", report_id=input.report_id or "",
            person=input.person or "", team=input.team or "",
            parameters=inputs.an_object(input.parameters, "parameters"), page=pages.plan_of,
        )  # fmt: skip
        return shapes.export(exports.get(ctx, export_id))

    @strawberry.mutation(description="Stop a file that waits or is being made.")
    def cancel_export(self, info: Info[Asking, None], org_id: str, export_id: ID) -> shapes.ExportJob | None:
        ctx = within(info, org_id)
        exports.cancel(ctx, export_id)
        return shapes.export(exports.get(ctx, export_id))


def _wish(asked: inputs.ScheduleInput) -> dict[str, Any]:
    wish, rhythm = inputs.given(asked, (*SCHEDULE, "jitter_seconds")), inputs.given(asked, RHYTHM)
    if "jitter_seconds" in wish:
        wish["jitter_s"] = wish.pop("jitter_seconds")
    return wish | said.files(**FILES | inputs.given(asked, FILES)) | said.heard(**rhythm)
