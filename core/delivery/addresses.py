"""Mail addresses, checked where they are typed, so that nothing odd ever reaches a header."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.utils import parseaddr

from core.base.errors import BadInput

MOST_RECIPIENTS = 200

_LOCAL = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$")
_LABEL = re.compile(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")


def address(text: str) -> str:
    """The bare address, its domain in lower case; BadInput if it is none."""
    tidy = text.strip()
    local, _, domain = tidy.rpartition("@")
    try:
        domain = domain.rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        domain = ""
    whole = f"{local}@{domain}"
    labels = domain.split(".")
    if not _LOCAL.fullmatch(local) or ".." in local or not all(map(_LABEL.fullmatch, labels)) or len(whole) > 254:
        raise BadInput(f"'{tidy[:80]}' is no mail address. Write it as name@example.org.")
    return whole


def addresses(texts: Iterable[str]) -> list[str]:
    """Distinct addresses in their first order; BadInput if there is none or far too many."""
    found: dict[str, str] = {}
    for text in texts:
        for part in re.split(r"[,;\s]+", text):
            if part:
                one = address(part)
                found.setdefault(one.casefold(), one)
    if not found:
        raise BadInput("A schedule needs at least one recipient. Write addresses such as name@example.org.")
    if len(found) > MOST_RECIPIENTS:
        raise BadInput(f"{len(found)} recipients are more than {MOST_RECIPIENTS}. Use a mailing list instead.")
    return list(found.values())


def domain_of(sender: str) -> str:
    """The domain of "Name <name@example.org>"."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"
