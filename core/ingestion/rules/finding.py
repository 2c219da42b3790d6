# ruff: noqa: S608 - only our own texts stand in these statements; every value is a parameter
"""What a rule finds in one repository: rows of deployments or incidents, worked out anew from what sources tell."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, cast

from core.context import Context
from core.ingestion.rules.kinds import (
    Environments,
    Labels,
    Merges,
    Releases,
    Settings,
    Shipping,
    Tags,
    WorkflowRuns,
    expression,
)
from core.ingestion.sources.deployed import FAILED, restored

SOURCE = "rule"
Row = dict[str, Any]
_MINE = "workspace_id = {workspace:String} AND repo_id = {repo:String}"

_TAGS = f"""
SELECT concat('tag:', name) AS deployment_key, 'production' AS environment, 'success' AS status,
    tagged_at AS started_at, toNullable(tagged_at) AS finished_at, sha, tagger_id AS creator_id, url, name AS title
FROM tags FINAL WHERE {_MINE} AND match(name, {{pattern:String}})"""

_RELEASES = f"""
SELECT concat('release:', release_key) AS deployment_key, 'production' AS environment, 'success' AS status,
    assumeNotNull(coalesce(published_at, created_at)) AS started_at, coalesce(published_at, created_at) AS finished_at,
    sha, author_id AS creator_id, url, if(name = '', tag, name) AS title
FROM releases FINAL
WHERE {_MINE} AND match(tag, {{pattern:String}}) AND NOT is_draft AND (NOT is_prerelease OR {{prereleases:UInt8}})
    AND isNotNull(coalesce(published_at, created_at))"""

_RUNS = f"""
SELECT concat('run:', run_key) AS deployment_key, 'production' AS environment,
    multiIf(conclusion IN ('success', 'neutral'), 'success',
        conclusion IN ('cancelled', 'canceled', 'stale'), 'cancelled',
        conclusion = 'skipped', 'skipped', conclusion != '', 'failure', 'in_progress') AS status,
    started_at, if(conclusion = '', NULL, coalesce(finished_at, started_at)) AS finished_at, sha,
    actor_id AS creator_id,
    url, name AS title
FROM workflow_runs FINAL
WHERE {_MINE} AND (match(name, {{pattern:String}}) OR match(path, {{pattern:String}})
        OR match(splitByChar('/', path)[-1], {{pattern:String}}))
    AND ({{every_branch:UInt8}} OR match(branch, {{branch:String}})) AND event != 'pull_request'"""

_MERGES = f"""
SELECT concat('merge:', toString(number)) AS deployment_key, 'production' AS environment, 'success' AS status,
    assumeNotNull(merged_at) AS started_at, merged_at AS finished_at, merge_sha AS sha, merged_by_id AS creator_id, url,
    title, [number] AS pr_numbers
FROM pull_requests FINAL
WHERE {_MINE} AND isNotNull(merged_at) AND match(base_branch, {{branch:String}})"""

_ENVIRONMENTS = f"""
SELECT concat('told:', deployment_key) AS deployment_key, environment, status, started_at, finished_at, sha, creator_id,
    url, environment AS title, pr_numbers, failed, failure_link, restored_at
FROM deployments FINAL
WHERE {_MINE} AND source != 'rule' AND match(environment, {{pattern:String}})"""

_LABELS = f"""
SELECT concat('issue:', toString(number)) AS incident_key, title, arrayFirst(l -> match(l, {{pattern:String}}), labels)
    AS severity, opened_at, closed_at AS resolved_at, url
FROM issues FINAL
WHERE {_MINE} AND arrayExists(l -> match(l, {{pattern:String}}), labels)"""

_MENDED = f"""
SELECT assumeNotNull(merged_at) AS at, title AS text, head_branch AS branch
FROM pull_requests FINAL WHERE {_MINE} AND isNotNull(merged_at)
UNION ALL
SELECT committed_at, subject, '' FROM commits FINAL WHERE {_MINE}"""

_REVERT = re.compile(r"^revert\b", re.IGNORECASE)


def found(ctx: Context, repo_id: str, branch: str, settings: Settings) -> list[Row]:
    """The rows, the earliest first. `branch` is the repository's default one."""
    asked: dict[str, Any] = {"workspace": ctx.workspace.id, "repo": repo_id}
    more: dict[str, Any] = {}
    match settings:
        case Tags():
            sql, more = _TAGS, {"pattern": expression(settings.pattern)}
        case Releases():
            sql, more = _RELEASES, {"pattern": expression(settings.pattern), "prereleases": settings.prereleases}
        case WorkflowRuns():
            every = not settings.branch
            sql, more = _RUNS, {"pattern": expression(settings.pattern), "branch": expression(settings.branch),
                                "every_branch": every}  # fmt: skip
        case Merges():
            sql, more = _MERGES, {"branch": expression(settings.branch or branch or "main, master")}
        case Environments():
            sql, more = _ENVIRONMENTS, {"pattern": expression(settings.pattern)}
        case Labels():
            sql, more = _LABELS, {"pattern": expression(settings.pattern)}
        case _:
            return []
    asked |= {name: int(value) if isinstance(value, bool) else value for name, value in more.items()}
    key = "incident_key" if isinstance(settings, Labels) else "deployment_key"
    moment = "opened_at" if isinstance(settings, Labels) else "started_at"
    rows = [_aware(row) for row in ctx.metrics.rows(sql, asked)]
    rows.sort(key=lambda row: (row[moment], row[key]))
    if isinstance(settings, Shipping):
        for row in rows:
            row["is_production"] = 1
        _unsuccessful(rows)
        _failed(ctx, repo_id, rows, settings)
    return rows


def _unsuccessful(rows: list[Row]) -> None:
    """Mark what did not end well, as it is where a provider tells of deployments itself."""
    for row, at in restored(rows):
        if not row.get("failed"):
            row |= {**FAILED, "restored_at": at}


def _failed(ctx: Context, repo_id: str, rows: list[Row], settings: Shipping) -> None:
    """Mark what was mended by the deployment after it: by a revert, or by what the settings call a hotfix."""
    if not settings.hotfix:
        return
    hotfix = re.compile(expression(settings.hotfix))
    changes = [_aware(row) for row in ctx.metrics.rows(_MENDED, {"workspace": ctx.workspace.id, "repo": repo_id})]
    mending = sorted((row["at"], link) for row in changes if (link := _link(row, hotfix.match)))
    shipped = [row for row in rows if row["status"] == "success"]
    for before, after in pairwise(shipped):
        link = next((why for at, why in mending if before["finished_at"] < at <= after["finished_at"]), "")
        if link and not before.get("failed"):
            before |= {"failed": 1, "failure_link": link, "restored_at": after["finished_at"]}


def _link(row: Row, is_hotfix: Callable[[str], object]) -> str:
    if _REVERT.match(row["text"]):
        return "revert"
    return "hotfix" if is_hotfix(row["text"]) or (row["branch"] and is_hotfix(row["branch"])) else ""


def _aware(row: Row) -> Row:
    return {name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value for name, value in row.items()}


def plain(rows: list[Row]) -> list[Row]:
    """The same as columns of the fact: what is only for people is left out of deployments."""
    return [{name: value for name, value in row.items() if name != "title" or "incident_key" in row} for row in rows]


def moment_of(row: Row) -> datetime:
    """When it happened."""
    return cast(datetime, row.get("started_at") or row.get("opened_at"))
