"""Several metrics of one scope, a line each: now, before, change."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from core.catalogue import METRICS
from core.catalogue.scope import Scope
from core.catalogue.service import Measured
from core.context import Context
from core.figures import Cell, Column, Table, change_between
from core.widgets.asking import Question, ask
from core.widgets.finish import (
    cell,
    difference,
    mixed,
    provenance,
    quantity,
    remark_of,
    remarked,
    state_of,
    verdict,
)
from core.widgets.focus import focused
from core.widgets.widget import MetricKey, Params, Widget


class SummaryParams(Params):
    metrics: tuple[MetricKey, ...] = Field(min_length=1, max_length=60)


def questions(ctx: Context, scope: Scope, params: SummaryParams) -> Iterable[Question]:
    scope = focused(ctx, scope, params)
    yield Question(params.metrics, scope)
    if before := scope.compared():
        yield Question(params.metrics, before)


def build(ctx: Context, scope: Scope, params: SummaryParams) -> Table:
    scope = focused(ctx, scope, params)
    compare = scope.compared()
    now = ask(ctx, params.metrics, scope)
    before = ask(ctx, params.metrics, compare) if compare else None
    state, why = state_of(now.get(key) for key in params.metrics)
    head = [Column(key="metric", label="Metric"), *mixed(("now", "Now"))]
    if before:
        head += [*mixed(("before", "Before"), ("change", "Change")), Column(key="verdict", label="Verdict")]
    cols, rows = remarked(head, [_row(key, now, before) for key in params.metrics])
    return Table(
        title=params.title or "Numbers",
        note=f"Before: {compare.period.label(compare.time_zone)}." if compare and compare.period else "",
        cols=cols,
        rows=rows,
        state=state,
        state_text=why,
        provenance=provenance(WIDGET.key, now, before),
    )


def _row(key: str, now: Measured, before: Measured | None) -> list[Cell]:
    metric, one = METRICS.get(key), now.get(key)
    if not before:
        return [metric.label, quantity(one), remark_of(one)]
    other = before.get(key)
    change = change_between(cell(one), cell(other), metric.unit, metric.better)
    changed = difference(change, metric.unit)
    said = verdict(change) if change else None
    return [metric.label, quantity(one), quantity(other, one), changed, said, remark_of(one, other)]


WIDGET = Widget(
    key="metric.summary",
    title="Numbers in a list",
    about="Several metrics of one scope, each with its value now, before, and the change.",
    shape="table",
    params=SummaryParams,
    build=build,
    metrics=lambda params: params.metrics,
    questions=questions,
)
