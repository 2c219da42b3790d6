# ruff: noqa: S608 - the texts are ours; every value is a parameter
"""Telling the metrics store which components each path and each pull request belongs to: what changed is written.

Paths are matched once, here; a question joins. It runs after every sync, after every
change of a rule and whenever a CODEOWNERS changed, and may run again after any failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import workspaces
from core.catalogue.scope import UNASSIGNED
from core.components import owners
from core.components.matching import Paths, meant, patterns
from core.components.models import CodeOwners, Component, ComponentRule
from core.context import Context

if TYPE_CHECKING:
    import pyarrow as pa

PATTERNS, CODEOWNERS = "patterns", "codeowners"
TRIES = 5
_HERE = "workspace_id = {workspace:String} AND repo_id = {repo:String}"
_MADE = f"""
    SELECT pr_number AS number, '' AS sha, c.sha AS made FROM pr_commits AS c FINAL WHERE {_HERE}
    UNION DISTINCT
    SELECT pr_number AS number, '' AS sha, c.sha AS made FROM commits AS c FINAL WHERE {_HERE} AND pr_number > 0
    UNION DISTINCT
    SELECT number, '' AS sha, merge_sha AS made FROM pull_requests FINAL WHERE {_HERE} AND merge_sha != ''
    UNION DISTINCT
    SELECT toUInt32(0) AS number, splitByChar(':', review_key)[1] AS sha, sha AS made
    FROM reviews FINAL WHERE {_HERE} AND pr_number = 0"""
"""Which commits a pull request was made of, and those that a trailer says were reviewed."""
_WANTED = f"""
    SELECT k.number AS number, k.sha AS sha, arraySort(groupUniqArrayArray(f.components)) AS components
    FROM ({_MADE}) AS k
    INNER JOIN (
        SELECT c.change AS change,
            groupUniqArrayArray(if(empty(p.components), ['{UNASSIGNED}'], p.components)) AS components
        FROM (
            SELECT cityHash64(sha) AS change, cityHash64(path) AS key FROM commit_files FINAL
            WHERE {_HERE} AND cityHash64(sha) IN (SELECT cityHash64(made) FROM ({_MADE}))
        ) AS c
        LEFT ANY JOIN (
            SELECT cityHash64(path) AS key, components FROM path_components FINAL WHERE {_HERE}
        ) AS p ON p.key = c.key
        GROUP BY change
    ) AS f ON f.change = cityHash64(k.made)
    GROUP BY number, sha"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What decides, in one repository, which components a path belongs to."""

    repo_id: str
    patterns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Lines by component id, in order."""
    owners: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Owners by component id."""
    codeowners: str = ""
    dialect: str = "github"

    def of(self, paths: Paths) -> dict[str, tuple[str, ...]]:
        """Component ids by path, in order; paths outside every component are `UNASSIGNED`."""
        found: dict[str, set[str]] = {path: set() for path in paths.sorted}
        for component_id, lines in self.patterns:
            for path in meant(patterns(lines), paths)[0]:
                found[path].add(component_id)
        for path, its in self._owned(paths).items():
            found[path] |= {id_ for id_, wanted in self.owners if not its.isdisjoint(wanted)}
        return {path: tuple(sorted(ids)) or (UNASSIGNED,) for path, ids in found.items()}

    @staticmethod
    def is_assigned(ids: tuple[str, ...]) -> bool:
        """Whether a path of these components belongs to any."""
        return ids != (UNASSIGNED,)

    def _owned(self, paths: Paths) -> dict[str, frozenset[str]]:
        if not (self.owners and self.codeowners):
            return {}
        file = owners.read(self.codeowners, self.dialect)
        return {path: frozenset(its) for path, its in file.owned(paths).items()}


def plans(session: Session, ctx: Context, repo_ids: Iterable[str] | None = None) -> list[Plan]:
    """Every repository's plan, of those named or of all that have rules."""
    rows = session.scalars(
        sa.select(ComponentRule)
        .join(Component, Component.id == ComponentRule.component_id)
        .where(ComponentRule.workspace_id == ctx.workspace.id, Component.removed_at.is_(None))
        .order_by(ComponentRule.component_id, ComponentRule.position, ComponentRule.id)
    ).all()
    files = {row.repo_id: row for row in session.scalars(files_here(ctx))}
    wanted = {row.repo_id for row in rows} if repo_ids is None else set(repo_ids)
    return [_plan(repo_id, [row for row in rows if row.repo_id == repo_id], files) for repo_id in sorted(wanted)]


def files_here(ctx: Context) -> sa.Select[CodeOwners]:
    return sa.select(CodeOwners).where(CodeOwners.workspace_id == ctx.workspace.id)


def _plan(repo_id: str, rows: list[ComponentRule], files: Mapping[str, CodeOwners]) -> Plan:
    lines: dict[str, dict[str, list[str]]] = {PATTERNS: {}, CODEOWNERS: {}}
    for row in rows:
        lines[row.source].setdefault(row.component_id, []).append(row.text)
    file = files.get(repo_id)
    return Plan(
        repo_id,
        tuple((id_, tuple(texts)) for id_, texts in lines[PATTERNS].items()),
        tuple((id_, tuple(texts)) for id_, texts in lines[CODEOWNERS].items()),
        file.content if file else "",
        file.dialect if file else "github",
    )


