"""One metric as a number, with its change and its recent history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.catalogue import METRICS, dora
from core.catalogue.scope import Scope
from core.catalogue.service import Measured
from core.context import Context
from core.figures import Stat, change_between
from core.widgets.asking import Question, ask
from core.widgets.buckets import numbers, partial, recent, values
from core.widgets.finish import cell, provenance, sentence, text, versus
from core.widgets.focus import explained, focused
from core.widgets.widget import MetricKey, Params, Widget


class StatParams(Params):
    metric: MetricKey
    spark: bool = True
    dora_year: int = dora.NEWEST
    """Whose bands the four delivery metrics are placed in."""


def questions(ctx: Context, scope: Scope, params: StatParams) -> Iterable[Question]:
    scope = focused(ctx, scope, params)
    keys = (params.metric,)
    yield Question(keys, scope)
    if before := scope.compared():
        yield Question(keys, before)
    if params.spark and scope.period:
        buckets = recent(scope, params.metric)
        yield Question(keys, buckets.scope, (buckets.grain,))


def build(ctx: Context, scope: Scope, params: StatParams) -> Stat:
    scope = focused(ctx, scope, params)
    metric, keys = METRICS.get(params.metric), (params.metric,)
    answer = ask(ctx, keys, scope)
    now, compare = answer.get(metric.key), scope.compared()
    earlier = ask(ctx, keys, compare) if compare else None
    before = earlier.get(metric.key) if earlier else None
    history, past = _history(ctx, scope, params)
    return Stat(
        title=params.title or metric.label,
        description=metric.about,
        value=cell(now),
        text=text(now),
        unit=metric.unit,
        better=metric.better,
        state=now.state,
        state_text=sentence(now),
        n=now.n,
        change=change_between(cell(now), cell(before), metric.unit, metric.better, versus(before, compare, now))
        if before
        else None,
        **past,
        note=_band(metric.key, cell(now), params.dora_year),
        explain=explained(scope, metric.key),
        provenance=provenance(WIDGET.key, answer, earlier, history),
    )


def _band(key: str, value: float | None, year: int) -> str:
    band = dora.band(key, value, year)
    return f"DORA {year}: {band}" if band else ""


def _history(ctx: Context, scope: Scope, params: StatParams) -> tuple[Measured | None, dict[str, Any]]:
    if not params.spark or not scope.period:
        return None, {}
    buckets = recent(scope, params.metric)
    answer = ask(ctx, (params.metric,), buckets.scope, (buckets.grain,))
    found = values(answer, params.metric, buckets)
    parts = [day.isoformat() for day in partial(ctx, buckets, found)]
    return answer, {"spark": numbers(found), "spark_labels": buckets.texts, "spark_partial": parts}


WIDGET = Widget(
    key="metric.stat",
    title="Number",
    about="One metric as a number, with its change since the comparison period and a small line of its recent history.",
    shape="stat",
    params=StatParams,
    build=build,
    metrics=lambda params: (params.metric,),
    questions=questions,
)
