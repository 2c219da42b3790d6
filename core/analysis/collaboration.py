"""The collaboration network: who reviews, comments on and co-writes whose work, and what shape that has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from core.analysis import asked, graph, layout
from core.base.errors import NotFound
from core.base.period import zone_of
from core.catalogue.scope import Scope
from core.context import Capability, Context
from core.figures import Column, Provenance, Table
from core.people import service as people

FACT = "shared_work"
ACTIVE = "activity"
HALF_LIFE_DAYS = 90
FORMULA = (
    "Strength adds up every interaction, a review or a co-written commit as 1 and a comment as 0.25, each halved for"
    f" every {HALF_LIFE_DAYS} days that it lies before the period's end."
)
KINDS = {"review": "reviews", "comment": "comments", "co-authored": "co-written commits"}


@dataclass(frozen=True, slots=True)
class Tie:
    """What one person did for the work of another."""

    source: str
    """Who reviewed, commented or is named as co-author."""
    target: str
    """Whose pull request or commit it was."""
    interaction_count: int
    review_count: int
    comment_count: int
    co_author_count: int
    strength_score: float
    interaction_types: tuple[str, ...]
    last_interaction_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the network, with their measures and their place in a drawing."""

    id: str
    name: str
    team: str
    """The first of their teams on the period's last day; empty for none."""
    community: int
    """1 is the largest; 0 for isolated people."""
    degree: int
    weighted_degree: float
    pagerank: float
    betweenness: float
    given: int
    received: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Network:
    """The whole: everybody who was active, and their ties."""

    members: tuple[Member, ...]
    """Most connected first; isolated people last, by name."""
    ties: tuple[Tie, ...]
    """Strongest first."""
    provenance: tuple[Provenance, ...] = ()

    @property
    def isolated(self) -> tuple[Member, ...]:
        return tuple(one for one in self.members if not one.degree)

    def member(self, person_id: str) -> Member | None:
        return next((one for one in self.members if one.id == person_id), None)

    def ties_of(self, person_id: str) -> list[Tie]:
        """Both ways, strongest first."""
        return [tie for tie in self.ties if person_id in (tie.source, tie.target)]

    def stronger(self, least: float) -> list[Tie]:
        return [tie for tie in self.ties if tie.strength_score >= least]


def network(ctx: Context, scope: Scope, *, beyond: bool = False, step: graph.Step = graph.silent) -> Network:
    """Everybody active in the period, with ties. Of teams, ties inside them, and with `beyond` those to others too.

    NotAllowed where the actor may not see each of these people. `step` is told how far it is.
    """
    ctx.require(Capability.VIEW_DASHBOARDS)
    scope = replace(scope, compare=None, person_ids=())
    asked.require_everybody(ctx, scope, "The collaboration network")
    beyond = beyond and ctx.sees_individuals()
    return asked.remembered(ctx, "network", (scope, beyond), lambda: _network(ctx, scope, beyond, step))


def collaborators(ctx: Context, person_id: str, scope: Scope) -> list[Tie]:
    """The ties of one person, strongest first: for whoever may see that person."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    scope = replace(scope, compare=None, person_ids=(person_id,), team_ids=())
    return _ties(ctx, scope, "1")[0]


def rows(ctx: Context, scope: Scope, person_id: str, other_id: str = "", limit: int = asked.SHOWN) -> Table:
    """The reviews, comments and co-written commits of a person, or of two people with each other."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    where, given = _which(other_id)
    return asked.rows(ctx, FACT, _of(scope, person_id), where, given, "Reviews, comments and co-written commits", limit)


def rows_csv(ctx: Context, scope: Scope, person_id: str, other_id: str = "") -> bytes:
    """All of those as CSV."""
    ctx.require(Capability.EXPORT)
    return asked.csv(ctx, FACT, _of(scope, person_id), *_which(other_id))


