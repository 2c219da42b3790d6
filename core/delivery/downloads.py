"""Signed links to files that were too large to attach: good for whoever got the letter, until the file is swept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer

from core.base.errors import NotFound
from core.base.settings import Settings
from core.context import Rooms
from core.delivery.letter import Enclosure, kept
from core.delivery.models import Delivery

PATH = "/letters/file"


def link(config: Settings, delivery_id: str, place: int, until: datetime | None) -> str:
    """An address of one file of one letter."""
    last = int(until.timestamp()) if until else 0
    return f"{config.url}{PATH}?token={_signer(config).dumps([delivery_id, place, last])}"


def opened(house: Rooms, token: str) -> tuple[Enclosure, Iterator[bytes]]:
    """The file, in pieces, that a link names; NotFound if it is over, gone or made up."""
    try:
        delivery_id, place, last = _signer(house.settings).loads(token)
    except (BadSignature, TypeError, ValueError) as error:
        raise NotFound("This link is incomplete. Copy the whole address from the mail and open it again.") from error
    if last and last <= house.clock().timestamp():
        raise NotFound("This link has expired and its file was removed. Ask for the report to be sent again.")
    with house.app.reading() as session:
        row = session.get(Delivery, delivery_id)
    if row is None:
        raise NotFound("This mail is no longer known here. Ask for the report to be sent again.")
    enclosure = kept(house.files, row.letter_key).enclosures[place]
    return enclosure, house.files.pieces(enclosure.key)


def _signer(config: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(config.key(), salt="sightline.letter-file")
