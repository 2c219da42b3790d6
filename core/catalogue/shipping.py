"""Which deployment took which pull request, by what, and why some were taken by none."""

from __future__ import annotations

from dataclasses import replace

from core.access.looks import looked
from core.base.errors import NotAllowed
from core.catalogue import answers
from core.catalogue.evidence import Rows
from core.catalogue.facts import LINK, NUMBER, REPO, TITLE, WHO
from core.catalogue.listing import MOST, Asked, List, Listed, every, listed, worded
from core.catalogue.scope import Scope
from core.context import Capability, Context
from core.figures import Column

__all__ = [
    "FAILURES",
    "MATCHED",
    "MEANINGS",
    "MISSED",
    "SHOWN",
    "Listed",
    "deployments",
    "every_deployment",
    "every_left",
    "left",
    "taken",
]

MATCHED = {
    "listed": "Listed by it",
    "next": "Merged since the one before",
    "baseline": "Baseline, takes no history",
    "same commit": "Same commit as the one before",
    "taken before": "Listed ones were taken before",
    "nothing merged": "Nothing merged since",
    "unsuccessful": "Did not succeed",
    "cancelled": "Cancelled",
    "running": "Not finished",
    "no production": "Not to production",
}
"""How a deployment came to its pull requests, or why it has none."""
MISSED = {
    "none since": "No deployment since",
    "not listed": "Later ones list others",
    "history": "Before the first recorded one",
    "none recorded": "No deployment recorded",
}
"""Why a merged pull request has no deployment."""
FAILURES = {
    "incident": "Incident",
    "rollback": "Rollback",
    "revert": "Revert",
    "hotfix": "Hotfix",
    "status": "Its own status",
}
"""By what a failure is linked to a deployment."""
MEANINGS = {
    "Listed by it": "The deployment names its pull requests; of two that name one, the first has it.",
    "Merged since the one before": "The deployment names none, so it has what was merged since the one before.",
    "Baseline, takes no history": "The first recorded one: what was merged before may have been running.",
    "Same commit as the one before": "Everything in it was taken by the deployment before.",
    "Listed ones were taken before": "What it names was taken by an earlier one, or is no merged pull request.",
    "Did not succeed": "The next successful one takes what was merged.",
    "Cancelled": "It counts neither as a deployment nor as a failure.",
    "No deployment since": "It may only be waiting for the next one.",
    "Later ones list others": "There were deployments since; each names pull requests, and none names this one.",
    "Before the first recorded one": "The first recorded deployment takes no history that it does not name.",
    "Incident": "An incident names the deployment.",
    "Rollback": "Whoever told of the deployment says that it was rolled back.",
    "Revert": "A revert was merged before the next deployment.",
    "Hotfix": "Something that the repository's rule calls a hotfix was merged before the next deployment.",
    "Its own status": "It ended as a failure.",
}
"""What these words mean."""
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
    Column(key="pulls", label="Numbers"),
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


def deployments(ctx: Context, scope: Scope, words: str = "", shown: str = "", limit: int = MOST) -> Listed:
    """Deployments that finished in the period, newest first, with what each took and how. They are of no person."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    return listed(ctx, *_deployments(scope, words, shown, limit))


def every_deployment(ctx: Context, scope: Scope, words: str = "", shown: str = "") -> Rows:
    """All of them, a batch at a time."""
    ctx.require(Capability.EXPORT)
    return every(ctx, *_deployments(scope, words, shown))


def _deployments(scope: Scope, words: str, shown: str, limit: int = MOST) -> List:
    scope = replace(scope, person_ids=(), team_ids=())
    where, given = worded(("environment", "status", "sha", "deployment_key"), "has(numbers, {number:UInt32})", words)
    where += f" AND {_SHOWN[shown]}" if shown in _SHOWN else ""
    columns = (
        "at, repo_id AS repo, environment, status, substring(sha, 1, 10) AS sha, length(numbers) AS taken,"
        " arrayStringConcat(arrayMap(n -> concat('#', toString(n)), numbers), ' ') AS pulls, matched_by,"
        " failure_link, recovery_hours, url"
    )
    asked = Asked("matched_deploys", columns, where, "deployment_key", given, limit)
    return scope, asked, "Deployments", _DEPLOYMENTS, {"matched_by": MATCHED, "failure_link": FAILURES}


def taken(ctx: Context, scope: Scope, repo_id: str, deployment_key: str, limit: int = MOST) -> Listed:
    """The pull requests that a deployment took. NotAllowed where individuals hide."""
    scope = Scope(None, repo_ids=(repo_id,), time_zone=scope.time_zone, include_bots=scope.include_bots)
    _see(ctx, scope)
    columns = "repo_id AS repo, number, title, person, merged_at, matched_by, deploy_hours, lead_hours, url"
    asked = Asked("merged_changes", columns, "deployment_key = {key:String}", "number", {"key": deployment_key}, limit)
    return listed(ctx, scope, asked, "Pull requests that it took", _TAKEN, {"matched_by": MATCHED})


def left(ctx: Context, scope: Scope, words: str = "", why: str = "", limit: int = MOST) -> Listed:
    """Pull requests merged in the period that no deployment took, newest first. NotAllowed where individuals hide."""
    _see(ctx, scope)
    return listed(ctx, *_left(scope, words, why, limit))


def every_left(ctx: Context, scope: Scope, words: str = "", why: str = "") -> Rows:
    """All of them, a batch at a time."""
    ctx.require(Capability.EXPORT)
    _see(ctx, scope)
    return every(ctx, *_left(scope, words, why))


def _left(scope: Scope, words: str, why: str, limit: int = MOST) -> List:
    where, given = worded(("title",), "number = {number:UInt32}", words)
    where += " AND missed_by != '' AND NOT is_excluded" + ("" if scope.include_bots else " AND NOT is_bot")
    where += " AND missed_by = {why:String}" if why in MISSED else ""
    columns = "repo_id AS repo, number, title, person, merged_at, missed_by, url"
    asked = Asked("merged_changes", columns, where, "number", given | {"why": why}, limit)
    return scope, asked, "Merged without a deployment", _LEFT, {"missed_by": MISSED}


def _see(ctx: Context, scope: Scope) -> None:
    ctx.require(Capability.VIEW_DASHBOARDS)
    if not ctx.sees_scope(scope.person_ids, answers.with_subteams(ctx, scope.team_ids)):
        raise NotAllowed(
            f"Pull requests show individuals, and '{ctx.workspace.name}' hides those from your role."
            " Deployments and how many each took are shown."
        )
    looked(ctx, scope.person_ids, scope.team_ids, listed=not scope.person_ids)
