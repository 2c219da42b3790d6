"""Narrowing a scope to the person, team or component that a widget names, and names of those that answers tell of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from core.base.errors import NotFound, did_you_mean
from core.base.period import Period
from core.catalogue import service as catalogue
from core.catalogue.scope import UNASSIGNED, Scope
from core.components import service as components
from core.context import Context
from core.figures import Explain
from core.people import service as people
from core.widgets.widget import Params

NOBODY = "No team"


def focused(ctx: Context, scope: Scope, params: Params) -> Scope:
    """The scope of this widget alone; NotFound with the nearest name if its person, team or component is not there."""
    if params.person:
        scope = replace(scope, person_ids=(people.person(ctx, params.person).id,))
    if params.team:
        scope = replace(scope, team_ids=(team_id(ctx, params.team),))
    if params.component:
        scope = replace(scope, component_ids=components.chosen(ctx, [params.component]))
    return scope


def team_id(ctx: Context, ref: str) -> str:
    """The team with this id or name."""
    teams = people.teams(ctx)
    for team in teams:
        if ref == team.id or ref.casefold() == team.name.casefold():
            return team.id
    raise NotFound(f"There is no team named '{ref}'.{did_you_mean(ref, [team.name for team in teams])}")


def namer(ctx: Context, by: str) -> Callable[[str], str]:
    """A function from the id of a person, team, component or repository to its name."""
    known: dict[str, str]
    if by == "person":
        known = people.names(ctx)
    elif by == "team":
        known = {team.id: team.name for team in people.teams(ctx)}
    elif by == "component":
        known = components.names(ctx) | {UNASSIGNED: components.UNASSIGNED_NAME}
    else:
        known = {repo.id: repo.name for repo in catalogue.repositories(ctx)}
    return lambda found: known.get(found) or (NOBODY if by == "team" else found or "Unknown")


def subject(ctx: Context, scope: Scope) -> str:
    """Whom a scope is about, in a word or two; empty for everybody."""
    if len(scope.person_ids) == 1:
        return namer(ctx, "person")(scope.person_ids[0])
    if len(scope.team_ids) == 1:
        return namer(ctx, "team")(scope.team_ids[0])
    if len(scope.component_ids) == 1:
        return namer(ctx, "component")(scope.component_ids[0])
    return ""


def explained(scope: Scope, key: str) -> Explain | None:
    """What the Explain button of this number needs; None over all time."""
    if scope.period is None:
        return None
    return Explain(
        metric=key,
        period_start=scope.period.start,
        period_end=scope.period.end,
        person_ids=list(scope.person_ids),
        team_ids=list(scope.team_ids),
        repo_ids=list(scope.repo_ids),
        component_ids=list(scope.component_ids),
        folder=scope.folder,
        include_bots=scope.include_bots,
        time_zone=scope.time_zone,
    )


def asked(ctx: Context, about: Explain) -> Scope:
    """The scope in which a number was counted. Whoever was merged since is looked for as the person they are now."""
    now = people.current_ids(ctx, about.person_ids) if about.person_ids else {}
    return Scope(
        period=Period(about.period_start, about.period_end),
        team_ids=tuple(about.team_ids),
        repo_ids=tuple(about.repo_ids),
        component_ids=tuple(about.component_ids),
        person_ids=tuple(dict.fromkeys(now.get(one, one) for one in about.person_ids)),
        folder=about.folder,
        include_bots=about.include_bots,
        time_zone=about.time_zone or ctx.workspace.time_zone,
    )
