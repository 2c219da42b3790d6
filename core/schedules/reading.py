"""Schedules and their logs as rows to show: a query for all, never one each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import User
from core.base.errors import NotFound, SightlineError
from core.base.settings import settings
from core.context import Capability, Context
from core.delivery.channels import CHANNELS
from core.delivery.models import Delivery, OptOut, Receipt
from core.delivery.posting import OUTPUT
from core.delivery.said import became
from core.people.reaching import Reach
from core.reports.models import SavedReport
from core.reports.rows import visible
from core.schedules import slack
from core.schedules.condition import Condition
from core.schedules.models import UNREACHED, Occurrence, ScheduledReport, letter_channel
from core.schedules.recipients import is_reference, label, reached
from core.schedules.views import LogEntry, ScheduleView

_WHERE = {OUTPUT: "output '{}'", slack.CHANNEL: "{} in Slack"}
"""How the log calls whom a delivery goes to, by its channel; others are addresses."""


def mail_ready(channel: str = "email") -> str:
    """What must be set before the channel can send; empty when it is ready."""
    return CHANNELS.get(channel).missing(settings())


def mail_way() -> str:
    """By which server and under which name mail goes, as a sentence."""
    config = settings()
    how = {"none": "without encryption", "starttls": "by STARTTLS", "tls": "by TLS"}[config.smtp_security]
    return f"Mail goes by {config.smtp_host}:{config.smtp_port} {how}, from {config.mail_from}."


def row(
    session: Session, ctx: Context, schedule_id: str, *, lock: bool = False, ended: bool = False
) -> ScheduledReport:
    """A schedule of a report that the actor may see, not deleted unless `ended`; NotFound if there is none."""
    asked = sa.select(ScheduledReport).where(
        ScheduledReport.id == schedule_id,
        ScheduledReport.workspace_id == ctx.workspace.id,
        ScheduledReport.deleted_at.is_(None) | sa.literal(ended),
        ScheduledReport.report_id.in_(_seen(ctx)),
    )
    found = session.scalar(asked.with_for_update() if lock else asked)
    if found is None:
        raise NotFound("There is no such schedule in this workspace. It may have been deleted.")
    return found


def views(ctx: Context, *, report_id: str = "", schedule_id: str = "") -> list[ScheduleView]:
    """Every schedule whose report the actor may see: the next to come first, the paused last."""
    asked = (
        sa.select(ScheduledReport, SavedReport.name, User)
        .join(SavedReport, SavedReport.id == ScheduledReport.report_id)
        .outerjoin(User, User.id == ScheduledReport.created_by)
        .where(
            ScheduledReport.workspace_id == ctx.workspace.id,
            ScheduledReport.deleted_at.is_(None),
            SavedReport.id.in_(_seen(ctx)),
        )
        .order_by(ScheduledReport.is_active.desc(), ScheduledReport.next_run_at, ScheduledReport.id)
    )
    if report_id:
        asked = asked.where(ScheduledReport.report_id == report_id)
    if schedule_id:
        asked = asked.where(ScheduledReport.id == schedule_id)
    with ctx.app.reading() as session:
        found = session.execute(asked).all()
        ids = [schedule.id for schedule, _, _ in found]
        newest = _newest(session, ids)
        sent, errors, gone = _sent(session, ids), _errors(session, ids, newest), _gone(session, ctx, ids)
    notes = _notes(newest)
    reach = Reach.of(ctx) if any(is_reference(ref) for schedule, *_ in found for ref in schedule.recipients) else None
    return [
        _view(
            schedule,
            reach,
            name,
            maker,
            sent.get(schedule.id),
            errors.get(schedule.id, ""),
            notes.get(schedule.id, ""),
            gone.get(schedule.id, set()),
            ctx.actor.email.casefold(),
        )
        for schedule, name, maker in found
    ]


def log(ctx: Context, schedule_id: str = "", limit: int = 100) -> list[LogEntry]:
    """Letters of schedules, the newest first: tests and notices to owners too."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    latest = (
        sa.select(Receipt.delivery_id, sa.func.max(Receipt.attempt).label("attempt"))
        .group_by(Receipt.delivery_id)
        .subquery()
    )
    asked = (
        sa.select(Delivery, SavedReport.name, Occurrence.portion_name, Receipt.answer, Receipt.outcome)
        .join(Occurrence, Occurrence.run_id == Delivery.run_id)
        .join(ScheduledReport, ScheduledReport.id == Occurrence.schedule_id)
        .join(SavedReport, SavedReport.id == ScheduledReport.report_id)
        .outerjoin(latest, latest.c.delivery_id == Delivery.id)
        .outerjoin(Receipt, (Receipt.delivery_id == Delivery.id) & (Receipt.attempt == latest.c.attempt))
        .where(Delivery.workspace_id == ctx.workspace.id, SavedReport.id.in_(_seen(ctx)))
        .order_by(Delivery.created_at.desc(), Delivery.recipient)
        .limit(limit)
    )
    if schedule_id:
        asked = asked.where(Occurrence.schedule_id == schedule_id)
    with ctx.app.reading() as session:
        return [_entry(*found) for found in session.execute(asked)]


