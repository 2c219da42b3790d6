"""How a metric is spread over people, and where one of them stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from math import ceil, floor, isqrt, log10

from pydantic import Field

from core.catalogue import METRICS
from core.catalogue.scope import Scope
from core.context import Context
from core.figures import Axis, Line, Series, Unit, number_text
from core.widgets.asking import Question, ask
from core.widgets.finish import has_value, provenance, state_of
from core.widgets.focus import focused, namer
from core.widgets.widget import MetricKey, Params, Widget


class DistributionParams(Params):
    metric: MetricKey
    bins: int = Field(10, ge=3, le=40)


def questions(ctx: Context, scope: Scope, params: DistributionParams) -> Iterable[Question]:
    yield Question((params.metric,), _everybody(focused(ctx, scope, params)), ("person",))


def build(ctx: Context, scope: Scope, params: DistributionParams) -> Series:
    scope, metric = focused(ctx, scope, params), METRICS.get(params.metric)
    answer = ask(ctx, (metric.key,), _everybody(scope), ("person",))
    found = {v.group[0]: v for v in answer.values if v.metric == metric.key and v.group}
    seen = {person: float(v.value or 0) for person, v in found.items() if has_value(v)}
    marked = scope.person_ids[0] if len(scope.person_ids) == 1 else ""
    edges = bin_edges(
        list(seen.values()), min(params.bins, isqrt(len(seen)) + 2), whole=metric.unit in (Unit.COUNT, Unit.LINES)
    )
    state, why = state_of(list(found.values()) or [answer.get(metric.key, "")])
    return Series(
        title=params.title or f"Spread of {metric.label.lower()}",
        description=metric.about,
        note=_note(ctx, seen, marked, metric.unit),
        mark="stacked_bar",
        x=Axis(kind="ordinal", label=metric.label),
        y=Axis(label="People", unit=Unit.COUNT),
        lines=_lines(ctx, seen, marked, edges, metric.unit),
        state=state,
        state_text=why,
        alt=f"{metric.label} of {len(seen)} people. {_note(ctx, seen, marked, metric.unit)}".strip(),
        provenance=provenance(WIDGET.key, answer),
    )


def bin_edges(numbers: list[float], bins: int, *, whole: bool) -> list[float]:
    """Round edges of at most about `bins` equal bins that hold every number; no bin is narrower than 1 if whole."""
    if not numbers:
        return [0.0, 1.0]
    low, high = min(numbers), max(numbers)
    raw = (high - low) / bins or max(abs(high), 1.0) / bins
    power = 10.0 ** floor(log10(raw))
    step = next(power * nice for nice in (1, 2, 5, 10) if power * nice >= raw * 0.999)
    step = max(step, 1.0) if whole else step
    first = floor(low / step) * step
    count = max(ceil((high - first) / step + 1e-9), 1)
    count += first + count * step <= high
    return [first + index * step for index in range(count + 1)]


def _bin(low: float, high: float, unit: Unit) -> str:
    """ "10 – 20", with the unit once."""
    if unit is Unit.RATIO:
        return f"{low * 100:g} – {high * 100:g} %"
    return f"{low:g} – {high:g}" + {Unit.HOURS: " h", Unit.DAYS: " d"}.get(unit, "")


def _lines(ctx: Context, seen: dict[str, float], marked: str, edges: list[float], unit: Unit) -> list[Line]:
    counts = [0.0] * (len(edges) - 1)
    own = [0.0] * len(counts)
    for person, number in seen.items():
        place = min(bisect_right(edges, number) - 1, len(counts) - 1)
        (own if person == marked else counts)[place] += 1
    labels = [_bin(low, high, unit) for low, high in pairwise(edges)]
    lines = [Line(name="People", x=list(labels), y=list(counts))]
    if marked in seen:
        lines.append(Line(name=namer(ctx, "person")(marked), x=list(labels), y=list(own)))
    return lines


def _note(ctx: Context, seen: dict[str, float], marked: str, unit: Unit) -> str:
    if marked not in seen or len(seen) < 2:
        return f"{len(seen)} people with a value." if seen else ""
    below = sum(number < seen[marked] for person, number in seen.items() if person != marked)
    name = namer(ctx, "person")(marked)
    return f"{name}: {number_text(seen[marked], unit)}, more than {below} of the {len(seen) - 1} others."


def _everybody(scope: Scope) -> Scope:
    """The scope without its people: a single person has no spread."""
    return replace(scope, person_ids=(), compare=None) if len(scope.person_ids) == 1 else replace(scope, compare=None)


WIDGET = Widget(
    key="metric.distribution",
    title="Spread",
    about="How one metric is spread over people, and where a chosen person stands.",
    shape="series",
    params=DistributionParams,
    build=build,
    metrics=lambda params: (params.metric,),
    questions=questions,
)
