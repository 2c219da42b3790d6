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
    for repo_id, moment in until.items():
        feed = session.get(Feed, (ctx.workspace.id, repo_id, fact))
        if feed and feed.source != source and not feed.is_approximate:
            continue
        if fact == "commits" and _has_git(session, repo_id):
            continue
        if feed is None:
            feed = Feed(workspace_id=ctx.workspace.id, repo_id=repo_id, fact=fact, complete_until=None)
            session.add(feed)
        same = feed.source == source and feed.complete_until
        feed.source, feed.is_approximate, feed.updated_at = source, False, ctx.clock()
        feed.complete_until = max(moment, feed.complete_until) if same and feed.complete_until else moment


def no_more(session: Session, ctx: Context, fact: str, source: str, repo_id: str) -> None:
    """Nothing of this source tells the fact any more."""
    feed = session.get(Feed, (ctx.workspace.id, repo_id, fact))
    if feed and feed.source == source:
        session.delete(feed)


def _has_git(session: Session, repo_id: str) -> bool:
    return session.scalar(sa.select(Source.id).where(Source.repo_id == repo_id, Source.kind == "git")) is not None
