"""A period in which nothing happened, and the periods that would show something.

"The last 30 days" end with yesterday, so they are empty of a repository that was
begun today as much as of one that was left a year ago. Neither must look broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.base.errors import SightlineError
from core.base.period import RANGES, between, named, zone_of
from core.boards.board import BuiltSection
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.context import Capability, Context
from core.figures import Series, Stat, Table

USUAL = "last_30_days"
ACTIVITY = "active_people"
"""Counts whoever committed, opened, merged or closed a pull request, or reviewed."""
RUNNING = ("this_week", "this_month", "this_year")
PAST = ("last_7_days", "last_30_days", "last_90_days", "last_365_days")
STRETCH_DAYS, LEAST_DAYS = 90, 30
"""Length of a period that ends with the newest activity: so long, and at least so long."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A period that shows something."""

    period: str
    """As the scope bar and `named` write it."""
    label: str


def is_quiet(sections: Iterable[BuiltSection]) -> bool:
    """Whether no figure of a board tells anything of its period."""
    figures = [figure for section in sections for figure in section.figures]
    told = [one for one in figures if isinstance(one, Stat | Series | Table)]
    # What is collected, and up to when, is true of any period: only what was asked of the store counts.
    return bool(told) and not any(one.provenance and one.state.is_known for one in told)


def offers(ctx: Context, scope: Scope) -> list[Offer]:
    """Periods in which something happened for the same teams, repositories and people, the best one first."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    days = _active_days(ctx, scope)
    if not days:
        return []
    newest, today = days[-1], _today(ctx, scope)
    stretch = _stretch(days)
    if newest >= today:
        found = [name for name in RUNNING if _holds(ctx, scope, name, today)]
    else:
        found = [name for name in PAST if _holds(ctx, scope, name, newest)][:1]
        found = [*found, stretch] if (today - newest).days <= LEAST_DAYS else [stretch, *found]
    return [Offer(name, RANGES.get(name) or between(*_dates(name)).label()) for name in found]


def landing(ctx: Context) -> str:
    """The period that a dashboard opens with: the last 30 days, unless only another one shows something."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    zone = ctx.workspace.time_zone
    scope = Scope(named(USUAL, ctx.clock(), zone), time_zone=zone)
    try:
        if catalogue.measure(ctx, (ACTIVITY,), scope).get(ACTIVITY).n:
            return USUAL
        found = offers(ctx, scope)
    except SightlineError:
        return USUAL  # whatever is wrong, the board says it better than a choice of days can
    names = [offer.period for offer in found]
    return "this_month" if "this_month" in names else next(iter(names), USUAL)


def _active_days(ctx: Context, scope: Scope) -> list[date]:
    answer = catalogue.measure(ctx, (ACTIVITY,), replace(scope, period=None, compare=None, folder=""), ("day",))
    return sorted(date.fromisoformat(value.group[0]) for value in answer.values if value.group and value.n)


def _stretch(days: Sequence[date]) -> str:
    """The time up to the newest activity, as two dates."""
    newest = days[-1]
    first = max(days[0], newest - timedelta(days=STRETCH_DAYS - 1))
    return f"{min(first, newest - timedelta(days=LEAST_DAYS - 1))}..{newest}"


def _holds(ctx: Context, scope: Scope, name: str, day: date) -> bool:
    first, last = named(name, ctx.clock(), scope.time_zone).dates(scope.time_zone)
    return first <= day <= last


def _dates(name: str) -> tuple[date, date]:
    first, _, last = name.partition("..")
    return date.fromisoformat(first), date.fromisoformat(last)


def _today(ctx: Context, scope: Scope) -> date:
    return ctx.clock().astimezone(zone_of(scope.time_zone)).date()
