"""From "these days changed" to "these periods are dirty"."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import DataChange
from core.context import Context
from core.snapshots.models import SnapshotCursor, SnapshotPeriod

AFTER_DAYS = 90
"""Review participation asks where somebody was active in the 90 days before, so a day touches those that follow."""
BEFORE_DAYS = 31
"""Commit frequency counts working days up to 31 days around somebody's commits."""
ZONE_DAYS = 1
"""Changes are told in UTC days, periods lie in local ones."""


def absorb(ctx: Context, session: Session) -> int:
    """Mark every period that a new entry of the journal touches; returns the last entry's number."""
    cursor = _cursor(ctx, session)
    entries = session.scalars(
        sa.select(DataChange)
        .where(DataChange.workspace_id == ctx.workspace.id, DataChange.id > cursor.change_id)
        .order_by(DataChange.id)
    ).all()
    for entry in entries:
        _mark(session, entry)
        cursor.change_id = entry.id
    return cursor.change_id


def _mark(session: Session, entry: DataChange) -> None:
    rows = SnapshotPeriod
    touched = [rows.workspace_id == entry.workspace_id]
    if entry.first_day:
        touched.append(rows.period_end > entry.first_day - timedelta(days=BEFORE_DAYS + ZONE_DAYS))
    if entry.last_day:
        touched.append(rows.period_start <= entry.last_day + timedelta(days=AFTER_DAYS + ZONE_DAYS))
    session.execute(
        sa.update(rows)
        .where(*touched)
        .values(
            status="dirty",
            dirty_since=sa.func.coalesce(rows.dirty_since, entry.at),
            change_id=entry.id,
            cause=entry.cause,
        )
        .execution_options(synchronize_session=False)
    )


def _cursor(ctx: Context, session: Session) -> SnapshotCursor:
    cursor = session.get(SnapshotCursor, ctx.workspace.id)
    if cursor is None:
        cursor = SnapshotCursor(workspace_id=ctx.workspace.id, change_id=0)
        session.add(cursor)
        session.flush()
    return cursor
