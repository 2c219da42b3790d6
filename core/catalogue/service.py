"""Questions to the catalogue: measure, explain, show the rows behind a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.base.errors import NotFound, did_you_mean
from core.base.period import named
from core.catalogue import alone, answers, states
from core.catalogue import evidence as behind
from core.catalogue.answers import Question
from core.catalogue.asking import WELLBEING
from core.catalogue.evidence import Rows
from core.catalogue.facts import fact
from core.catalogue.metric import METRICS, Metric
from core.catalogue.models import Repository
from core.catalogue.places import BELONGS, TOGETHER
from core.catalogue.scope import Scope
from core.catalogue.states import FeedView
from core.catalogue.values import Measured, Value
from core.context import Capability, Context
from core.figures import Table

__all__ = [
    "Explanation",
    "FeedView",
    "Measured",
    "Question",
    "RepositoryView",
    "Rows",
    "Value",
    "every_row",
    "evidence",
    "evidence_csv",
    "evidence_stream",
    "explain",
    "feeds",
    "measure",
    "measure_together",
    "repositories",
    "repository",
    "shows_one",
    "shows_people",
    "too_few",
    "watermark",
]


@dataclass(frozen=True, slots=True)
class RepositoryView:
    """A repository, for pickers and labels."""

    id: str
    name: str
    default_branch: str = ""
    url: str = ""
    is_shallow: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything needed to believe a number, or to doubt it well."""

    metric: str
    definition: str
    formula: str
    version: int
    value: Value
    n: int
    excluded: dict[str, int]
    watermark: datetime | None
    sources: tuple[str, ...]
    """Who feeds its facts: "commits of api by git"."""
    sql: str
    """The statement that answered; empty where there was nothing to ask."""
    parameters: dict[str, object]


def measure(ctx: Context, keys: Sequence[str], scope: Scope, by: Sequence[str] = ()) -> Measured:
    """Answer metrics over a scope, together or by person, team, repo, component, email, a length of time, or several.

    One statement a fact. The answer is kept in this process until the workspace's data change.
    """
    ctx.require(Capability.VIEW_DASHBOARDS)
    return answers.measured(ctx, tuple(dict.fromkeys(keys)), scope, tuple(by))


def measure_together(ctx: Context, questions: Sequence[Question]) -> list[Measured | Exception]:
    """Answer several questions in as few statements as can be, in their order; an error is the answer of its own."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    return answers.measured_together(ctx, questions)


def explain(ctx: Context, key: str, scope: Scope, group: Mapping[str, str] | None = None) -> Explanation:
    """Where a number comes from. `group` cuts the scope down, as {"person": id, "week": "2026-03-02"} does."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    metric, scope = METRICS.get(key), behind.within(scope, group or {})
    answer = answers.measured(ctx, (key,), scope, ())
    value, origin = answer.get(key), answer.provenance[:1]
    return Explanation(
        metric=key,
        definition=" ".join((metric.about, *_belonging(metric, scope))),
        formula=metric.formula,
        version=metric.version,
        value=value,
        n=value.n,
        excluded=value.excluded,
        watermark=answer.watermark,
        sources=_sources(ctx, metric.needs, scope.repo_ids),
        sql=origin[0].query if origin else "",
        parameters=dict(origin[0].parameters) if origin else {},
    )


def shows_one(ctx: Context, scope: Scope, by: Sequence[str] = ()) -> bool:
    """Whether an answer would show a team of one person, whoever asks: their number, under another name."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    return alone.shows_fewer(ctx, answers.with_subteams(ctx, scope.team_ids), by, scope.period, scope.time_zone)


def shows_people(ctx: Context, keys: Sequence[str], scope: Scope, by: Sequence[str] = ()) -> bool:
    """Whether an answer is not for everybody, whoever asks: individuals' numbers, or the wellbeing of too few."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    if scope.person_ids or "person" in by or "email" in by:
        return True
    least = ctx.workspace.least_group if any(METRICS.get(key).category == WELLBEING for key in keys) else 2
    teams = answers.with_subteams(ctx, scope.team_ids)
    return alone.shows_fewer(ctx, teams, by, scope.period, scope.time_zone, least)


