"""Passwords: what a good one is, and bcrypt hashes that streamlit-authenticator's Hasher reads and writes too."""

from __future__ import annotations

from functools import lru_cache

import bcrypt

from core.base.errors import BadInput

SHORTEST = 10
LONGEST_BYTES = 72
"""bcrypt reads no further; a longer one is refused rather than cut."""

ROUNDS = 12
"""How dear a hash is: each more doubles what a guess costs."""

RULE = f"At least {SHORTEST} characters; a sentence of several words is best."


def check_new(password: str, *, username: str = "") -> None:
    """Return quietly if this may become somebody's password; BadInput says what is wrong with it."""
    if len(password) < SHORTEST:
        raise BadInput(f"A password needs at least {SHORTEST} characters; this one has {len(password)}.")
    if len(password.encode()) > LONGEST_BYTES:
        raise BadInput(f"A password may have at most {LONGEST_BYTES} bytes; this one has {len(password.encode())}.")
    if password != password.strip():
        raise BadInput("A password cannot begin or end with a space.")
    if len(set(password)) < 4 or (username and password.casefold() == username.casefold()):
        raise BadInput("This password is too easy to guess. Use several words.")


def hashed(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(ROUNDS)).decode()


def matches(password: str, password_hash: str) -> bool:
    """Whether the password is right. An empty hash costs as much time as a real one and never matches."""
    tried = password.encode()[:LONGEST_BYTES]
    right = bcrypt.checkpw(tried, (password_hash or _nobodys()).encode())
    return right and bool(password_hash) and len(password.encode()) <= LONGEST_BYTES


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return hashed("nobody has this password")
