"""Signed-in browsers: rows behind an HttpOnly cookie, gone at sign-out and at a change of password."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.leading import with_teams
from core.access.models import User, WebSession, WorkspaceMember, WorkspaceRow
from core.access.workspaces import workspace_of
from core.base.errors import NotFound
from core.context import ROLES, Actor, Workspace
from core.stores.app import AppStore

COOKIE = "sightline_session"
IDLE = timedelta(days=14)
"""A browser that has not been seen for so long is signed out."""
AT_MOST = timedelta(days=90)
TICKET_LASTS = timedelta(minutes=2)
SEEN_EVERY = timedelta(minutes=5)


Homes = list[tuple[WorkspaceMember, WorkspaceRow]]
"""Where a user is a member."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who sits before this browser, and where they are members."""

    session_id: str
    user_id: str
    username: str
    name: str
    email: str
    is_demo: bool
    time_zone: str
    workspace: Workspace | None
    """The one at hand; None for somebody who is a member of none."""
    actor: Actor | None
    workspaces: tuple[tuple[str, str], ...]
    """(id, name) of every workspace they may choose."""
    has_password: bool = True
    """Somebody who only ever came by single sign-on has none."""


@dataclass(frozen=True, slots=True)
class Browser:
    """One line of "where you are signed in"."""

    id: str
    browser: str
    address: str
    created_at: datetime
    last_seen_at: datetime

    @property
    def label(self) -> str:
        """ "Firefox on Linux, from 10.0.0.7"."""
        names = {"Edg/": "Edge", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
        systems = {"Windows": "Windows", "Android": "Android", "iPhone": "iOS", "Mac OS": "macOS", "Linux": "Linux"}
        name = next((name for mark, name in names.items() if mark in self.browser), "A browser")
        system = next((system for mark, system in systems.items() if mark in self.browser), "")
        return f"{name}{f' on {system}' if system else ''}{f', from {self.address}' if self.address else ''}"


def start(app: AppStore, user_id: str, *, now: datetime, address: str = "", browser: str = "") -> tuple[str, str]:
    """Begin a session; its id, and the one-time ticket for which the browser gets its cookie."""
    ticket = secrets.token_urlsafe(32)
    row = WebSession(
        user_id=user_id, ticket_hash=_hash(ticket), address=address[:64], browser=browser[:240],
        created_at=now, last_seen_at=now, expires_at=now + IDLE,
    )  # fmt: skip
    with app.session() as session:
        session.execute(sa.delete(WebSession).where(WebSession.expires_at < now))
        row.workspace_id = session.scalar(
            sa.select(WebSession.workspace_id)
            .where(WebSession.user_id == user_id, WebSession.workspace_id.is_not(None))
            .order_by(WebSession.last_seen_at.desc())
            .limit(1)
        )
        session.add(row)
        session.flush()
        return row.id, ticket


def redeem(app: AppStore, ticket: str, now: datetime) -> str | None:
    """A fresh cookie for a ticket, once; None if the ticket is used, late or made up."""
    cookie = secrets.token_urlsafe(32)
    with app.session() as session:
        taken = session.execute(
            sa.update(WebSession)
            .where(WebSession.ticket_hash == _hash(ticket), WebSession.created_at > now - TICKET_LASTS)
            .values(cookie_hash=_hash(cookie), ticket_hash=None)
        )
    return cookie if taken.rowcount else None  # type: ignore[attr-defined]


def of_cookie(app: AppStore, cookie: str, now: datetime) -> str | None:
    """The id of the session behind a cookie, if it is still good."""
    with app.reading() as session:
        return session.scalar(
            sa.select(WebSession.id).where(WebSession.cookie_hash == _hash(cookie), WebSession.expires_at > now)
        )


def look(app: AppStore, session_id: str, now: datetime) -> SignedIn | None:
    """Who is signed in, as the rows say right now; None if the session is over or the user was disabled."""
    with app.reading() as session:
        found = session.execute(
            sa.select(WebSession, User)
            .join(User, User.id == WebSession.user_id)
            .where(WebSession.id == session_id, WebSession.expires_at > now, User.is_active)
        ).first()
        if found is None:
            return None
        row, user = found
        homes = session.execute(
            sa.select(WorkspaceMember, WorkspaceRow)
            .join(WorkspaceRow, WorkspaceRow.id == WorkspaceMember.workspace_id)
            .where(WorkspaceMember.user_id == user.id)
            .order_by(WorkspaceRow.is_demo, WorkspaceRow.created_at)
        ).all()
        places = [(member, workspace) for member, workspace in homes]
        here = _chosen(row, user, places)
        actor = in_workspace(session, user, *here) if here else None
    if now - row.last_seen_at > SEEN_EVERY:
        _seen(app, row, now)
    return _signed_in(row, user, places, actor)


def choose_workspace(app: AppStore, session_id: str, ref: str) -> None:
    """Remember the workspace (its id or short name) that this browser looks at; NotFound if its user is no member.

    Of a session that ended meanwhile nothing is remembered: the page asks to sign in.
    """
    with app.session() as session:
        row = session.get(WebSession, session_id)
        if row is None:
            return
        named = session.scalar(sa.select(WorkspaceRow.id).where(WorkspaceRow.slug == ref))
        workspace_id = named or ref
        if session.get(WorkspaceMember, (workspace_id, row.user_id)) is None:
            raise NotFound("There is no such workspace among yours.")
        row.workspace_id = workspace_id


def of_user(app: AppStore, user_id: str, now: datetime) -> list[Browser]:
    """Where a user is signed in, latest first."""
    with app.reading() as session:
        rows = session.scalars(
            sa.select(WebSession)
            .where(WebSession.user_id == user_id, WebSession.expires_at > now)
            .order_by(WebSession.last_seen_at.desc())
        )
        return [Browser(r.id, r.browser, r.address, r.created_at, r.last_seen_at) for r in rows]


def revoke(app: AppStore, session_id: str, user_id: str) -> None:
    """Sign one browser of this user out."""
    with app.session() as session:
        session.execute(sa.delete(WebSession).where(WebSession.id == session_id, WebSession.user_id == user_id))


def revoke_cookie(app: AppStore, cookie: str) -> None:
    with app.session() as session:
        session.execute(sa.delete(WebSession).where(WebSession.cookie_hash == _hash(cookie)))


def revoke_all(session: Session, user_id: str) -> None:
    """Sign every browser of a user out, in the caller's transaction."""
    session.execute(sa.delete(WebSession).where(WebSession.user_id == user_id))


def _seen(app: AppStore, row: WebSession, now: datetime) -> None:
    until = min(now + IDLE, row.created_at + AT_MOST)
    with app.session() as session:
        session.execute(sa.update(WebSession).where(WebSession.id == row.id).values(last_seen_at=now, expires_at=until))


def _chosen(row: WebSession, user: User, homes: Homes) -> tuple[WorkspaceMember, WorkspaceRow] | None:
    """The workspace that this browser looks at."""
    wanted = [home for home in homes if home[1].id == row.workspace_id]
    wanted += [home for home in homes if home[1].is_demo and user.is_demo]
    return next(iter([*wanted, *homes]), None)


def _signed_in(row: WebSession, user: User, homes: Homes, actor: Actor | None) -> SignedIn:
    chosen = _chosen(row, user, homes)
    return SignedIn(
        session_id=row.id,
        user_id=user.id,
        username=user.username,
        name=user.name,
        email=user.email,
        is_demo=user.is_demo,
        time_zone=user.time_zone,
        workspace=workspace_of(chosen[1]) if chosen else None,
        actor=actor,
        workspaces=tuple((workspace.id, workspace.name) for _, workspace in homes),
        has_password=bool(user.password_hash),
    )


def actor_of(user: User, member: WorkspaceMember) -> Actor:
    """What services need to know of a user in a workspace."""
    return Actor(user.id, user.name, member.role, ROLES[member.role], member.person_id, user.email)


def in_workspace(session: Session, user: User, member: WorkspaceMember, workspace: WorkspaceRow) -> Actor:
    """The same with the teams that they lead, where that decides whom they see."""
    return with_teams(session, actor_of(user, member), workspace.id, workspace.individuals)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
