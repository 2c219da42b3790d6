# ruff: noqa: S608 - only texts of ours stand in the statements; every value is a parameter
"""Who owns which code, where it is hot, and what it is made of: tables by repository, folder and file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from time import perf_counter
from typing import Any

from core.access.looks import looked
from core.base.errors import BadInput
from core.catalogue import answers, query
from core.catalogue import owned as months
from core.catalogue.evidence import repository_names
from core.catalogue.facts import fact
from core.catalogue.metric import METRICS
from core.catalogue.metrics.code import THRESHOLD
from core.catalogue.scope import Scope
from core.catalogue.states import Coverage, coverage, feeds
from core.context import Capability, Context
from core.figures import Provenance

OWNERS_SHOWN = 3
MOST = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A repository, or a folder or file of one. Empty: all repositories of the scope."""

    repo_id: str = ""
    path: str = ""

    def within(self, scope: Scope) -> Scope:
        """The scope cut down to the place."""
        return replace(self.repository(scope), folder=self.path)

    def repository(self, scope: Scope) -> Scope:
        """The scope cut down to the repository. The tables here look for the path themselves: under today's names."""
        return replace(scope, repo_ids=(self.repo_id,) if self.repo_id else scope.repo_ids, folder="")


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody, and which share of the weighed lines is theirs."""

    person: str
    share: float


@dataclass(frozen=True, slots=True)
class Owned:
    """A repository, folder or file, as it stood when the period ended."""

    name: str
    place: Place
    is_folder: bool
    weight: float
    """Lines, newer ones weighing more."""
    files: int | None
    """That are there; None where no clone tells."""
    people: int
    bus_factor: int
    owners: tuple[Owner, ...]
    """Those with most, the first first; nobody where individuals are hidden."""
    last_at: datetime
    churn: int
    """Lines that changed in the period."""
    changes: int


@dataclass(frozen=True, slots=True)
class Hotspot:
    """A file that changes often, by many hands, and is hard to change."""

    repo_id: str
    path: str
    churn: int
    changes: int
    people: int
    lines: int | None
    complexity: int | None
    """None where nobody measured it."""
    score: float | None
    """churn × people × complexity; None where the complexity is not known."""
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Kind:
    """A language and what is written in it."""

    language: str
    files: int | None
    """That are there, and their lines; None where no clone tells."""
    lines: int | None
    churn: int
    changes: int
    people: int


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one kind, how many there are, how far they can be trusted and where they come from."""

    rows: tuple[Any, ...]
    total: int
    covered: Coverage
    provenance: list[Provenance] = field(default_factory=list)


def owned(ctx: Context, scope: Scope, place: Place, limit: int = MOST) -> Found:
    """What is directly in a place, the most lines first: repositories, or folders and files of one."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    scope = place.repository(scope)
    covered = _covered(ctx, scope, "bus_factor")
    if not covered.is_collected:
        return Found((), 0, covered)
    head, params = _asked(ctx, "owned_files" if place.repo_id else "owned_lines", scope)
    shows = ctx.sees_scope(scope.person_ids, answers.with_subteams(ctx, scope.team_ids))
    sql = f"""{head},
{_children("asked", place)},
of_person AS (
    SELECT child, is_folder, person, sum(weight) AS weight, max(last_at) AS last_at
    FROM children WHERE {_people(scope)} GROUP BY child, is_folder, person
),
of_child AS (
    SELECT child, is_folder, arrayReverseSort(groupArray((weight, person))) AS owners, max(last_at) AS last_at
    FROM of_person GROUP BY child, is_folder
)
SELECT child, is_folder, owners, last_at, count() OVER () AS total
FROM of_child
ORDER BY arraySum(arrayMap(one -> one.1, owners)) DESC, child
LIMIT {{most:UInt32}}"""
    rows, origin = _rows(ctx, sql, params | {"prefix": place.path, "most": limit}, "bus_factor")
    churn, second = _churn_of_children(ctx, scope, place)
    files = _files_of_children(ctx, scope, place)
    if shows:
        looked(ctx, scope.person_ids, scope.team_ids, listed=not scope.person_ids)
    names = repository_names(ctx)
    found = tuple(_owned(row, place, names, churn, files, shows=shows) for row in rows)
    total = int(rows[0]["total"]) if rows else 0
    return Found(found, total, covered, [origin, second])


def hotspots(ctx: Context, scope: Scope, place: Place, limit: int = 50, least: int = 2) -> Found:
    """Files that are there and changed at least `least` times in the period: the hottest first, then the unmeasured."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    scope = place.repository(scope)
    covered = _covered(ctx, scope, "code_churn")
    if not covered.is_collected:
        return Found((), 0, covered)
    head, params = _asked(ctx, "present_changes", scope)
    sql = f"""{head}
SELECT repo_id, path, sum(additions + deletions) AS churn, uniqExact(sha) AS changes, uniqExact(person) AS people,
    max(lines_now) AS lines, max(complexity) AS complexity, churn * people * complexity AS score, max(at) AS last_at,
    count() OVER () AS total
FROM asked
WHERE NOT is_generated AND {_people(scope)} AND {_inside(place)}
GROUP BY repo_id, path
HAVING changes >= {{least:UInt32}} AND churn > 0
ORDER BY score DESC NULLS LAST, churn * people DESC, repo_id, path
LIMIT {{most:UInt32}}"""
    given = {"prefix": place.path, "least": least, "most": limit}
    rows, origin = _rows(ctx, sql, params | given, "code_churn")
    found = tuple(
        Hotspot(
            row["repo_id"], row["path"], int(row["churn"]), int(row["changes"]), int(row["people"]),
            None if row["complexity"] is None else int(row["lines"]), row["complexity"],
            None if row["score"] is None else float(row["score"]), row["last_at"],
        )
        for row in rows
    )  # fmt: skip
    return Found(found, int(rows[0]["total"]) if rows else 0, covered, [origin])


