"""Make, change, pause and watch schedules. What the worker's clock does with them is in `ticking`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import users, workspaces
from core.base.errors import BadInput, Conflict, NotAllowed
from core.base.period import zone_of
from core.context import Capability, Context
from core.delivery import domains
from core.delivery import service as delivery
from core.delivery.channels import CHANNELS
from core.delivery.posting import queued
from core.people.reaching import Reach
from core.reports import service as reports
from core.reports.models import SavedReport
from core.reports.outgoing import sendable
from core.reports.plan import read_plan
from core.reports.rows import readable
from core.schedules import reading, recipients
from core.schedules.cron import Cron
from core.schedules.going import Going, going
from core.schedules.joining import join, leave
from core.schedules.models import METHODS, POSTED, ScheduledReport, letter_channel
from core.schedules.reading import log, mail_ready, mail_way
from core.schedules.rhythm import Rhythm
from core.schedules.sends import sends
from core.schedules.slack import choices as slack_connections
from core.schedules.ticking import run_finished, start, start_all, tick
from core.schedules.views import CATCH_UP, Fire, ScheduleView
from core.schedules.wish import Wish
from core.stores.app import new_id


def create(ctx: Context, report_id: str, asked: Wish, *, is_active: bool = True) -> ScheduleView:
    """Send a report by a clock. Without a mail server it is made, but paused, and says what to set."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    report = reports.get(ctx, report_id)
    checked = asked.checked(ctx, sent=bool(sendable(report.report_plan)))
    _require_portions(ctx, report.id, checked)
    with ctx.app.session() as session:
        row = add(session, ctx, readable(session, ctx, report_id), checked)
        if row.is_active and not is_active:
            _pause(session, ctx, row)
    return get(ctx, row.id)


def update(ctx: Context, schedule_id: str, **changes: object) -> ScheduleView:
    """Change what is named of a `Wish` and plan its next run anew; `is_active` resumes or pauses. All, or nothing."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    is_active = changes.pop("is_active", None)
    with ctx.app.session() as session:
        row = reading.row(session, ctx, schedule_id, lock=True)
        if changes:
            change(session, ctx, row, readable(session, ctx, row.report_id), **changes)
        if is_active is not None:
            (_resume if is_active else _pause)(session, ctx, row)
    return get(ctx, schedule_id)


def add(session: Session, ctx: Context, report: SavedReport, checked: Wish) -> ScheduledReport:
    """The row of a new schedule, in a transaction that does more than this."""
    if report.is_template:
        raise Conflict(f"'{report.name}' is a template. Make a report from it, and schedule that.")
    now = ctx.clock()
    lacking = _lacking(checked.delivery_method) if checked.recipients else ""
    row = ScheduledReport(
        id=new_id(), workspace_id=ctx.workspace.id, report_id=report.id, is_active=not lacking,
        paused_reason=lacking, created_by=ctx.actor.user_id or None, created_at=now, updated_at=now,
    )  # fmt: skip
    checked.write(row)
    row.plan_after(now)
    session.add(row)
    session.flush()
    _point(session, report.id, row.id)
    workspaces.note(session, ctx, "schedule.create", report.name, schedule=row.id, cron=row.cron)
    return row


def change(session: Session, ctx: Context, row: ScheduledReport, report: SavedReport, **changes: object) -> None:
    """The same for a schedule that stands: what is named of a `Wish`."""
    sent = bool(sendable(read_plan(report.report_plan) if report.report_plan else None))
    wanted = replace(Wish.of(row), **changes).checked(ctx, sent=sent)  # type: ignore[arg-type]
    _require_portions(ctx, report.id, wanted)
    wanted.write(row)
    row.updated_at = ctx.clock()
    row.plan_after(ctx.clock())
    workspaces.note(session, ctx, "schedule.update", row.id, changed=sorted(changes))


def end(session: Session, ctx: Context, row: ScheduledReport) -> None:
    """The same for one that is to end."""
    row.is_active, row.paused_reason, row.deleted_at = False, "Deleted.", ctx.clock()
    delivery.call_off(session, ctx.workspace.id, row.id, ctx.clock())
    _point(session, row.report_id, None)
    workspaces.note(session, ctx, "schedule.delete", row.id)


def standing(session: Session, ctx: Context, report: SavedReport) -> ScheduledReport | None:
    """The schedule that the report's own word names, held for a change; None for a report that has none."""
    return reading.row(session, ctx, report.schedule_id, lock=True) if report.schedule_id else None


