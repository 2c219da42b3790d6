"""Slowing down whoever guesses passwords, by name, by user and by address."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import SignInAttempt, User
from core.base.counted import counted
from core.base.errors import NotAllowed

FREE_PER_NAME = 5
FREE_PER_ADDRESS = 25
WINDOW = timedelta(minutes=15)
FIRST_WAIT = timedelta(minutes=1)
NO_WAIT = timedelta(0)


class TooManyTries(NotAllowed):
    """Too many wrong passwords; the message says how long to wait."""

    status = 429


def begin(session: Session, typed: str, user_id: str | None, address: str, now: datetime) -> timedelta:
    """Note an attempt before its password is looked at; TooManyTries if it comes too soon by name or address.

    The user of a name and an address has one count: what is returned is how long they have to
    wait yet, and until then even the right password is wrong. It is no TooManyTries, which would
    tell that a name and an address belong together, and so that both are known here. Attempts are
    written first and taken back on success, so that many at once cannot slip past the count.
    """
    session.execute(sa.delete(SignInAttempt).where(SignInAttempt.at < now - WINDOW))
    refuse(
        max(
            _wait(session, SignInAttempt.username == typed, FREE_PER_NAME, now),
            _wait(session, SignInAttempt.address == address, FREE_PER_ADDRESS, now),
        )
    )
    held = max(NO_WAIT, _wait(session, SignInAttempt.user_id == (user_id or ""), FREE_PER_NAME, now))
    counted = None if held else user_id
    session.add(SignInAttempt(username=typed, user_id=counted, address=address, at=now))
    session.flush()
    return held


def refuse(wait: timedelta) -> None:
    """TooManyTries if there is anything to wait for."""
    if wait > NO_WAIT:
        raise TooManyTries(f"Too many wrong passwords. Wait {_spoken(wait)}, then try again.")


def forgive(session: Session, user: User) -> None:
    """Forget the failures of a user: they have signed in, or have a new password."""
    theirs = SignInAttempt.username.in_((user.username, user.email))
    session.execute(sa.delete(SignInAttempt).where(theirs | (SignInAttempt.user_id == user.id)))


def _wait(session: Session, whose: sa.ColumnElement[bool], free: int, now: datetime) -> timedelta:
    """How long to wait yet: a minute after the last free try, doubled with each further one, at most the window."""
    count, last = session.execute(sa.select(sa.func.count(), sa.func.max(SignInAttempt.at)).where(whose)).one()
    if count < free:
        return NO_WAIT
    return last + min(FIRST_WAIT * 2 ** min(count - free, 10), WINDOW) - now  # type: ignore[no-any-return]


def _spoken(wait: timedelta) -> str:
    seconds = max(1, int(wait.total_seconds() + 0.999))
    if seconds < 90:
        return counted(seconds, "second")
    return f"{-(-seconds // 60)} minutes"
