"""Slowing down whoever guesses passwords, by name and by address."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import SignInAttempt
from core.base.errors import NotAllowed

FREE_PER_NAME = 5
FREE_PER_ADDRESS = 25
WINDOW = timedelta(minutes=15)
FIRST_WAIT = timedelta(minutes=1)


class TooManyTries(NotAllowed):
    """Too many wrong passwords; the message says how long to wait."""

    status = 429


def begin(session: Session, username: str, address: str, now: datetime) -> str:
    """Note an attempt before its password is looked at, and return its id; TooManyTries if it comes too soon.

    Written first and taken back on success, so that many at once cannot slip past the count.
    """
    session.execute(sa.delete(SignInAttempt).where(SignInAttempt.at < now - WINDOW))
    wait = max(
        _wait(session, SignInAttempt.username == username, FREE_PER_NAME, now),
        _wait(session, SignInAttempt.address == address, FREE_PER_ADDRESS, now),
    )
    if wait > timedelta(0):
        raise TooManyTries(f"Too many wrong passwords. Wait {_spoken(wait)}, then try again.")
    attempt = SignInAttempt(username=username, address=address, at=now)
    session.add(attempt)
    session.flush()
    return attempt.id


def forgive(session: Session, username: str) -> None:
    """Forget the failures of a name: its owner has signed in, or has a new password."""
    session.execute(sa.delete(SignInAttempt).where(SignInAttempt.username == username))


def _wait(session: Session, whose: sa.ColumnElement[bool], free: int, now: datetime) -> timedelta:
    """How long to wait yet: a minute after the last free try, doubled with each further one, at most the window."""
    count, last = session.execute(sa.select(sa.func.count(), sa.func.max(SignInAttempt.at)).where(whose)).one()
    if count < free:
        return timedelta(0)
    return last + min(FIRST_WAIT * 2 ** min(count - free, 10), WINDOW) - now  # type: ignore[no-any-return]


def _spoken(wait: timedelta) -> str:
    seconds = max(1, int(wait.total_seconds() + 0.999))
    if seconds < 90:
        return f"{seconds} seconds"
    return f"{-(-seconds // 60)} minutes"
