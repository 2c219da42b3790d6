"""What people know, told from the files that they changed: how much, how lately, and how sure that is.

Every level is reachable by whoever is in the workspace: depth is cut at the workspace's own quantiles, and half of
the full score is what its median person has done in the median skill.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from core.access.looks import looked
from core.analysis import asked, frameworks
from core.analysis.knowledge import (
    FORMULA,
    LEARNING_COMMITS,
    LEARNING_DAYS,
    LINES_A_COMMIT,
    MOST_LINES,
    SURE_DAYS,
    Expertise,
    Kind,
    Skill,
    cuts,
    depth,
    label,
    proficiency,
    recency_factor,
    together,
)
from core.base.errors import NotAllowed, NotFound
from core.base.period import between, zone_of
from core.catalogue.evidence import repository_names
from core.catalogue.scope import Scope
from core.context import Capability, Context
from core.figures import Table
from core.people import service as people

FACT = "file_changes"
YEARS_BACK = 3


def of_people(ctx: Context, scope: Scope, kind: Kind = "language") -> Expertise:
    """Person by person: everybody of the scope for whoever may see them, else the actor's own."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    everything = _everything(ctx, scope, kind)
    shown = _shown(ctx, scope)
    if shown is None:
        looked(ctx, listed=True)
    else:
        looked(ctx, shown, scope.team_ids, listed=bool(scope.team_ids))
    kept = [one for one in everything.skills if shown is None or one.subject in shown]
    return _told(ctx, everything, kept, people.names(ctx))


def of_teams(ctx: Context, scope: Scope, kind: Kind = "language") -> Expertise:
    """Team by team; teams below the smallest group only for whoever may see each of their people."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    everything = _everything(ctx, scope, kind)
    known = {team.id: team for team in people.teams(ctx) if not scope.team_ids or team.id in scope.team_ids}
    small = {
        team.id
        for team in known.values()
        if len(team.member_ids) < ctx.workspace.least_group and not ctx.sees_scope(team_ids=(team.id,))
    }
    by_person: dict[str, list[Skill]] = defaultdict(list)
    for one in everything.skills:
        by_person[one.subject].append(one)
    kept = [
        skill
        for team in known.values()
        if team.id not in small and team.member_ids
        for skill in _of_team(team.id, team.member_ids, by_person, everything)
    ]
    found = _told(ctx, everything, kept, {team.id: team.name for team in known.values()})
    return replace(found, left_out=len(small))


def of_person(ctx: Context, person_id: str, scope: Scope, kind: Kind = "language") -> Expertise:
    """The profile of one person."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    ctx.require_person(person_id)
    return of_people(ctx, replace(scope, person_ids=(person_id,), team_ids=()), kind)


def rows(ctx: Context, scope: Scope, person_id: str, key: str, limit: int = asked.SHOWN) -> Table:
    """The changed files behind a person's skill."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    where, given = _which(key)
    return asked.rows(ctx, FACT, _of(ctx, scope, person_id), where, given, "Changed files", limit)


def rows_csv(ctx: Context, scope: Scope, person_id: str, key: str) -> bytes:
    """All of those as CSV."""
    ctx.require(Capability.EXPORT)
    return asked.csv(ctx, FACT, _of(ctx, scope, person_id), *_which(key))


def _everything(ctx: Context, scope: Scope, kind: Kind) -> Expertise:
    window = replace(_window(ctx, scope), team_ids=(), person_ids=())
    return asked.remembered(ctx, "expertise", (window, kind), lambda: _asked(ctx, window, kind))


def _window(ctx: Context, scope: Scope) -> Scope:
    """The three years up to the period's end: what is older has faded to less than a fiftieth."""
    today = ctx.clock().astimezone(zone_of(scope.time_zone)).date()
    last = asked.last_day(scope, today)
    first = last - timedelta(days=365 * YEARS_BACK)
    return replace(scope, period=between(first, last, scope.time_zone), compare=None)


_SKILLS = {
    "language": ("language", "''"),
    "framework": (frameworks.of_path(), f"'{frameworks.PLACE}'"),
    "area": ("if(position(path, '/') = 0, '', splitByChar('/', path)[1])", "repo_id"),
}
_STATEMENT = """{sql}
SELECT
    person,
    skill,
    place,
    count() AS commits,
    sum(changed) AS lines,
    count() + sum(least(changed, {{most_lines:UInt32}})) / {{lines_a_commit:UInt32}} AS effort,
    uniqExact(toDate(first_at, {{tz:String}})) AS days,
    countIf(is_personal) AS personal,
    min(first_at) AS begun,
    max(first_at) AS last
FROM (
    SELECT
        person,
        repo_id,
        sha,
        {skill} AS skill,
        {place} AS place,
        sum(toUInt64(additions) + deletions) AS changed,
        min(at) AS first_at,
        repo_id IN (
            SELECT repo_id FROM file_changes WHERE NOT is_bot GROUP BY repo_id HAVING uniqExact(person) = 1
        ) AS is_personal
    FROM asked
    WHERE {bots} AND NOT is_generated AND {named}
    GROUP BY person, repo_id, sha, skill, place
)
GROUP BY person, skill, place"""


