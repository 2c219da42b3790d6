"""A rule held against history: what it says of each finished period, and how often it would have fired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.alerts.judging import Point, Verdict, judge
from core.alerts.watching import PAST, Course, Subject, courses, newest_end
from core.alerts.wish import Wish
from core.base.period import PeriodType
from core.context import Capability, Context

TRIED_DAYS = 90
DRAWN = 26
"""Periods of a subject's course that a finding keeps."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A period, and what the rule says of it."""

    point: Point
    verdict: Verdict
    course: tuple[Point, ...]
    """The periods up to it, oldest first."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One subject: every period that was judged, oldest first."""

    subject: Subject
    judged: tuple[Judged, ...] = ()
    refused: str = ""
    """Why the rule may not look at it."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One subject of a trial."""

    subject: Subject
    points: tuple[Point, ...]
    """The periods of the trial, oldest first."""
    fired: tuple[Judged, ...]
    rested: int
    """How many more fell into the cooldown."""
    silent: str
    """Why periods could not be judged, where some could not."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A rule that was held against the past."""

    wish: Wish
    days: int
    subjects: tuple[Tried, ...]

    @property
    def times(self) -> int:
        return sum(len(one.fired) for one in self.subjects)

    @property
    def sentence(self) -> str:
        """ "Would have fired 3 times in the last 90 days."."""
        if not any(one.points for one in self.subjects):
            return f"There is nothing to try it on in the last {self.days} days."
        often = {0: "not have fired", 1: "have fired once"}.get(self.times, f"have fired {self.times} times")
        return f"Would {often} in the last {self.days} days."


def look(ctx: Context, wish: Wish, after: date, until: date) -> list[Looked]:
    """Judge every period that ended after the day `after`, up to and on `until`."""
    return [_looked(wish, course, after) for course in courses(ctx, wish, after, until)]


def trial(ctx: Context, asked: Wish, days: int = TRIED_DAYS) -> Trial:
    """What a rule would have found in the last days, before anybody saves it."""
    ctx.require(Capability.MANAGE_ALERTS)
    wish = asked.checked(ctx)
    until = newest_end(ctx, PeriodType(wish.period_type))
    after = until - timedelta(days=days)
    return Trial(wish, days, tuple(_tried(wish, one) for one in look(ctx, wish, after, until)))


def rests(wish: Wish, point: Point, course: Sequence[Point], last_fired: date | None) -> bool:
    """Whether a period falls into the cooldown after the one that started on `last_fired`."""
    if not wish.cooldown or last_fired is None:
        return False
    return sum(last_fired < one.first <= point.first for one in course) <= wish.cooldown


def _looked(wish: Wish, course: Course, after: date) -> Looked:
    terms, points = wish.terms, course.points
    far = PAST[terms.period_type]  # a trial knows no more of the past than the rule will
    judged = tuple(
        Judged(point, judge(terms, point, points[max(place - far, 0) : place]), points[: place + 1])
        for place, point in enumerate(points)
        if point.end > after
    )
    return Looked(course.subject, judged, course.refused)


def _tried(wish: Wish, looked: Looked) -> Tried:
    fired: list[Judged] = []
    rested, untold = 0, []
    for one in looked.judged:
        if not one.verdict.fires:
            if one.verdict.state != "quiet":
                untold.append(one)
        elif rests(wish, one.point, one.course, fired[-1].point.first if fired else None):
            rested += 1
        else:
            fired.append(one)
    points = tuple(one.point for one in looked.judged)
    return Tried(looked.subject, points, tuple(fired), rested, looked.refused or _silent(untold, len(points)))


def _silent(untold: Sequence[Judged], of: int) -> str:
    if not untold:
        return ""
    return f"{len(untold)} of {of} periods cannot be judged: {untold[-1].verdict.sentence}"
