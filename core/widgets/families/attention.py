"""What needs attention in a workspace, by the bounds that it has set itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from core.access import insights
from core.access.insights import InsightSettings
from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Value
from core.context import Context
from core.figures import Cell, Column, Quantity, State, Table, Unit, number_text
from core.widgets.asking import Question, ask
from core.widgets.fairness import gini
from core.widgets.finish import has_value, mixed, provenance, quantity
from core.widgets.focus import focused, namer
from core.widgets.widget import Params, Widget

REVIEW, FAILURES = "avg_time_to_first_review_hours", "change_failure_rate"
OFF_HOURS = ("weekend_commit_ratio", "late_night_commit_ratio")
BY_TEAM = (REVIEW, *OFF_HOURS)
SHARED = "commits_count"
LATE_SHOWN = 5
FEWEST = 5
"""Rows behind a number that are told at all: two slow reviews are chance."""


def questions(ctx: Context, scope: Scope, params: Params) -> Iterable[Question]:
    scope = focused(ctx, scope, params)
    yield Question(BY_TEAM, scope, ("team",))
    yield Question((FAILURES, *BY_TEAM), scope)
    if ctx.sees_individuals():
        yield Question((SHARED,), scope, ("team", "person"))


def build(ctx: Context, scope: Scope, params: Params) -> Table:
    scope, bounds = focused(ctx, scope, params), insights.settings(ctx)
    teams, whole = ask(ctx, BY_TEAM, scope, ("team",)), ask(ctx, (FAILURES, *BY_TEAM), scope)
    shared = ask(ctx, (SHARED,), scope, ("team", "person")) if ctx.sees_individuals() else None
    rows = [*_of_teams(ctx, teams, whole, bounds), *_failures(whole, bounds)]
    rows += _uneven(ctx, shared, bounds) if shared else []
    rows += _late(ctx, scope, bounds)
    rows = rows or [["Nothing that is collected is beyond the bounds in this period", None, None, None, None]]
    rows += _untold(whole, bounds)
    return Table(
        title=params.title or "What needs attention",
        note="By the bounds under Insight settings. A bound passed is a question, not a verdict.",
        cols=[
            Column(key="what", label="What"),
            Column(key="where", label="Where"),
            *mixed(("value", "Is"), ("bound", "Bound")),
            Column(key="do", label="What to look at"),
        ],
        rows=rows,
        provenance=provenance(WIDGET.key, teams, whole, shared),
    )


ADVICE = {
    REVIEW: "Who is asked for reviews, and how many wait: the page Delivery.",
    OFF_HOURS[0]: "Whether weekends were asked for: the page Activity.",
    OFF_HOURS[1]: "Whether nights were asked for: the page Activity.",
}


def _limits(bounds: InsightSettings) -> dict[str, float]:
    return {REVIEW: bounds.review_wait_hours, **dict.fromkeys(OFF_HOURS, bounds.off_hours_ratio)}


def _of_teams(ctx: Context, teams: Measured, whole: Measured, bounds: InsightSettings) -> Iterator[list[Cell]]:
    """Each team that is beyond a bound; where there are no teams, everybody together."""
    name, has_teams = namer(ctx, "team"), any(group[0] for group in teams.groups)
    for key, limit in _limits(bounds).items():
        found = teams.of(key) if has_teams else iter([whole.get(key)])
        for value in found:
            where = name(value.group[0]) if value.group and value.group[0] else "" if has_teams else "everybody"
            if where and _passes(value, limit):
                yield _row(key, where, value, limit, ADVICE[key])


def _untold(whole: Measured, bounds: InsightSettings) -> Iterator[list[Cell]]:
    """What cannot be held against its bound, since nothing collects it."""
    for key, limit in (_limits(bounds) | {FAILURES: bounds.failure_rate}).items():
        value = whole.get(key)
        if value.state is State.NOT_COLLECTED:
            yield _row(key, "not to be told", value, limit, value.state_text)


def _failures(answer: Measured, bounds: InsightSettings) -> Iterator[list[Cell]]:
    value = answer.get(FAILURES)
    if _passes(value, bounds.failure_rate):
        yield _row(FAILURES, "all repositories", value, bounds.failure_rate, "Which deployments failed: Explain.")


def _uneven(ctx: Context, answer: Measured, bounds: InsightSettings) -> Iterator[list[Cell]]:
    """Teams of the smallest group or more in which few do most."""
    name, amounts = namer(ctx, "team"), dict[str, list[float]]()
    for value in answer.of(SHARED):
        if value.group[0] and has_value(value):
            amounts.setdefault(value.group[0], []).append(float(value.value or 0))
    for team, those in amounts.items():
        coefficient = gini(those) if len(those) >= bounds.least_group else None
        if coefficient is not None and coefficient > bounds.unfair_gini:
            yield [
                "Work rests on few (Gini)", name(team), _number(coefficient), _number(bounds.unfair_gini),
                "Who does which share: the page Workload.",
            ]  # fmt: skip


def _late(ctx: Context, scope: Scope, bounds: InsightSettings) -> Iterator[list[Cell]]:
    """Repositories whose data are late; the latest first."""
    now, limit = ctx.clock(), timedelta(days=bounds.stale_days)
    oldest: dict[str, timedelta] = {}
    for feed in catalogue.feeds(ctx):
        if feed.complete_until and (not scope.repo_ids or feed.repo_id in scope.repo_ids):
            oldest[feed.repo] = max(now - feed.complete_until, oldest.get(feed.repo, timedelta(0)))
    late = sorted(((repo, behind) for repo, behind in oldest.items() if behind > limit), key=lambda one: -one[1])
    for repo, behind in late[:LATE_SHOWN]:
        yield ["Data are late", repo, _days(behind), _days(limit), "Whether its source still reads: the page Sources."]
    if len(late) > LATE_SHOWN:
        yield ["Data are late", f"{len(late) - LATE_SHOWN} more repositories", None, None, "The page Data status."]


def _passes(value: Value, limit: float) -> bool:
    return has_value(value) and value.n >= FEWEST and float(value.value or 0) > limit


def _row(key: str, where: str, value: Value, limit: float, advice: str) -> list[Cell]:
    unit = METRICS.get(key).unit
    bound = Quantity(value=limit, text=number_text(limit, unit), unit=unit)
    return [METRICS.get(key).label, where, quantity(value), bound, advice]


def _number(value: float) -> Quantity:
    return Quantity(value=value, text=number_text(value, Unit.SCORE), unit=Unit.SCORE)


def _days(length: timedelta) -> Quantity:
    days = length / timedelta(days=1)
    return Quantity(value=days, text=number_text(round(days, 1), Unit.DAYS), unit=Unit.DAYS)


WIDGET = Widget(
    key="workspace.attention",
    title="What needs attention",
    about="Reviews that wait, changes that fail, work off hours or on few people, late data.",
    shape="table",
    params=Params,
    build=build,
    metrics=lambda params: (*BY_TEAM, FAILURES, SHARED),
    questions=questions,
)
