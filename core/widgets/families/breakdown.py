"""A metric by team, person, repository or component, as bars."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Value
from core.context import Context
from core.figures import Axis, Line, Series, State
from core.widgets.asking import Question, ask
from core.widgets.finish import cell, has_value, ordered, provenance, state_of, text
from core.widgets.focus import focused, namer
from core.widgets.widget import MetricKey, Params, Widget

By = Literal["team", "person", "repo", "component"]
NOUNS = {"team": "Team", "person": "Person", "repo": "Repository", "component": "Component"}
PLURALS = {"team": "teams", "person": "people", "repo": "repositories", "component": "components"}


class BreakdownParams(Params):
    metric: MetricKey
    by: By = "team"
    limit: int = Field(12, ge=1, le=50)


def questions(ctx: Context, scope: Scope, params: BreakdownParams) -> Iterable[Question]:
    yield Question((params.metric,), focused(ctx, scope, params), (params.by,))


def build(ctx: Context, scope: Scope, params: BreakdownParams) -> Series:
    metric = METRICS.get(params.metric)
    answer = ask(ctx, (metric.key,), focused(ctx, scope, params), (params.by,))
    found = ordered(named_values(ctx, answer, metric.key, params.by), metric.better)
    measured = [(name, value) for name, value in found if has_value(value)]
    shown = measured[: params.limit]
    state, why = state_of([value for _, value in found] or _nothing(ctx, scope, answer, params))
    left_out = len(measured) - len(shown)
    return Series(
        title=params.title or f"{metric.label} by {NOUNS[params.by].lower()}",
        description=metric.about,
        note=f"The first {len(shown)} of {len(measured)} {PLURALS[params.by]}." if left_out else "",
        mark="horizontal_bar",
        x=Axis(kind="nominal", label=NOUNS[params.by]),
        y=Axis(label=metric.label, unit=metric.unit),
        lines=[Line(name=metric.label, x=[name for name, _ in shown], y=[cell(value) for _, value in shown])],
        better=metric.better,
        state=state,
        state_text=why,
        alt="; ".join(f"{name} {text(value)}" for name, value in shown[:5]) or f"{metric.label}: nothing to draw.",
        provenance=provenance(WIDGET.key, answer),
    )


def _nothing(ctx: Context, scope: Scope, answer: Measured, params: BreakdownParams) -> list[Value]:
    """Why nobody has a value, those first that could have had one."""
    everywhere = scope.repo_ids or [repo.id for repo in catalogue.repositories(ctx)]
    values = [answer.get(params.metric, one) for one in (everywhere if params.by == "repo" else ("",))]
    return sorted(values, key=lambda value: value.state is State.NOT_COLLECTED)


def named_values(ctx: Context, answer: Measured, key: str, by: str) -> list[tuple[str, Value]]:
    """Each group's name and value, in the order of the answer."""
    name = namer(ctx, by)
    return [(name(value.group[0]), value) for value in answer.values if value.metric == key and value.group]


WIDGET = Widget(
    key="metric.breakdown",
    title="Breakdown",
    about="One metric by team, person, repository or component, as bars, best first.",
    shape="series",
    params=BreakdownParams,
    build=build,
    metrics=lambda params: (params.metric,),
    questions=questions,
)
