"""Identities: what a commit or a provider says of somebody, before anyone knows who it is."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b

_EMAIL = re.compile(r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+$")
_NOREPLY = re.compile(r"^(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com$", re.IGNORECASE)


def well_formed(email: str) -> bool:
    """Whether this looks like an address that only one person has."""
    return bool(_EMAIL.match(email.strip()))


def login_of(email: str) -> str | None:
    """The GitHub login inside a no-reply address, or None."""
    found = _NOREPLY.match(email.strip())
    return found.group(1).casefold() if found else None


def identity_key(email: str, name: str = "", login: str = "", provider: str = "") -> str:
    """What makes two sightings the same identity: the case-folded email, else the provider's login, else the name.

    Where an email is malformed, its text stands beside the name.
    """
    email = email.strip()
    if well_formed(email):
        return f"email:{email.casefold()}"
    if login.strip():
        return f"login:{provider}:{login.strip().casefold()}"
    return f"name:{name.strip().casefold()}<{email.casefold()}>"


@lru_cache(maxsize=200_000)
def identity_id(email: str, name: str = "", login: str = "", provider: str = "") -> int:
    """The identity's number, the same on every machine: 63 bits of BLAKE2b over its key."""
    key = identity_key(email, name, login, provider).encode("utf-8", "surrogateescape")
    digest = blake2b(key, digest_size=8).digest()
    return int.from_bytes(digest, "big") & 0x7FFF_FFFF_FFFF_FFFF
