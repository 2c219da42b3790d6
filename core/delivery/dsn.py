"""What other mail servers report of a mail (RFC 3464): which it is, for whom, what became of it, in whose words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from itertools import islice

from core.base.errors import BadInput
from core.delivery.addresses import address
from core.delivery.message import one_line

MOST_BYTES = 256 * 1024
"""So much of a report is read. It begins with what it says; the mail that it is about comes last, files and all."""
MOST_RECIPIENTS = 100
WORDS = 400
FAILED, DELAYED = "failed", "delayed"
_STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
_HEADERS_ALONE = "text/rfc822-headers"
_XTEXT = re.compile(r"\+([0-9A-Fa-f]{2})|\\x\{([0-9A-Fa-f]{1,6})\}")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one recipient."""

    addresses: frozenset[str]
    """Where it was sent and where it ended, in lower case: they differ where mail is forwarded."""
    action: str
    """failed, delayed, delivered, relayed or expanded."""
    words: str
    """ "mx.example.org: 550 5.1.1 No such user here"."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """A report about one mail."""

    id: str
    """Its own, by which a copy of it is known."""
    message_id: str
    """The `Message-ID` of the mail that it is about; empty if it does not say."""
    said: tuple[Said, ...]

    def of(self, recipient: str) -> Said | None:
        """What it says of this recipient, a failure before all else; None if nothing."""
        meant = [one for one in self.said if recipient.casefold() in one.addresses]
        return min(meant, key=lambda one: (one.action != FAILED, one.action != DELAYED), default=None)


def is_report(head: Message) -> bool:
    """Whether a mail with this head is such a report, and no auto-reply, receipt of reading or complaint."""
    kind = str(head.get_param("report-type", ""))
    return head.get_content_type() == "multipart/report" and kind.casefold() == "delivery-status"


def read(content: bytes) -> StatusReport | None:
    """The report that a mail is; None for any other mail, and for one that cannot be taken apart."""
    content = content[:MOST_BYTES]
    try:
        mail = message_from_bytes(content)
        if not is_report(mail) or not mail.is_multipart():
            return None
        parts = list(_inside(mail))
        own = _text(mail["Message-ID"])[:200] or f"<{hashlib.sha256(content).hexdigest()[:32]}>"
        return StatusReport(own, _returned(parts), tuple(_said(parts)))
    except (LookupError, MessageError, RecursionError, TypeError, ValueError):  # whatever somebody puts into a mail
        return None


def _inside(part: Message) -> list[Message]:
    return [one for one in part.get_payload() if isinstance(one, Message)]


def _returned(parts: Iterable[Message]) -> str:
    for part in parts:
        kind = part.get_content_type()
        head: Message | None = None
        if kind == _HEADERS_ALONE:
            head = HeaderParser().parsestr(str(part.get_payload()))
        elif kind.startswith("message/") and kind not in _STATUS_PARTS and part.is_multipart():
            head = next(iter(_inside(part)), None)
        if head is not None and (found := _text(head["Message-ID"])):
            return found
    return ""


def _said(parts: Iterable[Message]) -> Iterator[Said]:
    for part in parts:
        if part.get_content_type() not in _STATUS_PARTS or not part.is_multipart():
            continue
        blocks = list(islice(_blocks(part), MOST_RECIPIENTS))
        by = _typed(blocks[0]["Reporting-MTA"]) if blocks else ""
        for block in blocks:
            given = [_typed(block[name]) for name in ("Original-Recipient", "Final-Recipient")]
            forms = {_tidy(form) for one in given for form in (one, _XTEXT.sub(_character, one))} - {""}
            action = re.match(r"[a-z]+", _text(block["Action"]).casefold())
            if forms and action:
                yield Said(frozenset(forms), action[0], _words(block, by))


def _blocks(part: Message) -> Iterator[Message]:
    """The fields of the whole, then those of each recipient."""
    blocks = _inside(part)
    yield from blocks
    if blocks and part.get_content_type() != _STATUS_PARTS[0]:  # a type that the parser takes for a mail with a body
        for text in re.split(r"(?:\r?\n){2,}", str(blocks[0].get_payload())):
            yield HeaderParser().parsestr(text.lstrip())


def _words(block: Message, by: str) -> str:
    """Who says what: the last server that was asked in its own words, with the status where they lack it."""
    status = _text(block["Status"]).partition(" ")[0]
    told = _typed(block["Diagnostic-Code"])
    if status not in told:
        told = f"{status} {told}".strip()
    who = _typed(block["Remote-MTA"]) or by
    return f"{who[:100]}: {told or 'no reason was given'}".removeprefix(": ")[:WORDS].rstrip(". ")


def _typed(value: object) -> str:
    """ "rfc822; ada@example.org" without its type."""
    kind, mark, text = _text(value).partition(";")
    return (text if mark else kind).strip()


def _text(value: object) -> str:
    """A header's text in one line, with nothing in it that cannot be shown."""
    if value is None:
        return ""
    text = str(value)
    if "=?" in text:
        with suppress(LookupError, MessageError, ValueError):
            text = str(make_header(decode_header(text)))
    return "".join(one for one in one_line(text) if one.isprintable())


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1] or found[2], 16))


def _tidy(text: str) -> str:
    """An address as deliveries have it, in lower case; empty if it is none."""
    try:
        return address(text.strip().strip("<>")).casefold()
    except BadInput:
        return ""
