"""Saying that a fact of a repository is told, and up to when: by what was pushed itself, never by the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.catalogue.models import Feed
from core.context import Context
from core.ingestion.models import Source


def told(session: Session, ctx: Context, fact: str, source: str, until: Mapping[str, datetime]) -> None:
    """Each of these repositories has this fact from now on, complete up to that moment.

    What a source tells exactly stays its own; what git only guessed gives way.
    """
    mine = sa.select(Feed).where(Feed.workspace_id == ctx.workspace.id, Feed.fact == fact)
    known = {feed.repo_id: feed for feed in session.scalars(mine)}
    cloned = _cloned(session, ctx) if fact == "commits" else frozenset[str]()
    fresh = []
    for repo_id, moment in until.items():
        feed = known.get(repo_id)
        if repo_id in cloned or (feed and feed.source != source and not feed.is_approximate):
            continue
        if feed is None:
            fresh.append(
                {"workspace_id": ctx.workspace.id, "repo_id": repo_id, "fact": fact, "source": source,
                 "is_approximate": False, "complete_until": moment, "updated_at": ctx.clock()}
            )  # fmt: skip
            continue
        before = feed.complete_until if feed.source == source else None
        feed.source, feed.is_approximate, feed.updated_at = source, False, ctx.clock()
        feed.complete_until = max(moment, before) if before else moment
    if fresh:
        session.execute(sa.insert(Feed), fresh)


def no_more(session: Session, ctx: Context, fact: str, source: str, repo_id: str) -> None:
    """Nothing of this source tells the fact any more."""
    feed = session.get(Feed, (ctx.workspace.id, repo_id, fact))
    if feed and feed.source == source:
        session.delete(feed)


def _cloned(session: Session, ctx: Context) -> frozenset[str]:
    """Repositories whose commits git itself tells."""
    mine = sa.select(Source.repo_id).where(Source.workspace_id == ctx.workspace.id, Source.kind == "git")
    return frozenset(session.scalars(mine))
