"""What delivery asks of a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from core.base.settings import Settings
from core.delivery.letter import Letter
from core.delivery.mime import Envelope
from core.stores.files import FileStore


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel took the letter over; `answer` is its own word for it."""

    answer: str


class Channel(Protocol):
    """A way to a recipient."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> str: ...

    def recipient(self, text: str) -> str:
        """The recipient in this channel's form; BadInput if it is none."""

    def missing(self, config: Settings) -> str:
        """What must be set before it can send, as a sentence; empty when it is ready."""

    def send(self, letter: Letter, envelope: Envelope, files: FileStore, config: Settings) -> Sent:
        """Send to one recipient, and return only once the channel has taken it over.

        Call `envelope.leaving()` just before it may be taken over, so that a letter whose worker is killed in that
        moment is not sent twice.

        DeliveryFailed says by `retry` whether the same letter can arrive later.
        """
