"""Rows that say what there is to measure: repositories, and up to when each fact is complete."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.stores.app import Base, new_id


class Repository(Base):
    """A body of code. Facts carry its id; names may change."""

    __tablename__ = "repositories"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "name"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(240))
    default_branch: Mapped[str] = mapped_column(sa.String(240), default="")
    url: Mapped[str] = mapped_column(sa.String(500), default="")
    is_shallow: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Feed(Base):
    """A fact of a repository that some source collects, and up to when it is complete.

    A metric whose facts nobody feeds is `not_collected`; one whose feed ends before
    the period does is `stale`.
    """

    __tablename__ = "feeds"

    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    repo_id: Mapped[str] = mapped_column(sa.ForeignKey("repositories.id", ondelete="CASCADE"), primary_key=True)
    fact: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    """A table of the metrics store: commits, commit_files, pull_requests, reviews, …"""
    source: Mapped[str] = mapped_column(sa.String(40))
    """git, demo, github, …"""
    is_approximate: Mapped[bool] = mapped_column(default=False)
    """Lacks opened_at, draft state and comments: pull requests and reviews told by git alone."""
    complete_until: Mapped[datetime | None]
    """What was really read; never "now", never in the future."""
    complete_from: Mapped[datetime | None]
    """Nothing was read of the time before; None where all of it was."""
    updated_at: Mapped[datetime]


class ExclusionRule(Base):
    """Pull requests that count in no number."""

    __tablename__ = "exclusion_rules"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "repo_id", "field", "pattern"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    repo_id: Mapped[str] = mapped_column(sa.String(32), default="")
    """Empty for every repository."""
    field: Mapped[str] = mapped_column(sa.String(16))
    """label, title, branch, age or number."""
    pattern: Mapped[str] = mapped_column(sa.String(200))
    """As it was written: `*` stands for anything; of an age, days."""
    reason: Mapped[str] = mapped_column(sa.String(500))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(sa.String(240), default="")
    """Name of whoever made it."""
