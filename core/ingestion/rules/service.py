"""Verbs of rules: see them, try one, choose one, go back to the default."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.access.workspaces import note
from core.base.errors import NotFound, did_you_mean
from core.catalogue.models import Feed, Repository
from core.context import Capability, Context
from core.ingestion.models import FactRule
from core.ingestion.rules import finding
from core.ingestion.rules.applying import refresh
from core.ingestion.rules.finding import Row, moment_of
from core.ingestion.rules.kinds import AS_TOLD, FACTS, RULES, Rule, rule_of, settled

LAST = 10
WEEKS = 12
NO_COLLECTION = {
    "tags": "No tags are known here. Sync a clone of it that has them (git fetch --tags).",
    "releases": "No releases are known here. Connect the repository's host, such as GitHub.",
    "workflow_runs": "No workflow runs are known here. Connect the repository's host, such as GitHub.",
    "pull_requests": "No pull requests are known here. Sync a clone of it, or connect its host.",
    "deployments": "No source tells deployments here. Connect the repository's host, a webhook, or push records.",
    "issues": "No issues are known here. Connect the repository's host, or push records.",
}


@dataclass(frozen=True, slots=True)
class RuleView:
    """What counts in one repository."""

    repo_id: str
    """Empty for the default."""
    repo: str
    fact: str
    kind: str
    label: str
    settings: Mapping[str, Any]
    is_own: bool
    """Whether it was chosen for this repository; else it is the workspace's default."""
    updated_at: datetime | None
    updated_by: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would find in one repository."""

    count: int
    last: tuple[Row, ...]
    """The newest first."""
    weeks: tuple[tuple[date, int], ...]
    """Mondays and how many in that week, up to the newest week that has one."""
    note: str = ""
    """Why there is nothing, if that is known."""


def rules(ctx: Context) -> list[RuleView]:
    """For each fact the default, then every repository by name."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.reading() as session:
        found = session.scalars(sa.select(FactRule).where(FactRule.workspace_id == ctx.workspace.id)).all()
    chosen: dict[tuple[str, str], FactRule] = {(row.repo_id, row.fact): row for row in found}
    places = [("", "Default"), *repositories(ctx).items()]
    return [_view(chosen, repo_id, name, fact) for fact in FACTS for repo_id, name in places]


def repositories(ctx: Context) -> dict[str, str]:
    """Name by id."""
    with ctx.app.reading() as session:
        mine = sa.select(Repository.id, Repository.name).where(Repository.workspace_id == ctx.workspace.id)
        return dict(session.execute(mine.order_by(Repository.name)).all())


def repository(ctx: Context, ref: str) -> str:
    """The id of a repository by its name or id."""
    known = repositories(ctx)
    for id_, name in known.items():
        if ref in (id_, name):
            return id_
    raise NotFound(f"There is no repository named '{ref}'.{did_you_mean(ref, known.values())}")


def of_fact(fact: str) -> list[Rule]:
    """The rules that there are for a fact."""
    return [rule for rule in RULES if rule.fact == fact]


def preview(ctx: Context, fact: str, kind: str, settings: Mapping[str, Any], repo_id: str) -> Preview:
    """What the rule would find; nothing is changed."""
    ctx.require(Capability.MANAGE_SOURCES)
    rule = rule_of(fact, kind)
    checked = settled(rule, dict(settings))
    with ctx.app.reading() as session:
        repo = session.get(Repository, repo_id)
        if repo is None or repo.workspace_id != ctx.workspace.id:
            raise NotFound("That repository does not exist any more.")
        is_fed = not rule.needs or session.get(Feed, (ctx.workspace.id, repo_id, rule.needs)) is not None
    rows = finding.found(ctx, repo_id, repo.default_branch, checked)
    why = "" if rows else NO_COLLECTION[rule.needs] if not is_fed else "Nothing here fits the rule."
    return Preview(len(rows), tuple(rows[: -LAST - 1 : -1]), _weeks(rows), "" if rule.key == AS_TOLD else why)


def choose(ctx: Context, fact: str, kind: str, settings: Mapping[str, Any], repo: str = "") -> int:
    """From now on this counts, in one repository or by default; returns how many rows changed.

    Rows that a former rule derived go, those that sources tell stay and do not count while a rule stands.
    """
    ctx.require(Capability.MANAGE_SOURCES)
    rule = rule_of(fact, kind)
    kept = settled(rule, dict(settings)).model_dump()
    repo_id = repository(ctx, repo) if repo else ""
    with ctx.app.session() as session:
        row = session.scalar(_one(ctx, repo_id, fact)) or FactRule(
            workspace_id=ctx.workspace.id, repo_id=repo_id, fact=fact
        )
        row.kind, row.settings = rule.key, kept
        row.updated_at, row.updated_by = ctx.clock(), ctx.actor.name
        session.add(row)
        note(session, ctx, "rule.choose", fact, kind=rule.key, repository=repo or "default", settings=kept)
    return _refreshed(ctx, repo_id)


def back_to_default(ctx: Context, fact: str, repo: str = "") -> int:
    """Forget a repository's own rule, or the default one; returns how many rows changed."""
    ctx.require(Capability.MANAGE_SOURCES)
    repo_id = repository(ctx, repo) if repo else ""
    with ctx.app.session() as session:
        row = session.scalar(_one(ctx, repo_id, fact))
        if row is None:
            raise NotFound(f"No rule for {fact} was chosen {f'for {repo!r}' if repo else 'as the default'}.")
        session.delete(row)
        note(session, ctx, "rule.default", fact, repository=repo or "default")
    return _refreshed(ctx, repo_id)


def _refreshed(ctx: Context, repo_id: str) -> int:
    done = refresh(ctx, [repo_id] if repo_id else list(repositories(ctx)), former=True)
    return sum(sum(written.counts.values()) for written in done.values())


def _one(ctx: Context, repo_id: str, fact: str) -> sa.Select[FactRule]:
    return sa.select(FactRule).where(
        FactRule.workspace_id == ctx.workspace.id, FactRule.repo_id == repo_id, FactRule.fact == fact
    )


def _view(chosen: Mapping[tuple[str, str], FactRule], repo_id: str, name: str, fact: str) -> RuleView:
    own = chosen.get((repo_id, fact))
    row = own or chosen.get(("", fact))
    rule = rule_of(fact, row.kind if row else AS_TOLD)
    return RuleView(
        repo_id, name, fact, rule.key, rule.label, dict(row.settings) if row else {}, own is not None,
        row.updated_at if row else None, row.updated_by if row else "",
    )  # fmt: skip


def _weeks(rows: list[Row]) -> tuple[tuple[date, int], ...]:
    if not rows:
        return ()
    counted = Counter(monday(moment_of(row).date()) for row in rows)
    newest = max(counted)
    return tuple((day, counted[day]) for day in (newest - timedelta(weeks=WEEKS - 1 - n) for n in range(WEEKS)))


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
