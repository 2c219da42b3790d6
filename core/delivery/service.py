"""Post a letter to many, deliver it to one, and bring back what was left lying."""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from core.access import workspaces
from core.base.errors import Conflict, DeliveryFailed, LostLease, NotFound, SightlineError
from core.context import Context, Rooms
from core.delivery import domains, downloads, notices, optout, posting
from core.delivery.channels import CHANNELS
from core.delivery.letter import kept
from core.delivery.mime import Envelope, message_id
from core.delivery.models import ACCEPTED, LEAVING, Delivery, Receipt
from core.delivery.posting import OUTPUT, QUEUED_S, TASK, Batch, post
from core.stores.app import heartbeats, work

log = structlog.get_logger(__name__)

Way = Callable[[Rooms, Delivery, bool], str]
"""Sends what is no letter and says where it is now; told whether the attempt before may have arrived."""

MINUTE, HOUR = 60, 3600
BACKOFF_S = (MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 24 * HOUR, 24 * HOUR)
"""How long to wait after each attempt that failed for now: three days in all, as mail servers do."""
ATTEMPTS = len(BACKOFF_S) + 1
LEASE_S = 300.0
LONG_LEASE_S = 1800.0
"""For ways that are not letters: a report may be long on its way to another machine."""
SILENT = "silent"
PERHAPS = (
    "The worker stopped while the mail server was taking the mail to {recipient}, so it may have arrived."
    " Ask them before you send it again."
)
KEPT_FOR = timedelta(days=30)
"""How long a letter is kept after it was delivered, as its files are."""


def deliver(
    house: Rooms, workspace_id: str, delivery_id: str, worker: str = "", ways: Mapping[str, Way] | None = None
) -> str:
    """Try one delivery, if it is due and nobody else has it. Its status afterwards.

    A failure that may pass puts it back for a later attempt; the last one, or one
    that will not pass, tells the owner. `ways` sends what is no letter, by channel.
    """
    taken = _claim(house, workspace_id, delivery_id, worker or heartbeats.me())
    if taken is None:
        return ""
    row, fence, before = taken
    started = time.monotonic()
    try:
        if way := (ways or {}).get(row.channel):
            _hold(house, row, fence, LONG_LEASE_S)
            answer = way(house, row, bool(before))
        elif before == LEAVING:
            raise DeliveryFailed(PERHAPS.format(recipient=row.recipient), retry=False)
        else:
            answer = _send(house, row, fence)
    except LostLease as error:
        log.warning("delivery_taken_over", delivery_id=row.id, reason=error.message)
        return ""
    except SightlineError as error:
        return _failed(house, row, fence, error, time.monotonic() - started)
    except Exception as error:  # a fault of ours or of a plugged-in channel: the same letter would meet it again
        fault = DeliveryFailed(f"The message could not be made or sent: {error}.", retry=False)
        return _failed(house, row, fence, fault, time.monotonic() - started)
    return _accepted(house, row, fence, answer, time.monotonic() - started)


def again(session: Session, ctx: Context, row: Delivery) -> None:
    """Try what failed for good once more, in the caller's transaction. Queue it once it has committed."""
    if row.status != "failed":
        raise Conflict("It has not failed for good: what was sent, or still waits, is not sent again.")
    now = ctx.clock()
    row.status, row.finished_at, row.duration_seconds = "pending", None, None
    row.error = row.error_traceback = row.fault = None
    row.last_error = ""
    row.next_attempt_at, row.queued_until = now, now + timedelta(seconds=QUEUED_S)


def forget(house: Rooms) -> int:
    """Remove letters that have long been delivered or given up; their rows and receipts stay. How many."""
    before = house.clock() - KEPT_FOR
    young = sa.or_(Delivery.finished_at.is_(None), Delivery.finished_at > before)
    needed = sa.select(Delivery.letter_key).where(young)
    with house.app.reading() as session:
        old = session.scalars(
            sa.select(Delivery.letter_key)
            .where(Delivery.letter_key != "", Delivery.letter_key.not_in(needed))
            .distinct()
        ).all()
    for key in old:
        house.files.delete(key)
    if old:
        with house.app.session() as session:
            session.execute(sa.update(Delivery).where(Delivery.letter_key.in_(old)).values(letter_key=""))
    return len(old)