def people_table(found: Network, teams: dict[str, str]) -> Table:
    """Every person with their measures: what the drawing shows, for a screen reader or a file."""
    return Table(
        title="People and their measures",
        cols=[
            Column(key="name", label="Person"),
            Column(key="team", label="Team"),
            Column(key="community", label="Community", kind="number", help="1 is the largest. Found by modularity."),
            Column(key="degree", label="Works with", kind="integer", help="How many different people."),
            Column(key="weighted", label="Strength", kind="decimal", decimals=2, help=FORMULA),
            Column(key="given", label="Given", kind="integer", help="What they did for the work of others."),
            Column(key="received", label="Received", kind="integer"),
            Column(key="pagerank", label="PageRank", kind="decimal", decimals=4, help=PAGERANK),
            Column(key="betweenness", label="Betweenness", kind="decimal", decimals=4, help=BETWEENNESS),
        ],
        rows=[
            [
                one.name, teams.get(one.team) if one.team else None, one.community or None, one.degree,
                round(one.weighted_degree, 2), one.given, one.received, one.pagerank, one.betweenness,
            ]
            for one in found.members
        ],
    )  # fmt: skip


PAGERANK = "How much of the work of others leans on this person: ties are followed from an author to whoever helped."
BETWEENNESS = "Share of the shortest ways between two others that lead over this person; of many people, estimated."


def ties_table(ties: Sequence[Tie], names: dict[str, str], title: str = "Ties") -> Table:
    """Who did what for whom; the strongest first."""
    return Table(
        title=title,
        note=FORMULA,
        cols=[
            Column(key="source", label="Who helped"),
            Column(key="target", label="Whose work"),
            Column(key="strength", label="Strength", kind="decimal", decimals=2),
            Column(key="interactions", label="Interactions", kind="integer"),
            Column(key="reviews", label="Reviews", kind="integer"),
            Column(key="comments", label="Comments", kind="integer"),
            Column(key="co_authored", label="Co-written", kind="integer"),
            Column(key="last", label="Last", kind="moment"),
        ],
        rows=[
            [
                names.get(tie.source, UNKNOWN), names.get(tie.target, UNKNOWN), round(tie.strength_score, 2),
                tie.interaction_count, tie.review_count, tie.comment_count, tie.co_author_count,
                tie.last_interaction_at,
            ]
            for tie in ties
        ],
    )  # fmt: skip


UNKNOWN = "somebody unknown"


def _network(ctx: Context, scope: Scope, beyond: bool, step: graph.Step) -> Network:
    step(0.05, "Reading who worked with whom")
    active, (ties, origin) = _active(ctx, scope), _ties(ctx, scope, _inside(scope, beyond))
    everybody = sorted({*active, *(tie.source for tie in ties), *(tie.target for tie in ties)})
    at = {person: place for place, person in enumerate(everybody)}
    plain = [(at[tie.source], at[tie.target], tie.strength_score) for tie in ties]
    told = graph.measured(len(everybody), plain, step)
    step(0.85, "A place for everybody")
    places = layout.places(told.community, told.weighted_degree, plain)
    given, received = [0] * len(everybody), [0] * len(everybody)
    for tie in ties:
        given[at[tie.source]] += tie.interaction_count
        received[at[tie.target]] += tie.interaction_count
    names, teams = people.names(ctx), _teams(ctx, scope)
    members = [
        Member(
            id=person, name=names.get(person, UNKNOWN), team=teams.get(person, ""), community=told.community[place],
            degree=told.degree[place], weighted_degree=told.weighted_degree[place], pagerank=told.pagerank[place],
            betweenness=told.betweenness[place], given=given[place], received=received[place], x=places[place][0],
            y=places[place][1],
        )
        for person, place in at.items()
    ]  # fmt: skip
    members.sort(key=lambda one: (-one.weighted_degree, one.name.casefold(), one.id))
    return Network(tuple(members), tuple(ties), (origin,))


