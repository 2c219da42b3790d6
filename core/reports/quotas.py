"""How many reports a workspace may run in a month: by plan, anew on the first of each month in UTC.

Runs are counted where they stand, so nothing has to be given back: what failed or was cancelled does not count. What
one schedule sends team by team at one time is one report, however many teams there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import workspaces
from core.access.models import WorkspaceRow
from core.base.errors import BadInput, Conflict
from core.context import Capability, Context
from core.reports.models import ReportRun

PLANS: dict[str, int | None] = {"explore": 5, "operate": 31, "scale": None, "custom": None}
LABELS = {
    "scale": "Scale: as many reports as you like",
    "operate": "Operate: 31 reports a month",
    "explore": "Explore: 5 reports a month",
    "custom": "Another number",
}
DEFAULT = "scale"
MOST = 1_000_000
_KEY = "reports"
_GIVEN_BACK = ("failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Quota:
    """What a workspace may run this month, and what it ran."""

    plan: str
    """explore, operate, scale or custom."""
    limit: int | None
    """Runs a month; None for as many as one likes."""
    used: int
    renews_at: datetime
    """The first moment of the next month, UTC."""

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(self.limit - self.used, 0)

    @property
    def sentence(self) -> str:
        """ "3 of 5 reports of this month are used; 5 more from 1 Dec 2026 (UTC)." Empty without a limit."""
        if self.limit is None:
            return ""
        verb = "is" if self.used == 1 else "are"
        day = f"{self.renews_at:%-d %b %Y}"
        return f"{self.used} of {self.limit:,} reports of this month {verb} used; {self.limit:,} more from {day} (UTC)."


def quota(ctx: Context) -> Quota:
    """Where the workspace stands now."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        return _counted(session, ctx, session.get_one(WorkspaceRow, ctx.workspace.id))


def spent(session: Session, ctx: Context, burst: str | None = None) -> str:
    """Why no further report may begin in this transaction; empty if one may, as a further run of a `burst` always may.

    Holds the workspace's row until the transaction ends, so that two that begin at once cannot both be the last one.
    """
    row = session.get_one(WorkspaceRow, ctx.workspace.id, with_for_update=True, populate_existing=True)
    now = _counted(session, ctx, row, burst)
    if now.left is None or now.left > 0:
        return ""
    return f"The month's reports of '{ctx.workspace.name}' are used up. {now.sentence} An admin can change the plan."


def require(session: Session, ctx: Context, burst: str | None = None) -> None:
    """Return quietly if a further report may begin in this transaction; Conflict that says when the next one may."""
    if said := spent(session, ctx, burst):
        raise Conflict(said)


def choose(ctx: Context, plan: str, limit: int | None = None) -> None:
    """Set the workspace's plan; `limit` belongs to custom."""
    ctx.require(Capability.MANAGE_WORKSPACE)
    if plan not in PLANS:
        raise BadInput(f"There is no plan '{plan}'. Choose one of {', '.join(PLANS)}.")
    if plan == "custom" and (limit is None or not 1 <= limit <= MOST):
        raise BadInput(f"Say how many reports a month, from 1 to {MOST:,}.")
    with ctx.app.session() as session:
        row = session.get_one(WorkspaceRow, ctx.workspace.id, with_for_update=True)
        chosen = {"plan": plan, **({"limit": limit} if plan == "custom" else {})}
        row.settings = {**row.settings, _KEY: chosen}
        workspaces.note(session, ctx, "workspace.plan", LABELS[plan], **chosen)


def month(now: datetime) -> tuple[datetime, datetime]:
    """The first moments of this month and of the next, UTC."""
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    later = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return first, later


def _counted(session: Session, ctx: Context, row: WorkspaceRow, but: str | None = None) -> Quota:
    """The month as it stands, without the runs of one burst."""
    chosen = row.settings.get(_KEY, {})
    plan = chosen.get("plan", DEFAULT)
    limit = chosen.get("limit") if plan == "custom" else PLANS.get(plan)
    first, later = month(ctx.clock())
    together = sa.func.coalesce(ReportRun.burst, ReportRun.id)
    counted = sa.select(sa.func.count(together.distinct())).where(
        ReportRun.workspace_id == ctx.workspace.id,
        ReportRun.created_at >= first,
        ReportRun.created_at < later,
        ReportRun.status.not_in(_GIVEN_BACK),
        together != (but or ""),
    )
    return Quota(plan, limit, session.scalar(counted) or 0, later)
