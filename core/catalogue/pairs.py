"""Who reviews whom: the reviews between two people, or between two teams where individuals are hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from core.access.looks import looked
from core.catalogue import alone, answers, query
from core.catalogue.facts import fact
from core.catalogue.scope import Scope
from core.context import Capability, Context

FACT = "reviews_given_and_received"
OTHERS = ""
"""Stands for everybody whom the actor may not see."""

_OF_PEOPLE = """SELECT
    if(side = 'given', person, other) AS giver,
    if(side = 'given', other, person) AS taker,
    uniqExact((repo_id, number, review_key)) AS reviews
FROM asked
WHERE other != '' AND ({include_bots:UInt8} OR NOT has_bot)
GROUP BY giver, taker"""

_OF_TEAMS = """SELECT
    arrayJoin(teams_then) AS giver,
    arrayJoin(arrayDistinct(arrayMap(
        s -> s.1, arrayFilter(s -> s.2 <= on_day AND on_day < s.3, o.spans)))) AS taker,
    uniqExact((repo_id, number, review_key)) AS reviews
FROM asked
LEFT ANY JOIN team_spans AS o ON o.person_id = asked.other
WHERE side = 'given' AND ({include_bots:UInt8} OR NOT has_bot)
GROUP BY giver, taker"""


@dataclass(frozen=True, slots=True)
class Pair:
    """What two gave each other; `one` is who gave more, or the first by id where both gave as much."""

    one: str
    other: str
    given: int
    """Reviews that `one` gave `other`."""
    returned: int

    @property
    def reviews(self) -> int:
        return self.given + self.returned

    @property
    def one_sided(self) -> float:
        """0 where both gave as much, 1 where all of it went one way."""
        return (self.given - self.returned) / self.reviews


@dataclass(frozen=True)
class Pairs:
    """Pairs, those with most reviews first."""

    by: str
    """person or team"""
    pairs: tuple[Pair, ...]
    left_out: int = 0
    """Reviews of teams that are too small to be shown."""

    @cached_property
    def reviews(self) -> int:
        return sum(pair.reviews for pair in self.pairs)


def pairs(ctx: Context, scope: Scope) -> Pairs:
    """Reviews between people of whom at least one is in the scope; between teams for whom individuals are hidden from.

    Whoever leads a team, or asks about themselves, sees the pairs of their own people; others stand there as one.
    """
    ctx.require(Capability.VIEW_DASHBOARDS)
    teams = answers.with_subteams(ctx, scope.team_ids)
    if not ctx.sees_scope(scope.person_ids, teams):
        return _of_teams(ctx, replace(scope, person_ids=(), team_ids=()), teams)
    sql, params = _asked(ctx, scope, (), teams)
    looked(ctx, scope.person_ids, scope.team_ids, listed=not scope.person_ids)
    rows = ctx.metrics.rows(f"{sql}\n{_OF_PEOPLE}", params)
    return Pairs(
        "person", _paired((_seen(ctx, row["giver"]), _seen(ctx, row["taker"]), row["reviews"]) for row in rows)
    )


def _of_teams(ctx: Context, scope: Scope, teams: tuple[str, ...]) -> Pairs:
    sql, params = _asked(ctx, scope, ("team",), ())
    # A team of one person is small too, and left out with those.
    small = set(alone.too_few(ctx, (), ("team",), scope.period, scope.time_zone))
    rows = ctx.metrics.rows(f"{sql}\n{_OF_TEAMS}", params)
    meant = [
        row for row in rows if row["giver"] != row["taker"] and (not teams or {row["giver"], row["taker"]} & {*teams})
    ]
    shown = [row for row in meant if not {row["giver"], row["taker"]} & small]
    left = sum(int(row["reviews"]) for row in meant) - sum(int(row["reviews"]) for row in shown)
    return Pairs("team", _paired((row["giver"], row["taker"], row["reviews"]) for row in shown), left)


def _asked(ctx: Context, scope: Scope, by: tuple[str, ...], teams: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    """The WITH clause that ends in `asked`, and its parameters."""
    source, narrow = fact(FACT), query.narrowing(ctx, scope, (), teams)
    return query.narrowed(source, narrow, by), query.parameters(source, narrow)


def _seen(ctx: Context, person: str) -> str:
    return person if ctx.sees_person(person) else OTHERS


def _paired(told: Iterable[tuple[str, str, Any]]) -> tuple[Pair, ...]:
    found: dict[tuple[str, str], list[int]] = {}
    for giver, taker, reviews in told:
        one, other = sorted((str(giver), str(taker)))
        found.setdefault((one, other), [0, 0])[giver != one] += int(reviews)
    made = (
        Pair(one, other, gave, got) if gave >= got else Pair(other, one, got, gave)
        for (one, other), (gave, got) in found.items()
        if one != other
    )
    return tuple(sorted(made, key=lambda pair: (-pair.reviews, -pair.one_sided, pair.one, pair.other)))