def pause(ctx: Context, schedule_id: str, reason: str = "") -> ScheduleView:
    """Send nothing until it is resumed."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    with ctx.app.session() as session:
        _pause(session, ctx, reading.row(session, ctx, schedule_id, lock=True), reason)
    return get(ctx, schedule_id)


def resume(ctx: Context, schedule_id: str) -> ScheduleView:
    """Send again from its next time on; BadInput while there is no mail server. What was missed stays missed."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    with ctx.app.session() as session:
        _resume(session, ctx, reading.row(session, ctx, schedule_id, lock=True))
    return get(ctx, schedule_id)


def delete(ctx: Context, schedule_id: str) -> None:
    """Send nothing any more, not even what waits. The log of what was sent stays."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    with ctx.app.session() as session:
        end(session, ctx, reading.row(session, ctx, schedule_id, lock=True))


def get(ctx: Context, schedule_id: str) -> ScheduleView:
    """One schedule; NotFound if there is none, or not here."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        reading.row(session, ctx, schedule_id)
    return reading.views(ctx, schedule_id=schedule_id)[0]


def wish(ctx: Context, schedule_id: str) -> Wish:
    """What a schedule is now, to begin a change with."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    with ctx.app.reading() as session:
        return Wish.of(reading.row(session, ctx, schedule_id))


def schedules(ctx: Context, report_id: str = "") -> list[ScheduleView]:
    """Every schedule whose report the actor may see, the next to come first."""
    ctx.require(Capability.VIEW_REPORTS)
    return reading.views(ctx, report_id=report_id)


def next_fires(ctx: Context, schedule_id: str, n: int = 5, zone: str = "") -> list[Fire]:
    """The next times it starts, in its own zone and in the reader's."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        row = reading.row(session, ctx, schedule_id)
    return [fire(at + row.offset, row.time_zone, zone) for at in row.clockwork.upcoming(ctx.clock() - row.offset, n)]


def preview(cron: str, time_zone: str, now: datetime, n: int = 5, zone: str = "") -> tuple[str, list[Fire]]:
    """The sentence and the next times of a rhythm that is not saved yet."""
    rhythm = Rhythm.of(cron)
    fires = Cron(rhythm.cron, time_zone).upcoming(now, n)
    return rhythm.sentence(time_zone), [fire(at, time_zone, zone) for at in fires]


def outlook(ctx: Context, report_id: str, asked: Wish) -> Going:
    """Who would get what if it were sent now; BadInput for a recipient that is not there. Nothing is saved."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    given = [one for text in asked.recipients for one in recipients.split(text)]
    addresses = [one for one in given if not recipients.is_reference(one)]
    found = recipients.resolved(Reach.of(ctx, addresses), given, asked.recipient_names) if given else ()
    with ctx.app.reading() as session:
        return going(ctx, replace(asked, recipients=found), readable(session, ctx, report_id))


def recipients_of(ctx: Context) -> dict[str, str]:
    """Everybody whom a form may offer: teams, leads and people by what stands for them, with what they are called."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    return recipients.offered(Reach.of(ctx))


def fire(at: datetime, time_zone: str, yours: str) -> Fire:
    local = f"{at.astimezone(zone_of(time_zone)):%a %-d %b %Y %H:%M %Z}"
    return Fire(at, local, f"{at.astimezone(zone_of(yours or time_zone)):%a %-d %b %Y %H:%M %Z}")


