"""From a name and a password, or a one-time link, to a user."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import first_start, links, passwords, sessions, throttle
from core.access.models import User
from core.base.errors import BadInput, NotAllowed
from core.stores.app import AppStore

WRONG = "The name or the password is wrong. After five wrong ones the right one has to wait too, up to 15 minutes."


class WrongPassword(NotAllowed):
    """The name or the password is wrong; nobody is told which."""

    status = 401


def authenticate(app: AppStore, username: str, password: str, *, now: datetime, address: str, loopback: bool) -> User:
    """The user with this name (or e-mail address) and password.

    WrongPassword if there is none, TooManyTries if too many were wrong before. A name
    that nobody has takes as long as one that somebody has, and is answered alike.
    """
    typed = username.strip().casefold()[:254]
    with app.session() as session:
        user = session.scalar(sa.select(User).where((User.username == typed) | (User.email == typed)))
        held = throttle.begin(session, typed, user.id if user else None, address, now)
    right = passwords.matches(password, user.password_hash if user else "")
    if user is None or held or not right or not user.is_active:
        raise WrongPassword(WRONG)
    if user.is_demo and not loopback:
        raise WrongPassword("The demo's user may sign in only on the machine that Sightline runs on.")
    with app.session() as session:
        throttle.forgive(session, user)
        session.execute(sa.update(User).where(User.id == user.id).values(last_seen_at=now))
    return user


def by_email(app: AppStore, email: str, *, now: datetime) -> User:
    """The user whom a single sign-on provider vouches for; NotAllowed if nobody added them, or they are disabled."""
    with app.session() as session:
        user = session.scalar(sa.select(User).where(User.email == email.strip().casefold()))
        if user is None or user.is_demo:
            raise NotAllowed(f"Nobody has added {email} to Sightline yet. Ask an admin of your workspace.")
        if not user.is_active:
            raise NotAllowed(f"The user {user.username} is disabled. Ask an admin of your workspace.")
        user.last_seen_at = now
        session.flush()
        first_start.end_trial(session)
        return user


def change_password(app: AppStore, user_id: str, current: str, new: str, *, now: datetime, address: str) -> None:
    """Set a new password for somebody who knows the current one, and sign every browser out."""
    with app.reading() as session:
        user = session.get_one(User, user_id)
    if user.is_demo:
        raise NotAllowed("The demo's password is fixed. Set one for 'admin' with `sightline users passwd admin`.")
    with app.session() as session:
        held = throttle.begin(session, user.username, user.id, address, now)
    throttle.refuse(held)
    if not passwords.matches(current, user.password_hash):
        raise WrongPassword("The current password is wrong.")
    if current == new:
        raise BadInput("The new password is the same as the current one.")
    set_password(app, user_id, new)


def set_password(app: AppStore, user_id: str, new: str) -> None:
    """Give a user this password, sign all of their browsers out, and forget their failed tries."""
    with app.reading() as session:
        user = session.get_one(User, user_id)
    passwords.check_new(new, username=user.username)
    password_hash = passwords.hashed(new)
    with app.session() as session:
        _keep(session, user_id, password_hash)


def use_link(app: AppStore, token: str, new: str) -> User:
    """Set the password that the link allows, once, and return its user."""
    user = links.owner(app, token)
    passwords.check_new(new, username=user.username)
    password_hash = passwords.hashed(new)
    with app.session() as session:
        fresh = session.get_one(User, user.id, with_for_update=True)
        if fresh.password_hash != user.password_hash:
            raise BadInput(links.STALE)
        _keep(session, user.id, password_hash)
    return user


def _keep(session: Session, user_id: str, password_hash: str) -> None:
    user = session.get_one(User, user_id)
    user.password_hash = password_hash
    sessions.revoke_all(session, user_id)
    throttle.forgive(session, user)
    session.flush()
    first_start.end_trial(session)
