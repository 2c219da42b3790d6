"""What changed since the comparison period, largest change first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from core.catalogue import METRICS
from core.catalogue.metric import Ratio
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Value
from core.context import Context
from core.figures import Cell, Change, Column, State, Table, Unit, change_between
from core.widgets.asking import Question, ask
from core.widgets.families.breakdown import NOUNS
from core.widgets.finish import cell, difference, has_value, mixed, provenance, quantity, verdict
from core.widgets.focus import focused, namer
from core.widgets.widget import MetricKey, Params, Widget

HEADLINES = (
    "commits_count", "prs_merged", "net_lines", "avg_commit_size", "avg_pr_cycle_time_hours",
    "avg_time_to_first_review_hours", "avg_pr_size", "rework_ratio", "self_merge_rate", "avg_review_depth",
    "review_turnaround_hours", "review_given_count", "weekend_commit_ratio", "late_night_commit_ratio",
    "cross_team_pr_ratio", "deployment_frequency", "lead_time_hours", "change_failure_rate", "recovery_time_hours",
)  # fmt: skip
FEW = 5
"""A change over fewer rows than this is left out: it says more about chance than about work."""


class ChangesParams(Params):
    metrics: tuple[MetricKey, ...] = Field(HEADLINES, min_length=1, max_length=60, validate_default=True)
    by: Literal["", "team", "repo", "component"] = ""
    limit: int = Field(10, ge=1, le=100)


def questions(ctx: Context, scope: Scope, params: ChangesParams) -> Iterable[Question]:
    scope = focused(ctx, scope, params)
    by = (params.by,) if params.by else ()
    yield Question(params.metrics, scope, by)
    if before := scope.compared():
        yield Question(params.metrics, before, by)


def build(ctx: Context, scope: Scope, params: ChangesParams) -> Table:
    scope = focused(ctx, scope, params)
    by, compare = ((params.by,) if params.by else ()), scope.compared()
    if compare is None:
        return _without_comparison(params)
    now, before = ask(ctx, params.metrics, scope, by), ask(ctx, params.metrics, compare, by)
    name = namer(ctx, params.by) if params.by else str
    found = _found(now, before, params)
    rows: list[list[Cell]] = []
    for key, group, change in found[: params.limit]:
        who = [name(group[0])] if group else []
        one, other, metric = now.get(key, *group), before.get(key, *group), METRICS.get(key)
        changed = difference(change, metric.unit)
        rows.append([metric.label, *who, quantity(one), quantity(other, one), changed, verdict(change)])
    return Table(
        title=params.title or "What changed",
        description="Largest change first, against the comparison period.",
        note=_note(found, params, compare),
        cols=_columns(params),
        rows=rows,
        total_rows=len(found),
        state=State.MEASURED if rows else State.NO_DATA,
        state_text="" if rows else "Nothing changed that had enough data in both periods.",
        provenance=provenance(WIDGET.key, now, before),
    )


def _found(now: Measured, before: Measured, params: ChangesParams) -> list[tuple[str, tuple[str, ...], Change]]:
    """Every change with enough rows on both sides, largest first."""
    found = []
    for value in now.values:
        other = before.get(value.metric, *value.group)
        if value.metric not in params.metrics or not (has_value(value) and has_value(other)):
            continue
        metric = METRICS.get(value.metric)
        change = change_between(cell(value), cell(other), metric.unit, metric.better)
        if change and change.value and min(weight(value), weight(other)) >= FEW:
            found.append((value.metric, value.group, change))
    return sorted(found, key=lambda one: (not one[2].relative, -abs(one[2].value or 0), one[0]))


def weight(value: Value) -> float:
    """Rows that carry a value; of a share, those on its smaller side, so that one weekend commit is no trend."""
    if isinstance(METRICS.get(value.metric).kind, Ratio) and METRICS.get(value.metric).unit is Unit.RATIO:
        part, whole = value.numerator or 0.0, value.denominator or 0.0
        return min(part, whole - part)
    return value.n


def _columns(params: ChangesParams) -> list[Column]:
    by = [Column(key=params.by, label=NOUNS[params.by])] if params.by else []
    head = [Column(key="metric", label="Metric"), *by]
    numbers = mixed(("now", "Now"), ("before", "Before"), ("change", "Change"))
    return [*head, *numbers, Column(key="verdict", label="Verdict")]


def _note(found: list[tuple[str, tuple[str, ...], Change]], params: ChangesParams, compare: Scope) -> str:
    assert compare.period is not None
    left = len(found) - params.limit
    less = f" {left} smaller {'one is' if left == 1 else 'ones are'} not shown." if left > 0 else ""
    return (
        f"Compared with {compare.period.label(compare.time_zone)}; changes over fewer than {FEW} rows are left out."
        + less
    )


def _without_comparison(params: ChangesParams) -> Table:
    return Table(
        title=params.title or "What changed",
        cols=_columns(params),
        state=State.UNSUPPORTED,
        state_text="Choose a comparison period to see what changed.",
    )


WIDGET = Widget(
    key="changes.top",
    title="What changed",
    about="The largest changes since the comparison period, with a word on whether they are better or worse.",
    shape="table",
    params=ChangesParams,
    build=build,
    metrics=lambda params: params.metrics,
    questions=questions,
)
