"""What the worker's clock does with schedules: claim what is due, run it, send what came of it.

Safe to call from any number of clocks at once and after any crash: a time, its
occurrence and its run are written in one transaction, and a finished run is told
to its schedule until the schedule says that it knows.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from core.access import users, workspaces
from core.base.errors import Conflict, NotAllowed, SightlineError
from core.context import Context, Rooms
from core.delivery import service as delivery
from core.reports import quotas, runs
from core.reports.models import ReportRun, SavedReport
from core.reports.outgoing import TEST
from core.schedules import mailing
from core.schedules.models import Occurrence, ScheduledReport

log = structlog.get_logger(__name__)

GRACE = timedelta(minutes=15)
"""A time that is seen so late or later was missed: Sightline was down, and the catch-up policy decides."""
TASK = "report"


def tick(house: Rooms) -> int:
    """Start what is due, tell schedules of runs that ended, queue letters that wait. How many runs were started."""
    started = [workspace_run for schedule_id in _due(house) if (workspace_run := _started(house, schedule_id))]
    for workspace_id, run_id in started:
        house.queue.put(TASK, workspace_id, run_id)
    runs.remind(house)
    delivery.sweep(house)
    return len(started)


def run_finished(house: Rooms, workspace_id: str, run_id: str) -> None:
    """Send what a scheduled run made, or say that it failed: soberly to readers, with the reason to the owner."""
    with house.app.reading() as session:
        run = session.get(ReportRun, run_id)
        occurrence = session.get(Occurrence, run.occurrence_id) if run and run.occurrence_id else None
        schedule = session.get(ScheduledReport, occurrence.schedule_id) if occurrence else None
        report = session.get(SavedReport, run.report_id) if run else None
    if run is None or run.workspace_id != workspace_id:
        return
    if occurrence and schedule and report and occurrence.status == "running":
        ctx = house.context(workspaces.find(house.app, workspace_id))
        with structlog.contextvars.bound_contextvars(run_id=run_id, schedule_id=schedule.id):
            status, note = _told(house, mailing.Sending(ctx, house.settings, schedule, occurrence, report, run))
        _close(house, occurrence.id, status, note)
    runs.announced(house, workspace_id, run_id)


def start(ctx: Context, schedule: ScheduledReport, recipient: str) -> str:
    """Run a schedule's report now and send it to one address. The id of the run."""
    now = ctx.clock()
    with ctx.app.session() as session:
        occurrence = Occurrence(
            workspace_id=ctx.workspace.id, schedule_id=schedule.id, due_at=now, claimed_at=now, kind="test",
            test_recipient=recipient, status="running", note="",
        )  # fmt: skip
        session.add(occurrence)
        session.flush()
        run = runs.begin(session, ctx, schedule.report_id, as_of=now, triggered_by=TEST, occurrence_id=occurrence.id)
        occurrence.run_id = run.id
        workspaces.note(session, ctx, "schedule.test", schedule.id, recipient=recipient)
    ctx.queue.put(TASK, ctx.workspace.id, run.id)
    return run.id


def _due(house: Rooms) -> list[str]:
    asked = (
        sa.select(ScheduledReport.id)
        .join(SavedReport, SavedReport.id == ScheduledReport.report_id)
        .where(
            SavedReport.deleted_at.is_(None),  # it rests with its report, and comes back with it
            ScheduledReport.is_active,
            ScheduledReport.deleted_at.is_(None),
            ScheduledReport.next_run_at <= house.clock(),
        )
        .order_by(ScheduledReport.next_run_at)
    )
    with house.app.reading() as session:
        return list(session.scalars(asked))


def _started(house: Rooms, schedule_id: str) -> tuple[str, str] | None:
    """(workspace id, run id) if this clock won the time. One schedule's trouble never stops the others."""
    try:
        with house.app.session() as session:
            run = _claimed(session, house, schedule_id)
        if isinstance(run, str):
            _tell_spent(house, schedule_id, run)
            return None
        return (run.workspace_id, run.id) if run else None
    except sa.exc.IntegrityError:
        return None  # another clock has this time
    except SightlineError as error:
        log.warning("schedule_not_started", schedule_id=schedule_id, reason=error.message)
        if not error.retry:
            _put_aside(house, schedule_id, error.message)
        return None


