"""Who may come in before anybody has been added: the first admin, and the demo's user."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import links, passwords
from core.access.models import User, WorkspaceMember, WorkspaceRow
from core.stores.app import AppStore

DEMO_NAME = "demo"
DEMO_PASSWORD = "demo-sightline"  # noqa: S105  printed at every start, and good on loopback only
"""What the demo's user signs in with."""


def first_admin(app: AppStore, now: datetime) -> str | None:
    """Make the first admin if there is none, and return the path that sets their password; None once it is set."""
    with app.session() as session:
        admin = session.scalar(sa.select(User).where(User.is_operator).order_by(User.created_at))
        if admin is None and not _has_admin(session):
            admin = User(
                username="admin", email="admin@localhost", first_name="First", last_name="admin",
                password_hash="", is_active=True, is_operator=True, created_at=now,
            )  # fmt: skip
            session.add(admin)
            session.flush()
        _join_all(session)
        return links.setup_link(admin) if admin and not admin.password_hash else None


def demo_user(app: AppStore, now: datetime) -> tuple[str, str] | None:
    """Make the demo's user if need be; their name and password while there is a demo workspace, else None."""
    with app.session() as session:
        if not session.scalar(sa.select(WorkspaceRow.id).where(WorkspaceRow.is_demo)):
            return None
        user = session.scalar(sa.select(User).where(User.is_demo))
        if user is None:
            user = User(
                username=DEMO_NAME, email="demo@localhost", first_name="Demo", last_name="",
                password_hash=passwords.hashed(DEMO_PASSWORD), is_active=True, is_demo=True, created_at=now,
            )  # fmt: skip
            session.add(user)
            session.flush()
        _join_all(session)
        return (user.username, DEMO_PASSWORD) if user.is_active else None


def offered(app: AppStore) -> tuple[bool, bool]:
    """Whether the demo's user may sign in, and whether the first admin has no password yet."""
    with app.reading() as session:
        wanted = User.is_active & (User.is_demo | User.is_operator)
        found = session.execute(sa.select(User.is_demo, User.is_operator, User.password_hash).where(wanted)).all()
    return any(is_demo for is_demo, _, _ in found), any(first and not kept for _, first, kept in found)


def welcome(session: Session, workspace: WorkspaceRow) -> None:
    """Let the first admin into a workspace, and the demo's user into a demo or while nobody else can sign in."""
    whoever = User.is_operator | User.is_demo if workspace.is_demo or in_trial(session) else User.is_operator
    inside = sa.select(WorkspaceMember.user_id).where(WorkspaceMember.workspace_id == workspace.id)
    for user_id in session.scalars(sa.select(User.id).where(whoever, User.id.not_in(inside))).all():
        session.add(WorkspaceMember(workspace_id=workspace.id, user_id=user_id, role="admin"))
    session.flush()


def in_trial(session: Session) -> bool:
    """Whether nobody but the demo's user has a password or has ever signed in."""
    real = (User.password_hash != "") | User.last_seen_at.is_not(None)
    return not session.scalar(sa.select(User.id).where(~User.is_demo, real).limit(1))


def end_trial(session: Session) -> None:
    """Once a real user has a password, the demo's user keeps only the demo workspace."""
    if in_trial(session):
        return
    real = sa.select(WorkspaceRow.id).where(~WorkspaceRow.is_demo)
    demo = sa.select(User.id).where(User.is_demo)
    session.execute(
        sa.delete(WorkspaceMember).where(WorkspaceMember.user_id.in_(demo), WorkspaceMember.workspace_id.in_(real))
    )


def _has_admin(session: Session) -> bool:
    """Whether somebody real rules some workspace, or has taken the name that the first admin would get."""
    ruling = sa.select(WorkspaceMember.user_id).where(WorkspaceMember.role == "admin")
    real = ~User.is_demo & User.id.in_(ruling)
    return session.scalar(sa.select(User.id).where(real | (User.username == "admin")).limit(1)) is not None


def _join_all(session: Session) -> None:
    for workspace in session.scalars(sa.select(WorkspaceRow)).all():
        welcome(session, workspace)
