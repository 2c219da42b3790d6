"""A letter: what every recipient of a batch gets, made once and kept as a file until it is delivered."""

from __future__ import annotations

from datetime import datetime

from pydantic import Base64Bytes, BaseModel, ConfigDict

from core.base.errors import NotFound
from core.stores.files import FileStore


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Picture(_Part):
    """An image that the HTML names as `cid:<cid>`."""

    cid: str
    media_type: str = "image/png"
    content: Base64Bytes


class Enclosure(_Part):
    """A kept file that goes with the letter: attached, or as a link where it is too large."""

    file_name: str
    key: str
    """In the file store."""
    media_type: str
    size: int
    kept_until: datetime | None = None
    """When the file is swept."""
    link: str = ""
    """A signed address to download it from, set when the letter is sent."""


class Letter(_Part):
    """A subject, the same words as text and as HTML, pictures and files."""

    subject: str
    text: str
    html: str
    """A whole document with inlined styles; the footer goes before its `</body>`."""
    pictures: list[Picture] = []
    enclosures: list[Enclosure] = []
    because: str = ""
    """Why the recipient gets it, as a sentence."""
    is_demo: bool = False
    owners: list[str] = []
    """Addresses of those who are told when it cannot be delivered."""
    link: str = ""
    """Where the same can be seen in the app."""
    list_name: str = ""
    """What one unsubscribes from, as readers know it."""
    what: str = "report"
    """What the owners own, that this letter is of."""
    log: str = ""
    """Where the owners see what became of it; empty for the log of schedules."""


def key_of(batch: str) -> str:
    """Where the letter of a batch is kept."""
    return f"letters/{batch.replace(':', '/')}.json"


def keep(files: FileStore, batch: str, letter: Letter) -> None:
    """Keep the letter of a batch."""
    files.put(key_of(batch), letter.model_dump_json(round_trip=True).encode())


def kept(files: FileStore, key: str) -> Letter:
    """The letter of this key; NotFound if it is gone."""
    if not key:
        raise NotFound("The mail is no longer kept. Send the report again.")
    return Letter.model_validate_json(files.read(key))
