"""A metric over time, beside the comparison period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from core.catalogue import METRICS
from core.catalogue.metric import Mean, Quantile, Rate, Ratio, Sum
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Value
from core.context import Context
from core.figures import Axis, Line, Series, State, Unit, number_text
from core.narrative.trends import LEAST_POINTS, trend_of_days
from core.widgets.asking import Question, ask
from core.widgets.buckets import (
    COUNTED,
    LATE,
    Buckets,
    Grain,
    covering,
    numbers,
    partial,
    running_note,
    runs_on,
    values,
)
from core.widgets.finish import provenance, state_of
from core.widgets.focus import focused
from core.widgets.widget import MetricKey, Params, Widget


class TrendParams(Params):
    metric: MetricKey
    grain: Grain = "auto"
    compare: bool = True
    mark: Literal["auto", "line", "bar", "area"] = "auto"


def questions(ctx: Context, scope: Scope, params: TrendParams) -> Iterable[Question]:
    scope = focused(ctx, scope, params)
    if scope.period is None:
        return
    both = _both(scope, params)
    for buckets in (*both, *_days_of(both[0], params.metric)):
        yield Question((params.metric,), buckets.scope, (buckets.grain,))


def build(ctx: Context, scope: Scope, params: TrendParams) -> Series:
    scope = focused(ctx, scope, params)
    metric = METRICS.get(params.metric)
    now, *earlier = _both(scope, params)
    answer = ask(ctx, (metric.key,), now.scope, (now.grain,))
    found = values(answer, metric.key, now)
    lines = [Line(name="This period" if earlier else metric.label, x=list(now.starts), y=numbers(found))]
    answers: list[Measured] = [answer]
    for before in earlier:
        answers.append(ask(ctx, (metric.key,), before.scope, (before.grain,)))
        lines.append(_shifted(numbers(values(answers[-1], metric.key, before)), now))
    course = None
    for days in _days_of(now, metric.key):
        answers.append(ask(ctx, (metric.key,), days.scope, (days.grain,)))
        course = _course(ctx, days, values(answers[-1], metric.key, days))
    state, why = state_of(found)
    return Series(
        title=params.title or metric.label,
        description=metric.about,
        note=running_note(now, state),
        mark=_mark(params, metric.unit, bool(earlier)),
        x=Axis(kind="temporal", label=now.grain.capitalize()),
        y=Axis(label=metric.label, unit=metric.unit),
        lines=lines,
        better=metric.better,
        state=state,
        state_text=why,
        partial=partial(ctx, now, found),
        course=course,
        alt=_alt(metric.label, metric.unit, now, lines[0].y),
        provenance=provenance(WIDGET.key, *answers),
    )


def _both(scope: Scope, params: TrendParams) -> list[Buckets]:
    """Buckets of the period, and of the comparison in the same grain."""
    now = covering(scope, params.grain, params.metric)
    before = scope.compared() if params.compare else None
    return [now, covering(before, now.grain, params.metric, is_past=True)] if before else [now]


def _days_of(now: Buckets, key: str) -> list[Buckets]:
    """The days of a chart of weeks that are too few for a trend, if a day says of the metric what a week does."""
    told = isinstance(METRICS.get(key).kind, Sum | Rate | Ratio | Mean | Quantile) and key != LATE
    few = now.grain == "week" and len(now.starts) - runs_on(now) < LEAST_POINTS
    return [covering(now.scope, "day", key)] if told and few else []


def _course(ctx: Context, days: Buckets, found: Sequence[Value]) -> Literal["up", "down", "level"] | None:
    parts = {*partial(ctx, days, found)}
    known = [
        (day, one.value)
        for day, one in zip(days.starts, found, strict=True)
        if one.state is State.MEASURED and one.value is not None and day not in parts
    ]
    way = trend_of_days(known)
    return None if way is None else {1: "up", -1: "down", 0: "level"}[way]  # type: ignore[return-value]


def _shifted(y: list[float | None], onto: Buckets) -> Line:
    """The comparison drawn at the dates of this period, bucket by bucket from the end."""
    length = len(onto.starts)
    missing: list[float | None] = [None] * (length - len(y))
    y = missing + y[-length:]
    return Line(name="Comparison", x=list(onto.starts), y=y, dashed=True)


def _mark(params: TrendParams, unit: Unit, compared: bool) -> Literal["line", "bar", "area"]:
    if params.mark != "auto":
        return params.mark
    return "bar" if unit in COUNTED and not compared else "line"


def _alt(label: str, unit: Unit, buckets: Buckets, y: list[float | None]) -> str:
    seen = [value for value in y if value is not None]
    if not seen:
        return f"{label}: nothing to draw."
    low, high = number_text(min(seen), unit), number_text(max(seen), unit)
    return f"{label} by {buckets.grain}, {len(seen)} of {len(y)} points, between {low} and {high}."


WIDGET = Widget(
    key="metric.trend",
    title="Trend",
    about="One metric over time by day, week or month, with the comparison period as a dashed line.",
    shape="series",
    params=TrendParams,
    build=build,
    metrics=lambda params: (params.metric,),
    questions=questions,
)