def sweep(house: Rooms) -> int:
    """Put every delivery that is due on the queue, those of dead workers too. How many."""
    now = house.clock()
    with house.app.session() as session:
        work.bury(session, Delivery, now, heartbeats.is_dead)
        lost = work.expire(session, Delivery, now, ATTEMPTS)
        again = [delivery_id for _, delivery_id in lost.again]
        session.execute(sa.update(Delivery).where(Delivery.id.in_(again)).values(queued_until=None))
        due = sa.and_(
            Delivery.status == "pending",
            Delivery.next_attempt_at <= now,
            sa.or_(Delivery.queued_until.is_(None), Delivery.queued_until < now),
        )
        update = sa.update(Delivery).where(due).values(queued_until=now + timedelta(seconds=QUEUED_S))
        found = session.execute(
            update.returning(Delivery.workspace_id, Delivery.id).execution_options(synchronize_session=False)
        ).all()
        given_up = [session.get_one(Delivery, delivery_id) for _, delivery_id in lost.failed]
    for workspace_id, delivery_id in found:
        house.queue.put(TASK, workspace_id, delivery_id)
    forget(house)
    for row in given_up:
        tell_owner(house, row, row.error or "The worker stopped while it was being sent.")
    return len(found)


def stranded(house: Rooms, before: datetime) -> list[tuple[str, str]]:
    """(workspace id, delivery id) of what was put on the queue, due since before `before`, and not taken yet.

    What is not on the queue any more was taken off it by a worker that was killed before it could begin.
    """
    now = house.clock()
    asked = sa.select(Delivery.workspace_id, Delivery.id).where(
        Delivery.status == "pending", Delivery.queued_until >= now, Delivery.next_attempt_at <= before
    )
    with house.app.reading() as session:
        return [(workspace_id, delivery_id) for workspace_id, delivery_id in session.execute(asked)]


def _claim(house: Rooms, workspace_id: str, delivery_id: str, worker: str) -> tuple[Delivery, int, str] | None:
    now = house.clock()
    with house.app.session() as session:
        row = session.get(Delivery, delivery_id, with_for_update=True)
        if row is None or row.workspace_id != workspace_id or (row.next_attempt_at and row.next_attempt_at > now):
            return None
        if row.status == "pending" and optout.opted_out(session, workspace_id, row.topic, [row.recipient]):
            posting.call_off(row, now)
            return None
        fence = work.claim(session, Delivery, delivery_id, worker, now, LEASE_S)
        if fence is None:
            return None
        if _was_accepted(session, delivery_id):
            work.finish(session, Delivery, delivery_id, fence, "success", now, last_error="", next_attempt_at=None)
            return None
        session.refresh(row)
        return row, fence, _before(session, row)


def _before(session: Session, row: Delivery) -> str:
    """How the attempt before broke off: LEAVING if its letter may have arrived, else SILENT; empty if it told."""
    said = sa.select(Receipt.outcome).where(Receipt.delivery_id == row.id, Receipt.attempt == row.attempt - 1)
    outcome = session.scalar(said) if row.attempt > 1 else "told"
    return SILENT if outcome is None else LEAVING if outcome == LEAVING else ""


def _was_accepted(session: Session, delivery_id: str) -> bool:
    asked = sa.select(Receipt.id).where(Receipt.delivery_id == delivery_id, Receipt.outcome == ACCEPTED)
    return session.scalar(asked) is not None


def _send(house: Rooms, row: Delivery, fence: int) -> str:
    config = house.settings
    if row.channel == "email":
        domains.require_allowed(house.context(workspaces.find(house.app, row.workspace_id)), [row.recipient])
    letter = kept(house.files, row.letter_key)
    unsubscribe = ""
    if row.topic:
        who = optout.Subscription(row.workspace_id, row.topic, row.recipient, letter.list_name)
        unsubscribe = optout.link(config, who)
    with_links = [
        one.model_copy(update={"link": downloads.link(config, row.id, place, one.kept_until)})
        for place, one in enumerate(letter.enclosures)
    ]
    letter = letter.model_copy(update={"enclosures": with_links})
    envelope = Envelope(
        sender=config.mail_from,
        recipient=row.recipient,
        message_id=message_id(row.id, config.mail_from),
        at=row.created_at,
        unsubscribe=unsubscribe,
        attach_bytes=config.mail_attach_mb * 1_000_000,
        leaving=partial(_leaving, house, row, fence),
    )
    _hold(house, row, fence, LEASE_S)
    return CHANNELS.get(row.channel).send(letter, envelope, house.files, config).answer


