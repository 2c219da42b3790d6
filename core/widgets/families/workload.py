"""How work is spread over the people of a team or workspace, and how fair that is."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from core.catalogue import METRICS
from core.catalogue.metric import Sum
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Value
from core.context import Context
from core.figures import Axis, Cell, Column, Line, Quantity, Series, Table, Unit, number_text
from core.widgets.asking import Question, ask
from core.widgets.fairness import gini, top_share, words
from core.widgets.families.breakdown import named_values
from core.widgets.finish import has_value, mixed, provenance, state_of
from core.widgets.focus import focused
from core.widgets.widget import MetricKey, Params, Widget

WORK = ("commits_count", "prs_merged", "review_given_count")
HOW = (
    "Gini: 0 where everybody did the same, near 1 where one person did it all. It counts people who did anything in the"
    " period; roles, part time and leave differ, so uneven is not unfair by itself."
)


class FairnessParams(Params):
    metrics: tuple[MetricKey, ...] = Field(WORK, min_length=1, max_length=12)


class SharesParams(Params):
    metrics: tuple[MetricKey, ...] = Field(WORK, min_length=1, max_length=4)
    limit: int = Field(20, ge=2, le=60)


def questions(ctx: Context, scope: Scope, params: FairnessParams | SharesParams) -> Iterable[Question]:
    yield Question(params.metrics, focused(ctx, scope, params), ("person",))


def fairness(ctx: Context, scope: Scope, params: FairnessParams) -> Table:
    """A row a kind of work: how many did it, how much, and how evenly."""
    answer = ask(ctx, params.metrics, focused(ctx, scope, params), ("person",))
    rows = [_fairness_row(ctx, answer, key) for key in params.metrics]
    state, why = state_of(value for key in params.metrics for value in _values(answer, key))
    return Table(
        title=params.title or "How evenly work is spread",
        note=HOW,
        cols=[
            Column(key="work", label="Work"),
            Column(key="people", label="People", kind="integer", help="Who did anything in the period."),
            *mixed(("total", "In all"), ("even", "If shared evenly"), ("top", "Most by one person")),
            Column(key="share", label="Share of that person", kind="percent"),
            Column(key="gini", label="Gini", kind="decimal", decimals=2),
            Column(key="reads", label="Reads as"),
        ],
        rows=rows,
        state=state,
        state_text=why,
        provenance=provenance(FAIRNESS_WIDGET.key, answer),
    )


def shares(ctx: Context, scope: Scope, params: SharesParams) -> Series:
    """Each person's share of each kind of work, as bars beside each other."""
    answer = ask(ctx, params.metrics, focused(ctx, scope, params), ("person",))
    found = {key: dict(_named(ctx, answer, key)) for key in params.metrics}
    first = found[params.metrics[0]]
    everybody = sorted({name for one in found.values() for name in one}, key=lambda name: (-first.get(name, 0.0), name))
    shown = everybody[: params.limit]
    state, why = state_of(value for key in params.metrics for value in _values(answer, key))
    return Series(
        title=params.title or "Who does which share",
        note=f"The first {len(shown)} of {len(everybody)} people." if len(everybody) > len(shown) else "",
        mark="horizontal_bar",
        x=Axis(kind="nominal", label="Person"),
        y=Axis(label="Share", unit=Unit.RATIO),
        lines=[Line(name=METRICS.get(key).label, x=[*shown], y=_shares(one, shown)) for key, one in found.items()],
        state=state,
        state_text=why,
        alt=f"Shares of {len(everybody)} people in {', '.join(METRICS.get(key).label for key in params.metrics)}.",
        provenance=provenance(SHARES_WIDGET.key, answer),
    )


def _fairness_row(ctx: Context, answer: Measured, key: str) -> list[Cell]:
    metric, amounts = METRICS.get(key), [amount for _, amount in _named(ctx, answer, key)]
    total, coefficient = sum(amounts), gini(amounts)
    even = total / len(amounts) if amounts else None
    return [
        metric.label,
        len(amounts),
        _quantity(total if amounts else None, metric.unit),
        _quantity(even, metric.unit),
        _quantity(max(amounts, default=None), metric.unit),
        top_share(amounts),
        coefficient,
        words(coefficient, len(amounts)) if isinstance(metric.kind, Sum) else "Only what is counted can be shared out.",
    ]


def _quantity(value: float | None, unit: Unit) -> Quantity:
    return Quantity(value=value, text=number_text(value, unit), unit=unit)


def _values(answer: Measured, key: str) -> list[Value]:
    return [value for value in answer.values if value.metric == key and value.group] or [answer.get(key, "")]


def _named(ctx: Context, answer: Measured, key: str) -> list[tuple[str, float]]:
    return [
        (name, float(value.value or 0)) for name, value in named_values(ctx, answer, key, "person") if has_value(value)
    ]


def _shares(amounts: dict[str, float], shown: list[str]) -> list[float | None]:
    total = sum(amounts.values())
    return [amounts[name] / total if name in amounts and total else None for name in shown]


FAIRNESS_WIDGET = Widget(
    key="workload.fairness",
    title="Fairness of work",
    about="How evenly kinds of work are spread over people: Gini coefficient and the share of whoever does most.",
    shape="table",
    params=FairnessParams,
    build=fairness,
    metrics=lambda params: params.metrics,
    questions=questions,
)
SHARES_WIDGET = Widget(
    key="workload.shares",
    title="Shares of work",
    about="Each person's share of several kinds of work, as bars.",
    shape="series",
    params=SharesParams,
    build=shares,
    metrics=lambda params: params.metrics,
    questions=questions,
)