def too_few(ctx: Context, team_ids: Sequence[str]) -> bool:
    """Whether these teams of today are too few people for the actor to see their wellbeing."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    now = Scope(named("last_30_days", ctx.clock(), ctx.workspace.time_zone), time_zone=ctx.workspace.time_zone)
    return bool(alone.too_few(ctx, answers.with_subteams(ctx, team_ids), (), now.period, now.time_zone))


def evidence(
    ctx: Context,
    key: str,
    scope: Scope,
    limit: int = 500,
    group: Mapping[str, str] | None = None,
    value: Value | None = None,
) -> Table:
    """The rows behind a number, newest first, with names. Whoever has the number already gives it along."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    return behind.table(ctx, key, behind.within(scope, group or {}), limit, value)


def every_row(ctx: Context, key: str, scope: Scope, group: Mapping[str, str] | None = None) -> Rows:
    """All rows behind a number, a batch at a time: for files of any length."""
    ctx.require(Capability.EXPORT)
    return behind.every(ctx, key, behind.within(scope, group or {}))


def evidence_stream(ctx: Context, key: str, scope: Scope, group: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """All rows behind a number as CSV, piece by piece."""
    ctx.require(Capability.EXPORT)
    return behind.chunks(ctx, key, behind.within(scope, group or {}))


def evidence_csv(ctx: Context, key: str, scope: Scope, group: Mapping[str, str] | None = None) -> bytes:
    """All rows behind a number as one CSV file."""
    return b"".join(evidence_stream(ctx, key, scope, group))


def repositories(ctx: Context) -> list[RepositoryView]:
    """The workspace's active repositories by name."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    asked = sa.select(Repository).where(Repository.workspace_id == ctx.workspace.id, Repository.is_active)
    with ctx.app.reading() as session:
        return [
            RepositoryView(row.id, row.name, row.default_branch, row.url, row.is_shallow)
            for row in session.scalars(asked.order_by(Repository.name))
        ]


def repository(ctx: Context, ref: str) -> RepositoryView:
    """The repository with this id or name; NotFound with the nearest name."""
    known = repositories(ctx)
    for one in known:
        if ref in (one.id, one.name):
            return one
    raise NotFound(f"There is no repository named '{ref}'.{did_you_mean(ref, [one.name for one in known])}")


def feeds(ctx: Context) -> list[FeedView]:
    """What is collected, by repository and fact."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    return states.feeds(ctx)


def watermark(ctx: Context) -> datetime | None:
    """Commits of every repository are complete up to here, or whatever is told where none are; None if nothing is."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    told = [feed for feed in states.feeds(ctx) if feed.complete_until]
    commits = [feed for feed in told if feed.fact == "commits"]
    return min((feed.complete_until for feed in commits or told if feed.complete_until), default=None)


def _belonging(metric: Metric, scope: Scope) -> tuple[str, ...]:
    """What it means to belong to a component, where the question is about some."""
    told = BELONGS.get(fact(metric.fact).places, "")
    return (told, TOGETHER) if told and scope.component_ids else ()


def _sources(ctx: Context, needs: Sequence[str], repo_ids: Sequence[str]) -> tuple[str, ...]:
    told: dict[tuple[str, str, bool], list[str]] = {}
    for feed in states.feeds(ctx):
        if feed.fact in needs and (not repo_ids or feed.repo_id in repo_ids):
            told.setdefault((feed.fact, feed.source, feed.is_approximate), []).append(feed.repo)
    return tuple(
        f"{states.noun(fact)} by {source}{' (in part)' if partly else ''} of {_listed(repos)}"
        for (fact, source, partly), repos in sorted(told.items())
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} repositories"