def _hold(house: Rooms, row: Delivery, fence: int, lease_s: float) -> None:
    """The last look before it leaves: a worker that slept through its lease must not send it again."""
    with house.app.session() as session:
        work.renew(session, Delivery, row.id, fence, house.clock(), lease_s)


def _leaving(house: Rooms, row: Delivery, fence: int) -> None:
    """Say that it may arrive from now on, whatever becomes of this worker."""
    now = house.clock()
    with house.app.session() as session:
        work.renew(session, Delivery, row.id, fence, now, LEASE_S)
        _receipt(session, row, now, LEAVING, "", 0.0)


def _accepted(house: Rooms, row: Delivery, fence: int, answer: str, seconds: float) -> str:
    now = house.clock()
    with house.app.session() as session:
        _receipt(session, row, now, ACCEPTED, answer, seconds)
        with contextlib.suppress(LostLease):  # the receipt alone keeps whoever took it over from sending it again
            work.finish(session, Delivery, row.id, fence, "success", now, last_error="", next_attempt_at=None)
    log.info("delivered", delivery_id=row.id, run_id=row.run_id, attempt=row.attempt, seconds=round(seconds, 3))
    return "success"


def _failed(house: Rooms, row: Delivery, fence: int, error: SightlineError, seconds: float) -> str:
    """Keep why, and either plan the next attempt or give up and tell the owner."""
    now, final = house.clock(), not error.retry or row.attempt >= ATTEMPTS
    kept_trace = traceback.format_exc()
    with house.app.session() as session:
        _receipt(session, row, now, "refused" if final else "deferred", error.message, seconds)
        if final:
            work.finish(
                session, Delivery, row.id, fence, "failed", now,
                error=error.message, fault=error.fault, error_traceback=kept_trace,
                last_error=error.message, next_attempt_at=None,
            )  # fmt: skip
        else:
            again = now + timedelta(seconds=BACKOFF_S[row.attempt - 1])
            work.finish(
                session, Delivery, row.id, fence, "pending", now,
                last_error=error.message, next_attempt_at=again, queued_until=None,
                finished_at=None, duration_seconds=None, progress=0.0,
            )  # fmt: skip
    log.warning("delivery_failed", delivery_id=row.id, run_id=row.run_id, final=final, reason=error.message)
    if final:
        tell_owner(house, row, error.message)
    return "failed" if final else "pending"


def tell_owner(house: Rooms, row: Delivery, reason: str) -> None:
    """One notice a batch, and none about a notice or to the address that failed."""
    try:
        letter = kept(house.files, row.letter_key)
    except NotFound:
        log.warning("letter_gone", delivery_id=row.id)
        return
    told = [one for one in letter.owners if one.casefold() != row.recipient.casefold()]
    if row.batch.startswith("notice:") or not told:
        return
    if row.channel not in CHANNELS and ready(house):
        return  # there is no mail here to tell by; a page tells it
    ctx = house.context(workspaces.find(house.app, row.workspace_id))
    told_of = notices.unsent if row.channel == OUTPUT else notices.undeliverable
    notice = told_of(letter, row.recipient, reason, house.settings.url)
    post(ctx, Batch(f"notice:undelivered:{row.batch}", triggered_by="scheduler"), notice, told)


def _receipt(session: Session, row: Delivery, now: datetime, outcome: str, answer: str, seconds: float) -> None:
    asked = sa.select(Receipt).where(Receipt.delivery_id == row.id, Receipt.attempt == row.attempt)
    receipt = session.scalar(asked) or Receipt(delivery_id=row.id, attempt=row.attempt)
    receipt.at, receipt.outcome, receipt.answer, receipt.seconds = now, outcome, answer[:2000], seconds
    session.add(receipt)


def call_off(
    session: Session, workspace_id: str, topic: str, now: datetime, why: str = "The schedule was deleted."
) -> None:
    """Send nothing of `topic` that still waits, in the caller's transaction."""
    waiting = sa.and_(
        Delivery.workspace_id == workspace_id, Delivery.topic == topic, Delivery.status.in_(("pending", "running"))
    )
    session.execute(
        sa.update(Delivery)
        .where(waiting)
        .values(
            status="cancelled", fence=Delivery.fence + 1, finished_at=now, next_attempt_at=None, lease_until=None,
            last_error=why,
        )
    )  # fmt: skip


def ready(house: Rooms, channel: str = "email") -> str:
    """What must be set before the channel can send; empty when it is ready."""
    return CHANNELS.get(channel).missing(house.settings)
