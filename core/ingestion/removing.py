# ruff: noqa: S608 - the only names put into a statement are tables that a kind of source names; values are parameters
"""Taking a source away, with all that was read from it and nothing else."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import workspaces
from core.base.errors import Conflict, NotFound
from core.catalogue.models import Feed, Repository
from core.components import placing
from core.context import Capability, Context
from core.ingestion import providers
from core.ingestion.kind import KINDS
from core.ingestion.lines.keeping import SOURCE, Kept
from core.ingestion.models import LineRun, Source, SyncRun
from core.ingestion.sources.git.facts import Facts
from core.ingestion.tables import TABLES


def remove(ctx: Context, source_id: str) -> None:
    """Forget the source with everything that was read from it. People stay, and so do other sources' facts."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.session() as session:
        row = mine(session, ctx, source_id)
        if any(_is_running(session, model, source_id) for model in (SyncRun, LineRun)):
            raise Conflict(f"'{row.name}' is being read. Remove it when that has ended.")
        others = list(session.scalars(sa.select(Source).where(Source.repo_id == row.repo_id, Source.id != row.id)))
    if row.kind == "git":
        Facts(ctx, row.repo_id, row.version + 1).bury_all(alone=not others)
        Kept(ctx, row.repo_id).forget()
    else:
        _bury(ctx, row)
    if not others:
        _bury_repository(ctx, row)
    with ctx.app.session() as session:
        for model in (SyncRun, LineRun):
            session.execute(sa.delete(model).where(model.source_id == source_id))
        session.execute(sa.delete(Source).where(Source.id == source_id))
        told = (row.kind, SOURCE) if row.kind == "git" else (row.kind,)
        session.execute(sa.delete(Feed).where(Feed.repo_id == row.repo_id, Feed.source.in_(told)))
        if not others:
            session.execute(sa.delete(Feed).where(Feed.repo_id == row.repo_id))
            session.execute(sa.delete(Repository).where(Repository.id == row.repo_id))
        providers.let_go(session, ctx, row)
        _guess_again(session, others)
        workspaces.data_changed(session, ctx.workspace.id, ctx.clock(), "sync")
        workspaces.note(session, ctx, "source removed", row.name, path=row.location)
    placing.place(ctx, [row.repo_id])


def _is_running(session: Session, model: type[SyncRun | LineRun], source_id: str) -> bool:
    asked = sa.select(model.id).where(model.source_id == source_id, model.status == "running")
    return session.scalar(asked.limit(1)) is not None


def mine(session: Session, ctx: Context, source_id: str) -> Source:
    """The source of this id; NotFound if this workspace has none."""
    row = session.get(Source, source_id)
    if row is None or row.workspace_id != ctx.workspace.id:
        raise NotFound("That source does not exist any more.")
    return row


def _guess_again(session: Session, others: list[Source]) -> None:
    """What a clone tells of pull requests had given way to the provider: the next reading writes it anew."""
    for other in others:
        if other.kind == "git":
            session.get_one(Source, other.id).cursor = {}


def _bury_repository(ctx: Context, row: Source) -> None:
    """Tombstones over all that anybody told of a repository that nothing reads any more."""
    for table in TABLES:
        ctx.metrics.command(
            f"INSERT INTO {table} SELECT * REPLACE(version + 1 AS version, 1 AS deleted)"
            f" FROM {table} FINAL WHERE workspace_id = {{workspace:String}} AND repo_id = {{repo:String}}",
            {"workspace": ctx.workspace.id, "repo": row.repo_id},
        )


def _bury(ctx: Context, row: Source) -> None:
    """Tombstones over all that this source wrote."""
    asked = {"workspace": ctx.workspace.id, "repo": row.repo_id, "source": row.kind, "version": row.version + 1}
    for table in KINDS.get(row.kind).facts:
        ctx.metrics.command(
            f"INSERT INTO {table} SELECT * REPLACE(greatest(version + 1, {{version:UInt64}}) AS version, 1 AS deleted)"
            f" FROM {table} FINAL WHERE workspace_id = {{workspace:String}} AND repo_id = {{repo:String}}"
            " AND source = {source:String}",
            asked,
        )
