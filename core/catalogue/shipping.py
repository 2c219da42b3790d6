"""Which deployment took which pull request, by what, and why some were taken by none."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.access.looks import looked
from core.base.errors import NotAllowed
from core.catalogue import answers, query
from core.catalogue.evidence import named, safe
from core.catalogue.facts import LINK, NUMBER, REPO, TITLE, WHO, fact
from core.catalogue.scope import Scope
from core.context import Capability, Context
from core.figures import Column, Scalar, State, Table

MOST = 500
EVERY = 1_000_000
MATCHED = {
    "listed": "It lists them.",
    "next": "It lists none, and takes what was merged since the deployment before.",
    "baseline": "The first recorded one is the baseline: what was merged before may have been running already.",
    "same commit": "It is of the same commit as the one before, which took everything.",
    "taken before": "What it lists was taken by an earlier deployment, or is not known as a merged pull request.",
    "nothing merged": "Nothing was merged since the deployment before.",
    "unsuccessful": "It did not succeed: the next successful one takes what was merged.",
    "cancelled": "It was cancelled: it counts neither as a deployment nor as a failure.",
    "running": "It has not finished.",
    "no production": "It is not a deployment to production.",
}
"""How a deployment came to its pull requests, or why it has none."""
MISSED = {
    "history": "It was merged before the first recorded deployment, which takes no history that it does not list.",
    "none since": "No production deployment has succeeded since it was merged.",
    "not listed": "There were deployments since, but they list other pull requests and not this one.",
    "none recorded": "No successful production deployment of this repository is recorded.",
}
"""Why a merged pull request has no deployment."""
FAILURES = {
    "incident": "An incident names it.",
    "rollback": "It was rolled back.",
    "revert": "A revert came before the next deployment.",
    "hotfix": "A hotfix, as the rule of the repository describes one, came before the next deployment.",
    "status": "It failed by its own status.",
}
"""By what a failure is linked to a deployment."""
SHOWN = ("took some", "took none", "failure", "cancelled")
"""What the list of deployments may be cut down to."""
_SHOWN = {
    "took some": "notEmpty(numbers)",
    "took none": "empty(numbers)",
    "failure": "failure_link != ''",
    "cancelled": "matched_by = 'cancelled'",
}

_AT = Column(key="at", label="Finished (UTC)", kind="moment")
_DEPLOYMENTS = (
    _AT, REPO,
    Column(key="environment", label="Environment"),
    Column(key="status", label="Status"),
    Column(key="sha", label="Commit"),
    Column(key="taken", label="Pull requests", kind="integer"),
    Column(key="numbers", label="Numbers"),
    Column(key="matched_by", label="How"),
    Column(key="failure_link", label="Failure linked by"),
    Column(key="recovery_hours", label="Recovery", kind="hours"),
    LINK,
)  # fmt: skip
_MERGED = Column(key="merged_at", label="Merged (UTC)", kind="moment")
_TAKEN = (
    REPO, NUMBER, TITLE, WHO, _MERGED,
    Column(key="matched_by", label="How"),
    Column(key="deploy_hours", label="Merged to deployed", kind="hours"),
    Column(key="lead_hours", label="First commit to deployed", kind="hours"),
    LINK,
)  # fmt: skip
_LEFT = (REPO, NUMBER, TITLE, WHO, _MERGED, Column(key="missed_by", label="Why"), LINK)


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows as far as they are shown, with what names each."""

    table: Table
    keys: tuple[tuple[str, str], ...]
    """Repository id, and key of the deployment or number of the pull request, of each row."""


