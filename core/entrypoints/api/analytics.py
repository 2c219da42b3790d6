"""`/api/v1/analytics/…`: the section Analytics for programs, with the same services and the same rights.

Each answers GET with a query and POST with the same names in an object.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.routing import Route

from core.analysis import collaboration, expertise, knowledge
from core.analysis import zones as time_zones
from core.base.errors import BadInput
from core.boards import service as boards
from core.bootstrap import house
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.context import Context, Rooms
from core.entrypoints.api.insights import Asked, Verb, door, figures, period, scope_of, values
from core.people import service as people
from core.widgets.families.together import SHAPE

ROOT = "/api/v1/analytics"


def routes(house: Callable[[], Rooms] = house) -> list[Route]:
    """Every route of this module."""
    return [
        Route(ROOT + path, door(house, _merged(verb, given)), methods=["GET", "POST"])
        for path, (verb, given) in VERBS.items()
    ]


def network(ctx: Context, asked: Asked, body: Any) -> Any:
    """Nodes and edges with their measures, and the four numbers that tell the shape; ?beyond=1 with ties to others."""
    scope = _scope(ctx, asked)
    found = collaboration.network(ctx, scope, beyond=_yes(asked, "beyond"))
    least = _number(asked, "least", 0.0)
    ties = found.stronger(least)
    return {
        **period(scope),
        "nodes": [{"person": one.id, **{k: v for k, v in asdict(one).items() if k != "id"}} for one in found.members],
        "edges": [asdict(tie) for tie in ties],
        "isolated": [one.id for one in found.isolated],
        "shape": values(ctx, SHAPE, scope),
        "formula": collaboration.FORMULA,
    }


def teams(ctx: Context, asked: Asked, body: Any) -> Any:
    """Density, reciprocity, the top reviewer's share and isolated people, team by team."""
    scope = _scope(ctx, asked)
    answer = catalogue.measure(ctx, SHAPE, scope, ("team",))
    named = {team.id: team.name for team in people.teams(ctx)}
    ids = sorted({group[0] for group in answer.groups if group[0] in named}, key=lambda one: named[one].casefold())
    return {
        **period(scope),
        "teams": [
            {"team": one, "name": named[one], **{key: answer.get(key, one).value for key in SHAPE}} for one in ids
        ],
    }


def collaborators(ctx: Context, asked: Asked, body: Any) -> Any:
    """The ties of one person."""
    person = people.person(ctx, asked["person"]).id
    ctx.require_person(person)
    scope = _scope(ctx, asked)
    return {**period(scope), "person": person, "edges": [
        asdict(tie) for tie in collaboration.collaborators(ctx, person, scope)
    ]}  # fmt: skip


def skills(ctx: Context, asked: Asked, body: Any) -> Any:
    """What people (or ?by=team teams) know of languages (or ?of=area of path areas)."""
    by, kind = _one(asked, "by", ("person", "team")), _one(asked, "of", tuple(knowledge.KINDS))
    scope = _scope(ctx, asked)
    if asked.get("person"):
        scope = scope_of(ctx, asked, person_ids=(people.person(ctx, asked["person"]).id,))
    found = (expertise.of_teams if by == "team" else expertise.of_people)(ctx, scope, kind)  # type: ignore[arg-type]
    return {
        **period(scope),
        "as_of": found.as_of,
        "median_effort": found.half,
        "formula": knowledge.FORMULA,
        "names": found.subjects,
        "skills": [{**asdict(one), "label": found.labels[one.key]} for one in found.skills],
    }


def activity(ctx: Context, asked: Asked, body: Any) -> Any:
    """The calendar and the hours of the week of one person."""
    person = people.person(ctx, asked["person"]).id
    ctx.require_person(person)
    scope = scope_of(ctx, asked, person_ids=(person,))
    return {"person": person, **figures(ctx, boards.standard(ctx, "activity"), scope)}


def productivity(ctx: Context, asked: Asked, body: Any) -> Any:
    """Commits, pull requests and reviews by ?grain=day, week or month, with a moving average, or ?by=team."""
    by = _one(asked, "by", ("together", "team"))
    board = boards.standard(ctx, "productivity", grain=asked.get("grain", "auto"), by=by.replace("together", ""))
    return figures(ctx, board, _scope(ctx, asked))


def zones(ctx: Context, asked: Asked, body: Any) -> Any:
    """People by time zone and the hours that zones share, where the workspace shows them."""
    scope = _scope(ctx, asked)
    found = time_zones.zones(ctx, scope)
    shared = [
        {"zones": [one.name, two.name], "hours": one.overlap_hours(two)}
        for place, one in enumerate(found.apart)
        for two in found.apart[place + 1 :]
    ]
    return {**period(scope), "smallest_group": found.least, "zones": found.zones, "shared": shared}


def workload(ctx: Context, asked: Asked, body: Any) -> Any:
    return figures(ctx, boards.standard(ctx, "workload"), _scope(ctx, asked))


VERBS: dict[str, tuple[Verb, tuple[str, ...]]] = {
    "/collaboration": (network, ("period", "team", "beyond", "least")),
    "/collaboration/teams": (teams, ("period", "team")),
    "/collaboration/{person}": (collaborators, ("period",)),
    "/heatmap/skills": (skills, ("period", "team", "person", "by", "of")),
    "/heatmap/activity/{person}": (activity, ("period",)),
    "/productivity": (productivity, ("period", "team", "grain", "by")),
    "/time-zones": (zones, ("period", "team")),
    "/workload": (workload, ("period", "team")),
}
"""What each door does, and the names that it takes."""


def _merged(verb: Verb, known: tuple[str, ...]) -> Verb:
    """The verb with the body's fields beside those of the address."""

    def asked_of(ctx: Context, asked: Asked, body: Any) -> Any:
        if not isinstance(body, dict):
            raise BadInput("The body must be an object: {…}.")
        for name in body:
            if name not in known:
                raise BadInput(f"There is no field '{name}'. Fields: {', '.join(known)}.")
        return verb(ctx, {**{name: str(value) for name, value in body.items()}, **asked}, {})

    return asked_of


def _scope(ctx: Context, asked: Asked) -> Scope:
    """Of the whole workspace, or of ?team=, an id or a name."""
    return scope_of(ctx, asked, team_ids=(people.team(ctx, asked["team"]).id,) if asked.get("team") else ())


def _yes(asked: Asked, name: str) -> bool:
    return asked.get(name, "").lower() in ("1", "true", "yes")


def _one(asked: Asked, name: str, known: tuple[str, ...]) -> str:
    chosen = asked.get(name) or known[0]
    if chosen not in known:
        raise BadInput(f"'{name}' is one of {', '.join(known)}; '{chosen}' is none.")
    return chosen


def _number(asked: Asked, name: str, otherwise: float) -> float:
    try:
        return float(asked.get(name) or otherwise)
    except ValueError as error:
        raise BadInput(f"'{asked[name]}' is no number: {name} must be one.") from error
