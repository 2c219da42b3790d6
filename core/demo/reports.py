"""Saved reports that show what a report is; the first one is asked to run at once."""

from __future__ import annotations

from core.context import Context
from core.people import service as people
from core.reports import service as reports

STABILITY = (
    "deployment_frequency",
    "lead_time_hours",
    "change_failure_rate",
    "recovery_time_hours",
    "incident_time_to_resolve_hours",
)
REVIEWS = ("avg_pr_cycle_time_hours", "avg_time_to_first_review_hours", "avg_review_depth", "rework_ratio",
           "unique_collaborators")  # fmt: skip


def saved(ctx: Context) -> None:
    """Make them."""
    weekly = reports.create(
        ctx,
        "Weekly engineering summary",
        {"date_range": "last_week"},
        description="The week for everybody: what changed, and where.",
    )
    reports.create(
        ctx,
        "Delivery and stability, quarter by quarter",
        {"date_range": "last_quarter", "metrics": STABILITY, "formats": ("pdf", "html")},
        description="How often changes reach people, how long they take, and what breaks.",
    )
    reports.create(
        ctx,
        "How Payments reviews",
        {"scope": "team", "teams": (people.team(ctx, "Payments").id,), "date_range": "last_90_days",
         "compare": "previous", "metrics": REVIEWS},
        description="Cycle times and reviews of one team, person by person.",
    )  # fmt: skip
    reports.run_now(ctx, weekly.id)
