"""Words that a sentence about a report may have, and what each of them means."""

from __future__ import annotations

import re

from core.base.period import RANGES
from core.reports.plan import Compare

SUBJECTS = {
    "dora": "dora-monthly", "four keys": "dora-monthly", "team health": "weekly-team-health",
    "health": "weekly-team-health", "sprint": "sprint-review", "sprint review": "sprint-review",
    "engineering review": "quarterly-engineering-review", "executive summary": "executive-summary",
    "summary": "executive-summary", "one page": "executive-summary", "code review": "code-review-health",
    "code review health": "code-review-health",
    "code-review": "code-review-health", "review health": "code-review-health", "reviews": "code-review-health",
    "delivery risk": "delivery-risk", "risk": "delivery-risk", "risks": "delivery-risk", "on-call": "reliability",
    "reliability": "reliability", "workload": "people-and-load", "load": "people-and-load",
    "balance": "people-and-load", "one-to-one": "one-to-one", "1:1": "one-to-one", "onboarding": "onboarding",
    "open source": "open-source-pulse", "open-source": "open-source-pulse", "pulse": "open-source-pulse",
    "product analytics": "product-analytics-daily",
}  # fmt: skip
DAYS = {
    "daily": "last_1_days", "yesterday": "last_1_days", "weekly": "last_week", "monthly": "last_month",
    "quarterly": "last_quarter", "yearly": "last_365_days", "the week": "last_week", "the month": "last_month",
    "last year": "last_365_days", **{label.casefold(): key for key, label in RANGES.items()},
}  # fmt: skip
RHYTHMS = {"daily": "daily", "weekly": "weekly", "monthly": "monthly", "every day": "daily", "every week": "weekly",
            "each week": "weekly", "every month": "monthly", "each month": "monthly"}  # fmt: skip
AGAINST = ("compared with", "compared to", "compare with", "compare to", "versus", "vs", "against")
COMPARED: dict[str, Compare] = {
    "last year": "year", "a year ago": "year", "the year before": "year", "same period last year": "year",
    "the same period last year": "year", "the period before": "previous", "previous": "previous",
    "the previous period": "previous", "previous period": "previous", "before": "previous", "nothing": "none",
    "last week": "previous", "last month": "previous", "last quarter": "previous", "the week before": "previous",
    "the month before": "previous", "the quarter before": "previous", "previous week": "previous",
    "previous month": "previous", "previous quarter": "previous",
}  # fmt: skip
FILLERS = frozenset(
    word
    for line in (
        "a about all an and are at by do each every for from give how i in is it make me my of on our over please",
        "report reports repositories repository repo show team teams that the their they this to us want we what with",
    )
    for word in line.split()
)
MANY_DAYS = re.compile(r"(?:last|past) (\d{1,3}) (day|week|month)s?")