def letter(session: Session, ctx: Context, delivery_id: str) -> Delivery:
    """One line of the log, for a change; NotFound if it is of no report that the actor may see."""
    asked = (
        sa.select(Delivery)
        .join(Occurrence, Occurrence.run_id == Delivery.run_id)
        .join(ScheduledReport, ScheduledReport.id == Occurrence.schedule_id)
        .where(Delivery.id == delivery_id, Delivery.workspace_id == ctx.workspace.id)
        .where(ScheduledReport.report_id.in_(_seen(ctx)))
    )
    row = session.scalar(asked.with_for_update(of=Delivery))
    if row is None:
        raise NotFound("There is no such line in the delivery log of this workspace.")
    return row


def reaches(ctx: Context, schedule: ScheduledReport, mail: str) -> bool:
    """Whether its letters are meant for this address, by itself, a person, a team or its leads; wanted or not."""
    reach = Reach.of(ctx) if any(map(is_reference, schedule.recipients)) else None
    return mail.casefold() in _mailed(schedule, reach)


def _mailed(schedule: ScheduledReport, reach: Reach | None) -> set[str]:
    """Addresses that its letters are meant for, in lower case."""
    if not letter_channel(schedule.delivery_method):
        return set()
    there = reached(reach, schedule.recipients, schedule.recipient_names).addresses if reach else schedule.recipients
    return {one.casefold() for one in there}


def _seen(ctx: Context) -> sa.Select[str]:
    return visible(ctx).with_only_columns(SavedReport.id)


def _view(
    schedule: ScheduledReport, reach: Reach | None, report: str, maker: User | None, sent: datetime | None,
    error: str, note: str, gone: set[str], mine: str,
) -> ScheduleView:  # fmt: skip
    rhythm = schedule.rhythm
    spelled = {one.casefold(): one for one in schedule.recipients}
    return ScheduleView(
        id=schedule.id,
        report_id=schedule.report_id,
        report_name=report,
        rhythm=rhythm,
        time_zone=schedule.time_zone,
        sentence=rhythm.sentence(schedule.time_zone),
        recipients=list(schedule.recipients),
        names=[label(reach, one, schedule.recipient_names) for one in schedule.recipients],
        bursts=schedule.bursts,
        unsubscribed=sorted(spelled.get(one, one) for one in gone),
        reaches_you=mine not in gone and mine in _mailed(schedule, reach),
        formats=list(schedule.formats),
        delivery_method=schedule.delivery_method,
        slack_connection=schedule.slack_connection,
        slack_channels=list(schedule.slack_channels),
        condition=schedule.condition,
        condition_text=_condition_text(schedule.condition),
        is_active=schedule.is_active,
        paused_reason=schedule.paused_reason,
        catch_up=schedule.catch_up,
        jitter_s=schedule.jitter_s,
        offset_s=int(schedule.offset.total_seconds()),
        next_run_at=schedule.next_run_at if schedule.is_active else None,
        last_sent_at=sent,
        last_note=note,
        last_error=error,
        created_by=maker.name if maker else "Sightline",
        created_at=schedule.created_at,
    )


def _condition_text(written: str) -> str:
    try:
        condition = Condition.read(written)
    except SightlineError:  # its metric went with the plugin that brought it: the run says so, the others are shown
        return f"only if {written}"
    return condition.sentence if condition else ""


