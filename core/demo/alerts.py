"""Alert rules of the demo, which have watched for a quarter: their history shows what alerts are."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from core.alerts import service as alerts
from core.alerts.models import AlertRule
from core.alerts.wish import Wish
from core.context import Context

WATCHED_DAYS = 91
RULES = (
    Wish(name="Reviews begin late", metric="avg_time_to_first_review_hours", subject_kind="team", threshold=0.3,
         direction="up", least_rows=3, cooldown=1),
    Wish(name="Work outside of the usual", metric="commits_count", threshold=0.3),
    Wish(name="Failed changes", metric="change_failure_rate", condition="above", threshold=0.25, least_rows=4),
)  # fmt: skip


def made(ctx: Context) -> None:
    """Make them as if somebody had done so a quarter ago. Nobody is told: the demo knows no addresses."""
    for wish in RULES:
        alerts.create(ctx, wish)
    began = ctx.clock().date() - timedelta(days=WATCHED_DAYS)
    with ctx.app.session() as session:
        mine = AlertRule.workspace_id == ctx.workspace.id
        session.execute(sa.update(AlertRule).where(mine).values(watched_from=began))
