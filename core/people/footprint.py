"""Which facts a set of identities stands in: what a merge would move, and which days it would make old."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from core.access.workspaces import data_changed
from core.context import Context
from core.people.views import Footprint

REACH_DAYS = 91
"""How long after a fact it still moves a figure: who reviews is counted over 90 days of activity."""

CROWD = 500
"""More identities than this are hardly a part of the whole, and too many for one question."""

FACTS = """
SELECT 'commits' AS what, countIf(author_id IN {ids:Array(UInt64)} AND is_merge = 0) AS n, count() AS touched,
    toDate(min(authored_at)) AS first_day, toDate(max(authored_at)) AS last_day
FROM commits FINAL
WHERE workspace_id = {workspace:String}
    AND (author_id IN {ids:Array(UInt64)} OR hasAny(co_author_ids, {ids:Array(UInt64)})
        OR hasAny(reviewer_ids, {ids:Array(UInt64)}))
UNION ALL
SELECT 'pull requests', countIf(author_id IN {ids:Array(UInt64)}), count(),
    toDate(min(coalesce(first_commit_at, opened_at, merged_at, closed_at))),
    toDate(max(coalesce(merged_at, closed_at, opened_at)))
FROM pull_requests FINAL
WHERE workspace_id = {workspace:String}
    AND (author_id IN {ids:Array(UInt64)} OR merged_by_id IN {ids:Array(UInt64)} OR (repo_id, number) IN (
        SELECT repo_id, pr_number FROM reviews FINAL
        WHERE workspace_id = {workspace:String} AND reviewer_id IN {ids:Array(UInt64)}))
UNION ALL
SELECT 'reviews', count(), count(), toDate(min(submitted_at)), toDate(max(submitted_at))
FROM reviews FINAL
WHERE workspace_id = {workspace:String} AND reviewer_id IN {ids:Array(UInt64)}
UNION ALL
SELECT 'review comments', count(), count(), toDate(min(created_at)), toDate(max(created_at))
FROM review_comments FINAL
WHERE workspace_id = {workspace:String} AND author_id IN {ids:Array(UInt64)}
UNION ALL
SELECT 'issues', count(), count(), toDate(min(opened_at)), toDate(max(coalesce(closed_at, opened_at)))
FROM issues FINAL
WHERE workspace_id = {workspace:String} AND author_id IN {ids:Array(UInt64)}
"""


def footprint(ctx: Context, identities: Sequence[int]) -> Footprint:
    """Counts and days of the facts that carry these identities."""
    if not identities:
        return Footprint()
    rows = ctx.metrics.rows(FACTS, {"workspace": ctx.workspace.id, "ids": list(identities)})
    days = [day for row in rows if row["touched"] for day in (row["first_day"], row["last_day"]) if day]
    counts = {row["what"]: int(row["n"]) for row in sorted(rows, key=lambda row: list(ORDER).index(row["what"]))}
    return Footprint(counts, min(days, default=None), max(days, default=None))


ORDER = ("commits", "pull requests", "reviews", "review comments", "issues")


def mark_old(session: Session, ctx: Context, cause: str, identities: Sequence[int]) -> None:
    """Say that every figure these identities stand in is old; of a crowd, simply all."""
    if len(identities) > CROWD:
        mark_days(session, ctx, cause, None, None)
        return
    found = footprint(ctx, identities)
    if found.first_day and found.last_day:
        mark_days(session, ctx, cause, found.first_day, found.last_day + timedelta(days=REACH_DAYS))
    else:
        mark_labels(session, ctx)


def mark_labels(session: Session, ctx: Context) -> None:
    """Say that names or lists of people changed: figures keep their values, but what is cached of them is old."""
    today = ctx.clock().date()
    data_changed(session, ctx.workspace.id, ctx.clock(), "people", today, today)


def mark_days(session: Session, ctx: Context, cause: str, first_day: date | None, last_day: date | None) -> None:
    """Say that figures of these local days are old; one day more at each end covers every time zone."""
    day = timedelta(days=1)
    data_changed(
        session, ctx.workspace.id, ctx.clock(), cause, first_day and first_day - day, last_day and last_day + day
    )
