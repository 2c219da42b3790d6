"""A mail server to hand messages to: plain, STARTTLS or TLS, with or without a login."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from core.base.errors import DeliveryFailed

TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is, and how to speak to it."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"] = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    settings: str = "its user and password"
    """What to check when the login is refused."""

    def __str__(self) -> str:
        return f"the mail server {self.host}:{self.port}"


@contextmanager
def connected(where: Server) -> Iterator[smtplib.SMTP]:
    """A session at the mail server, signed in where a login is set; DeliveryFailed (to be tried again) if none."""
    try:
        server = _opened(where)
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryFailed(f"Could not reach {where}: {_reason(error)}.") from error
    try:
        if where.user:
            server.login(where.user, where.password)
        yield server
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryFailed(f"The login at {where} was refused ({_reason(error)}). Check {where.settings}.") from error
    except smtplib.SMTPDataError as error:
        _expect((error.smtp_code, error.smtp_error), "the message", final=True)
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryFailed(f"The conversation with {where} broke off: {_reason(error)}.") from error
    finally:
        _leave(server)


def hand_over(
    server: smtplib.SMTP, sender: str, recipient: str, content: bytes, leaving: Callable[[], None] = lambda: None
) -> str:
    """Give the message for one recipient to the server, and return its own word for having taken it.

    `leaving` is called once the server knows both, just before the message itself.
    """
    _expect(server.mail(sender, _size_option(server, content)), "the sender")
    _expect(server.rcpt(recipient), f"the recipient {recipient}", final=True)
    leaving()
    code, answer = server.data(content)
    _expect((code, answer), "the message", final=True)
    return f"{code} {_words(answer)}"


def _opened(where: Server) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    name = socket.gethostname() or "localhost"
    if where.security == "tls":
        return smtplib.SMTP_SSL(where.host, where.port, name, timeout=TIMEOUT_S, context=secure)
    server = smtplib.SMTP(where.host, where.port, name, timeout=TIMEOUT_S)
    if where.security == "starttls":
        try:
            server.starttls(context=secure)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
    return server


def _size_option(server: smtplib.SMTP, content: bytes) -> list[str]:
    server.ehlo_or_helo_if_needed()
    return [f"size={len(content)}"] if server.has_extn("size") else []


def _expect(reply: tuple[int, bytes | str], what: str, *, final: bool = False) -> None:
    """Return quietly on a good reply; `final` says that a 5xx here will not change by waiting."""
    code, answer = reply
    if 200 <= code < 300:
        return
    lasting = final and 500 <= code < 600
    raise DeliveryFailed(f"The mail server refused {what}: {code} {_words(answer)}.", retry=not lasting)


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return _words(str(error)) or type(error).__name__


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split()).rstrip(".")[:400]
