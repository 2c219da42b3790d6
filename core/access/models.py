"""Rows of users, workspaces, memberships, web sessions and the audit log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.stores.app import Base, new_id


class User(Base):
    """Somebody who may sign in."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(sa.String(120), unique=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    first_name: Mapped[str] = mapped_column(sa.String(120), default="")
    last_name: Mapped[str] = mapped_column(sa.String(120), default="")
    password_hash: Mapped[str] = mapped_column(sa.String(120), default="")
    """bcrypt; empty until the first password is set, and for those who only sign in by OIDC."""
    is_active: Mapped[bool] = mapped_column(default=True)
    is_operator: Mapped[bool] = mapped_column(default=False)
    """The installation's first admin: joins every new workspace as an admin."""
    is_demo: Mapped[bool] = mapped_column(default=False)
    """The demo's user signs in from loopback only."""
    time_zone: Mapped[str] = mapped_column(sa.String(64), default="")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.username


class WorkspaceRow(Base):
    """A tenant: facts, people, reports and settings of one organisation."""

    __tablename__ = "workspaces"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    time_zone: Mapped[str] = mapped_column(sa.String(64), default="UTC")
    is_demo: Mapped[bool] = mapped_column(default=False)
    individuals: Mapped[str] = mapped_column(sa.String(16), default="open")
    data_version: Mapped[int] = mapped_column(default=0)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class WorkspaceMember(Base):
    """A user's role in a workspace."""

    __tablename__ = "workspace_members"

    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(sa.String(16))
    person_id: Mapped[str | None] = mapped_column(sa.String(32))


class WebSession(Base):
    """A signed-in browser. The table holds hashes only, so it gives no cookie away."""

    __tablename__ = "web_sessions"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    cookie_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    """Empty until the browser has fetched its cookie with the ticket."""
    ticket_hash: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    user_id: Mapped[str] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    workspace_id: Mapped[str | None] = mapped_column(sa.String(32))
    """The workspace chosen last."""
    address: Mapped[str] = mapped_column(sa.String(64), default="")
    browser: Mapped[str] = mapped_column(sa.String(240), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class SignInAttempt(Base):
    """A sign-in that has not succeeded, by what was typed, by user and by address, for throttling."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(sa.String(254), index=True)
    """As typed: a user name or an e-mail address, or neither."""
    user_id: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    """Whose it is; None for nobody's, and while the user had to wait."""
    address: Mapped[str] = mapped_column(sa.String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class UsedVoucher(Base):
    """A single sign-on that has had its session, or its refusal. The table holds hashes only."""

    __tablename__ = "used_vouchers"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(index=True)


class DataChange(Base):
    """Facts, people or teams changed: which days' figures are old now. Snapshots read this journal in order of id."""

    __tablename__ = "data_changes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workspace_id: Mapped[str] = mapped_column(sa.String(32), index=True)
    at: Mapped[datetime]
    cause: Mapped[str] = mapped_column(sa.String(60))
    """sync, import, merge, unmerge, team, schedule, bot, reset."""
    first_day: Mapped[date | None]
    """None means from the beginning."""
    last_day: Mapped[date | None]
    """None means to the end. Both inside, in UTC."""


class Look(Base):
    """The part of the audit log that tells who looked at whose numbers: once a viewer, person and day."""

    __tablename__ = "looks"
    __table_args__ = (sa.Index("ix_looks_person", "workspace_id", "person_id", "at"),)

    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    viewer_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    """A person; "everybody" or "team:" and its id for a list of people."""
    day: Mapped[date] = mapped_column(primary_key=True)
    viewer_name: Mapped[str] = mapped_column(sa.String(240), default="")
    at: Mapped[datetime]


class AuditEntry(Base):
    """Who did what to what, kept for good."""

    __tablename__ = "audit_log"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    user_id: Mapped[str | None] = mapped_column(sa.String(32))
    actor_name: Mapped[str] = mapped_column(sa.String(240), default="")
    at: Mapped[datetime] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(sa.String(60), index=True)
    subject: Mapped[str] = mapped_column(sa.String(240), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ApiToken(Base):
    """What a program shows instead of a session. The table holds hashes only, so it gives no token away."""

    __tablename__ = "api_tokens"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    begins: Mapped[str] = mapped_column(sa.String(16))
    """Its first letters, by which people tell it from others."""
    may: Mapped[list[str]] = mapped_column(default=list)
    """Words of `core.access.tokens.OFFERED`."""
    user_id: Mapped[str | None] = mapped_column(sa.String(32))
    """Who made it: it can do no more than they can. None for the command line."""
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
