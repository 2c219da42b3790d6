"""People in the order of one metric: off unless the workspace turns it on, and never of few."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import Field

from core.access import insights
from core.base.errors import BadInput, NotAllowed
from core.catalogue import METRICS
from core.catalogue.metric import Metric
from core.catalogue.scope import Scope
from core.catalogue.service import Value
from core.context import Context
from core.figures import Better, Cell, Column, Table
from core.widgets.asking import Question, ask
from core.widgets.families.breakdown import named_values
from core.widgets.finish import has_value, mixed, ordered, provenance, quantity, text
from core.widgets.focus import focused
from core.widgets.widget import MetricKey, Params, Widget

NEVER = "sustainability"
"""Wellbeing is nobody's competition."""
SILENT = (
    "It does not say how hard, how useful or how good the work was, who made others faster, or who was away:"
    " look at what is behind a number before you speak about it."
)


class LeaderboardParams(Params):
    metric: MetricKey = "prs_merged"
    limit: int = Field(20, ge=3, le=200)


def questions(ctx: Context, scope: Scope, params: LeaderboardParams) -> Iterable[Question]:
    _check(ctx, METRICS.get(params.metric))
    yield Question((params.metric,), focused(ctx, scope, params), ("person",))


def build(ctx: Context, scope: Scope, params: LeaderboardParams) -> Table:
    metric, least = METRICS.get(params.metric), insights.settings(ctx).least_group
    _check(ctx, metric)
    answer = ask(ctx, (metric.key,), focused(ctx, scope, params), ("person",))
    found = [(name, value) for name, value in named_values(ctx, answer, metric.key, "person") if has_value(value)]
    if len(found) < least:
        raise BadInput(
            f"{'1 person has' if len(found) == 1 else f'{len(found)} people have'} a value here, and this workspace"
            f" orders no fewer than {least}."
            " Choose a longer period or more teams."
        )
    best_first = ordered(found, metric.better)
    rows = [_row(place, name, value) for place, (name, value) in zip(places(best_first), best_first, strict=True)]
    shown = _whole_ties(rows, params.limit)
    return Table(
        title=params.title or f"{metric.label}: people in order",
        description=metric.about,
        note=f"{_order(metric)} {SILENT}",
        cols=[
            Column(key="place", label="Place", help="People with the same number share a place."),
            Column(key="person", label="Person"),
            *mixed(("value", metric.label)),
            Column(key="n", label="Rows behind it", kind="integer"),
            Column(key="sure", label="How sure", help="By the rows behind it: of few, chance decides the place."),
        ],
        rows=shown,
        total_rows=len(rows),
        provenance=provenance(WIDGET.key, answer),
    )


def places(best_first: Sequence[tuple[str, Value]]) -> list[str]:
    """ "1", "2 =", "2 =", "4": who reads the same shares a place."""
    read = [text(value) for _, value in best_first]
    first = {one: read.index(one) + 1 for one in dict.fromkeys(read)}
    return [f"{first[one]} =" if read.count(one) > 1 else str(first[one]) for one in read]


def confidence(rows: int) -> str:
    """How much a place is worth: chance is about one in the square root of the rows."""
    if rows < 10:
        return "hardly: few rows"
    return "roughly" if rows < 50 else "fairly"


def _check(ctx: Context, metric: Metric) -> None:
    if not insights.settings(ctx).leaderboards:
        raise NotAllowed(
            f"Leaderboards are off in '{ctx.workspace.name}'. An admin can turn them on under Insight settings."
        )
    if metric.category == NEVER:
        raise BadInput(
            f"{metric.label} is about wellbeing, and nobody is put in an order by it. Choose another metric."
        )


def _row(place: str, name: str, value: Value) -> list[Cell]:
    return [place, name, quantity(value), value.n, confidence(value.n)]


def _whole_ties(rows: list[list[Cell]], limit: int) -> list[list[Cell]]:
    """The first rows, and those who share the last one's place."""
    if len(rows) <= limit:
        return rows
    return rows[:limit] + [row for row in rows[limit:] if row[0] == rows[limit - 1][0]]


def _order(metric: Metric) -> str:
    if metric.better is Better.NEITHER:
        return "Largest first; none is better."
    return "Higher is first." if metric.better is Better.HIGHER else "Lower is first."


WIDGET = Widget(
    key="people.leaderboard",
    title="Leaderboard",
    about="People in the order of one metric, with ties and how sure a place is; off unless a workspace turns it on.",
    shape="table",
    params=LeaderboardParams,
    build=build,
    metrics=lambda params: (params.metric,),
    questions=questions,
)
