"""Questions to the catalogue: measure, explain, show the rows behind a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.catalogue import answers, states
from core.catalogue.models import Repository
from core.catalogue.scope import Scope
from core.catalogue.states import FeedView
from core.catalogue.values import Measured, Value
from core.context import Capability, Context

__all__ = ["FeedView", "Measured", "RepositoryView", "Value", "feeds", "measure", "repositories", "watermark"]


@dataclass(frozen=True, slots=True)
class RepositoryView:
    """A repository, for pickers and labels."""

    id: str
    name: str
    default_branch: str = ""
    url: str = ""
    is_shallow: bool = False


def measure(ctx: Context, keys: Sequence[str], scope: Scope, by: Sequence[str] = ()) -> Measured:
    """Answer metrics over a scope, together or grouped by person, team, repo, email, a length of time, or several.

    One statement a fact. The answer is kept in this process until the workspace's data change.
    """
    ctx.require(Capability.VIEW_DASHBOARDS)
    return answers.measured(ctx, tuple(dict.fromkeys(keys)), scope, tuple(by))


def repositories(ctx: Context) -> list[RepositoryView]:
    """The workspace's active repositories by name."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    asked = sa.select(Repository).where(Repository.workspace_id == ctx.workspace.id, Repository.is_active)
    with ctx.app.reading() as session:
        return [
            RepositoryView(row.id, row.name, row.default_branch, row.url, row.is_shallow)
            for row in session.scalars(asked.order_by(Repository.name))
        ]


def feeds(ctx: Context) -> list[FeedView]:
    """What is collected, by repository and fact."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    return states.feeds(ctx)


def watermark(ctx: Context) -> datetime | None:
    """Commits of every repository are complete up to here; None if nothing was read."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    marks = [feed.complete_until for feed in states.feeds(ctx) if feed.fact == "commits" and feed.complete_until]
    return min(marks, default=None)
