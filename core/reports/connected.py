"""Which reports name a connection, and what a report of the app may ask besides."""

from __future__ import annotations

import sqlalchemy as sa

from core.base.errors import NotAllowed
from core.context import Capability, Context
from core.reports.models import SavedReport


def reports_using(ctx: Context, connection: str) -> list[str]:
    """Names of the saved reports that ask the connection `connection`, or are sent to it."""
    ctx.require(Capability.MANAGE_SOURCES)
    mine = sa.select(SavedReport.name, SavedReport.report_plan).where(
        SavedReport.workspace_id == ctx.workspace.id, SavedReport.deleted_at.is_(None)
    )
    with ctx.app.reading() as session:
        rows = session.execute(mine.order_by(SavedReport.name)).all()
    return [name for name, plan in rows if connection in _named(plan or {})]


def require_own_address(ctx: Context, name: str) -> None:
    """Return quietly if a report that runs as this actor may bring the datasource `name` itself; NotAllowed if not.

    A datasource that a report brings itself can lead anywhere that this machine can
    reach, so only those who may register connections bring one; others name one.
    """
    if not ctx.may(Capability.MANAGE_SOURCES):
        raise NotAllowed(
            f"The datasource '{name}' brings its own address, which the role '{ctx.actor.role}' may not do in a report."
            " Have a manager add a connection, and write `connection: NAME` instead of `plugin` and `args`."
        )


def _named(plan: dict[str, object]) -> set[str]:
    found: set[str] = set()
    for section in ("datasources", "outputs"):
        parts = plan.get(section) or {}
        assert isinstance(parts, dict)
        found |= {str(part.get("connection", "")) for part in parts.values() if isinstance(part, dict)}
    return found
