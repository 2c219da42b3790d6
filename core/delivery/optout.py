"""Unsubscribing: a signed link that needs no sign-in, and the list of those who used it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from core.base.errors import BadInput
from core.base.settings import Settings
from core.context import Rooms
from core.delivery.models import OptOut

PATH = "/unsubscribe"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who gets what, as a link names it."""

    workspace_id: str
    topic: str
    recipient: str
    name: str
    """What the reader knows it by."""


def link(config: Settings, subscription: Subscription) -> str:
    """An address that ends this subscription. It does not expire: old mails must be able to end new ones."""
    parts = [subscription.workspace_id, subscription.topic, subscription.recipient, subscription.name[:120]]
    return f"{config.url}{PATH}?token={_signer(config).dumps(parts)}"


def read(config: Settings, token: str) -> Subscription:
    """What a link names; BadInput if it was not ours."""
    try:
        return Subscription(*_signer(config).loads(token))
    except (BadSignature, TypeError, ValueError) as error:
        raise BadInput("This link is incomplete. Copy the whole address from the mail and open it again.") from error


def leave(house: Rooms, token: str) -> Subscription:
    """Send nothing more of this to its reader. Doing it twice is doing it once."""
    chosen = read(house.settings, token)
    with house.app.session() as session:
        take_off(session, chosen.workspace_id, chosen.topic, chosen.recipient, house.clock())
    return chosen


def come_back(house: Rooms, token: str) -> Subscription:
    """Take the reader off the list again."""
    chosen = read(house.settings, token)
    with house.app.session() as session:
        put_back(session, chosen.workspace_id, chosen.topic, chosen.recipient)
    return chosen


def take_off(session: Session, workspace_id: str, topic: str, recipient: str, at: datetime) -> None:
    """Send nothing more of a topic to this address, in a transaction that does more than this."""
    if not opted_out(session, workspace_id, topic, [recipient]):
        session.add(OptOut(workspace_id=workspace_id, topic=topic, recipient=recipient.casefold(), at=at))


def put_back(session: Session, workspace_id: str, topic: str, recipient: str) -> None:
    """The same for one that wants it again."""
    of_topic = (OptOut.workspace_id == workspace_id, OptOut.topic == topic)
    session.execute(sa.delete(OptOut).where(*of_topic, OptOut.recipient == recipient.casefold()))


def opted_out(session: Session, workspace_id: str, topic: str | None, recipients: list[str]) -> set[str]:
    """Those of `recipients` who want no more of `topic`."""
    if not topic:
        return set()
    asked = sa.select(OptOut.recipient).where(OptOut.workspace_id == workspace_id, OptOut.topic == topic)
    gone = set(session.scalars(asked))
    return {recipient for recipient in recipients if recipient.casefold() in gone}


def _signer(config: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(config.key(), salt="sightline.unsubscribe")