def kinds(ctx: Context, scope: Scope, place: Place) -> Found:
    """Languages by the lines that changed in the period; the files that are there stand beside."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    scope = place.repository(scope)
    covered = _covered(ctx, scope, "code_churn")
    if not covered.is_collected:
        return Found((), 0, covered)
    head, params = _asked(ctx, "file_changes", scope)
    sql = f"""{head}
SELECT language, sum(additions + deletions) AS churn, uniqExact(sha) AS changes, uniqExact(person) AS people
FROM asked
WHERE NOT is_generated AND {_people(scope)} AND {_inside(place)}
GROUP BY language
ORDER BY churn DESC, language"""
    rows, origin = _rows(ctx, sql, params | {"prefix": place.path}, "code_churn")
    there = _there(ctx, scope, place)
    changed = {row["language"]: row for row in rows}
    found = []
    for language in dict.fromkeys((*changed, *there)):
        row = changed.get(language, {"churn": 0, "changes": 0, "people": 0})
        files, lines = there.get(language, (0, 0)) if there else (None, None)
        found.append(Kind(language, files, lines, int(row["churn"]), int(row["changes"]), int(row["people"])))
    return Found(tuple(found), len(found), covered, [origin])


def place_of(ctx: Context, repo: str, path: str) -> Place:
    """The place with this repository, by id or name, and this path; BadInput for a path without one."""
    from core.catalogue import service

    if path and not repo:
        raise BadInput(f"In which repository is '{path}'? Name it too.")
    return Place(service.repository(ctx, repo).id, path.strip("/")) if repo else Place()


def _owned(
    row: dict[str, Any], place: Place, names: dict[str, str], churn: dict[str, tuple[int, int]],
    files: dict[str, int], *, shows: bool,
) -> Owned:  # fmt: skip
    owners = [(float(weight), str(person)) for weight, person in row["owners"]]
    whole, child = sum(weight for weight, _ in owners), str(row["child"])
    path = "/".join(part for part in (place.path, child) if part)  # a file holds nothing but itself
    told = owners[:OWNERS_SHOWN] if shows else []
    changed, changes = churn.get(child, (0, 0))
    return Owned(
        name=(child or place.path.rsplit("/", 1)[-1]) if place.repo_id else names.get(child, child),
        place=Place(place.repo_id, path) if place.repo_id else Place(child),
        is_folder=bool(row["is_folder"]),
        weight=whole,
        files=files.get(child),
        people=len(owners),
        bus_factor=fewest([weight for weight, _ in owners]),
        owners=tuple(Owner(person, weight / whole if whole else 0.0) for weight, person in told),
        last_at=row["last_at"],
        churn=changed,
        changes=changes,
    )


def fewest(weights: Sequence[float]) -> int:
    """How many of these, the largest first, hold half of all. The store's own formula says the same."""
    half, held = THRESHOLD * sum(weights) * (1 - 1e-9), 0.0
    for count, weight in enumerate(sorted(weights, reverse=True), 1):
        held += weight
        if held >= half:
            return count
    return 0


