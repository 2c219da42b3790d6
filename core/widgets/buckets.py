"""Days, weeks and months of a chart: which grain suits a span, and its bucket starts in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from core.base.period import Period, PeriodType, between, period_end, period_start, zone_of
from core.catalogue import METRICS
from core.catalogue.metric import Mean, Quantile, Ratio
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Value
from core.context import Context
from core.figures import State, Unit

Grain = Literal["auto", "day", "week", "month"]

KINDS = {"day": PeriodType.DAILY, "week": PeriodType.WEEKLY, "month": PeriodType.MONTHLY}
SPARK_POINTS = 12
COUNTED = (Unit.COUNT, Unit.LINES)


@dataclass(frozen=True, slots=True)
class Buckets:
    """Whole buckets that cover a span, and the scope that asks for them."""

    grain: str
    starts: tuple[date, ...]
    scope: Scope

    @property
    def texts(self) -> list[str]:
        """Each bucket as answers name it: the ISO date of its first day."""
        return [start.isoformat() for start in self.starts]


def suited(period: Period, tz: str, metric: str) -> str:
    """The grain that suits a span: beyond two weeks weekends hide the trend, and an average of a day is chance."""
    first, last = period.dates(tz)
    days = (last - first).days + 1
    daily = 14 if METRICS.get(metric).unit in COUNTED else 10
    return "day" if days <= daily else "week" if days <= 400 else "month"


def covering(scope: Scope, grain: str, metric: str = "commits_count", *, is_past: bool = False) -> Buckets:
    """The buckets of the scope's period; the first one is whole even where the period begins inside it.

    Of a past period, such as a comparison, the last one is whole too.
    """
    assert scope.period is not None
    grain = suited(scope.period, scope.time_zone, metric) if grain == "auto" else grain
    first, last = scope.period.dates(scope.time_zone)
    kind = KINDS[grain]
    starts = _starts(kind, period_start(kind, first), last)
    last = period_end(kind, starts[-1]) - timedelta(days=1) if is_past else last
    return Buckets(grain, starts, _spanning(scope, starts[0], last))


def recent(scope: Scope, metric: str, points: int = SPARK_POINTS) -> Buckets:
    """The last buckets up to the end of the scope's period, for a sparkline.

    One that is not over at that end would let a count or a rate seem to fall, so it is
    left out of them. A share, a mean or a median stands in it as in any other, and what
    is new may be nowhere else. The scope is the same for all: they ask one question.
    """
    assert scope.period is not None
    first, last = scope.period.dates(scope.time_zone)
    days = (last - first).days + 1
    grain = "day" if days <= 2 else "week" if days <= 120 else "month"
    kind = KINDS[grain]
    running = period_start(kind, last + timedelta(days=1))
    starts = [running]
    while len(starts) <= points:
        starts.insert(0, period_start(kind, starts[0] - timedelta(days=1)))
    shown = starts[1:] if running <= last and _stands_early(metric) else starts[:-1]
    return Buckets(grain, tuple(shown), _spanning(scope, starts[0], last))


LATE = "weekend_commit_ratio"
"""A week that is not over has had no weekend."""


def _stands_early(key: str) -> bool:
    metric = METRICS.get(key)
    return (
        key != LATE
        and isinstance(metric.kind, Ratio | Mean | Quantile)
        and metric.unit not in (Unit.PER_DAY, Unit.PER_WEEK)
    )


MOST_JUDGED = 13


def weeks(scope: Scope, past: int) -> tuple[Buckets, int]:
    """The weeks of the period that are over, after so many before them; and how many those of the period are.

    Where none is over, it is the last one before the period's end.
    """
    assert scope.period is not None
    first, last = scope.period.dates(scope.time_zone)
    running = period_start(PeriodType.WEEKLY, last + timedelta(days=1))
    inside = (running - period_start(PeriodType.WEEKLY, first + timedelta(days=6))).days // 7
    judged = min(max(inside, 1), MOST_JUDGED)
    starts = tuple(running - timedelta(weeks=back) for back in range(judged + past, 0, -1))
    return Buckets("week", starts, _spanning(scope, starts[0], running - timedelta(days=1))), judged


def values(measured: Measured, key: str, buckets: Buckets, *group: str) -> list[Value]:
    """The metric's value in each bucket, in order; `group` stands before the bucket's start."""
    return [measured.get(key, *group, text) for text in buckets.texts]


def numbers(found: Sequence[Value]) -> list[float | None]:
    """What a chart draws: a gap wherever nothing was measured."""
    return [one.value if one.state.is_known else None for one in found]


def runs_on(buckets: Buckets) -> bool:
    """Whether the last bucket goes on beyond its scope: only a part of it is counted."""
    assert buckets.scope.period is not None
    after = period_end(KINDS[buckets.grain], buckets.starts[-1])
    _, last = buckets.scope.period.dates(buckets.scope.time_zone)
    return last < after - timedelta(days=1)


def running_note(buckets: Buckets, state: State) -> str:
    """Says so below a chart that shows something."""
    return f"The last {buckets.grain} goes on beyond this period." if state.is_known and runs_on(buckets) else ""


def partial(ctx: Context, buckets: Buckets, found: Sequence[Value]) -> list[date]:
    """Starts of the buckets that hold only a part: beyond their scope, not over, or not read to their end."""
    assert buckets.scope.period is not None
    zone = buckets.scope.time_zone
    whole_until = min(
        buckets.scope.period.dates(zone)[1] + timedelta(days=1), ctx.clock().astimezone(zone_of(zone)).date()
    )
    kind = KINDS[buckets.grain]
    return [
        start
        for start, value in zip(buckets.starts, found, strict=True)
        if period_end(kind, start) > whole_until or value.state is State.STALE
    ]


def _starts(kind: PeriodType, first: date, last: date) -> tuple[date, ...]:
    found = []
    while first <= last:
        found.append(first)
        first = period_end(kind, first)
    return tuple(found)


def _spanning(scope: Scope, first: date, last: date) -> Scope:
    return replace(scope, period=between(first, last, scope.time_zone), compare=None)
