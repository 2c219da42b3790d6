"""A scheduled report as Slack messages: by a connection of the workspace, a delivery for each channel."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from core.access import users, workspaces
from core.base.errors import BadInput, DeliveryFailed, NotFound, SightlineError
from core.connections import service as connections
from core.connections.opening import kind_and_settings, output
from core.context import Capability, Context, Rooms
from core.delivery.models import Delivery
from core.delivery.outputs.output import PERHAPS
from core.reports import sending
from core.reports.models import ReportRun, SavedReport
from core.reports.plan import ReportPlan
from core.schedules.models import Occurrence, ScheduledReport

CHANNEL = "schedule"
"""Of deliveries to Slack: by the schedule's connection, a channel each."""
KIND = "slack"
WEBHOOK = "slack_webhook"
HOOK = "the webhook"
"""Stands for the one channel of a webhook."""
UNKNOWN = "Slack"
"""Stands for the channels of a connection that is gone: its delivery says so."""


def choices(ctx: Context) -> list[str]:
    """Names of the connections that a schedule may be posted by."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    return [view.name for view in connections.connections(ctx) if view.plugin in (KIND, WEBHOOK) and view.is_output]


def require_channels(ctx: Context, connection: str, channels: Sequence[str]) -> None:
    """Return quietly if it can be posted there; BadInput or NotFound with what is missing."""
    if not connection:
        raise BadInput("Choose the Slack connection that it is posted by. Managers add one under Connections.")
    view = connections.connection(ctx, connection)
    if view.plugin == WEBHOOK and view.is_output:
        if channels:
            raise BadInput(f"'{connection}' is a webhook: it posts to its own channel. Leave the channels empty.")
        return
    if view.plugin != KIND or not view.is_output:
        raise BadInput(f"The connection '{connection}' is {view.label}, not Slack. Choose one of Slack.")
    if not channels and not view.args.get("channels"):
        raise BadInput(f"Name at least one Slack channel: '#ops', or its id. '{connection}' brings none of its own.")


def channels(ctx: Context, schedule: ScheduledReport) -> list[str]:
    """Where it is posted now: the schedule's channels, else its connection's."""
    if schedule.slack_channels:
        return list(schedule.slack_channels)
    try:
        kind, settings = kind_and_settings(ctx, schedule.slack_connection)
    except SightlineError:
        return [UNKNOWN]
    found = [HOOK] if kind.key == WEBHOOK else settings.get("channels") or [UNKNOWN]
    return [found] if isinstance(found, str) else list(found)


def send(house: Rooms, row: Delivery, cut_off: bool) -> str:
    """Post a run to one channel, as much of it as whoever scheduled it and somebody unknown may see."""
    run, schedule, report = _of(house, row)
    if cut_off:
        raise DeliveryFailed(PERHAPS, retry=False)
    maker = _maker(house.context(workspaces.find(house.app, row.workspace_id)), schedule, report)
    args = {} if row.recipient == HOOK else {"channels": [row.recipient], "formats": list(schedule.formats)}
    mine = output(maker, schedule.slack_connection, report.name, args)
    mine.check()  # what cannot be reached now is tried later; a message that may have arrived is not sent again
    return mine.send(sending.parcel(maker, run, ReportPlan.model_validate(run.plan)))


def _of(house: Rooms, row: Delivery) -> tuple[ReportRun, ScheduledReport, SavedReport]:
    asked = (
        sa.select(ReportRun, ScheduledReport, SavedReport)
        .join(Occurrence, Occurrence.run_id == ReportRun.id)
        .join(ScheduledReport, ScheduledReport.id == Occurrence.schedule_id)
        .join(SavedReport, SavedReport.id == ReportRun.report_id)
        .where(ReportRun.id == row.run_id, SavedReport.deleted_at.is_(None))
    )
    with house.app.reading() as session:
        found = session.execute(asked).first()
    if found is None:
        raise NotFound("The report was deleted before it was sent.")
    run, schedule, report = found
    return run, schedule, report


def _maker(ctx: Context, schedule: ScheduledReport, report: SavedReport) -> Context:
    """Whoever scheduled it, as the rows say now; NotAllowed if they may have nothing sent any more."""
    return users.acting(
        ctx, schedule.created_by, Capability.SCHEDULE_REPORTS,
        f"Whoever scheduled '{report.name}' may have no reports sent in '{ctx.workspace.name}' any more."
        " Somebody else can resume the schedule to take it over.",
    )  # fmt: skip
