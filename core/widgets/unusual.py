"""Weeks in which a metric left what its own past makes likely, and the team and repository that moved it most.

A week is unusual if it is further from the median of earlier weeks than the threshold, and so far that chance would not
do it (robust z): a thin past flags nothing and is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from pydantic import Field

from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.metric import Sum
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Value
from core.catalogue.usual import robust_z
from core.context import Context
from core.figures import State
from core.widgets.asking import Question, ask
from core.widgets.buckets import Buckets, values, weeks
from core.widgets.families.changes import FEW, HEADLINES, weight
from core.widgets.finish import has_value
from core.widgets.focus import focused, namer
from core.widgets.widget import MetricKey, Params

PAST_WEEKS = 26
SEGMENTS = ("team", "repo")


class UnusualParams(Params):
    metrics: tuple[MetricKey, ...] = Field(HEADLINES, min_length=1, max_length=60, validate_default=True)
    threshold: float = Field(0.3, gt=0, le=10, description="Relative distance from the usual that is worth telling.")
    least_z: float = Field(3.5, gt=0, le=20, description="Robust standard deviations from the usual, at least.")
    least_history: int = Field(
        8, ge=4, le=26, description="Earlier weeks with a value that it takes to know the usual."
    )
    limit: int = Field(6, ge=1, le=20)


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the whole in an unusual week."""

    by: str
    name: str
    value: float | None
    usual: float


@dataclass(frozen=True, slots=True)
class Unusual:
    """A metric's most unusual week of the period."""

    key: str
    week: date
    value: Value
    usual: float
    score: float
    course: tuple[float | None, ...]
    """All weeks up to the end of the period; None where nothing was measured."""
    segments: tuple[Segment, ...] = ()

    @property
    def size(self) -> float | None:
        """How far it is from the usual, as a share of it; None where the usual is zero."""
        return (float(self.value.value or 0) - self.usual) / abs(self.usual) if self.usual else None


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, and in what."""

    buckets: Buckets
    found: tuple[Unusual, ...]
    """The most unusual first."""
    thin: tuple[str, ...]
    """Metrics whose past is too short to tell."""
    answers: tuple[Measured, ...]


def questions(ctx: Context, scope: Scope, params: UnusualParams) -> Iterable[Question]:
    scope = focused(ctx, scope, params)
    if scope.period is None:
        return
    buckets, _ = weeks(scope, PAST_WEEKS)
    # A team may be one person in the period who was more in half a year: the period says whose numbers these are.
    yield Question(params.metrics, scope)
    yield Question(params.metrics, buckets.scope, ("week",))
    for by in _segments(ctx, scope, buckets, params):
        yield Question(params.metrics, buckets.scope, (by, "week"))


def search(ctx: Context, scope: Scope, params: UnusualParams) -> Search:
    """The unusual weeks of a period, one a metric."""
    scope = focused(ctx, scope, params)
    buckets, judged = weeks(scope, PAST_WEEKS)
    answer = ask(ctx, params.metrics, buckets.scope, ("week",))
    parts = _segments(ctx, scope, buckets, params)
    by = {one: ask(ctx, params.metrics, buckets.scope, (one, "week")) for one in parts}
    found, thin = [], []
    for key in params.metrics:
        weekly = values(answer, key, buckets)
        one, is_thin = _strangest(key, weekly, buckets, judged, params)
        thin += [key] if is_thin else []
        found += [_with_segments(ctx, one, by, buckets)] if one else []
    found.sort(key=lambda one: -abs(one.score))
    return Search(buckets, tuple(found[: params.limit]), tuple(thin), (answer, *by.values()))


def _segments(ctx: Context, scope: Scope, buckets: Buckets, params: UnusualParams) -> list[str]:
    """By what the whole may be parted: never where a part would be one person's, or the wellbeing of too few."""
    if scope.person_ids:
        return []
    asked = (scope, buckets.scope)
    return [by for by in SEGMENTS if not any(catalogue.shows_people(ctx, params.metrics, one, (by,)) for one in asked)]


def _strangest(
    key: str, weekly: Sequence[Value], buckets: Buckets, judged: int, params: UnusualParams
) -> tuple[Unusual | None, bool]:
    """The week of the period that is furthest from its past, if it is far; and whether no week has past enough."""
    best: Unusual | None = None
    judgeable = False
    for place in range(len(weekly) - judged, len(weekly)):
        past = [one.value for one in weekly[:place] if one.state is State.MEASURED and one.value is not None]
        now = weekly[place]
        judgeable |= len(past) >= params.least_history
        if now.state is not State.MEASURED or now.value is None or len(past) < params.least_history:
            continue
        usual, score = robust_z(now.value, past)
        if score is None or weight(now) < FEW or not _far(now.value, usual, score, params):
            continue
        if best is None or abs(score) > abs(best.score):
            course = tuple(one.value if has_value(one) else None for one in weekly)
            best = Unusual(key, buckets.starts[place], now, usual, score, course)
    return best, not judgeable


def _far(value: float, usual: float, score: float, params: UnusualParams) -> bool:
    enough = not usual or abs(value - usual) / abs(usual) > params.threshold
    return enough and abs(score) >= params.least_z


def _with_segments(ctx: Context, one: Unusual, by: dict[str, Measured], buckets: Buckets) -> Unusual:
    most = [_most(ctx, one, name, answer, buckets) for name, answer in by.items()]
    told = tuple(segment for segment in most if segment)
    return Unusual(one.key, one.week, one.value, one.usual, one.score, one.course, told)


def _most(ctx: Context, one: Unusual, by: str, answer: Measured, buckets: Buckets) -> Segment | None:
    """The part that moved the whole furthest to where it is; None where there is one part only."""
    place = buckets.starts.index(one.week)
    groups = sorted({value.group[0] for value in answer.of(one.key) if value.group[0]})
    if len(groups) < 2:
        return None
    way = 1 if one.score > 0 else -1
    moved = []
    for group in groups:
        weekly = values(answer, one.key, buckets, group)
        past = [value.value for value in weekly[:place] if value.value is not None]
        usual = float(median(past)) if past else 0.0
        now = weekly[place] if has_value(weekly[place]) else None
        moved.append((way * _share(one, now, usual), group, now.value if now else None, usual))
    share, group, value, usual = max(moved, key=lambda found: (found[0], found[1]))
    return Segment(by, namer(ctx, by)(group), value, usual) if share > 0 else None


def _share(one: Unusual, now: Value | None, usual: float) -> float:
    """What a part adds to the whole's distance from its usual: of sums its own, of averages by its weight."""
    if isinstance(METRICS.get(one.key).kind, Sum):
        return (now.value or 0.0 if now else 0.0) - usual
    if now is None or now.value is None:
        return 0.0
    part, whole = (now.denominator or now.n), (one.value.denominator or one.value.n)
    return (now.value - one.usual) * part / whole if whole else 0.0
