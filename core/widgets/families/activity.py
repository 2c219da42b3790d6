"""When work happens: hour by weekday, and day by day as a calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from core.base.period import between
from core.catalogue import METRICS
from core.catalogue.scope import Scope
from core.catalogue.service import Measured
from core.context import Context
from core.figures import Axis, Line, Series, number_text
from core.widgets.asking import Question, ask
from core.widgets.buckets import Buckets, covering
from core.widgets.finish import has_value, provenance, state_of
from core.widgets.focus import focused
from core.widgets.widget import MetricKey, Params, Widget

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CALENDAR_WEEKS = 26
"""The least that a calendar shows: in fewer weeks nobody sees a rhythm."""
UNKNOWN = "Of a day without a colour, no source tells anything."
HOURS = [f"{hour:02}" for hour in range(24)]


class ActivityParams(Params):
    metric: MetricKey = "commits_count"


def hour_questions(ctx: Context, scope: Scope, params: ActivityParams) -> Iterable[Question]:
    yield Question((params.metric,), focused(ctx, scope, params), ("hour_of_week",))


def hours(ctx: Context, scope: Scope, params: ActivityParams) -> Series:
    """Weekdays down, hours across, in each author's own local time."""
    scope, metric = focused(ctx, scope, params), METRICS.get(params.metric)
    answer = ask(ctx, (metric.key,), scope, ("hour_of_week",))
    grid = _hour_grid(answer, metric.key)
    state, why = state_of(v for v in answer.values if v.metric == metric.key)
    if not answer.values:
        state, why = state_of([answer.get(metric.key, "0")])
    return Series(
        title=params.title or f"{metric.label} by hour and weekday",
        description=metric.about,
        note="In the local time of whoever did it.",
        mark="heatmap",
        x=Axis(kind="ordinal", label="Hour"),
        y=Axis(unit=metric.unit),
        lines=[Line(name=day, x=list(HOURS), y=row) for day, row in zip(WEEKDAYS, grid, strict=True)],
        state=state,
        state_text=why,
        alt=_busiest(metric.label, grid),
        provenance=provenance(HOUR_WIDGET.key, answer),
    )


def _hour_grid(answer: Measured, key: str) -> list[list[float | None]]:
    """Every hour of the week; nothing in an hour of a collected source is a true zero."""
    grid: list[list[float | None]] = [[0.0] * 24 for _ in WEEKDAYS]
    for value in answer.values:
        if value.metric == key and value.group and has_value(value):
            hour = int(value.group[0])
            grid[hour // 24][hour % 24] = value.value
    return grid


def _busiest(label: str, grid: list[list[float | None]]) -> str:
    top, day, hour = max((value or 0, day, hour) for day, row in enumerate(grid) for hour, value in enumerate(row))
    if not top:
        return f"{label}: nothing in this period."
    return f"{label}: the busiest hour of the week is {WEEKDAYS[day]} {hour:02}:00 to {(hour + 1) % 24:02}:00."


def calendar_questions(ctx: Context, scope: Scope, params: ActivityParams) -> Iterable[Question]:
    scope = focused(ctx, scope, params)
    if scope.period:
        yield Question((params.metric,), _days(scope).scope, ("day",))


def calendar(ctx: Context, scope: Scope, params: ActivityParams) -> Series:
    """Weekdays down, weeks across."""
    scope, metric = focused(ctx, scope, params), METRICS.get(params.metric)
    days = _days(scope)
    answer = ask(ctx, (metric.key,), days.scope, ("day",))
    found = {day: answer.get(metric.key, day.isoformat()) for day in days.starts}
    state, why = state_of(found.values())
    numbers = {day: value.value for day, value in found.items() if has_value(value)}
    return Series(
        title=params.title or f"{metric.label} day by day",
        description=metric.about,
        note=f"The {len(days.starts) // 7 + 1} weeks up to the end of the period. {UNKNOWN}",
        mark="heatmap",
        x=Axis(kind="ordinal", label="Week of"),
        y=Axis(unit=metric.unit),
        lines=_calendar_lines(days, numbers),
        state=state,
        state_text=why,
        alt=_best_day(metric.label, numbers),
        provenance=provenance(CALENDAR_WIDGET.key, answer),
    )


def _days(scope: Scope) -> Buckets:
    """The days of the period, and enough before it to fill a calendar."""
    assert scope.period is not None
    first, last = scope.period.dates(scope.time_zone)
    monday = last - timedelta(days=last.weekday() + 7 * (CALENDAR_WEEKS - 1))
    return covering(replace(scope, period=between(min(first, monday), last, scope.time_zone), compare=None), "day")


def _calendar_lines(days: Buckets, numbers: dict[date, float | None]) -> list[Line]:
    mondays = sorted({day - timedelta(days=day.weekday()) for day in days.starts})
    inside, months = set(days.starts), "%b" if len(mondays) <= 52 else "%b %Y"
    return [
        Line(
            name=name,
            x=[f"{monday.day} {monday:{months}}" for monday in mondays],
            y=[numbers.get(day) if (day := monday + timedelta(days=index)) in inside else None for monday in mondays],
        )
        for index, name in enumerate(WEEKDAYS)
    ]


def _best_day(label: str, numbers: dict[date, float | None]) -> str:
    if not numbers:
        return f"{label}: nothing in this period."
    day = max(numbers, key=lambda one: numbers[one] or 0)
    return f"{label}: most on {day:%A} {day.day} {day:%b %Y}, {number_text(numbers[day])}."


HOUR_WIDGET = Widget(
    key="activity.hours",
    title="Hours of the week",
    about="When work happens: hours across, weekdays down, in each person's local time.",
    shape="series",
    params=ActivityParams,
    build=hours,
    metrics=lambda params: (params.metric,),
    questions=hour_questions,
)
CALENDAR_WIDGET = Widget(
    key="activity.calendar",
    title="Calendar",
    about="Work day by day: weeks across, weekdays down.",
    shape="series",
    params=ActivityParams,
    build=calendar,
    metrics=lambda params: (params.metric,),
    questions=calendar_questions,
)
