"""One repository, several sources: a clone tells its commits, a provider its pull requests."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.catalogue.models import Repository
from core.context import Context
from core.ingestion.models import Source
from core.ingestion.origins import origin_of


def home_of(session: Session, ctx: Context, origin: str, kind: str) -> Repository | None:
    """The oldest repository of this origin that no source of this kind fills yet."""
    if not origin:
        return None
    filled = sa.select(Source.repo_id).where(Source.workspace_id == ctx.workspace.id, Source.kind == kind)
    mine = sa.select(Repository).where(Repository.workspace_id == ctx.workspace.id, Repository.id.not_in(filled))
    rows = session.scalars(mine.order_by(Repository.created_at, Repository.id))
    return next((row for row in rows if origin_of(row.url) == origin), None)


def named(name: str, origin: str, taken: Collection[str]) -> str:
    """A name that no repository has: the path, else the origin, else with a number."""
    if name not in taken:
        return name
    return next(one for one in (origin, *(f"{origin} ({n})" for n in range(2, 10_000))) if one not in taken)
