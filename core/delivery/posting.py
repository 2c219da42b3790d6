"""A letter put on its way: kept once, a row per recipient, written in the caller's transaction or in one of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.context import Context
from core.delivery import optout
from core.delivery.letter import Letter, keep, key_of
from core.delivery.models import Delivery
from core.stores.app import work

QUEUED_S = 600.0
TASK = "deliver"
OUTPUT = "output"
"""The channel of what is no letter: an output of a report, by its name."""
UNSUBSCRIBED = "{recipient} has unsubscribed."


@dataclass(frozen=True, slots=True)
class Batch:
    """What is posted at once."""

    name: str
    """Unique in its workspace: posting it again adds nothing."""
    topic: str | None = None
    run_id: str | None = None
    channel: str = "email"
    triggered_by: str = "scheduler"
    version: str = ""
    """Of the letter, where readers of one batch get different ones."""

    @property
    def letter(self) -> str:
        """Under which its letter is kept."""
        return f"{self.name}:{self.version}" if self.version else self.name


def post(ctx: Context, batch: Batch, letter: Letter, recipients: Sequence[str]) -> list[str]:
    """Keep the letter, write one delivery per recipient and queue them. The ids of those that are new."""
    with ctx.app.reading() as session:
        fresh = _new_recipients(session, ctx, batch, recipients)
    if not fresh:
        return []
    keep(ctx.files, batch.letter, letter)
    try:
        rows = _write(ctx, batch, letter, fresh)
    except sa.exc.IntegrityError:  # another worker has just posted the same batch
        return []
    return queued(ctx, rows)


def enter(
    session: Session,
    ctx: Context,
    batch: Batch,
    letter: Letter,
    recipients: Sequence[str],
    withheld: Mapping[str, str] | None = None,
) -> list[Delivery]:
    """The same in the caller's transaction, with the letter kept before. Queue the rows once it has committed.

    Those from whom it is withheld have a row that says why, and get nothing.
    """
    fresh = _new_recipients(session, ctx, batch, recipients)
    gone = dict.fromkeys(optout.opted_out(session, ctx.workspace.id, batch.topic, fresh), UNSUBSCRIBED)
    why = {**(withheld or {}), **gone}
    return [_row(session, ctx, batch, letter, one, why.get(one, "")) for one in fresh]


def queued(ctx: Context, rows: Sequence[Delivery]) -> list[str]:
    """Put what waits on the queue; the ids of all."""
    for row in rows:
        if row.status == "pending":
            ctx.queue.put(TASK, ctx.workspace.id, row.id)
    return [row.id for row in rows]


def _new_recipients(session: Session, ctx: Context, batch: Batch, recipients: Sequence[str]) -> list[str]:
    there = sa.select(Delivery.recipient).where(
        Delivery.workspace_id == ctx.workspace.id, Delivery.batch == batch.name, Delivery.channel == batch.channel
    )
    known = set(session.scalars(there))
    return [one for one in dict.fromkeys(recipients) if one not in known]


def _write(ctx: Context, batch: Batch, letter: Letter, recipients: list[str]) -> list[Delivery]:
    with ctx.app.session() as session:
        return enter(session, ctx, batch, letter, recipients)


def _row(session: Session, ctx: Context, batch: Batch, letter: Letter, recipient: str, why_not: str) -> Delivery:
    now = ctx.clock()
    row = work.create(
        session,
        Delivery,
        ctx.workspace.id,
        now,
        triggered_by=batch.triggered_by,
        actor_id=ctx.actor.user_id or None,
        batch=batch.name,
        topic=batch.topic,
        run_id=batch.run_id,
        recipient=recipient,
        channel=batch.channel,
        letter_key=key_of(batch.letter),
        subject=letter.subject[:300],
        next_attempt_at=now,
        queued_until=now + timedelta(seconds=QUEUED_S),
        last_error="",
    )
    if why_not:
        call_off(row, now, why_not)
    return row


def call_off(row: Delivery, now: datetime, why: str = UNSUBSCRIBED) -> None:
    """A recipient who wants no more, or may not have it, gets nothing."""
    row.status, row.finished_at, row.next_attempt_at = "cancelled", now, None
    row.last_error = why.format(recipient=row.recipient)
