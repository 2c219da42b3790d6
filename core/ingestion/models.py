"""Rows of the sources that are read, and of the runs that read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.stores.app import Base, WorkRow, new_id


class Source(Base):
    """A place that facts come from, and how far it has been read."""

    __tablename__ = "sources"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "kind", "location"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(24), default="git")
    name: Mapped[str] = mapped_column(sa.String(240))
    location: Mapped[str] = mapped_column(sa.String(500))
    """For git: the repository's path and, after a `#`, the branch that is read."""
    config: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the kind's settings model holds; for git: path, branch, since."""
    cursor: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How far it is read: moved on only when the rows are in. For git: the tip and what the rows depend on."""
    version: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    """Version that the newest rows carry; a sync takes a higher one before it writes."""
    repo_id: Mapped[str] = mapped_column(sa.ForeignKey("repositories.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str | None] = mapped_column(sa.String(32))
    synced_at: Mapped[datetime | None]
    """When it was last read to its end."""


class SyncRun(WorkRow, Base):
    """One reading of a source."""

    __tablename__ = "sync_runs"
    task = "sync"

    source_id: Mapped[str] = mapped_column(sa.ForeignKey("sources.id", ondelete="CASCADE"), index=True)
    commits_added: Mapped[int] = mapped_column(default=0)
    commits_removed: Mapped[int] = mapped_column(default=0)
    files_added: Mapped[int] = mapped_column(default=0)
    notes: Mapped[list[str]] = mapped_column(default=list)
    """Sentences for people: a shallow clone, a rewritten history, dates out of range."""