def test(ctx: Context, schedule_id: str, recipient: str = "") -> str:
    """Run the report now and send it to one address, by default the actor's own. The id of the run."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    with ctx.app.reading() as session:
        row = reading.row(session, ctx, schedule_id)
    to = recipient or ctx.actor.email
    if not to:
        raise BadInput("There is no address to send a test to. Name one.")
    channel = row.channel or "email"  # a test goes to whoever asks, also of what is only posted
    if lacking := mail_ready(channel):
        raise BadInput(lacking)
    wanted = CHANNELS.get(channel).recipient(to)
    domains.require_allowed(ctx, [wanted])
    return start(ctx, row, wanted)


def send_now(ctx: Context, schedule_id: str) -> list[str]:
    """Run the report now and send it to everybody it is meant for, the condition notwithstanding. Ids of the runs.

    When it comes round next stays as it is. BadInput where mail is not set up; Conflict where it has nobody to go to,
    nobody stands behind it, or the month's reports are used up.
    """
    ctx.require(Capability.SCHEDULE_REPORTS)
    with ctx.app.reading() as session:
        row = reading.row(session, ctx, schedule_id)
    if row.recipients and (lacking := _lacking(row.delivery_method)):
        raise BadInput(lacking)
    return start_all(ctx, row)


def send_again(ctx: Context, delivery_id: str) -> None:
    """Send once more what failed for good: the kept letter, not one made anew. Conflict if it has not failed."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    with ctx.app.session() as session:
        row = reading.letter(session, ctx, delivery_id)
        delivery.again(session, ctx, row)
        workspaces.note(session, ctx, "schedule.send_again", row.subject, recipient=row.recipient, run=row.run_id)
    queued(ctx, [row])


def _pause(session: Session, ctx: Context, row: ScheduledReport, reason: str = "") -> None:
    row.is_active, row.paused_reason = False, reason or f"Paused by {ctx.actor.name}."
    workspaces.note(session, ctx, "schedule.pause", row.id, reason=row.paused_reason)


def _resume(session: Session, ctx: Context, row: ScheduledReport) -> None:
    if row.recipients and (lacking := _lacking(row.delivery_method)):
        raise BadInput(lacking)
    if ctx.actor.user_id and row.created_by and not _may_come_in(ctx, row.created_by):
        row.created_by = ctx.actor.user_id  # whoever resumes a schedule of somebody who left takes it over
    row.is_active, row.paused_reason = True, ""
    row.plan_after(ctx.clock())
    workspaces.note(session, ctx, "schedule.resume", row.id)


def _lacking(method: str) -> str:
    """What must be set before letters of this method can go; empty where none do."""
    channel = letter_channel(method)
    return mail_ready(channel) if channel else ""


def _require_portions(ctx: Context, report_id: str, wanted: Wish) -> None:
    """Return quietly unless each is to get their own team's figures and there is no team; BadInput that says why."""
    if not wanted.bursts:
        return
    with ctx.app.reading() as session:
        found = going(ctx, wanted, readable(session, ctx, report_id))
    if not found.shares:
        raise BadInput(f"There is no team's report to send. {' '.join(found.unreached)}")


def _may_come_in(ctx: Context, user_id: str) -> bool:
    try:
        users.actor_for(ctx.app, user_id, ctx.workspace.id)
    except NotAllowed:
        return False
    return True


def _point(session: Session, report_id: str, schedule_id: str | None) -> None:
    """Keep the report's own word for its schedule: the one made last."""
    session.execute(sa.update(SavedReport).where(SavedReport.id == report_id).values(schedule_id=schedule_id))


__all__ = [
    "CATCH_UP", "METHODS", "POSTED", "Wish", "create", "delete", "get", "join", "leave", "letter_channel", "log",
    "mail_ready", "mail_way", "next_fires", "outlook", "pause", "preview", "recipients_of", "resume", "run_finished",
    "schedules", "send_again", "sends", "slack_connections", "test", "tick", "update", "wish",
]  # fmt: skip