def _entry(letter: Delivery, report: str, portion: str, answer: str | None, outcome: str | None) -> LogEntry:
    detail = letter.last_error or answer or ""
    if letter.status == "pending" and letter.attempt and letter.next_attempt_at:
        detail = f"{detail} Next attempt {letter.next_attempt_at:%-d %b %H:%M} UTC."
    return LogEntry(
        at=letter.finished_at or letter.created_at,
        report=report,
        portion="" if letter.batch.startswith(UNREACHED) else portion,
        recipient=_WHERE.get(letter.channel, "{}").format(letter.recipient),
        status=became(letter, outcome),
        attempts=letter.attempt,
        detail=detail,
        run_id=letter.run_id,
        delivery_id=letter.id,
    )


def _sent(session: Session, ids: Iterable[str]) -> dict[str, datetime]:
    asked = (
        sa.select(Delivery.topic, sa.func.max(Delivery.finished_at))
        .where(Delivery.topic.in_(ids), Delivery.status == "success")
        .group_by(Delivery.topic)
    )
    by_output = (
        sa.select(Occurrence.schedule_id, sa.func.max(Delivery.finished_at))
        .join(Delivery, Delivery.run_id == Occurrence.run_id)
        .where(Occurrence.schedule_id.in_(ids), Delivery.channel == OUTPUT, Delivery.status == "success")
        .group_by(Occurrence.schedule_id)
    )
    sent: dict[str, datetime] = {}
    for topic, at in (*session.execute(asked), *session.execute(by_output)):
        if topic and at:
            sent[topic] = max(at, sent.get(topic, at))
    return sent


Newest = tuple[str, str, str, str | None]
"""Of a schedule's newest time, or a portion of it: the schedule's id, its status, its note, the id of its run."""


def _newest(session: Session, ids: Iterable[str]) -> list[Newest]:
    newest = (
        sa.select(Occurrence.schedule_id, sa.func.max(Occurrence.claimed_at).label("at"))
        .where(Occurrence.schedule_id.in_(ids))
        .group_by(Occurrence.schedule_id)
        .subquery()
    )
    here = (Occurrence.schedule_id == newest.c.schedule_id) & (Occurrence.claimed_at == newest.c.at)
    columns = (Occurrence.schedule_id, Occurrence.status, Occurrence.note, Occurrence.run_id, Occurrence.portion_name)
    times = sa.select(*columns).join(newest, here).order_by(Occurrence.portion_name)
    return [
        (schedule_id, status, f"{portion}: {note}" if portion and note else note, run_id)
        for schedule_id, status, note, run_id, portion in session.execute(times)
    ]


def _notes(found: Iterable[Newest]) -> dict[str, str]:
    """Why something of each newest time was not sent, though nothing went wrong."""
    notes: dict[str, list[str]] = defaultdict(list)
    for schedule_id, status, note, _ in found:
        if status == "skipped":
            notes[schedule_id].append(note)
    return {schedule_id: " ".join(said) for schedule_id, said in notes.items()}


def _errors(session: Session, ids: Iterable[str], found: Iterable[Newest]) -> dict[str, str]:
    """The newest time's failure, else the failure of one of its letters."""
    letters = sa.select(Delivery.run_id, Delivery.last_error).where(
        Delivery.run_id.in_([run_id for *_, run_id in found if run_id]),
        Delivery.topic.in_(ids) | (Delivery.channel == OUTPUT),
        Delivery.last_error != "",
        Delivery.status.in_(("pending", "running", "failed")),
    )
    late = dict(session.execute(letters).all())
    errors: dict[str, list[str]] = defaultdict(list)
    for schedule_id, status, note, run_id in found:
        if said := note if status == "failed" else late.get(run_id or "", ""):
            errors[schedule_id].append(said)
    return {schedule_id: " ".join(dict.fromkeys(said)) for schedule_id, said in errors.items()}


def _gone(session: Session, ctx: Context, ids: Iterable[str]) -> dict[str, set[str]]:
    asked = sa.select(OptOut.topic, OptOut.recipient).where(
        OptOut.workspace_id == ctx.workspace.id, OptOut.topic.in_(ids)
    )
    found: dict[str, set[str]] = {}
    for topic, recipient in session.execute(asked):
        found.setdefault(topic, set()).add(recipient)
    return found
