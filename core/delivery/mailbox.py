"""A mailbox to look into by IMAP. It is opened for reading alone: nothing in it is marked, moved or deleted."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import format_datetime
from typing import Any, Literal

from core.base.errors import SourceUnreachable
from core.base.settings import Settings
from core.delivery import dsn

TIMEOUT_S = 20.0
HEADER_BYTES = 2_000
_UID = re.compile(rb"\bUID (\d+)")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where it is, and how to come in."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"

    def __str__(self) -> str:
        return f"the mailbox at {self.host}:{self.port}"


def mailbox_of(config: Settings) -> Mailbox | None:
    """The mailbox that the settings name; None if they name none."""
    if not config.imap_host:
        return None
    return Mailbox(
        config.imap_host, config.imap_port, config.imap_security, config.imap_user,
        config.imap_password.get_secret_value(), config.imap_folder,
    )  # fmt: skip


class Opened:
    """A folder that is open for reading."""

    def __init__(self, imap: imaplib.IMAP4, count: int) -> None:
        self._imap = imap
        self.count = count
        """Mails that are in it."""
        self.validity = _number(imap.response("UIDVALIDITY")[1])
        """Numbers of mails hold as long as this stays the same."""

    def newer(self, after: int, since: datetime) -> list[int]:
        """Numbers of the mails above `after` that came in since that day, rising."""
        found = self._uid("SEARCH", f"UID {after + 1}:*", "SINCE", format_datetime(since)[5:16].replace(" ", "-"))
        numbers = sorted(int(one) for line in found if isinstance(line, bytes) for one in line.split())
        return [one for one in numbers if one > after]  # "7:*" has the last one of all, even if that is 6

    def reports(self, numbers: Sequence[int]) -> set[int]:
        """Which of these mails are reports of delivery. Of the others only this one header is read."""
        if not numbers:
            return set()
        wanted = f"(UID BODY.PEEK[HEADER.FIELDS (CONTENT-TYPE)]<0.{HEADER_BYTES}>)"
        return {
            number
            for number, header in _parts(self._uid("FETCH", ",".join(map(str, numbers)), wanted))
            if dsn.is_report(BytesHeaderParser().parsebytes(header))
        }

    def content(self, number: int) -> bytes:
        """A mail from its beginning, as much as is read of one; empty if it is gone."""
        return dict(_parts(self._uid("FETCH", str(number), f"(UID BODY.PEEK[]<0.{dsn.MOST_BYTES}>)"))).get(number, b"")

    def _uid(self, *command: str) -> list[Any]:
        state, found = self._imap.uid(*command)
        if state != "OK":
            raise imaplib.IMAP4.error(_said(found))
        return list(found)


@contextmanager
def opened(where: Mailbox) -> Iterator[Opened]:
    """The folder, opened for reading; SourceUnreachable that says what to check if it is not to be had."""
    try:
        imap = _reached(where)
    except (OSError, imaplib.IMAP4.error) as error:
        raise SourceUnreachable(f"Could not reach {where}: {_reason(error)}. Check SIGHTLINE_IMAP_HOST.") from error
    try:
        _sign_in(imap, where)
        yield _opened(imap, where)
    except (OSError, imaplib.IMAP4.error) as error:
        raise SourceUnreachable(f"The conversation with {where} broke off: {_reason(error)}.") from error
    finally:
        _leave(imap)


def _reached(where: Mailbox) -> imaplib.IMAP4:
    secure = ssl.create_default_context()
    if where.security == "tls":
        return imaplib.IMAP4_SSL(where.host, where.port, ssl_context=secure, timeout=TIMEOUT_S)
    imap = imaplib.IMAP4(where.host, where.port, timeout=TIMEOUT_S)
    if where.security == "starttls":
        try:
            imap.starttls(secure)
        except (OSError, imaplib.IMAP4.error):
            _close(imap)
            raise
    return imap


def _sign_in(imap: imaplib.IMAP4, where: Mailbox) -> None:
    try:
        if "AUTH=PLAIN" in imap.capabilities:  # takes any character
            imap.authenticate("PLAIN", lambda _: f"\0{where.user}\0{where.password}".encode())
        else:
            imap.login(where.user, where.password)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeError) as error:
        raise SourceUnreachable(
            f"The login at {where} was refused ({_reason(error)}). Check SIGHTLINE_IMAP_USER and"
            " SIGHTLINE_IMAP_PASSWORD."
        ) from error


def _opened(imap: imaplib.IMAP4, where: Mailbox) -> Opened:
    try:
        quoted = where.folder.replace("\\", r"\\").replace('"', r"\"")
        state, found = imap.select(f'"{quoted}"', readonly=True)
    except UnicodeError:
        state, found = "NO", [b"its name has letters beyond ASCII; write it as IMAP does, such as Entw&APw-rfe"]
    if state != "OK":
        raise SourceUnreachable(
            f"The folder '{where.folder}' of {where} cannot be opened: {_said(found)}. Check SIGHTLINE_IMAP_FOLDER."
        )
    return Opened(imap, _number(found))


def _parts(found: Sequence[Any]) -> Iterator[tuple[int, bytes]]:
    """(number, literal) of each mail; a server may say the number before the literal or after it."""
    for place, one in enumerate(found):
        if isinstance(one, tuple):
            after = found[place + 1] if place + 1 < len(found) else b""
            told = _UID.search(one[0]) or (_UID.search(after) if isinstance(after, bytes) else None)
            if told:
                yield int(told[1]), one[1]


def _leave(imap: imaplib.IMAP4) -> None:
    try:
        imap.logout()
    except (OSError, imaplib.IMAP4.error):
        _close(imap)


def _close(imap: imaplib.IMAP4) -> None:
    with suppress(OSError):
        imap.shutdown()


def _number(found: Sequence[Any]) -> int:
    return int(found[0]) if found and found[0] and bytes(found[0]).isdigit() else 0


def _said(found: Sequence[Any]) -> str:
    text = found[0].decode("utf-8", "replace") if found and isinstance(found[0], bytes) else ""
    return " ".join(text.split()).rstrip(".")[:200] or "no reason was given"


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    first = error.args[0] if error.args else ""
    return _said([first if isinstance(first, bytes) else str(error).encode()]) or type(error).__name__
