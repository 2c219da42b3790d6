"""A person's numbers of one category: beside their own past and their team's middle half."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median, quantiles

from pydantic import Field

from core.base.errors import BadInput
from core.catalogue import METRICS
from core.catalogue.scope import Scope
from core.catalogue.service import Measured
from core.context import Context
from core.figures import Axis, Cell, Column, Line, Quantity, Series, Table, Unit, change_between, number_text
from core.people import service as people
from core.widgets.asking import Question, ask
from core.widgets.buckets import Buckets, Grain, covering, numbers, partial, running_note, values
from core.widgets.finish import (
    cell,
    difference,
    has_value,
    mixed,
    provenance,
    quantity,
    remark_of,
    remarked,
    state_of,
    verdict,
)
from core.widgets.focus import focused, namer
from core.widgets.widget import MetricKey, Params, Widget

FEW = 4
"""A team smaller than this has no middle half worth drawing."""


class StandingParams(Params):
    metrics: tuple[MetricKey, ...] = Field(min_length=1, max_length=40)


class BandParams(Params):
    metric: MetricKey
    grain: Grain = "auto"


@dataclass(frozen=True, slots=True)
class Circle:
    """Those a person is set beside: their team, or everybody where they are in none."""

    name: str
    scope: Scope


def standing_questions(ctx: Context, scope: Scope, params: StandingParams) -> Iterable[Question]:
    scope = _one_person(focused(ctx, scope, params))
    yield Question(params.metrics, scope)
    if before := scope.compared():
        yield Question(params.metrics, before)
    if _sees(ctx, _circle(ctx, scope)):
        yield Question(params.metrics, _circle(ctx, scope).scope, ("person",))


def standing(ctx: Context, scope: Scope, params: StandingParams) -> Table:
    scope = _one_person(focused(ctx, scope, params))
    compare, circle = scope.compared(), _circle(ctx, scope)
    now = ask(ctx, params.metrics, scope)
    before = ask(ctx, params.metrics, compare) if compare else None
    others = ask(ctx, params.metrics, circle.scope, ("person",)) if _sees(ctx, circle) else None
    cols, rows = remarked(_columns(circle, before, others), [_row(key, now, before, others) for key in params.metrics])
    state, why = state_of(now.get(key) for key in params.metrics)
    return Table(
        title=params.title or f"{namer(ctx, 'person')(scope.person_ids[0])} in numbers",
        note=_note(circle, compare, others),
        cols=cols,
        rows=rows,
        state=state,
        state_text=why,
        provenance=provenance(STANDING_WIDGET.key, now, before, others),
    )


def _sees(ctx: Context, circle: Circle) -> bool:
    return ctx.sees_scope(team_ids=circle.scope.team_ids)


def _row(key: str, now: Measured, before: Measured | None, others: Measured | None) -> list[Cell]:
    metric, one = METRICS.get(key), now.get(key)
    other = before.get(key) if before else None
    row: list[Cell] = [metric.label, quantity(one)]
    if other:
        change = change_between(cell(one), cell(other), metric.unit, metric.better)
        row += [quantity(other, one), difference(change, metric.unit), verdict(change) if change else None]
    if others:
        row += _beside(others, key, metric.unit)
    return [*row, remark_of(one, other)]


def _beside(others: Measured, key: str, unit: Unit) -> list[Cell]:
    seen = _numbers(others, key)
    if not seen:
        return [None, None]
    value = median(seen)
    middle = Quantity(value=value, text=number_text(value, unit), unit=unit)
    if len(seen) < FEW:
        return [middle, None]
    low, _, high = quantiles(seen, n=4, method="inclusive")
    return [middle, f"{number_text(low, unit)} – {number_text(high, unit)}"]


def _numbers(others: Measured, key: str) -> list[float]:
    return [float(v.value or 0) for v in others.of(key) if v.group and has_value(v)]


def _columns(circle: Circle, before: Measured | None, others: Measured | None) -> list[Column]:
    cols = [Column(key="metric", label="Metric"), *mixed(("now", "Now"))]
    if before:
        cols += [*mixed(("before", "Before"), ("change", "Change")), Column(key="verdict", label="Verdict")]
    if others:
        cols += [*mixed(("median", f"Median of {circle.name}")), Column(key="middle", label="Middle half")]
    return cols


def _note(circle: Circle, compare: Scope | None, others: Measured | None) -> str:
    parts = []
    if compare and compare.period:
        parts.append(f"Before: {compare.period.label(compare.time_zone)}.")
    if others:
        count = len([group for group in others.groups if group])
        who = "1 person" if count == 1 else f"{count} people"
        parts.append(f"{circle.name}: {who} with activity; the middle half leaves out the lowest and highest quarter.")
    else:
        parts.append(
            "This workspace does not show others' numbers to your role, so there is no comparison with the team."
        )
    return " ".join(parts)


def band_questions(ctx: Context, scope: Scope, params: BandParams) -> Iterable[Question]:
    scope = _one_person(focused(ctx, scope, params))
    buckets = covering(scope, params.grain, params.metric)
    yield Question((params.metric,), buckets.scope, (buckets.grain,))
    if _sees(ctx, _circle(ctx, scope)):
        yield Question((params.metric,), _circle(ctx, buckets.scope).scope, ("person", buckets.grain))


def band(ctx: Context, scope: Scope, params: BandParams) -> Series:
    """The person's line over the middle half of their team."""
    scope, metric = _one_person(focused(ctx, scope, params)), METRICS.get(params.metric)
    buckets, circle = covering(scope, params.grain, params.metric), _circle(ctx, scope)
    answer = ask(ctx, (metric.key,), buckets.scope, (buckets.grain,))
    found = values(answer, metric.key, buckets)
    lines, others = (
        [Line(name=namer(ctx, "person")(scope.person_ids[0]), x=list(buckets.starts), y=numbers(found))],
        None,
    )
    if _sees(ctx, circle):
        others = ask(ctx, (metric.key,), _circle(ctx, buckets.scope).scope, ("person", buckets.grain))
        lines.append(_middle(others, metric.key, buckets, circle.name))
    state, why = state_of(found)
    return Series(
        title=params.title or metric.label,
        description=metric.about,
        note=running_note(buckets, state),
        mark="line",
        x=Axis(kind="temporal", label=buckets.grain.capitalize()),
        y=Axis(label=metric.label, unit=metric.unit),
        lines=lines,
        better=metric.better,
        state=state,
        state_text=why,
        partial=partial(ctx, buckets, found),
        alt=f"{metric.label} by {buckets.grain}, with the middle half of {circle.name} around it.",
        provenance=provenance(BAND_WIDGET.key, answer, others),
    )


