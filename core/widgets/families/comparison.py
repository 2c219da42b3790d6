"""People, teams, components or periods side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from pydantic import Field

from core.base.errors import BadInput
from core.catalogue import METRICS
from core.catalogue.scope import UNASSIGNED, Scope
from core.catalogue.service import Measured, Value
from core.components import service as components
from core.context import Context
from core.figures import Axis, Cell, Column, Line, Series, Table
from core.people import service as people
from core.widgets.asking import Question, ask
from core.widgets.buckets import Grain, covering, numbers, running_note, values
from core.widgets.families.breakdown import PLURALS
from core.widgets.finish import mixed, provenance, quantity, remark_of_all, remarked, state_of
from core.widgets.focus import focused, namer
from core.widgets.widget import MetricKey, Params, Widget

Of = Literal["person", "team", "component", "period"]
MOST = 8
"""More lines than this cannot be told apart."""


class SideBySideParams(Params):
    metrics: tuple[MetricKey, ...] = Field(min_length=1, max_length=60)
    of: Of = "team"


class LinesParams(Params):
    metric: MetricKey
    of: Literal["person", "team", "component"] = "team"
    grain: Grain = "auto"


def table_questions(ctx: Context, scope: Scope, params: SideBySideParams) -> Iterable[Question]:
    scope = focused(ctx, scope, params)
    if params.of != "period":
        yield Question(params.metrics, scope, (params.of,))
        return
    yield Question(params.metrics, scope)
    if before := scope.compared():
        yield Question(params.metrics, before)


def table(ctx: Context, scope: Scope, params: SideBySideParams) -> Table:
    """Metrics down, subjects across: a column holds metrics of different units."""
    scope = focused(ctx, scope, params)
    names, lookup, answers = _periods(ctx, scope, params) if params.of == "period" else _subjects(ctx, scope, params)
    rows: list[list[Cell]] = []
    for key in params.metrics:
        found = [lookup(key, index) for index in range(len(names))]
        remark = remark_of_all(list(zip(names, found, strict=True)))
        rows.append([METRICS.get(key).label, *map(quantity, found), remark])
    state, why = state_of(lookup(key, index) for key in params.metrics for index in range(len(names)))
    head = [Column(key="metric", label="Metric"), *mixed(*((f"c{i}", name) for i, name in enumerate(names)))]
    cols, rows = remarked(head, rows)
    return Table(
        title=params.title or "Side by side",
        note=_left_out(ctx, scope, params.of) if params.of != "period" else "",
        cols=cols,
        rows=rows,
        state=state,
        state_text=why,
        provenance=provenance(TABLE_WIDGET.key, *answers),
    )


Lookup = Callable[[str, int], Value]


def _periods(ctx: Context, scope: Scope, params: SideBySideParams) -> tuple[list[str], Lookup, list[Measured]]:
    before = scope.compared()
    if scope.period is None or before is None or before.period is None:
        raise BadInput("Choose a comparison period to see two periods side by side.")
    answers = [ask(ctx, params.metrics, scope), ask(ctx, params.metrics, before)]
    names = [scope.period.label(scope.time_zone), before.period.label(scope.time_zone)]
    return names, lambda key, index: answers[index].get(key), answers


def _subjects(ctx: Context, scope: Scope, params: SideBySideParams) -> tuple[list[str], Lookup, list[Measured]]:
    ids, name = chosen(ctx, scope, params.of), namer(ctx, params.of)
    answer = ask(ctx, params.metrics, scope, (params.of,))
    return [name(one) for one in ids], lambda key, index: answer.get(key, ids[index]), [answer]


def chosen(ctx: Context, scope: Scope, of: str) -> list[str]:
    """Whom to compare: those in the scope; without any, the teams that have members, or every component."""
    ids = _candidates(ctx, scope, of)
    if not ids:
        raise BadInput(f"Choose the {PLURALS[of]} to compare.")
    return ids[:MOST]


def _candidates(ctx: Context, scope: Scope, of: str) -> list[str]:
    ids = list({"person": scope.person_ids, "component": scope.component_ids}.get(of, scope.team_ids))
    if of == "component" and not ids:
        ids = [one for one in components.names(ctx) if one != UNASSIGNED]
    if of == "team" and not ids:
        ids = [team.id for team in people.teams(ctx) if team.member_ids]
    return ids


def _left_out(ctx: Context, scope: Scope, of: str) -> str:
    count = len(_candidates(ctx, scope, of))
    return f"The first {MOST} of {count} {PLURALS[of]}." if count > MOST else ""


def line_questions(ctx: Context, scope: Scope, params: LinesParams) -> Iterable[Question]:
    buckets = covering(focused(ctx, scope, params), params.grain, params.metric)
    yield Question((params.metric,), buckets.scope, (params.of, buckets.grain))


def lines(ctx: Context, scope: Scope, params: LinesParams) -> Series:
    """A line a subject."""
    scope, metric = focused(ctx, scope, params), METRICS.get(params.metric)
    buckets, name = covering(scope, params.grain, params.metric), namer(ctx, params.of)
    answer = ask(ctx, (metric.key,), buckets.scope, (params.of, buckets.grain))
    found = {one: values(answer, metric.key, buckets, one) for one in chosen(ctx, scope, params.of)}
    state, why = state_of(value for row in found.values() for value in row)
    return Series(
        title=params.title or metric.label,
        description=metric.about,
        note=" ".join((running_note(buckets, state), _left_out(ctx, scope, params.of))).strip(),
        mark="line",
        x=Axis(kind="temporal", label=buckets.grain.capitalize()),
        y=Axis(label=metric.label, unit=metric.unit),
        lines=[Line(name=name(one), x=list(buckets.starts), y=numbers(row)) for one, row in found.items()],
        better=metric.better,
        state=state,
        state_text=why,
        alt=f"{metric.label} by {buckets.grain} of {', '.join(name(one) for one in found)}.",
        provenance=provenance(LINES_WIDGET.key, answer),
    )


TABLE_WIDGET = Widget(
    key="compare.table",
    title="Side by side",
    about="Several metrics of people, teams, components or two periods next to each other.",
    shape="table",
    params=SideBySideParams,
    build=table,
    metrics=lambda params: params.metrics,
    questions=table_questions,
)
LINES_WIDGET = Widget(
    key="compare.lines",
    title="Lines side by side",
    about="One metric over time, a line for each person, team or component.",
    shape="series",
    params=LinesParams,
    build=lines,
    metrics=lambda params: (params.metric,),
    questions=line_questions,
)