def deployments(ctx: Context, scope: Scope, words: str = "", shown: str = "", limit: int = MOST) -> Listed:
    """Deployments that finished in the period, newest first, with what each took and how. They are of no person."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    scope = replace(scope, person_ids=(), team_ids=())
    where, given = _worded(("environment", "status", "sha", "deployment_key"), "has(numbers, {number:UInt32})", words)
    where += f" AND {_SHOWN[shown]}" if shown in _SHOWN else ""
    columns = (
        "at, repo_id AS repo, environment, status, substring(sha, 1, 10) AS sha, length(numbers) AS taken,"
        " arrayStringConcat(arrayMap(n -> concat('#', toString(n)), numbers), ' ') AS numbers, matched_by,"
        " failure_link, recovery_hours, url"
    )
    asked = _Asked("matched_deploys", columns, where, "deployment_key", given, limit)
    return _listed(ctx, scope, asked, "Deployments", _DEPLOYMENTS, {"matched_by": MATCHED, "failure_link": FAILURES})


def taken(ctx: Context, scope: Scope, repo_id: str, deployment_key: str, limit: int = MOST) -> Listed:
    """The pull requests that a deployment took. NotAllowed where individuals hide."""
    scope = Scope(None, repo_ids=(repo_id,), time_zone=scope.time_zone, include_bots=scope.include_bots)
    _see(ctx, scope)
    columns = "repo_id AS repo, number, title, person, merged_at, matched_by, deploy_hours, lead_hours, url"
    asked = _Asked("merged_changes", columns, "deployment_key = {key:String}", "number", {"key": deployment_key}, limit)
    return _listed(ctx, scope, asked, "Pull requests that it took", _TAKEN, {"matched_by": MATCHED})


def left(ctx: Context, scope: Scope, words: str = "", why: str = "", limit: int = MOST) -> Listed:
    """Pull requests merged in the period that no deployment took, newest first. NotAllowed where individuals hide."""
    _see(ctx, scope)
    where, given = _worded(("title",), "number = {number:UInt32}", words)
    where += " AND missed_by != '' AND NOT is_excluded" + ("" if scope.include_bots else " AND NOT is_bot")
    where += " AND missed_by = {why:String}" if why in MISSED else ""
    columns = "repo_id AS repo, number, title, person, merged_at, missed_by, url"
    asked = _Asked("merged_changes", columns, where, "number", given | {"why": why}, limit)
    return _listed(ctx, scope, asked, "Merged without a deployment", _LEFT, {"missed_by": MISSED})


def as_csv(found: Listed) -> bytes:
    """A list as a file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([column.label for column in found.table.cols])
    writer.writerows([safe(cell) for cell in row] for row in found.table.rows)  # type: ignore[arg-type]
    return buffer.getvalue().encode()


@dataclass(frozen=True, slots=True)
class _Asked:
    fact: str
    columns: str
    where: str
    key: str
    given: dict[str, Any]
    limit: int


def _see(ctx: Context, scope: Scope) -> None:
    ctx.require(Capability.VIEW_DASHBOARDS)
    if not ctx.sees_scope(scope.person_ids, answers.with_subteams(ctx, scope.team_ids)):
        raise NotAllowed(
            f"Pull requests show individuals, and '{ctx.workspace.name}' hides those from your role."
            " Deployments and how many each took are shown."
        )
    looked(ctx, scope.person_ids, scope.team_ids, listed=not scope.person_ids)


def _worded(texts: tuple[str, ...], numbered: str, words: str) -> tuple[str, dict[str, Any]]:
    words = words.strip()
    if not words:
        return "1", {}
    if words.startswith("#"):
        words, texts = words[1:], ()
    parts = [f"positionCaseInsensitiveUTF8({text}, {{words:String}}) > 0" for text in texts]
    number = int(words) if words.isdecimal() and len(words) < 10 else 0
    return f"({' OR '.join([*parts, numbered])})", {"words": words, "number": number}


def _listed(
    ctx: Context, scope: Scope, asked: _Asked, title: str, columns: tuple[Column, ...], said: Mapping[str, Any]
) -> Listed:
    source = fact(asked.fact)
    narrow = query.narrowing(ctx, scope, (), answers.with_subteams(ctx, scope.team_ids))
    sql = (
        f"{query.narrowed(source, narrow, ())}\nSELECT {asked.columns}, repo_id AS in_repo,"  # noqa: S608 - texts of this file, no values
        f" toString({asked.key}) AS key, count() OVER () AS total\nFROM (SELECT * FROM asked WHERE {asked.where})"
        "\nORDER BY at DESC, in_repo, key LIMIT {most:UInt32}"
    )
    params = query.parameters(source, narrow) | asked.given | {"most": asked.limit}
    rows = ctx.metrics.arrow(sql, params)
    total = int(rows.column("total")[0].as_py()) if rows.num_rows else 0
    named_by = (rows.column(name).to_pylist() for name in ("in_repo", "key"))
    keys = tuple((_text(repo), _text(key)) for repo, key in zip(*named_by, strict=True))
    shown = [list(row) for row in named(ctx, rows.select([column.key for column in columns]), columns)]
    table = Table(
        title=title, cols=list(columns), rows=[_said(row, columns, said) for row in shown], total_rows=total,
        state=State.MEASURED if shown else State.NO_DATA,
    )  # fmt: skip
    return Listed(table, keys)


def _said(row: list[Scalar], columns: tuple[Column, ...], said: Mapping[str, Mapping[str, str]]) -> list[Any]:
    """A row whose words for methods and reasons are sentences."""
    return [
        said[column.key].get(str(cell), cell or None) if column.key in said else None if cell == "" else cell
        for cell, column in zip(row, columns, strict=True)
    ]


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
