"""A repository that changed elsewhere is read soon, not at the next turn of a clock."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from core.base.errors import BadInput
from core.catalogue.models import Repository
from core.context import Context
from core.ingestion import service as sources
from core.ingestion.models import Source
from core.ingestion.origins import origin_of


def repository_of(ctx: Context, addresses: Iterable[str]) -> str:
    """The name of the repository that has one of these addresses; BadInput if none is known here."""
    wanted = {origin_of(address) for address in addresses}
    if not wanted:
        raise BadInput("The message names no repository. Choose one for this webhook, or send the field 'repository'.")
    with ctx.app.reading() as session:
        mine = sa.select(Repository).where(Repository.workspace_id == ctx.workspace.id)
        for row in session.scalars(mine):
            if row.url and origin_of(row.url) in wanted:
                return row.name
    raise BadInput("The message is about a repository that is not here. Choose one for this webhook, or add it.")


def ask(ctx: Context, addresses: Iterable[str], *, dry_run: bool = False) -> str:
    """Put a sync of these repositories' sources on the queue; what was asked, in a sentence."""
    wanted = {origin_of(address) for address in addresses if address}
    with ctx.app.reading() as session:
        mine = (
            sa.select(Source, Repository.url)
            .join(Repository, Repository.id == Source.repo_id)
            .where(Source.workspace_id == ctx.workspace.id)
        )
        found = [source for source, url in session.execute(mine) if url and origin_of(url) in wanted]
    if not found:
        return "No source here reads that repository."
    for source in () if dry_run else found:
        sources.request_sync(ctx, source.id, "webhook")
    return f"{', '.join(source.name for source in found)} will be read."