def _active(ctx: Context, scope: Scope) -> list[str]:
    """Who did anything; of teams also those for whom only others did something. Whoever has a tie comes with it."""
    found: set[str] = set()
    for key in (ACTIVE, FACT) if scope.team_ids else (ACTIVE,):
        sql, params = asked.relation(ctx, key, scope)
        known = f"{_people(scope)} AND person != 'identity:0'"
        told = asked.columns(ctx, f"{sql}\nSELECT DISTINCT person FROM asked WHERE {known}", params)
        found |= {str(one) for one in told["person"]}
    return sorted(found)


def _people(scope: Scope) -> str:
    return "1" if scope.include_bots else "NOT is_bot"


def _inside(scope: Scope, beyond: bool) -> str:
    if not scope.team_ids:
        return "side = 'given'"
    if beyond:
        return "(side = 'given' OR (side = 'received' AND other NOT IN (SELECT person FROM asked)))"
    return "side = 'given' AND other IN (SELECT person FROM asked)"


_TIES = """{sql}
SELECT
    if(side = 'given', person, other) AS source,
    if(side = 'given', other, person) AS target,
    count() AS interactions,
    countIf(how = 'review') AS reviews,
    countIf(how = 'comment') AS comments,
    countIf(how = 'co-authored') AS co_authored,
    sum(weight * exp2(-greatest(0, dateDiff('second', at, {{as_of:DateTime('UTC')}})) / 86400 / {{half_life:UInt32}}))
        AS strength,
    max(at) AS last
FROM asked
WHERE {people} AND {which}
GROUP BY source, target
ORDER BY strength DESC, source, target"""


def _ties(ctx: Context, scope: Scope, which: str) -> tuple[list[Tie], Provenance]:
    sql, params = asked.relation(ctx, FACT, scope)
    statement = _TIES.format(sql=sql, people=_people(scope), which=which)
    params |= {"as_of": _as_of(ctx, scope), "half_life": HALF_LIFE_DAYS}
    found = asked.columns(ctx, statement, params)
    ties = [_tie(dict(zip(found, row, strict=True))) for row in zip(*found.values(), strict=True)]
    facts = ("reviews", "review_comments", "commits")
    return ties, asked.origin(ctx, "collaboration.network", FORMULA, facts, statement, params, len(ties))


def _as_of(ctx: Context, scope: Scope) -> datetime:
    now = ctx.clock()
    return min(scope.period.end, now) if scope.period else now


def _tie(row: dict[str, Any]) -> Tie:
    counts = {"review": row["reviews"], "comment": row["comments"], "co-authored": row["co_authored"]}
    return Tie(
        source=row["source"],
        target=row["target"],
        interaction_count=row["interactions"],
        review_count=row["reviews"],
        comment_count=row["comments"],
        co_author_count=row["co_authored"],
        strength_score=row["strength"],
        interaction_types=tuple(kind for kind, count in counts.items() if count),
        last_interaction_at=asked.moment(row["last"]),
    )


_MEMBERS = """SELECT person_id, argMax(team_id, (valid_from, team_id)) AS team
FROM team_members FINAL
WHERE workspace_id = {workspace:String} AND valid_from <= {last:Date} AND valid_to > {last:Date}
GROUP BY person_id"""


def _teams(ctx: Context, scope: Scope) -> dict[str, str]:
    """Each person's team on the period's last day: of several, the one that they joined last."""
    found = ctx.metrics.rows(_MEMBERS, {"workspace": ctx.workspace.id, "last": _day(ctx, scope)})
    return {str(row["person_id"]): str(row["team"]) for row in found}


def _day(ctx: Context, scope: Scope) -> date:
    return asked.last_day(scope, ctx.clock().astimezone(zone_of(scope.time_zone)).date())


def _of(scope: Scope, person_id: str) -> Scope:
    return replace(scope, compare=None, person_ids=(person_id,), team_ids=())


def _which(other_id: str) -> tuple[str, dict[str, Any]]:
    people = "" if not other_id else " AND other = {other:String}"
    return f"NOT is_bot{people}", {"other": other_id}


def required(found: Network, person_id: str) -> Member:
    """The member with this id; NotFound if they were not active."""
    if (one := found.member(person_id)) is None:
        raise NotFound("This person was not active in this period and these teams. Choose a longer period.")
    return one
