"""One of several people, teams, components or periods by itself, on the scale that all of them share."""

from __future__ import annotations

from collections.abc import Iterable

from core.base.errors import BadInput
from core.catalogue import METRICS
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Value
from core.context import Context
from core.figures import Axis, Line, Series, SeriesStyle
from core.widgets.asking import Question, ask
from core.widgets.buckets import Buckets, Grain, covering, numbers, running_note, values
from core.widgets.families.comparison import Of, chosen
from core.widgets.finish import provenance, state_of
from core.widgets.focus import focused, namer
from core.widgets.widget import MetricKey, Params, Widget

PERIODS = ("now", "before")


class SingleParams(Params):
    metric: MetricKey
    subject: str
    """An id; of periods now or before."""
    of: Of = "team"
    grain: Grain = "auto"


def questions(ctx: Context, scope: Scope, params: SingleParams) -> Iterable[Question]:
    scope = focused(ctx, scope, params)
    if params.of != "period":
        buckets = covering(scope, params.grain, params.metric)
        yield Question((params.metric,), buckets.scope, (params.of, buckets.grain))
        return
    for buckets in _periods(scope, params).values():
        yield Question((params.metric,), buckets.scope, (buckets.grain,))


def build(ctx: Context, scope: Scope, params: SingleParams) -> Series:
    scope, metric = focused(ctx, scope, params), METRICS.get(params.metric)
    name, buckets, found, everything, answers = (_period if params.of == "period" else _subject)(ctx, scope, params)
    known = [value for value in numbers(everything) if value is not None]
    state, why = state_of(found)
    return Series(
        title=params.title or name,
        description=metric.about,
        note=running_note(buckets, state),
        x=Axis(kind="temporal"),
        y=Axis(label=metric.label, unit=metric.unit),
        lines=[Line(name=metric.label, x=list(buckets.starts), y=numbers(found))],
        better=metric.better,
        state=state,
        state_text=why,
        style=SeriesStyle(y_from=min(known, default=0.0), y_to=max(known, default=1.0)),
        alt=f"{metric.label} of {name} by {buckets.grain}, on the scale of all that are compared.",
        provenance=provenance(WIDGET.key, *answers),
    )


_Part = tuple[str, Buckets, list[Value], list[Value], list[Measured]]
"""Name, buckets, its values, the values of all, and where they come from."""


def _subject(ctx: Context, scope: Scope, params: SingleParams) -> _Part:
    buckets = covering(scope, params.grain, params.metric)
    answer = ask(ctx, (params.metric,), buckets.scope, (params.of, buckets.grain))
    everybody = {one: values(answer, params.metric, buckets, one) for one in chosen(ctx, scope, params.of)}
    if params.subject not in everybody:
        raise BadInput(f"'{params.subject}' is not among those that are compared.")
    every = [value for found in everybody.values() for value in found]
    return namer(ctx, params.of)(params.subject), buckets, everybody[params.subject], every, [answer]


def _period(ctx: Context, scope: Scope, params: SingleParams) -> _Part:
    spans = _periods(scope, params)
    if params.subject not in spans:
        raise BadInput("Of periods there are two, now and before. Choose a period to compare with.")
    answers = {name: ask(ctx, (params.metric,), one.scope, (one.grain,)) for name, one in spans.items()}
    found = {name: values(answers[name], params.metric, one) for name, one in spans.items()}
    buckets = spans[params.subject]
    asked = scope.period if params.subject == "now" else scope.compare
    assert asked
    every = [value for one in found.values() for value in one]
    return asked.label(scope.time_zone), buckets, found[params.subject], every, list(answers.values())


def _periods(scope: Scope, params: SingleParams) -> dict[str, Buckets]:
    now, before = covering(scope, params.grain, params.metric), scope.compared()
    if before is None:
        return {"now": now}
    return {"now": now, "before": covering(before, now.grain, params.metric, is_past=True)}


WIDGET = Widget(
    key="compare.single",
    title="One of several",
    about="One metric over time of one person, team, component or period, on the scale that all those compared share.",
    shape="series",
    params=SingleParams,
    build=build,
    metrics=lambda params: (params.metric,),
    questions=questions,
)
