"""What is known of a value: who feeds its facts, up to when, and what to say where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from core.catalogue.metric import Metric
from core.catalogue.models import Feed, Repository
from core.context import Context
from core.figures import State

APPROXIMABLE = frozenset({"pull_requests", "reviews", "pr_commits"})
"""Facts that git alone tells in part."""

CHOSEN = {
    "deployments": "Choose under Rules what counts as a deployment: tags, releases, merges; or push records of them.",
    "incidents": "Choose under Rules which issues are incidents, or let a webhook or pushed records tell of them.",
    "line_changes": "A worker reads the lines of a clone after its commits; `sightline code read` does it at once.",
    "tree_files": "A worker reads the files of a clone after its commits; `sightline code read` does it at once.",
}
"""Facts that do not come with a source by themselves, and what to do for them."""

FRESH_FOR = timedelta(days=1)

_NOUNS = {
    "commits": "commits",
    "commit_files": "changed files",
    "pull_requests": "pull requests",
    "reviews": "reviews",
    "review_comments": "review comments",
    "deployments": "deployments",
    "incidents": "incidents",
    "line_changes": "changed lines",
    "tree_files": "files that are there",
}


@dataclass(frozen=True, slots=True)
class FeedView:
    """A fact of a repository, what collects it, and up to when it is complete."""

    repo_id: str
    repo: str
    fact: str
    source: str
    is_approximate: bool
    complete_until: datetime | None
    complete_from: datetime | None = None
    """Nothing is known of the time before."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a metric can be answered, and up to when."""

    is_collected: bool
    text: str
    watermark: datetime | None
    since: datetime | None = None
    """Nothing is known of the time before."""


def feeds(ctx: Context) -> list[FeedView]:
    """Every feed of the workspace's active repositories."""
    asked = (
        sa.select(Feed, Repository.name)
        .join(Repository, Repository.id == Feed.repo_id)
        .where(Feed.workspace_id == ctx.workspace.id, Repository.is_active)
        .order_by(Repository.name, Feed.fact)
    )
    with ctx.app.reading() as session:
        return [
            FeedView(row.repo_id, name, row.fact, row.source, row.is_approximate, row.complete_until, row.complete_from)
            for row, name in session.execute(asked)
        ]


def coverage(
    metric: Metric, known: Sequence[FeedView], repo_ids: Sequence[str] = (), also: Sequence[str] = ()
) -> Coverage:
    """Whether everything that the metric needs is fed in these repositories; all of them when empty.

    `also` is what the question needs besides.
    """
    marks, begins = list[datetime](), list[datetime]()
    for need in dict.fromkeys((*metric.needs, *also)):
        found = [feed for feed in known if feed.fact == need and (not repo_ids or feed.repo_id in repo_ids)]
        if not found:
            return Coverage(False, _connect(need, repo_ids), None)
        usable = [feed for feed in found if not (metric.exact and need in APPROXIMABLE and feed.is_approximate)]
        if not usable:
            return Coverage(
                False,
                f"Git alone does not tell enough about {noun(need)} for this."
                " Connect the repository's host, such as GitHub.",
                None,
            )
        read = [feed.complete_until for feed in usable if feed.complete_until]
        if not read:
            return Coverage(False, f"The {noun(need)} have not been read yet. Sync the source.", None)
        marks.append(min(read))
        begins += [feed.complete_from for feed in usable if feed.complete_from]
    return Coverage(True, "", min(marks, default=None), max(begins, default=None))


def state_of(covered: Coverage, until: datetime | None, now: datetime) -> tuple[State, str]:
    """Measured, or stale where the sources were not read up to the end of what was asked.

    `until` None asks for all there is, which is never stale. What still runs is never complete: a source that was
    read within a day is fresh enough for it.
    """
    wanted = None if until is None else until if until <= now else now - FRESH_FOR
    if wanted is None or covered.watermark is None or covered.watermark >= wanted:
        return State.MEASURED, ""
    reached = f"{covered.watermark:%-d %b %Y, %H:%M} UTC"
    return State.STALE, f"Complete only up to {reached}. Sync the source, or push newer records, to catch up."


def noun(fact: str) -> str:
    """What to call the rows of a collected fact."""
    return _NOUNS.get(fact, fact.replace("_", " "))


def _connect(need: str, repo_ids: Sequence[str]) -> str:
    where = " of the chosen repositories" if repo_ids else ""
    source = "a git repository" if need in ("commits", "commit_files") else "GitHub or another host"
    if need in CHOSEN:
        return f"Nothing collects {noun(need)}{where}. {CHOSEN[need]}"
    return f"Nothing collects {noun(need)}{where}. Connect {source} to see this."
