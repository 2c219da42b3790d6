"""Taking away snapshots of periods that ended long ago."""

from __future__ import annotations

import sqlalchemy as sa
import structlog

from core.access import workspaces
from core.context import Context, Rooms
from core.snapshots import periods
from core.snapshots.models import SnapshotPeriod

log = structlog.get_logger(__name__)

_DELETE = """DELETE FROM snapshots
WHERE workspace_id = {workspace:String} AND period_type = {period_type:String} AND period_start <= {last:Date}"""


def sweep(rooms: Rooms) -> int:
    """Remove what is past the time that snapshots are kept, in every workspace; returns how many periods went."""
    return sum(_swept(rooms.context(workspace)) for workspace in workspaces.every(rooms.app))


def _swept(ctx: Context) -> int:
    rows = SnapshotPeriod
    past = sa.and_(rows.workspace_id == ctx.workspace.id, rows.period_end <= periods.oldest_day(ctx))
    newest = sa.select(rows.period_type, sa.func.max(rows.period_start), sa.func.count()).where(past)
    with ctx.app.reading() as session:
        found = session.execute(newest.group_by(rows.period_type)).all()
    for kind, last, _ in found:
        # The figures go first: a period without its row would be made again, one without figures is only swept again.
        ctx.metrics.command(_DELETE, {"workspace": ctx.workspace.id, "period_type": kind, "last": last})
    if not found:
        return 0
    with ctx.app.session() as session:
        session.execute(sa.delete(rows).where(past))
    gone = sum(count for *_, count in found)
    log.info("snapshots_swept", workspace=ctx.workspace.slug, periods=gone)
    return gone