def _asked(ctx: Context, window: Scope, kind: Kind) -> Expertise:
    sql, params = asked.relation(ctx, FACT, window)
    skill, place = _SKILLS[kind]
    statement = _STATEMENT.format(
        sql=sql, skill=skill, place=place, bots="1" if window.include_bots else "NOT is_bot",
        named="language != ''" if kind == "language" else "1",
    )  # fmt: skip
    params |= {"most_lines": MOST_LINES, "lines_a_commit": LINES_A_COMMIT}
    found = asked.columns(ctx, statement, params)
    told = [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]
    as_of = min(window.period.end, ctx.clock()) if window.period else ctx.clock()
    half = median(row["effort"] for row in told) if told else 1.0
    skills = [_skill(row, half, as_of) for row in told]
    least = cuts([one.proficiency for one in skills])
    origin = asked.origin(ctx, "skills.heatmap", FORMULA, ("commit_files",), statement, params, len(told))
    return Expertise(
        tuple(replace(one, depth=depth(one.proficiency, least)) for one in skills), half, {}, {}, as_of,
        provenance=(origin,),
    )  # fmt: skip


def _skill(row: dict[str, Any], half: float, as_of: datetime) -> Skill:
    last, begun = asked.moment(row["last"]), asked.moment(row["begun"])
    recency, effort = recency_factor(as_of, last), float(row["effort"])
    return Skill(
        subject=row["person"],
        name=row["skill"],
        place=row["place"],
        proficiency=proficiency(effort, half, recency),
        confidence=row["days"] / (row["days"] + SURE_DAYS),
        recency_factor=recency,
        depth="",
        context=_context(row, as_of - begun),
        commit_count=row["commits"],
        lines_of_code=row["lines"],
        active_days=row["days"],
        effort=effort,
        last_activity_at=last,
    )


def _context(row: dict[str, Any], since: timedelta) -> str:
    if row["personal"] * 2 > row["commits"]:
        return "personal"
    is_new = since < timedelta(days=LEARNING_DAYS) and row["commits"] < LEARNING_COMMITS
    return "learning" if is_new else "production"


def _of_team(
    team: str, members: Iterable[str], by_person: dict[str, list[Skill]], everything: Expertise
) -> list[Skill]:
    members = list(members)
    gathered: dict[str, list[Skill]] = defaultdict(list)
    for person in members:
        for one in by_person.get(person, []):
            gathered[one.key].append(one)
    return [together(team, len(members), skills, everything) for skills in gathered.values()]


def _shown(ctx: Context, scope: Scope) -> frozenset[str] | None:
    """Whose skills are shown; None for everybody's."""
    for person in scope.person_ids:
        ctx.require_person(person)
    if scope.person_ids:
        return frozenset(scope.person_ids)
    chosen = {one for team in people.teams(ctx) if team.id in scope.team_ids for one in team.member_ids}
    if ctx.sees_scope(team_ids=scope.team_ids):
        return frozenset(chosen) if scope.team_ids else None
    if not (own := ctx.own_people):
        raise NotAllowed(
            f"Skills of single people are not shown to your role in '{ctx.workspace.name}'. Look at teams instead."
        )
    return own & chosen if scope.team_ids else own


def _told(ctx: Context, everything: Expertise, kept: Sequence[Skill], names: dict[str, str]) -> Expertise:
    kept = [one for one in kept if one.subject in names]
    ordered = sorted(kept, key=lambda one: (-one.proficiency, names[one.subject].casefold(), one.key))
    subjects, skills = _most(kept, "subject"), _most(kept, "key")
    repos = repository_names(ctx)
    return replace(
        everything,
        skills=tuple(ordered),
        subjects={one: names[one] for one in subjects},
        labels={key: label(key, repos) for key in skills},
    )


def _most(kept: Sequence[Skill], field: str) -> list[str]:
    total: dict[str, float] = defaultdict(float)
    for one in kept:
        total[getattr(one, field)] += one.effort
    return sorted(total, key=lambda one: (-total[one], one))


def _of(ctx: Context, scope: Scope, person_id: str) -> Scope:
    return replace(_window(ctx, scope), person_ids=(person_id,), team_ids=())


def _which(key: str) -> tuple[str, dict[str, Any]]:
    place, sign, name = key.partition(":")
    if not sign or (place == frameworks.PLACE and name not in frameworks.FRAMEWORKS):
        raise NotFound(
            f"There is no skill '{key}'. Name a language as ':Python', a framework as 'framework:Django', an area as"
            " 'repository-id:folder'."
        )
    if place == frameworks.PLACE:
        return "NOT is_generated AND match(path, {skill:String})", {"skill": frameworks.FRAMEWORKS[name]}
    if not place:
        return "NOT is_generated AND language = {skill:String}", {"skill": name}
    where = f"NOT is_generated AND {_SKILLS['area'][0]} = {{skill:String}} AND repo_id = {{place:String}}"
    return where, {"skill": name, "place": place}
