"""What a merge of two people would do to every number, asked before anything is merged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from core.base.period import between, zone_of
from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.catalogue.service import Measured
from core.context import Capability, Context
from core.figures import Column, Quantity, State, Table
from core.people import service as people
from core.units import number_text

Group = tuple[str, ...]
DAYS = 90
OF_ALL = "Everybody together"


@dataclass(frozen=True, slots=True)
class Shift:
    """A number that would be another."""

    subject: str
    """person, team or all"""
    name: str
    metric: str
    now: float | None
    """None where there is none."""
    moving: float | None
    """Of a person: what whoever becomes part of them has."""
    after: float | None


def shifts(ctx: Context, into_id: str, from_id: str, scope: Scope) -> list[Shift]:
    """Every number of the person, of teams and of all people that would change; metrics in the catalogue's order.

    The person's own are left out where the actor may not see those of both.
    """
    ctx.require(Capability.MANAGE_PEOPLE)
    whole = replace(scope, compare=None, person_ids=(), team_ids=())
    merged = (into_id, from_id)
    found = list(_of_person(ctx, whole, merged)) if all(map(ctx.sees_person, merged)) else []
    teams, teams_after = _asked(ctx, whole, merged, ("team",))
    names = {team.id: team.name for team in people.teams(ctx)}
    for team in sorted({*_groups(teams), *_groups(teams_after)}, key=lambda group: names.get(group[0], "").casefold()):
        found += _changed("team", names.get(team[0], ""), teams, teams_after, team)
    return found + list(_changed("all", OF_ALL, *_asked(ctx, whole, merged, ()), ()))


def touched(ctx: Context, seen: people.Preview) -> Scope:
    """The days of what would move, with one more at each end for every time zone; the last 90 where nothing would."""
    zone, day = ctx.workspace.time_zone, timedelta(days=1)
    today = ctx.clock().astimezone(zone_of(zone)).date()
    first, last = seen.first_day or today - DAYS * day, seen.last_day or today - 2 * day
    return Scope(between(first - day, last + day, zone), time_zone=zone)


def table(ctx: Context, into_id: str, from_id: str, scope: Scope) -> Table:
    """The same for a reader: whose number, which, now, and after the merge."""
    found = shifts(ctx, into_id, from_id, scope)
    dates = scope.period.label(scope.time_zone) if scope.period else "all time"
    return Table(
        title="Every number that would change",
        description=f"Of {dates}. Numbers that stay as they are, of this person too, are left out.",
        cols=[
            Column(key="whose", label="Whose"),
            Column(key="metric", label="Metric"),
            Column(key="now", label="Now", kind="quantity"),
            Column(key="moving", label="Of whom would move", kind="quantity"),
            Column(key="after", label="Together", kind="quantity"),
        ],
        rows=[
            [one.name, METRICS.get(one.metric).label, *(_quantity(one.metric, value) for value in _three(one))]
            for one in found
        ],
        state=State.MEASURED if found else State.NO_DATA,
        state_text="" if found else "No number of these days would change.",
    )


def _asked(ctx: Context, scope: Scope, merged: tuple[str, str], by: Group) -> tuple[Measured, Measured]:
    """Every metric as it is, and as it would be."""
    keys = tuple(metric.key for metric in METRICS)
    return catalogue.measure(ctx, keys, scope, by), catalogue.measure(ctx, keys, replace(scope, as_one=merged), by)


def _of_person(ctx: Context, scope: Scope, merged: tuple[str, str]) -> Iterator[Shift]:
    into, other = merged
    name = people.names(ctx).get(into, "")
    now, after = _asked(ctx, replace(scope, person_ids=merged), merged, ("person",))
    for key in now.keys:
        before, moving, then = now.get(key, into).value, now.get(key, other).value, after.get(key, into).value
        if before != then:
            yield Shift("person", name, key, before, moving, then)


def _changed(subject: str, name: str, now: Measured, after: Measured, group: Group) -> Iterator[Shift]:
    for key in now.keys:
        before, then = now.get(key, *group).value, after.get(key, *group).value
        if before != then:
            yield Shift(subject, name, key, before, None, then)


def _groups(answer: Measured) -> list[Group]:
    return [group for group in answer.groups if group]


def _three(one: Shift) -> tuple[float | None, float | None, float | None]:
    return one.now, one.moving, one.after


def _quantity(key: str, value: float | None) -> Quantity | None:
    unit = METRICS.get(key).unit
    return None if value is None else Quantity(value=value, text=number_text(value, unit), unit=unit)
