"""A MIME message of its parts: text, HTML with its pictures, files, and the headers that every mail has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

PLAIN = SMTP.clone(cte_type="7bit")
"""CRLF, and nothing that a server without 8BITMIME would refuse."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a message."""

    subject: str
    sender: str
    """ "Name <name@example.org>", or the bare address."""
    recipients: Sequence[str]
    message_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Inline:
    """A picture that the HTML names as `cid:<cid>`."""

    cid: str
    media_type: str
    content: bytes

    @property
    def file_name(self) -> str:
        return f"{self.cid.partition('@')[0]}.{self.media_type.partition('/')[2]}"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes along."""

    file_name: str
    media_type: str
    content: bytes


def built(head: Head, text: str, html: str, pictures: Iterable[Inline], files: Iterable[Attached]) -> EmailMessage:
    """The whole message."""
    message = EmailMessage(policy=PLAIN)
    _head(message, head)
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    body = message.get_body(("html",))
    assert isinstance(body, EmailMessage)
    for one in pictures:
        main, _, sub = one.media_type.partition("/")
        body.add_related(one.content, main, sub, cid=f"<{one.cid}>", disposition="inline", filename=one.file_name)
    for file in files:
        main, _, sub = file.media_type.partition(";")[0].partition("/")
        message.add_attachment(file.content, main, sub or "octet-stream", filename=file.file_name)
    return message


def one_line(text: str) -> str:
    """Text without line breaks and control characters, fit for a header."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", text).split())


def _head(message: EmailMessage, head: Head) -> None:
    name, sender = parseaddr(head.sender)
    message["Subject"] = one_line(head.subject)
    message["From"] = Address(one_line(name) or "Sightline", addr_spec=sender)
    message["To"] = tuple(Address(addr_spec=recipient) for recipient in head.recipients)
    message["Date"] = format_datetime(head.at)
    message["Message-ID"] = head.message_id
    # Keeps out-of-office robots from answering.
    message["Auto-Submitted"] = "auto-generated"
