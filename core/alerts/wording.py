"""Rules and findings in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from core.alerts.models import AlertFinding
from core.alerts.wish import PERIODS, Wish
from core.base.period import PeriodType, between
from core.catalogue import METRICS
from core.figures import number_text

UNTOLD = {
    "muted": "the rule was muted",
    "late": "its period had long ended when it was found",
    "nobody": "the rule names nobody",
}
_EACH = {"team": "each team", "repo": "each repository", "component": "each component", "person": "each person"}


def rule(wish: Wish, names: Mapping[str, str]) -> str:
    """ "Every week, for each team: Commits above 200." """
    when = PERIODS[PeriodType(wish.period_type)]
    return f"{when}, for {whom(wish, names)}: {METRICS.get(wish.metric).label} {_condition(wish)}."


def whom(wish: Wish, names: Mapping[str, str]) -> str:
    """Whom a rule watches, in a few words."""
    if wish.subject_kind == "workspace":
        return "the whole workspace"
    if not wish.subject_ids:
        return _EACH[wish.subject_kind]
    called = [names.get(one, "somebody who is gone") for one in wish.subject_ids]
    return ", ".join(called[:4]) + (f" and {len(called) - 4} more" if len(called) > 4 else "")


def _condition(wish: Wish) -> str:
    unit = METRICS.get(wish.metric).unit
    share = f"{wish.threshold * 100:,.0f} %"
    way = {"up": "more", "down": "less", "both": "more or less"}[wish.direction]
    match wish.condition:
        case "above" | "below":
            return f"{wish.condition} {number_text(wish.threshold, unit)}"
        case "change":
            before = "the same weekday a week before" if wish.period_type == "daily" else "the period before"
            return f"over {share} {way} than in {before}"
    return f"over {share} {way} than usual, and unlikely by its own past (robust z from {wish.least_z:g})"


def period_label(row: AlertFinding) -> str:
    """ "2 Mar 2026 – 8 Mar 2026"."""
    last = row.period_end - timedelta(days=1)
    return between(row.period_start, last, row.time_zone).label(row.time_zone)


def value(row: AlertFinding) -> str:
    return number_text(row.value, METRICS.get(row.metric).unit)
