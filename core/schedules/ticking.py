"""What the worker's clock does with schedules: claim what is due, run it, send what came of it.

Safe to call from any number of clocks at once and after any crash: a time, its
occurrence and its run are written in one transaction, and a finished run is told
to its schedule until the schedule says that it knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from core.access import users, workspaces
from core.base.errors import Conflict, NotAllowed, SightlineError
from core.context import SYSTEM, Context, Rooms
from core.delivery import service as delivery
from core.delivery.channels.smtp import NO_SERVER
from core.reports import portions, quotas, runs, versions
from core.reports.models import ReportRun, SavedReport
from core.reports.outgoing import TEST
from core.schedules import mailing
from core.schedules.going import Going, Share, going, share_for
from core.schedules.models import AT_ONCE, Occurrence, ScheduledReport
from core.schedules.reading import mail_ready
from core.stores.app import new_id

log = structlog.get_logger(__name__)

GRACE = timedelta(minutes=15)
"""A time that is seen so late or later was missed: Sightline was down, and the catch-up policy decides."""
TASK = "report"
AT_THE_SAME_MOMENT = (
    "Somebody else had it run at this very moment, so it was not started twice. Look into the delivery log, and ask"
    " again if it is still wanted."
)


@dataclass(frozen=True, slots=True)
class Unsent:
    """Why nothing runs this time."""

    reason: str
    batch: str
    """Names the notice, so that nobody is told the same twice."""


def tick(house: Rooms) -> int:
    """Start what is due, tell schedules of runs that ended, queue letters that wait. How many runs were started."""
    _wake(house)
    started = [one for schedule_id in _due(house) for one in _started(house, schedule_id)]
    for workspace_id, run_id in started:
        house.queue.put(TASK, workspace_id, run_id)
    runs.remind(house)
    delivery.sweep(house)
    return len(started)


def _wake(house: Rooms) -> None:
    """Let those come that were made while there was no mail server, from their next time on, now that there is one."""
    if mail_ready():
        return
    waits = (
        ScheduledReport.is_active.is_(False), ScheduledReport.deleted_at.is_(None),
        ScheduledReport.paused_reason.startswith(NO_SERVER, autoescape=True),
    )  # fmt: skip
    with house.app.reading() as session:
        waiting = list(session.scalars(sa.select(ScheduledReport.id).where(*waits)))
    if not waiting:
        return
    with house.app.session() as session:
        rows = sa.select(ScheduledReport).where(ScheduledReport.id.in_(waiting), *waits).with_for_update()
        for row in session.scalars(rows):
            ctx = house.context(workspaces.find(house.app, row.workspace_id))
            workspaces.note(session, ctx, "schedule.wake", row.id, waited_for=row.paused_reason)
            row.is_active, row.paused_reason = True, ""
            row.plan_after(house.clock())


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
            sending = mailing.Sending(ctx, house.settings, schedule, occurrence, report, run)
            status, note = _told(house, sending)
            sending.tell_unreached()
        _close(house, occurrence.id, status, note)
    runs.announced(house, workspace_id, run_id)


def start(ctx: Context, schedule: ScheduledReport, recipient: str) -> str:
    """Run a schedule's report now and send it to one address. The id of the run.

    Where each gets their own team's figures, it is the team of whoever reads there, else the first.
    """
    with _one_at_a_moment(), ctx.app.session() as session:
        report = session.get_one(SavedReport, schedule.report_id)
        share = share_for(ctx, schedule, report, recipient)
        time = Occurrence(kind="test", test_recipient=recipient, due_at=ctx.clock(), status="running", note="")
        run = _begun(session, ctx, schedule, report, time, share, TEST)
        workspaces.note(session, ctx, "schedule.test", schedule.id, recipient=recipient)
    ctx.queue.put(TASK, ctx.workspace.id, run.id)
    return run.id


def start_all(ctx: Context, schedule: ScheduledReport) -> list[str]:
    """Run a schedule's report now and send it to everybody it is meant for; its rhythm stays. The ids of the runs.

    It goes whatever the schedule's condition says: whoever asks for it has looked.
    """
    now = ctx.clock()
    with _one_at_a_moment(), ctx.app.session() as session:
        row = session.get_one(ScheduledReport, schedule.id, with_for_update=True)
        report = _checked(session, ctx, row)
        whole = going(ctx, row, report)
        if not whole.shares:
            raise Conflict(_nobody(whole))
        time = Occurrence(kind=AT_ONCE, due_at=now, note=f"Sent by hand by {ctx.actor.name}.")
        begun = _all_begun(session, ctx, row, report, whole, time, "manual")
        workspaces.note(session, ctx, "schedule.send_now", row.id)
    for run in begun:
        ctx.queue.put(TASK, ctx.workspace.id, run.id)
    return [run.id for run in begun]


@contextmanager
def _one_at_a_moment() -> Iterator[None]:
    """A schedule has one occurrence at a moment: Conflict for whoever comes second."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        raise Conflict(AT_THE_SAME_MOMENT) from error


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


