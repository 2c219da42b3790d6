"""A letter as a MIME message for one recipient: text, HTML with its pictures, files, and the right headers."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from core.delivery.addresses import domain_of
from core.delivery.letter import Enclosure, Letter
from core.delivery.message import Attached, Head, Inline, built, one_line
from core.delivery.notices import with_banner
from core.documents.document import DEMO
from core.stores.files import FileStore

DEMO_MARK = "[Demo] "


@dataclass(frozen=True, slots=True)
class Envelope:
    """What differs from one recipient to the next."""

    sender: str
    recipient: str
    message_id: str
    """Made of the delivery's id, so that a message sent twice is known as one."""
    at: datetime
    unsubscribe: str = ""
    attach_bytes: int = 15_000_000
    """Files larger than this together go as links."""
    leaving: Callable[[], None] = lambda: None
    """To be called just before what cannot be taken back: a letter that was leaving when its worker was killed
    may have arrived, and is not sent again by itself."""


def message_id(delivery_id: str, sender: str) -> str:
    return f"<{delivery_id}@{domain_of(sender)}>"


def delivery_of(text: str) -> str:
    """The delivery that a `Message-ID` was made of; empty if it is none of ours. The sender may have changed since."""
    found = re.fullmatch(r"<?([0-9a-f]{32})@[^\s<>@]+>?", text.strip())
    return found[1] if found else ""


def compose(letter: Letter, envelope: Envelope, files: FileStore) -> EmailMessage:
    """The whole message; NotFound if a file that goes with it is gone."""
    attached, linked = sorted_out(letter.enclosures, envelope.attach_bytes)
    message = built(
        _head(letter, envelope),
        _text(letter, linked, envelope.unsubscribe),
        _html(letter, linked, envelope.unsubscribe),
        (Inline(picture.cid, picture.media_type, picture.content) for picture in letter.pictures),
        (Attached(one.file_name, one.media_type, files.read(one.key)) for one in attached),
    )
    if envelope.unsubscribe:
        message["List-Unsubscribe"] = f"<{envelope.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def sorted_out(enclosures: list[Enclosure], limit: int) -> tuple[list[Enclosure], list[Enclosure]]:
    """(attached, linked): the smallest are attached while they fit together; what has no link is always attached."""
    attached: list[Enclosure] = []
    room = limit
    for enclosure in sorted(enclosures, key=lambda one: (bool(one.link), one.size)):
        if enclosure.size <= room or not enclosure.link:
            attached.append(enclosure)
            room -= enclosure.size
    return [e for e in enclosures if e in attached], [e for e in enclosures if e not in attached]


def _head(letter: Letter, envelope: Envelope) -> Head:
    subject = (DEMO_MARK if letter.is_demo else "") + one_line(letter.subject)
    return Head(subject, envelope.sender, [envelope.recipient], envelope.message_id, envelope.at)


def _text(letter: Letter, linked: list[Enclosure], unsubscribe: str) -> str:
    parts = [DEMO] if letter.is_demo and DEMO.casefold() not in letter.text.casefold() else []
    parts.append(letter.text.strip())
    parts += [f"{_too_large(one)}\n{one.link}" for one in linked]
    links = (("Open in Sightline", letter.link), ("Unsubscribe", unsubscribe))
    parts.append("\n".join(["-- ", letter.because, *(f"{label}: {link}" for label, link in links if link)]))
    return "\n\n".join(parts).strip() + "\n"


def _html(letter: Letter, linked: list[Enclosure], unsubscribe: str) -> str:
    lines = [
        f'<p style="margin:0 0 8px">{html.escape(_too_large(one))}'
        f' <a href="{html.escape(one.link)}">Download {html.escape(one.file_name)}</a></p>'
        for one in linked
    ]
    ways = (("Open in Sightline", letter.link), ("Unsubscribe", unsubscribe))
    links = "".join(f' <a href="{html.escape(to)}" style="color:#566170">{label}</a>' for label, to in ways if to)
    lines.append(f'<p style="margin:0;color:#566170;font-size:12px">{html.escape(letter.because)}{links}</p>')
    footer = (
        '<div style="max-width:600px;margin:16px auto 0;padding:12px 16px;border-top:1px solid #dbe1e8;'
        f'font-family:Arial,sans-serif;font-size:14px">{"".join(lines)}</div>'
    )
    whole = letter.html
    if letter.is_demo and DEMO not in whole:
        whole = with_banner(whole, DEMO)
    head, mark, tail = whole.rpartition("</body>")
    return f"{head}{footer}{mark}{tail}" if mark else f"{whole}{footer}"


def _too_large(one: Enclosure) -> str:
    until = f" The link works until {one.kept_until:%Y-%m-%d %H:%M} UTC." if one.kept_until else ""
    return f"{one.file_name} ({size_text(one.size)}) is too large to attach.{until}"


def size_text(size: int) -> str:
    """ "820 kB", "23.4 MB"."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(size / 1000, 1):.0f} kB"
