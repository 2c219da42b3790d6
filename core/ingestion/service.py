"""Verbs of sources: add, sync, look, remove."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import workspaces
from core.base.errors import BadInput, Conflict, NotFound, did_you_mean
from core.catalogue.models import Feed, Repository
from core.context import Capability, Context, Rooms
from core.ingestion import runs as running
from core.ingestion.kind import Progress
from core.ingestion.models import Source, SyncRun
from core.ingestion.origins import origin_of
from core.ingestion.removing import mine, remove
from core.ingestion.sharing import home_of
from core.ingestion.sources.git import repository as git
from core.ingestion.views import RunView, SourceView, SyncResult
from core.stores.app import work

__all__ = [
    "add_git", "remove", "request_sync", "reread", "run", "run_sync", "runs", "source", "sources", "sync",
]  # fmt: skip

HEAD, ALL = "HEAD", "all"
TAKEN_BACK = (("branch", HEAD), ("since", ALL))
"""What makes a source follow what is checked out again, and be read from its beginning."""

GIT_BEGINS = date(1970, 1, 1)
"""git takes an earlier day, and one far ahead, for another one without a word."""


def add_git(
    ctx: Context, path: str | Path, name: str = "", branch: str = "", since: str | date | None = None
) -> SourceView:
    """Make a source of a repository on this machine. The same folder again changes that source's settings.

    What is left empty keeps its setting, and the words HEAD and "all" take a branch and a first day back;
    nothing is read before the first sync.
    """
    ctx.require(Capability.MANAGE_SOURCES)
    found = git.opened(path)
    branch, since = branch.strip(), since.strip() if isinstance(since, str) else since
    found.tip("" if branch == HEAD else branch)
    with ctx.app.session() as session:
        row = session.scalar(
            sa.select(Source).where(
                Source.workspace_id == ctx.workspace.id, Source.kind == "git", Source.location == str(found.path)
            )
        )
        if row is None:
            row = _new(session, ctx, found, name)
        elif name and name != row.name:
            _named(session, ctx, row, name)
        given = {"branch": branch, "since": ALL if since == ALL else _day(since, ctx.clock().date())}
        row.config = {"path": str(found.path)} | row.config | {key: value for key, value in given.items() if value}
        row.config = {key: value for key, value in row.config.items() if (key, value) not in TAKEN_BACK}
        repo = session.get_one(Repository, row.repo_id)
        repo.default_branch, repo.url = row.config.get("branch") or found.head_branch(), found.origin()
        return _views(session, ctx, [row])[0]


def reread(ctx: Context, source_id: str, branch: str = "", since: date | None = None) -> str:
    """Read a source from now on by this branch and from this first day; the id of the run that does.

    Empty means what is checked out, and the whole history.
    """
    ctx.require(Capability.MANAGE_SOURCES)
    add_git(ctx, source(ctx, source_id).path, branch=branch.strip() or HEAD, since=since or ALL)
    return request_sync(ctx, source_id)


def sources(ctx: Context) -> list[SourceView]:
    """Every source of the workspace with the state of its newest run, by name."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.reading() as session:
        rows = session.scalars(sa.select(Source).where(Source.workspace_id == ctx.workspace.id).order_by(Source.name))
        return _views(session, ctx, list(rows))


def source(ctx: Context, ref: str) -> SourceView:
    """One source by id, name or path; NotFound with the nearest name."""
    known = sources(ctx)
    for view in known:
        if ref in (view.id, view.name, view.path):
            return view
    raise NotFound(f"There is no source named '{ref}'.{did_you_mean(ref, [view.name for view in known])}")


def sync(ctx: Context, source_id: str, progress: Progress | None = None, triggered_by: str = "cli") -> SyncResult:
    """Read the source now, in this process."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.session() as session:
        mine(session, ctx, source_id)
        run = work.create(
            session, SyncRun, ctx.workspace.id, ctx.clock(), triggered_by=triggered_by, actor_id=ctx.actor.user_id,
            source_id=source_id,
        )  # fmt: skip
    result = running.perform(ctx, run.id, progress)
    if result is None:
        raise Conflict("Another process took this run over. Look at the Sources page for how far it is.")
    return result


def request_sync(ctx: Context, source_id: str, triggered_by: str = "manual") -> str:
    """Ask the worker to read the source; the id of the run. One that waits or runs already is given back."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.session() as session:
        mine(session, ctx, source_id)
        waiting = session.scalar(
            sa.select(SyncRun.id).where(SyncRun.source_id == source_id, SyncRun.status.in_(("pending", "running")))
        )
        run_id = waiting or work.create(
            session, SyncRun, ctx.workspace.id, ctx.clock(), triggered_by=triggered_by, actor_id=ctx.actor.user_id,
            source_id=source_id,
        ).id  # fmt: skip
    ctx.queue.put("sync", ctx.workspace.id, run_id)
    return run_id


def run_sync(house: Rooms, workspace_id: str, run_id: str) -> None:
    """What the worker calls. The run's row tells how it went."""
    running.perform(house.context(workspaces.find(house.app, workspace_id)), run_id)


