"""Mails that other servers send back later: their reports, from a mailbox or a file, held against what was sent here.

A report counts only if it is about a mail of ours, by its `Message-ID`, and about that mail's own recipient.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from pydantic import BaseModel
from sqlalchemy.orm import Session

from core.base.errors import NotFound, SightlineError, SourceUnreachable
from core.context import Rooms
from core.delivery import dsn, mailbox, service
from core.delivery.mailbox import Mailbox, Opened
from core.delivery.mime import delivery_of
from core.delivery.models import ACCEPTED, BOUNCED, LEAVING, Delivery, Receipt

log = structlog.get_logger(__name__)

TASK = "bounces"
EVERY = timedelta(minutes=3)
LOOKS_BACK = service.KEPT_FOR
"""The first look begins so long ago: what is older could not be sent again anyway."""
MOST_MAILS = 1000
MOST_REPORTS = 100
LOOK_S = 60.0
"""A look ends after so many mails, reports or seconds; the next one goes on from there."""
NOT_YET = " Not there yet: "
WHAT = {
    "bounced": "It came back: its delivery says so, and its owner is told.",
    "delayed": "It is late, and tried further: its delivery says so.",
    "known": "Nothing to change: this was told before, or it is not taken for delivered.",
    "early": "Nothing was changed: the mail is being sent at this moment. Try it again in a minute.",
    "unknown": "Nothing was changed: it is about no mail that was sent here, or about another recipient.",
    "no report": "Nothing was changed: it is no report of a failed delivery.",
}
"""What a mail may turn out to be, and what that means."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mail that may be a report."""

    what: str
    """One of WHAT."""
    recipient: str = ""
    subject: str = ""


class _Place(BaseModel):
    """How far a mailbox was read. Kept beside the reports, so that the mailbox itself need not be touched."""

    validity: int = 0
    last: int = 0
    """The number of the newest mail that was looked at."""
    looked_at: datetime | None = None
    ails: str = ""
    """Why it did not answer the last time."""


def tick(house: Rooms) -> None:
    """Have the mailbox looked into, if there is one: by a task, since it may be slow to answer."""
    if house.settings.imap_host:
        house.queue.put(TASK)


def look(house: Rooms) -> None:
    """Read what is new in the mailbox, unless it was looked into a moment ago."""
    where = mailbox.mailbox_of(house.settings)
    if where is None:
        return
    place, now = _place(house, where), house.clock()
    if place.looked_at and now - place.looked_at < EVERY / 2:
        return  # by another worker, or for another clock
    place.looked_at = now
    _keep(house, where, place)
    with _kept(house, where, place), mailbox.opened(where) as box:
        if place.ails:
            log.info("mailbox_answers_again", mailbox=str(where))
            place.ails = ""
        _read(house, box, place)


def take(house: Rooms, content: bytes) -> Taken:
    """Hold a mail against what was sent, and write what it tells. The same one twice is as once."""
    report = dsn.read(content)
    if report is None:
        return Taken("no report")
    if not (delivery_id := delivery_of(report.message_id)):
        return Taken("unknown")
    with house.app.session() as session:
        row = session.get(Delivery, delivery_id, with_for_update=True)
        said = report.of(row.recipient) if row and row.channel == "email" else None
        if row is None or said is None:
            return Taken("unknown")
        what = _written(session, row, report.id, said, house.clock())
    if what == "bounced":
        log.warning("mail_came_back", delivery_id=row.id, run_id=row.run_id, reason=row.last_error)
    if said.action == dsn.FAILED and row.status == "failed" and row.topic:  # tests and notices have no topic
        service.tell_owner(house, row, row.last_error)
    return Taken(what, row.recipient, row.subject)


def _read(house: Rooms, box: Opened, place: _Place) -> None:
    until = time.monotonic() + LOOK_S
    if box.validity != place.validity:
        place.validity, place.last = box.validity, 0
    numbers = box.newer(place.last, house.clock() - LOOKS_BACK)[:MOST_MAILS]
    reports = sorted(box.reports(numbers))
    for number in reports[:MOST_REPORTS]:
        if time.monotonic() > until or _taken(house, box.content(number)) == "early":
            return
        place.last = number
    if numbers and len(reports) <= MOST_REPORTS:
        place.last = numbers[-1]


def _taken(house: Rooms, content: bytes) -> str:
    """The same for one of many: whatever is in it, the others are read all the same."""
    try:
        return take(house, content).what
    except Exception as error:
        if isinstance(error, SightlineError) and error.retry:
            raise
        log.exception("report_not_read")
        return "no report"


@contextmanager
def _kept(house: Rooms, where: Mailbox, place: _Place) -> Iterator[None]:
    """Keep how far it got, whatever ends it. A mailbox that does not answer is told once."""
    try:
        yield
    except SourceUnreachable as error:
        if _numberless(error.message) != _numberless(place.ails):
            log.warning("mailbox_silent", reason=error.message)
        place.ails = error.message
    finally:
        _keep(house, where, place)


def _numberless(message: str) -> str:
    """Without its numbers: some servers say how long they took to refuse."""
    return re.sub(r"[\d.]+", "", message)


def _written(session: Session, row: Delivery, report_id: str, said: dsn.Said, now: datetime) -> str:
    if said.action not in (dsn.FAILED, dsn.DELAYED):
        return "no report"
    receipts = session.scalars(
        sa.select(Receipt).where(Receipt.delivery_id == row.id).order_by(Receipt.attempt.desc())
    ).all()
    mark = f"[{report_id}]"
    if any(mark in receipt.answer for receipt in receipts):
        return "known"
    if row.status == "running":
        return "early"
    accepted = [one for one in receipts if one.outcome == ACCEPTED]
    if row.status == "success" and accepted and said.action == dsn.DELAYED:
        before = accepted[0].answer.partition(NOT_YET)[0]
        accepted[0].answer = f"{before}{NOT_YET}{said.words}. {mark}"
        return "delayed"
    perhaps = row.status == "failed" and any(one.outcome == LEAVING for one in receipts)
    came_back = accepted if row.status == "success" else receipts[:1] if perhaps else []
    if said.action == dsn.DELAYED or not came_back or came_back[0].outcome == BOUNCED:
        return "known"
    row.status, row.finished_at, row.fault = "failed", now, "user"  # nothing here ails: an address does
    row.error = row.last_error = f"The mail to {row.recipient} came back: {said.words}."
    for receipt in came_back:
        receipt.outcome, receipt.at = BOUNCED, now
        receipt.answer = f"{row.last_error} {mark} Before that: {receipt.answer}"[:2000]
    return "bounced"


def _place(house: Rooms, where: Mailbox) -> _Place:
    try:
        return _Place.model_validate_json(house.files.read(_key(where)))
    except NotFound:
        return _Place()


def _keep(house: Rooms, where: Mailbox, place: _Place) -> None:
    house.files.put(_key(where), place.model_dump_json().encode())


def _key(where: Mailbox) -> str:
    named = re.sub(r"\s+", " ", f"{where.host} {where.port} {where.user} {where.folder}")
    return f"mailbox/{hashlib.sha256(named.encode()).hexdigest()[:32]}.json"
