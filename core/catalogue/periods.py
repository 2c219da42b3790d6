"""The days, weeks and months that an answer may be grouped by, also those in which nothing happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from core.base.period import PeriodType, period_end, period_start
from core.catalogue.scope import Scope
from core.catalogue.values import Group, Measured

LENGTHS = {
    "day": PeriodType.DAILY,
    "week": PeriodType.WEEKLY,
    "biweek": PeriodType.BIWEEKLY,
    "month": PeriodType.MONTHLY,
}
"""By axis."""


def bucket(by: Sequence[str], group: Group) -> tuple[date, date] | None:
    """First day of a group's time, and the first one after; None for a group that is no length of time."""
    for axis, text in zip(by, group, strict=False):
        if axis in LENGTHS and text:
            return _days_of(LENGTHS[axis], text)
    return None


@lru_cache(4096)
def _days_of(kind: PeriodType, text: str) -> tuple[date, date]:
    """A page of thousands of people asks the same few weeks for each of them."""
    first = date.fromisoformat(text)
    return first, period_end(kind, first)


def every(answer: Measured, scope: Scope) -> list[Group]:
    """The groups of an answer in every period of the time asked for; of all time, from its first to its last.

    People, teams and repositories are those that have a value in some period.
    """
    kinds = {place: LENGTHS[axis] for place, axis in enumerate(answer.by) if axis in LENGTHS}
    days = _days(answer, scope) if kinds else ()
    if not days:
        return answer.groups
    times = dict.fromkeys(tuple(period_start(kind, day).isoformat() for kind in kinds.values()) for day in days)
    others = [place for place in range(len(answer.by)) if place not in kinds]
    subjects = dict.fromkeys(tuple(group[place] for place in others) for group in answer.groups) if others else [()]
    places = [*others, *kinds]
    return [
        tuple(text for _, text in sorted(zip(places, (*subject, *time), strict=True)))
        for subject in subjects
        for time in times
    ]


def _days(answer: Measured, scope: Scope) -> list[date]:
    if scope.period:
        first, last = scope.period.dates(scope.time_zone)
    else:
        spans = [span for group in answer.groups if (span := bucket(answer.by, group))]
        if not spans:
            return []
        first, last = min(spans)[0], max(spans)[1] - timedelta(days=1)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
