"""E-mail by an SMTP server: plain, STARTTLS or TLS, with or without a login."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parseaddr

from core.base.errors import DeliveryFailed
from core.base.settings import Settings
from core.delivery.addresses import address
from core.delivery.channels.channel import Sent
from core.delivery.letter import Letter
from core.delivery.mime import Envelope, compose
from core.stores.files import FileStore

TIMEOUT_S = 30.0


class Email:
    """A multipart message with attachments."""

    key = "email"
    label = "E-mail"

    def recipient(self, text: str) -> str:
        return address(text)

    def missing(self, config: Settings) -> str:
        if config.smtp_host:
            return ""
        return (
            "No mail server is set. Set SIGHTLINE_SMTP_HOST, and SIGHTLINE_SMTP_PORT, SIGHTLINE_SMTP_USER,"
            " SIGHTLINE_SMTP_PASSWORD and SIGHTLINE_MAIL_FROM where yours needs them, then start Sightline again."
        )

    def send(self, letter: Letter, envelope: Envelope, files: FileStore, config: Settings) -> Sent:
        if lacking := self.missing(config):
            raise DeliveryFailed(lacking)
        content = compose(letter, envelope, files).as_bytes()
        with connected(config) as server:
            _expect(server.mail(envelope_sender(config), _size_option(server, content)), "the sender")
            _expect(server.rcpt(envelope.recipient), f"the recipient {envelope.recipient}", final=True)
            code, answer = server.data(content)
            _expect((code, answer), "the message", final=True)
        return Sent(f"{code} {_words(answer)}")


@contextmanager
def connected(config: Settings) -> Iterator[smtplib.SMTP]:
    """A session at the mail server, signed in where a login is set; DeliveryFailed (to be tried again) if none."""
    where = f"the mail server {config.smtp_host}:{config.smtp_port}"
    try:
        server = _opened(config)
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryFailed(f"Could not reach {where}: {_reason(error)}.") from error
    try:
        if config.smtp_user:
            server.login(config.smtp_user, config.smtp_password.get_secret_value())
        yield server
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryFailed(
            f"The login at {where} was refused ({_reason(error)})."
            " Check SIGHTLINE_SMTP_USER and SIGHTLINE_SMTP_PASSWORD."
        ) from error
    except smtplib.SMTPDataError as error:
        _expect((error.smtp_code, error.smtp_error), "the message", final=True)
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryFailed(f"The conversation with {where} broke off: {_reason(error)}.") from error
    finally:
        _leave(server)


def envelope_sender(config: Settings) -> str:
    """The bare address that bounces go to."""
    return parseaddr(config.mail_from)[1]


def _opened(config: Settings) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    name = socket.gethostname() or "localhost"
    if config.smtp_security == "tls":
        return smtplib.SMTP_SSL(config.smtp_host, config.smtp_port, name, timeout=TIMEOUT_S, context=secure)
    server = smtplib.SMTP(config.smtp_host, config.smtp_port, name, timeout=TIMEOUT_S)
    if config.smtp_security == "starttls":
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
    return str(error) or type(error).__name__


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split()).rstrip(".")[:400]
