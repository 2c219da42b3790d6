"""Rows of snapshots: runs, the state of each period, and how far the journal of changes was read.

The figures themselves stand in the metrics store, in `snapshots`.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.stores.app import Base, WorkRow


class SnapshotRun(WorkRow, Base):
    """One generation of snapshots."""

    __tablename__ = "snapshot_runs"
    task = "snapshots"

    kinds: Mapped[list[str]] = mapped_column(default=list)
    """Period types; empty for all of them."""
    first_day: Mapped[date | None]
    """With `last_day`, makes the periods that touch these days anew; without, those that are missing, due or dirty."""
    last_day: Mapped[date | None]
    periods: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)


class SnapshotPeriod(Base):
    """What is known of one period: made when, by which run, and since when it is old."""

    __tablename__ = "snapshot_periods"

    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    period_type: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    period_start: Mapped[date] = mapped_column(primary_key=True)
    period_end: Mapped[date]
    """First day after it."""
    status: Mapped[str] = mapped_column(sa.String(16))
    """running (made before its end), final (made after its end), or dirty (its facts changed since)."""
    dirty_since: Mapped[datetime | None]
    change_id: Mapped[int] = mapped_column(default=0)
    """The newest entry of the journal that touched it."""
    cause: Mapped[str] = mapped_column(sa.String(60), default="")
    """What made it dirty: sync, merge, team, …"""
    generated_at: Mapped[datetime]
    generations: Mapped[int] = mapped_column(default=1)
    rows: Mapped[int] = mapped_column(default=0)
    run_id: Mapped[str | None] = mapped_column(sa.String(32))
    definitions: Mapped[str] = mapped_column(sa.String(64), default="")
    """Fingerprint of the metric versions it was made with."""


class SnapshotCursor(Base):
    """The last entry of the workspace's journal of changes that was turned into dirty periods."""

    __tablename__ = "snapshot_cursors"

    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    change_id: Mapped[int] = mapped_column(default=0)
