"""Who a record speaks of: an address, "Name <address>", a login, or a name."""

from __future__ import annotations

import re
from datetime import datetime

from core.ingestion.writing import FactWriter
from core.people.identities import well_formed

_BOTH = re.compile(r"^(?P<name>[^<>]*)<(?P<email>[^<>\s]+)>$")


def identity(writer: FactWriter, text: str, logins_of: str, at: datetime | None) -> int:
    """The number of whoever `text` names; a word without a space is a login at the provider `logins_of`."""
    text = text.strip()
    if not text:
        return 0
    if found := _BOTH.match(text):
        return writer.identity(email=found["email"], name=found["name"].strip(), at=at)
    if well_formed(text):
        return writer.identity(email=text, at=at)
    if " " in text:
        return writer.identity(name=text, at=at)
    return writer.identity(login=text.lstrip("@"), provider=logins_of, at=at)
