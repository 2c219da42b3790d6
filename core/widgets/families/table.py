"""Several metrics of every person, team, repository or component, as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pydantic import Field

from core.catalogue import METRICS
from core.catalogue.scope import Scope
from core.catalogue.service import Measured
from core.context import Context
from core.figures import Column, Scalar, State, Table
from core.widgets.asking import Question, ask
from core.widgets.families.breakdown import NOUNS, PLURALS, By
from core.widgets.finish import cell, column, provenance, state_of
from core.widgets.focus import focused, namer
from core.widgets.widget import MetricKey, Params, Widget

LACKING = {State.NOT_COLLECTED: "Not collected", State.UNSUPPORTED: "Not known by {noun}"}
"""Why a cell may be empty although something happened."""
NAMED = 4
"""So many rows are named that lack a metric; of more, only how many."""


class TableParams(Params):
    metrics: tuple[MetricKey, ...] = Field(min_length=1, max_length=40)
    by: By = "person"
    limit: int = Field(100, ge=1, le=5000)


def questions(ctx: Context, scope: Scope, params: TableParams) -> Iterable[Question]:
    yield Question(params.metrics, focused(ctx, scope, params), (params.by,))


def build(ctx: Context, scope: Scope, params: TableParams) -> Table:
    answer = ask(ctx, params.metrics, focused(ctx, scope, params), (params.by,))
    name, wanted = namer(ctx, params.by), set(params.metrics)
    groups = dict.fromkeys(value.group[0] for value in answer.values if value.group and value.metric in wanted)
    rows: list[list[Scalar]] = [
        [name(group), *(cell(answer.get(key, group)) for key in params.metrics)] for group in groups
    ]
    rows.sort(key=lambda row: (row[1] is None, -_size(row[1]), str(row[0]).casefold()))
    state, why = state_of(answer.get(key, group) for group in groups for key in params.metrics)
    return Table(
        title=params.title or f"{PLURALS[params.by].capitalize()} and their numbers",
        note=_note(params, answer, list(groups), name, len(rows)),
        cols=[Column(key=params.by, label=NOUNS[params.by]), *(column(key) for key in params.metrics)],
        rows=rows[: params.limit],
        total_rows=len(rows),
        state=state,
        state_text=why,
        provenance=provenance(WIDGET.key, answer),
    )


def _size(number: Scalar) -> float:
    return float(number) if isinstance(number, int | float) else 0.0


def _note(params: TableParams, answer: Measured, groups: list[str], name: Callable[[str], str], count: int) -> str:
    parts = []
    if count > params.limit:
        parts.append(f"The first {params.limit} of {count} {PLURALS[params.by]}.")
    for state, words in LACKING.items():
        lacking: dict[tuple[str, ...], list[str]] = {}
        for key in params.metrics:
            without = tuple(sorted(name(one) for one in groups if answer.get(key, one).state is state))
            lacking.setdefault(without, []).append(METRICS.get(key).label)
        for without, labels in lacking.items():
            if without:
                where = "" if len(without) == len(groups) else f" for {_named(without, PLURALS[params.by])}"
                parts.append(f"{words.format(noun=NOUNS[params.by].lower())}{where}: {', '.join(labels)}.")
    return " ".join(parts)


def _named(names: tuple[str, ...], plural: str) -> str:
    return ", ".join(names) if len(names) <= NAMED else f"{len(names)} {plural}"


WIDGET = Widget(
    key="metric.table",
    title="Table",
    about="Several metrics side by side for every person, team, repository or component.",
    shape="table",
    params=TableParams,
    build=build,
    metrics=lambda params: params.metrics,
    questions=questions,
)
