"""What a merge of two people would do to every number, asked before anything is merged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from core.base.period import between, zone_of
from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.catalogue.service import Measured, Question
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
    """Every number of the person, of teams and of all people that would change; metrics in the catalogue's order."""
    ctx.require(Capability.MANAGE_PEOPLE)
    whole = replace(scope, compare=None, person_ids=(), team_ids=())
    both = replace(whole, person_ids=(into_id, from_id))
    keys = tuple(metric.key for metric in METRICS)
    merged = (into_id, from_id)
    asked = [
        Question(keys, both, ("person",)),
        Question(keys, replace(both, as_one=merged), ("person",)),
        Question(keys, whole, ("team",)),
        Question(keys, replace(whole, as_one=merged), ("team",)),
        Question(keys, whole),
        Question(keys, replace(whole, as_one=merged)),
    ]
    one, one_after, teams, teams_after, everybody, everybody_after = map(
        _settled, catalogue.measure_together(ctx, asked)
    )
    names = {team.id: team.name for team in people.teams(ctx)}
    found = list(_of_person(one, one_after, people.names(ctx).get(into_id, ""), merged))
    for team in sorted({*_groups(teams), *_groups(teams_after)}, key=lambda group: names.get(group[0], "").casefold()):
        found += _changed("team", names.get(team[0], ""), teams, teams_after, team)
    return found + list(_changed("all", OF_ALL, everybody, everybody_after, ()))


def touched(ctx: Context, seen: people.Preview) -> Scope:
    """The days of what would move, as the workspace's days are; the last 90 where nothing would."""
    zone = ctx.workspace.time_zone
    today = ctx.clock().astimezone(zone_of(zone)).date()
    first, last = seen.first_day or today - timedelta(days=DAYS), seen.last_day or today - timedelta(days=1)
    return Scope(between(first, last, zone), time_zone=zone)


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


def _settled(answer: Measured | Exception) -> Measured:
    if isinstance(answer, Exception):
        raise answer
    return answer


def _of_person(now: Measured, after: Measured, name: str, merged: tuple[str, str]) -> Iterator[Shift]:
    into, other = merged
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