def runs(ctx: Context, source_id: str | None = None, limit: int = 50) -> list[RunView]:
    """The newest runs, of one source or of all."""
    ctx.require(Capability.MANAGE_SOURCES)
    chosen = SyncRun.workspace_id == ctx.workspace.id
    if source_id:
        chosen &= SyncRun.source_id == source_id
    with ctx.app.reading() as session:
        rows = session.execute(
            sa.select(SyncRun, Source.name)
            .join(Source, Source.id == SyncRun.source_id)
            .where(chosen)
            .order_by(SyncRun.created_at.desc(), SyncRun.id)
            .limit(limit)
        )
        return [_run_view(run, name) for run, name in rows]


def run(ctx: Context, run_id: str) -> RunView:
    """One run; NotFound if it is not of this workspace."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.reading() as session:
        found = session.get(SyncRun, run_id)
        if found is None or found.workspace_id != ctx.workspace.id:
            raise NotFound("That run does not exist any more.")
        return _run_view(found, session.get_one(Source, found.source_id).name)


def _new(session: Session, ctx: Context, found: git.Repository, name: str) -> Source:
    taken = _names(session, ctx)
    if name and name in taken:
        raise Conflict(f"There is a repository named '{name}' already. Choose another name.")
    repo = home_of(session, ctx, origin_of(found.origin()), "git")
    chosen = name or (repo.name if repo else git.name_for(found, taken))
    if repo is None:
        repo = Repository(workspace_id=ctx.workspace.id, name=chosen, created_at=ctx.clock(), is_active=True)
        session.add(repo)
        session.flush()
    row = Source(
        workspace_id=ctx.workspace.id, kind="git", name=chosen, location=str(found.path), repo_id=repo.id, config={},
        cursor={}, version=0, created_at=ctx.clock(), created_by=ctx.actor.user_id or None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    workspaces.note(session, ctx, "source added", chosen, path=str(found.path))
    return row


def _named(session: Session, ctx: Context, row: Source, name: str) -> None:
    if name in _names(session, ctx):
        raise Conflict(f"There is a repository named '{name}' already. Choose another name.")
    row.name = session.get_one(Repository, row.repo_id).name = name


def _names(session: Session, ctx: Context) -> set[str]:
    return set(session.scalars(sa.select(Repository.name).where(Repository.workspace_id == ctx.workspace.id)))


def _day(since: str | date | None, today: date) -> str:
    if not since:
        return ""
    try:
        day = date.fromisoformat(since.strip()) if isinstance(since, str) else since
    except ValueError as error:
        raise BadInput(f"'{since}' is no date. Write the first day to read as 2024-01-31.") from error
    if not GIT_BEGINS <= day <= today:
        raise BadInput(f"{day} lies before {GIT_BEGINS} or after today. Leave the first day out to read everything.")
    return f"{day:%Y-%m-%d}"


def _views(session: Session, ctx: Context, rows: list[Source]) -> list[SourceView]:
    newest = _newest(session, ctx)
    ends = sa.select(Feed.repo_id, Feed.source, sa.func.min(Feed.complete_until).label("until"))
    ends = ends.where(Feed.workspace_id == ctx.workspace.id).group_by(Feed.repo_id, Feed.source)
    until = {(feed.repo_id, feed.source): feed.until for feed in session.execute(ends)}
    shallow = set(session.scalars(sa.select(Repository.id).where(Repository.is_shallow)))
    return [
        SourceView(
            id=row.id,
            kind=row.kind,
            name=row.name,
            repo_id=row.repo_id,
            path=row.config.get("path", row.location),
            branch=row.config.get("branch", ""),
            since=row.config.get("since", ""),
            status=last.status if (last := newest.get(row.id)) else "never",
            error=(last.error or "") if last else "",
            notes=tuple(last.notes or ()) if last else (),
            synced_at=row.synced_at,
            complete_until=until.get((row.repo_id, row.kind)),
            is_shallow=row.kind == "git" and row.repo_id in shallow,
            progress=last.progress if last else 0.0,
            progress_text=last.progress_text if last else "",
            counts=dict(last.counts or {}) if last else {},
            connection_id=row.config.get("connection_id", ""),
        )
        for row in rows
    ]


def _newest(session: Session, ctx: Context) -> dict[str, SyncRun]:
    ranked = (
        sa.select(
            SyncRun.id,
            sa.func.row_number()
            .over(partition_by=SyncRun.source_id, order_by=(SyncRun.created_at.desc(), SyncRun.started_at.desc()))
            .label("place"),
        )
        .where(SyncRun.workspace_id == ctx.workspace.id, SyncRun.status != "cancelled")
        .subquery()
    )
    first = sa.select(SyncRun).join(ranked, ranked.c.id == SyncRun.id).where(ranked.c.place == 1)
    return {row.source_id: row for row in session.scalars(first)}


def _run_view(row: SyncRun, name: str) -> RunView:
    return RunView(
        id=row.id,
        source_id=row.source_id,
        source=name,
        status=row.status,
        triggered_by=row.triggered_by,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        duration_seconds=row.duration_seconds,
        progress=row.progress,
        progress_text=row.progress_text,
        commits_added=row.commits_added,
        commits_removed=row.commits_removed,
        files_added=row.files_added,
        notes=tuple(row.notes or ()),
        error=row.error or "",
        fault=row.fault or "",
        attempt=row.attempt,
        counts=dict(row.counts or {}),
    )
