"""What gets done over time: beside a moving average and the comparison, or team by team."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from core.base.period import between
from core.catalogue import METRICS
from core.catalogue.scope import Scope
from core.catalogue.service import Measured
from core.context import Context
from core.figures import Axis, Line, Series, State
from core.widgets.asking import Question, ask
from core.widgets.buckets import Buckets, Grain, covering, numbers, running_note, runs_on, values
from core.widgets.finish import has_value, provenance, state_of
from core.widgets.focus import NOBODY, focused, namer
from core.widgets.widget import MetricKey, Params, Widget

WINDOWS = {"day": 7, "week": 4, "month": 3}
"""How many buckets a moving average takes, the last one being the one that it stands at."""
LONGEST = {"day": 1, "week": 7, "month": 31}
MOST_TEAMS = 8
WORK = ("commits_count", "prs_opened", "prs_merged", "review_given_count")


class ProductivityParams(Params):
    metric: MetricKey = "commits_count"
    grain: Grain = "auto"
    by: Literal["", "team"] = ""


def questions(ctx: Context, scope: Scope, params: ProductivityParams) -> Iterable[Question]:
    scope = focused(ctx, scope, params)
    if scope.period is None:
        return
    if params.by:
        now = covering(scope, params.grain, params.metric)
        yield Question((params.metric,), now.scope, ("team", now.grain))
        return
    wide, _ = _widened(scope, params)
    yield Question((params.metric,), wide.scope, (wide.grain,))
    if before := _before(scope, params, wide.grain):
        yield Question((params.metric,), before.scope, (before.grain,))


def build(ctx: Context, scope: Scope, params: ProductivityParams) -> Series:
    """Each bucket, the mean of the last few, and the comparison; or a line a team."""
    scope = focused(ctx, scope, params)
    return _by_team(ctx, scope, params) if params.by else _together(ctx, scope, params)


def _together(ctx: Context, scope: Scope, params: ProductivityParams) -> Series:
    metric, (wide, shown) = METRICS.get(params.metric), _widened(scope, params)
    answer = ask(ctx, (metric.key,), wide.scope, (wide.grain,))
    found = values(answer, metric.key, wide)
    y, now = numbers(found), wide.starts[-shown:]
    window = WINDOWS[wide.grain]
    average = moving(y if not runs_on(wide) else [*y[:-1], None], window)
    lines = [
        Line(name=f"Each {wide.grain}", x=list(now), y=y[-shown:]),
        Line(name=f"Mean of {window} {wide.grain}s", x=list(now), y=average[-shown:]),
    ]
    answers = [answer]
    if before := _before(scope, params, wide.grain):
        answers.append(ask(ctx, (metric.key,), before.scope, (before.grain,)))
        lines.append(_shifted(numbers(values(answers[-1], metric.key, before)), now))
    series = _series(
        params, wide, lines, state_of(found[-shown:]), answers, _told(metric.label, y[-shown:], wide.grain)
    )
    has_gaps = series.state.is_known and None in y[-shown:]
    gaps = f"A {wide.grain} in which nobody did anything is a gap, and not in the mean." if has_gaps else ""
    return series.model_copy(update={"note": f"{series.note} {gaps}".strip()})


def _by_team(ctx: Context, scope: Scope, params: ProductivityParams) -> Series:
    metric, now = METRICS.get(params.metric), covering(scope, params.grain, params.metric)
    answer = ask(ctx, (metric.key,), now.scope, ("team", now.grain))
    total: dict[str, float] = {}
    for value in answer.values:
        if value.group and value.group[0] and has_value(value):
            total[value.group[0]] = total.get(value.group[0], 0.0) + float(value.value or 0)
    name = namer(ctx, "team")
    ordered = sorted((one for one in total if name(one) != NOBODY), key=lambda one: (-total[one], name(one)))
    lines = [
        Line(name=name(team), x=list(now.starts), y=numbers(values(answer, metric.key, now, team)))
        for team in sorted(ordered[:MOST_TEAMS], key=lambda one: name(one).casefold())
    ]
    found = [value for value in answer.values if value.group] or [answer.get(metric.key, "", now.texts[-1])]
    left = len(ordered) - len(lines)
    series = _series(
        params, now, lines, state_of(found), [answer], f"{metric.label} of {len(lines)} teams by {now.grain}."
    )
    note = f"The {len(lines)} teams with most; {left} more are not drawn. " if left > 0 else ""
    return series.model_copy(update={"note": (note + series.note).strip()})


def _series(
    params: ProductivityParams,
    buckets: Buckets,
    lines: list[Line],
    state: tuple[State, str],
    answers: Sequence[Measured],
    alt: str,
) -> Series:
    metric = METRICS.get(params.metric)
    return Series(
        title=params.title or metric.label,
        description=metric.about,
        note=running_note(buckets, state[0]),
        mark="line",
        x=Axis(kind="temporal", label=buckets.grain.capitalize()),
        y=Axis(label=metric.label, unit=metric.unit),
        lines=lines,
        better=metric.better,
        state=state[0],
        state_text=state[1],
        alt=alt,
        provenance=provenance(WIDGET.key, *answers),
    )


def moving(y: Sequence[float | None], window: int) -> list[float | None]:
    """The mean of the last `window` values; none where fewer than half of them are known, or the last is not."""
    found: list[float | None] = []
    for place, last in enumerate(y):
        known = [one for one in y[max(0, place - window + 1) : place + 1] if one is not None]
        found.append(sum(known) / len(known) if last is not None and len(known) * 2 >= window else None)
    return found


def _widened(scope: Scope, params: ProductivityParams) -> tuple[Buckets, int]:
    """The period's buckets with those before it that a moving average needs, and how many are the period's own."""
    own = covering(scope, params.grain, params.metric)
    assert scope.period is not None
    _, last = scope.period.dates(scope.time_zone)
    first = own.starts[0] - timedelta(days=(WINDOWS[own.grain] - 1) * LONGEST[own.grain])
    longer = replace(scope, period=between(first, last, scope.time_zone), compare=None)
    return covering(longer, own.grain, params.metric), len(own.starts)


def _before(scope: Scope, params: ProductivityParams, grain: str) -> Buckets | None:
    earlier = scope.compared()
    return covering(earlier, grain, params.metric, is_past=True) if earlier else None


def _shifted(y: list[float | None], onto: Sequence[date]) -> Line:
    """The comparison drawn at the dates of this period, bucket by bucket from the end."""
    missing: list[float | None] = [None] * (len(onto) - len(y))
    return Line(name="Comparison", x=list(onto), y=(missing + y)[-len(onto) :], dashed=True)


def _told(label: str, y: Sequence[float | None], grain: str) -> str:
    known = [value for value in y if value is not None]
    if not known:
        return f"{label}: nothing to draw."
    return f"{label} by {grain}, {sum(known):,.0f} in all, {min(known):,.0f} to {max(known):,.0f} in one."


WIDGET = Widget(
    key="productivity.trend",
    title="Productivity trend",
    about="One kind of work by day, week or month, with a moving average and the comparison, or a line a team.",
    shape="series",
    params=ProductivityParams,
    build=build,
    metrics=lambda params: (params.metric,),
    questions=questions,
)
