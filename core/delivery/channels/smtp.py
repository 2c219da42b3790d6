"""E-mail by an SMTP server: plain, STARTTLS or TLS, with or without a login."""

from __future__ import annotations

from email.utils import parseaddr

from core.base.errors import DeliveryFailed
from core.base.settings import Settings
from core.delivery.addresses import address
from core.delivery.channels.channel import Sent
from core.delivery.letter import Letter
from core.delivery.mailserver import Server, connected, hand_over
from core.delivery.mime import Envelope, compose
from core.stores.files import FileStore

NO_SERVER = "No mail server is set."


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
            f"{NO_SERVER} Set SIGHTLINE_SMTP_HOST, and SIGHTLINE_SMTP_PORT, SIGHTLINE_SMTP_USER,"
            " SIGHTLINE_SMTP_PASSWORD and SIGHTLINE_MAIL_FROM where yours needs them, then start Sightline again."
        )

    def send(self, letter: Letter, envelope: Envelope, files: FileStore, config: Settings) -> Sent:
        if lacking := self.missing(config):
            raise DeliveryFailed(lacking)
        content = compose(letter, envelope, files).as_bytes()
        with connected(server_of(config)) as server:
            return Sent(hand_over(server, envelope_sender(config), envelope.recipient, content, envelope.leaving))


def server_of(config: Settings) -> Server:
    """The mail server that the settings name."""
    return Server(
        host=config.smtp_host,
        port=config.smtp_port,
        security=config.smtp_security,
        user=config.smtp_user,
        password=config.smtp_password.get_secret_value(),
        settings="SIGHTLINE_SMTP_USER and SIGHTLINE_SMTP_PASSWORD",
    )


def envelope_sender(config: Settings) -> str:
    """The bare address that bounces go to."""
    return parseaddr(config.mail_bounces_to or config.mail_from)[1]