def _churn_of_children(ctx: Context, scope: Scope, place: Place) -> tuple[dict[str, tuple[int, int]], Provenance]:
    head, params = _asked(ctx, "present_changes", scope)
    sql = f"""{head},
{_children("asked", place)}
SELECT child, sum(additions + deletions) AS churn, uniqExact(repo_id, sha) AS changes
FROM children WHERE NOT is_generated AND {_people(scope)} GROUP BY child"""
    rows, origin = _rows(ctx, sql, params | {"prefix": place.path}, "code_churn")
    return {str(row["child"]): (int(row["churn"]), int(row["changes"])) for row in rows}, origin


def _files_of_children(ctx: Context, scope: Scope, place: Place) -> dict[str, int]:
    """Files that are there; empty where no clone tells."""
    repos = "repo_id IN {repos:Array(String)}" if scope.repo_ids else "1"
    rows = ctx.metrics.rows(
        f"""WITH there AS (SELECT repo_id, path FROM tree_files FINAL
            WHERE workspace_id = {{workspace:String}} AND {repos} AND generated = 0),
        {_children("there", place)}
        SELECT child, count() AS files FROM children GROUP BY child""",
        {"workspace": ctx.workspace.id, "repos": list(scope.repo_ids), "prefix": place.path},
    )
    return {str(row["child"]): int(row["files"]) for row in rows}


def _there(ctx: Context, scope: Scope, place: Place) -> dict[str, tuple[int, int]]:
    """Files and lines that are there by language; empty where no clone tells."""
    repos = "repo_id IN {repos:Array(String)}" if scope.repo_ids else "1"
    rows = ctx.metrics.rows(
        f"""SELECT language, count() AS files, sum(lines) AS lines FROM tree_files FINAL
        WHERE workspace_id = {{workspace:String}} AND {repos} AND generated = 0 AND {_inside(place)}
        GROUP BY language""",
        {"workspace": ctx.workspace.id, "repos": list(scope.repo_ids), "prefix": place.path},
    )
    return {str(row["language"]): (int(row["files"]), int(row["lines"])) for row in rows}


def _children(relation: str, place: Place) -> str:
    """The rows with what they belong to, directly in the place."""
    if not place.repo_id:
        return f"children AS (SELECT *, repo_id AS child, 1 AS is_folder FROM {relation})"
    rest = "substring(path, if({prefix:String} = '', 1, length({prefix:String}) + 2))"
    inside = "({prefix:String} = '' OR startsWith(path, concat({prefix:String}, '/')) OR path = {prefix:String})"
    child = f"if(path = {{prefix:String}}, '', splitByChar('/', {rest})[1])"
    return (
        f"children AS (SELECT *, {child} AS child, position({rest}, '/') > 0 AS is_folder"
        f" FROM {relation} WHERE {inside})"
    )


def _inside(place: Place) -> str:
    if not place.path:
        return "1"
    return "(startsWith(path, concat({prefix:String}, '/')) OR path = {prefix:String})"


def _people(scope: Scope) -> str:
    return "1" if scope.include_bots else "NOT is_bot"


def _asked(ctx: Context, key: str, scope: Scope) -> tuple[str, dict[str, Any]]:
    """The WITH clause that ends in `asked`, and its parameters."""
    source, teams = fact(key), answers.with_subteams(ctx, scope.team_ids)
    narrow = months.by_months(ctx, source, query.narrowing(ctx, scope, (), teams))
    return query.narrowed(source, narrow, ()), query.parameters(source, narrow)


def _rows(ctx: Context, sql: str, params: dict[str, Any], key: str) -> tuple[list[dict[str, Any]], Provenance]:
    params = {"prefix": ""} | params
    began = perf_counter()
    rows = ctx.metrics.rows(sql, params)
    took = (perf_counter() - began) * 1000
    metric = METRICS.get(key)
    told = {name: str(value) if isinstance(value, date) else value for name, value in params.items()}
    return rows, Provenance(
        metrics=[f"{key}@{metric.version}"],
        definitions=[f"{metric.label}: {metric.about} Formula: {metric.formula}"],
        facts=sorted(metric.needs),
        query_hash=hashlib.sha256(f"{sql}\n{sorted(told.items())}".encode()).hexdigest(),
        query=sql,
        parameters=told,
        rows=len(rows),
        duration_ms=round(took, 2),
        asked_at=ctx.clock(),
    )


def _covered(ctx: Context, scope: Scope, key: str) -> Coverage:
    return coverage(METRICS.get(key), feeds(ctx), scope.repo_ids)