def _started(house: Rooms, schedule_id: str) -> list[tuple[str, str]]:
    """(workspace id, run id) of all that this clock won. One schedule's trouble never stops the others."""
    try:
        with house.app.session() as session:
            begun = _claimed(session, house, schedule_id)
        if isinstance(begun, Unsent):
            _tell_unsent(house, schedule_id, begun)
            return []
        return [(run.workspace_id, run.id) for run in begun]
    except sa.exc.IntegrityError:
        return []  # another clock has this time
    except SightlineError as error:
        log.warning("schedule_not_started", schedule_id=schedule_id, reason=error.message)
        if not error.retry:
            _put_aside(house, schedule_id, error.message)
        return []


def _claimed(session: Session, house: Rooms, schedule_id: str) -> list[ReportRun] | Unsent:
    """Take the newest time that is due, with a run for each portion, and move the schedule on, whatever becomes of it.

    Why nothing runs where the month's reports are used up, or nobody who is meant has a team.
    """
    now = house.clock()
    row = session.get(ScheduledReport, schedule_id, with_for_update=True)
    if row is None or not row.is_active or row.next_run_at > now:
        return []
    due = row.clockwork.latest(now - row.offset, row.next_due_at) or row.next_due_at
    missed = now - (due + row.offset) > GRACE
    row.plan_after(now)
    ctx = house.context(workspaces.find(house.app, row.workspace_id))
    report = _checked(session, ctx, row)
    if missed and row.catch_up == "skip":
        _skip(session, row, due, now, "Sightline was not running at that time.")
        return []
    if said := quotas.spent(session, ctx):
        _skip(session, row, due, now, said)
        return Unsent(said, f"quota:{row.id}:{quotas.month(now)[0]:%Y%m}")
    whole = going(ctx, row, report)
    if not whole.shares:
        said = _nobody(whole)
        _skip(session, row, due, now, said)
        return Unsent(said, f"nobody:{row.id}:{due:%Y%m%d%H%M}")
    time = Occurrence(kind="due", due_at=due, note="Caught up after downtime." if missed else "")
    return _all_begun(session, ctx, row, report, whole, time, "scheduler")


def _nobody(whole: Going) -> str:
    return f"Nobody who is meant has a team that the report is about. {' '.join(whole.unreached)}"


def _all_begun(
    session: Session, ctx: Context, row: ScheduledReport, report: SavedReport, whole: Going, time: Occurrence,
    triggered_by: str,
) -> list[ReportRun]:  # fmt: skip
    """A run for each portion of one time."""
    begun: list[ReportRun] = []
    burst = new_id() if row.bursts else None
    for share in whole.shares:
        told = [] if begun else list(whole.unreached)  # once: by the first of them
        one = Occurrence(
            kind=time.kind, test_recipient="", due_at=time.due_at, status="running", note=time.note, unreached=told
        )
        begun.append(_begun(session, ctx, row, report, one, share, triggered_by, burst))
    return begun


def _begun(
    session: Session, ctx: Context, row: ScheduledReport, report: SavedReport, time: Occurrence, share: Share,
    triggered_by: str, burst: str | None = None,
) -> ReportRun:  # fmt: skip
    """A time of a schedule, or a team's portion of it, with its run, in one transaction."""
    plan = portions.plan_of(_owned(ctx, report), report, share.team_id) if share.team_id else None
    time.workspace_id, time.schedule_id, time.claimed_at = row.workspace_id, row.id, ctx.clock()
    time.portion, time.portion_name, time.recipients = share.team_id, share.team_name, list(share.addresses)
    session.add(time)
    session.flush()
    run = runs.begin(
        session, ctx, report.id, as_of=time.due_at, triggered_by=triggered_by, occurrence_id=time.id,
        plan=plan.model_dump(mode="json") if plan else None, portion=share.team_name, burst=burst,
        version=versions.newest_number(session, report.id) if plan else None,
    )  # fmt: skip
    time.run_id = run.id
    return run


def _owned(ctx: Context, report: SavedReport) -> Context:
    """The report's owner: a plan that is made for a team shows what they may see."""
    owner = users.actor_for(ctx.app, report.owner_id, ctx.workspace.id) if report.owner_id else SYSTEM
    return ctx.on_behalf_of(owner)


def _tell_unsent(house: Rooms, schedule_id: str, why: Unsent) -> None:
    with house.app.reading() as session:
        row = session.get_one(ScheduledReport, schedule_id)
        report = session.get_one(SavedReport, row.report_id)
    ctx = house.context(workspaces.find(house.app, row.workspace_id))
    mailing.tell_unsent(ctx, house.settings, row, report, why.reason, why.batch)


def _skip(session: Session, row: ScheduledReport, due: datetime, now: datetime, note: str) -> None:
    session.add(
        Occurrence(
            workspace_id=row.workspace_id, schedule_id=row.id, due_at=due, claimed_at=now, kind="due",
            test_recipient="", status="skipped", note=note,
        )
    )  # fmt: skip
    session.flush()


def _checked(session: Session, ctx: Context, row: ScheduledReport) -> SavedReport:
    """The report, if this schedule may run; Conflict with the reason if nobody stands behind it any more."""
    report = session.get_one(SavedReport, row.report_id)
    if not report.is_active:
        raise Conflict(report.paused_reason or f"The report '{report.name}' is paused.")
    for user_id, what in ((report.owner_id, "owns the report"), (row.created_by, "made this schedule")):
        if user_id and not _is_member(ctx, user_id):
            raise Conflict(
                f"Whoever {what} is no longer a member of '{ctx.workspace.name}', so the schedule is paused."
                " An admin can take the report over and resume the schedule."
            )
    return report


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