def _claimed(session: Session, house: Rooms, schedule_id: str) -> ReportRun | str | None:
    """Take the newest time that is due and move the schedule on, whatever becomes of it.

    A sentence where the month's reports are used up.
    """
    now = house.clock()
    row = session.get(ScheduledReport, schedule_id, with_for_update=True)
    if row is None or not row.is_active or row.next_run_at > now:
        return None
    due = row.clockwork.latest(now - row.offset, row.next_due_at) or row.next_due_at
    missed = now - (due + row.offset) > GRACE
    row.plan_after(now)
    ctx = house.context(workspaces.find(house.app, row.workspace_id))
    _check(session, ctx, row)
    if missed and row.catch_up == "skip":
        _record(session, row, due, now, "skipped", "Sightline was not running at that time.")
        return None
    if said := quotas.spent(session, ctx):
        _record(session, row, due, now, "skipped", said)
        return said
    occurrence = _record(session, row, due, now, "running", "Caught up after downtime." if missed else "")
    run = runs.begin(session, ctx, row.report_id, as_of=due, triggered_by="scheduler", occurrence_id=occurrence.id)
    occurrence.run_id = run.id
    return run


def _tell_spent(house: Rooms, schedule_id: str, reason: str) -> None:
    with house.app.reading() as session:
        row = session.get_one(ScheduledReport, schedule_id)
        report = session.get_one(SavedReport, row.report_id)
    ctx = house.context(workspaces.find(house.app, row.workspace_id))
    mailing.tell_spent(ctx, house.settings, row, report, reason)


def _record(session: Session, row: ScheduledReport, due: datetime, now: datetime, status: str, note: str) -> Occurrence:
    occurrence = Occurrence(
        workspace_id=row.workspace_id, schedule_id=row.id, due_at=due, claimed_at=now, kind="due", test_recipient="",
        status=status, note=note,
    )  # fmt: skip
    session.add(occurrence)
    session.flush()
    return occurrence


def _check(session: Session, ctx: Context, row: ScheduledReport) -> None:
    """Return quietly if this schedule may run; Conflict with the reason if nobody stands behind it any more."""
    report = session.get_one(SavedReport, row.report_id)
    if not report.is_active:
        raise Conflict(report.paused_reason or f"The report '{report.name}' is paused.")
    for user_id, what in ((report.owner_id, "owns the report"), (row.created_by, "made this schedule")):
        if user_id and not _is_member(ctx, user_id):
            raise Conflict(
                f"Whoever {what} is no longer a member of '{ctx.workspace.name}', so the schedule is paused."
                " An admin can take the report over and resume the schedule."
            )


def _is_member(ctx: Context, user_id: str) -> bool:
    try:
        users.actor_for(ctx.app, user_id, ctx.workspace.id)
    except NotAllowed:
        return False
    return True


def _told(house: Rooms, sending: mailing.Sending) -> tuple[str, str]:
    """Post what the run's ending asks for; the occurrence's new status and note.

    A letter that cannot be made is a failure of its own: readers would wait for it in vain.
    """
    try:
        return _posted(house, sending)
    except SightlineError as error:
        if error.retry:
            raise
        reason = error.message
    except Exception as error:  # whatever a renderer or a plugin does, somebody must hear of it
        log.exception("letter_not_made")
        reason = f"The mail could not be made: a fault of ours ({type(error).__name__}). The log has the details."
    sending.post_failure(reason)
    return "failed", reason


def _posted(house: Rooms, sending: mailing.Sending) -> tuple[str, str]:
    match sending.run.status:
        case "success" | "partial":
            if said := sending.unmet():
                return "skipped", said
            sending.post_result()
            return "posted", sending.occurrence.note
        case "cancelled":
            return "cancelled", "The run was cancelled."
    reason = sending.run.error or "The run failed."
    sending.post_failure(reason)
    if not sending.report.is_active:
        _put_aside(house, sending.schedule.id, sending.report.paused_reason)
    return "failed", reason


def _close(house: Rooms, occurrence_id: str, status: str, note: str) -> None:
    with house.app.session() as session:
        session.execute(sa.update(Occurrence).where(Occurrence.id == occurrence_id).values(status=status, note=note))


def _put_aside(house: Rooms, schedule_id: str, reason: str) -> None:
    """Pause a schedule that cannot run, and tell the admins."""
    now = house.clock()
    with house.app.session() as session:
        row = session.get(ScheduledReport, schedule_id, with_for_update=True)
        if row is None or not row.is_active:
            return
        ctx = house.context(workspaces.find(house.app, row.workspace_id))
        row.is_active, row.paused_reason = False, reason
        workspaces.note(session, ctx, "schedule.pause", row.id, reason=reason)
        report = session.get_one(SavedReport, row.report_id)
    mailing.tell_paused(ctx, house.settings, row, report, reason, now)