def _middle(others: Measured, key: str, buckets: Buckets, name: str) -> Line:
    by_bucket: dict[str, list[float]] = {text: [] for text in buckets.texts}
    for value in others.of(key):
        if len(value.group) == 2 and has_value(value) and value.group[1] in by_bucket:
            by_bucket[value.group[1]].append(float(value.value or 0))
    cuts = [_cuts(seen) for seen in by_bucket.values()]
    return Line(
        name=f"Median of {name}",
        x=list(buckets.starts),
        y=[cut[1] for cut in cuts],
        low=[cut[0] for cut in cuts],
        high=[cut[2] for cut in cuts],
        dashed=True,
    )


def _cuts(seen: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    if not seen:
        return None, None, None
    if len(seen) < FEW:
        return None, median(seen), None
    low, middle, high = quantiles(seen, n=4, method="inclusive")
    return low, middle, high


def _one_person(scope: Scope) -> Scope:
    if len(scope.person_ids) != 1:
        raise BadInput("Choose one person to see their numbers.")
    return scope


def _circle(ctx: Context, scope: Scope) -> Circle:
    person_id = scope.person_ids[0]
    wider = replace(scope, person_ids=(), compare=None)
    last = scope.period.dates(scope.time_zone)[1] if scope.period else None
    for team in people.teams(ctx, last):
        if person_id in team.member_ids:
            return Circle(team.name, replace(wider, team_ids=(team.id,)))
    return Circle("everybody", wider)


STANDING_WIDGET = Widget(
    key="person.standing",
    title="A person in numbers",
    about="One person's metrics beside their own past and the middle half of their team.",
    shape="table",
    params=StandingParams,
    build=standing,
    metrics=lambda params: params.metrics,
    questions=standing_questions,
)
BAND_WIDGET = Widget(
    key="person.trend",
    title="A person over time",
    about="One person's metric over time, over the middle half of their team.",
    shape="series",
    params=BandParams,
    build=band,
    metrics=lambda params: (params.metric,),
    questions=band_questions,
)
