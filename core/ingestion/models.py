"""Rows of the sources that are read, and of the runs that read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.stores.app import Base, Encrypted, WorkRow, new_id


class Source(Base):
    """A place that facts come from, and how far it has been read."""

    __tablename__ = "sources"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "kind", "location"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(24), default="git")
    name: Mapped[str] = mapped_column(sa.String(240))
    location: Mapped[str] = mapped_column(sa.String(500))
    """For git: the repository's path. For a provider: host/owner/name."""
    config: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """For git: path, branch, since. For a provider: connection_id, repository."""
    cursor: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How far it is read: moved on only when the rows are in. For git: the tip and what the rows depend on."""
    version: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    """Version that the newest rows carry; a sync takes a higher one before it writes."""
    repo_id: Mapped[str] = mapped_column(sa.ForeignKey("repositories.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str | None] = mapped_column(sa.String(32))
    synced_at: Mapped[datetime | None]
    """When it was last read to its end."""


class SourcePattern(Base):
    """Repositories of a provider that are followed by pattern: those that match later become sources then."""

    __tablename__ = "source_patterns"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[str] = mapped_column(sa.String(32), index=True)
    kind: Mapped[str] = mapped_column(sa.String(24))
    patterns: Mapped[list[str]]
    """Such as acme/*."""
    excluded: Mapped[list[str]]
    """Such as acme/old-*, and each repository that somebody removed since."""
    created_at: Mapped[datetime]
    created_by: Mapped[str | None] = mapped_column(sa.String(32))
    expanded_at: Mapped[datetime | None]
    """When the provider was last asked what matches."""


class SyncRun(WorkRow, Base):
    """One reading of a source."""

    __tablename__ = "sync_runs"
    task = "sync"

    source_id: Mapped[str] = mapped_column(sa.ForeignKey("sources.id", ondelete="CASCADE"), index=True)
    commits_added: Mapped[int] = mapped_column(default=0)
    commits_removed: Mapped[int] = mapped_column(default=0)
    files_added: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Table → rows that changed, where they are more than commits."""
    notes: Mapped[list[str]] = mapped_column(default=list)
    """Sentences for people: a shallow clone, a rewritten history, dates out of range."""


class LineRun(WorkRow, Base):
    """One piece of reading the lines of a clone; those that follow go on where it ended."""

    __tablename__ = "line_runs"
    task = "lines"

    source_id: Mapped[str] = mapped_column(sa.ForeignKey("sources.id", ondelete="CASCADE"), index=True)
    tip: Mapped[str] = mapped_column(sa.String(64), default="")
    """The commit up to which the source was read at the time."""
    is_complete: Mapped[bool] = mapped_column(default=False)
    """Whether nothing was left to look at."""
    commits: Mapped[int] = mapped_column(default=0)
    files: Mapped[int] = mapped_column(default=0)
    remaining: Mapped[int] = mapped_column(default=0)
    """Commits that were still to be looked at when it ended."""


class Upload(Base):
    """Records that a person or a program told: a file, or what came over HTTP on one day."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(sa.String(120))
    """What the records come from, as its owner calls it."""
    kind: Mapped[str] = mapped_column(sa.String(24))
    name: Mapped[str] = mapped_column(sa.String(240), default="")
    """Of the file, or how it came."""
    repo_ids: Mapped[list[str]] = mapped_column(default=list)
    made_by: Mapped[str] = mapped_column(sa.String(240), default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    rows: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    refusals: Mapped[list[Any]] = mapped_column(default=list)
    """The first of them: row, field and reason."""


class FactRule(Base):
    """What counts as a deployment, or as an incident: in one repository, or by default in all that have no own rule."""

    __tablename__ = "fact_rules"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "repo_id", "fact"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    repo_id: Mapped[str] = mapped_column(sa.String(32), default="")
    """Empty for the workspace's default."""
    fact: Mapped[str] = mapped_column(sa.String(24))
    kind: Mapped[str] = mapped_column(sa.String(24))
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_at: Mapped[datetime]
    updated_by: Mapped[str] = mapped_column(sa.String(240), default="")


class Webhook(Base):
    """An address that another tool tells its events to."""

    __tablename__ = "webhooks"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "name"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(24))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """Of the last part of its address."""
    secret: Mapped[str | None] = mapped_column(Encrypted)
    """What its messages are signed with."""
    repo: Mapped[str] = mapped_column(sa.String(240), default="")
    """Repository of what names none."""
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Record field → JSON path, for a generic one."""
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(sa.String(240), default="")


class WebhookMessage(Base):
    """What came in lately, and what became of it."""

    __tablename__ = "webhook_messages"
    __table_args__ = (sa.UniqueConstraint("webhook_id", "key"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    webhook_id: Mapped[str] = mapped_column(sa.ForeignKey("webhooks.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(sa.String(120))
    """What the sender calls it: the same again is not taken twice."""
    event: Mapped[str] = mapped_column(sa.String(80), default="")
    outcome: Mapped[str] = mapped_column(sa.String(16))
    """taken, known, ignored, refused or test."""
    said: Mapped[str] = mapped_column(sa.Text, default="")
    body: Mapped[str] = mapped_column(sa.Text, default="")
    """Its beginning."""
    received_at: Mapped[datetime]