def place(ctx: Context, repo_ids: Iterable[str] | None = None) -> int:
    """Bring both tables to what the rules say now; how many paths moved. Cheap where there are no rules.

    Nobody waits for it, neither while it matches nor while it writes. Whoever has written looks whether the rules are
    still those, and does it again if not: so the last one to write wrote what holds.
    """
    moved = 0
    for _ in range(TRIES):
        asked = _asked(ctx, repo_ids)
        if not asked:
            break
        for plan in asked:
            rows = _moved(ctx, plan)
            ctx.metrics.insert_arrow("path_components", rows)
            moved += rows.num_rows
            _place_changes(ctx, plan)
        with ctx.app.session() as session:
            if plans(session, ctx, [plan.repo_id for plan in asked]) == asked:
                workspaces.data_read(session, ctx.workspace.id)
                break
    return moved


def _asked(ctx: Context, repo_ids: Iterable[str] | None) -> list[Plan]:
    """The plans of these repositories, or of all, that have rules or had them; in the order of `plans`."""
    with ctx.app.reading() as session:
        ruled = {plan.repo_id for plan in plans(session, ctx)}
        wanted = None if repo_ids is None else set(repo_ids)
        if wanted is not None and not ruled and not has_had_rules(session, ctx):
            return []
        there = ruled | _placed_repositories(ctx)
        return plans(session, ctx, there if wanted is None else wanted & there)


def has_had_rules(session: Session, ctx: Context) -> bool:
    """Whether the workspace ever had a component."""
    return (
        session.scalar(sa.select(Component.id).where(Component.workspace_id == ctx.workspace.id).limit(1)) is not None
    )


def paths_of(ctx: Context, repo_id: str) -> Paths:
    """Every path that a commit of this repository ever changed."""
    rows = ctx.metrics.arrow(
        f"SELECT DISTINCT path FROM commit_files FINAL WHERE {_HERE}", _params(ctx, repo_id),
        output_format_arrow_string_as_string=1,
    )  # fmt: skip
    return Paths(_texts(rows.column(0)))


def _placed_repositories(ctx: Context) -> set[str]:
    rows = ctx.metrics.rows(
        "SELECT DISTINCT repo_id FROM path_components FINAL WHERE workspace_id = {workspace:String}",
        {"workspace": ctx.workspace.id},
    )
    return {str(row["repo_id"]) for row in rows}


def _moved(ctx: Context, plan: Plan) -> pa.Table:
    """Rows for the paths that belong elsewhere now, and tombstones for those of a repository without rules."""
    standing, version = _standing(ctx, plan.repo_id)
    has_rules = bool(plan.patterns or plan.owners)
    wanted = plan.of(paths_of(ctx, plan.repo_id)) if has_rules else {}
    fresh = [(path, list(ids), 0) for path, ids in wanted.items() if standing.get(path) != ids]
    gone = [(path, list[str](), 1) for path in standing if path not in wanted]
    return _arrow(ctx, plan.repo_id, [*fresh, *gone], version + 1)


def _standing(ctx: Context, repo_id: str) -> tuple[dict[str, tuple[str, ...]], int]:
    params = _params(ctx, repo_id)
    rows = ctx.metrics.arrow(
        f"SELECT path, components FROM path_components FINAL WHERE {_HERE}", params,
        output_format_arrow_string_as_string=1,
    )  # fmt: skip
    lists = (tuple(_text(one) for one in ids) for ids in rows.column(1).to_pylist())
    version = ctx.metrics.scalar(f"SELECT max(version) FROM path_components WHERE {_HERE}", params)
    return dict(zip(_texts(rows.column(0)), lists, strict=True)), int(version or 0)


def _arrow(ctx: Context, repo_id: str, rows: list[tuple[str, list[str], int]], version: int) -> pa.Table:
    import pyarrow as pa

    count = len(rows)
    return pa.table(
        {
            "workspace_id": pa.array([ctx.workspace.id] * count, pa.string()),
            "repo_id": pa.array([repo_id] * count, pa.string()),
            "path": pa.array([row[0] for row in rows], pa.string()),
            "components": pa.array([row[1] for row in rows], pa.list_(pa.string())),
            "deleted": pa.array([row[2] for row in rows], pa.uint8()),
            "version": pa.array([version] * count, pa.uint64()),
        }
    )


def _place_changes(ctx: Context, plan: Plan) -> None:
    """The same for pull requests and reviewed commits, in the store: what is there and what should be, compared."""
    params = _params(ctx, plan.repo_id)
    version = ctx.metrics.scalar(f"SELECT max(version) FROM change_components WHERE {_HERE}", params)
    wanted = _WANTED if plan.patterns or plan.owners else f"SELECT * FROM ({_WANTED}) WHERE 0"
    ctx.metrics.command(
        f"""
        INSERT INTO change_components (workspace_id, repo_id, number, sha, components, version, deleted)
        SELECT {{workspace:String}}, {{repo:String}}, if(w.is_there = 1, w.number, s.number),
            if(w.is_there = 1, w.sha, s.sha), w.components, {{version:UInt64}}, w.is_there = 0
        FROM (SELECT *, 1 AS is_there FROM ({wanted})) AS w
        FULL OUTER JOIN (
            SELECT number, sha, components, 1 AS is_there FROM change_components FINAL WHERE {_HERE}
        ) AS s ON s.number = w.number AND s.sha = w.sha
        WHERE w.is_there = 0 OR s.is_there = 0 OR w.components != s.components
        """,
        params | {"version": int(version or 0) + 1},
    )


def _params(ctx: Context, repo_id: str) -> dict[str, Any]:
    return {"workspace": ctx.workspace.id, "repo": repo_id}


def _texts(column: Any) -> list[str]:
    return [_text(value) for value in column.to_pylist()]


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
