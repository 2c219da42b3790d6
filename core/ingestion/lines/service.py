"""Verbs of reading lines: ask for it, do it, see how far it is. A source's own reading never waits for it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from core.access import workspaces
from core.base.errors import BadInput, Conflict
from core.base.settings import settings
from core.catalogue.models import Feed
from core.context import Capability, Context, Rooms
from core.ingestion.kind import Progress
from core.ingestion.lines import reading
from core.ingestion.lines.keeping import SOURCE
from core.ingestion.lines.reading import Brought, Wanted
from core.ingestion.models import LineRun, Source, SyncRun
from core.ingestion.removing import mine
from core.stores.app import heartbeats, lease, work

log = structlog.get_logger(__name__)

PIECE_S = 120.0
"""How long one piece takes at most: other long work gets its turn between two."""
ASKED_EVERY_S = 2.0
"""How often a piece looks whether a source waits to be read."""
AGAIN = timedelta(hours=1)
"""When a reading that failed is tried again by itself."""
AFTER_S = 5.0
"""The first seconds after a start or a reading belong to what people wait for."""


@dataclass(frozen=True, slots=True)
class LinesView:
    """How far the lines of a source are read."""

    source_id: str
    name: str
    repo_id: str
    state: str
    """never, pending, running, success (a piece ended well) or failed."""
    is_complete: bool
    known_from: datetime | None
    """None: from the beginning of what was read of the source."""
    known_until: datetime | None
    """None: nothing is known yet."""
    remaining: int
    progress: float
    progress_text: str
    error: str


def read(ctx: Context, source_id: str, progress: Progress | None = None) -> LinesView:
    """Read the lines of a clone to their end, now and in this process."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.session() as session:
        source = _clone(session, ctx, source_id)
        if _active(session, source_id):
            raise Conflict(
                f"The lines of '{source.name}' are being read already. `sightline code status` says how far."
            )
        run = _created(session, ctx, source_id, "cli")
    _perform(ctx, run.id, math.inf, lambda: False, progress)
    return status(ctx, source_id)[0]


def request(ctx: Context, source_id: str, triggered_by: str = "manual") -> str:
    """Ask the worker for a piece; the id of the run. One that waits or runs already is given back."""
    ctx.require(Capability.MANAGE_SOURCES)
    with ctx.app.session() as session:
        _clone(session, ctx, source_id)
        run_id = _active(session, source_id) or _created(session, ctx, source_id, triggered_by).id
    ctx.queue.put(LineRun.task, ctx.workspace.id, run_id, delay_s=AFTER_S if triggered_by == "scheduler" else 0)
    return run_id


def run(house: Rooms, workspace_id: str, run_id: str) -> None:
    """What the worker calls: one piece. The clock asks for the next if something is left."""
    ctx = house.context(workspaces.find(house.app, workspace_id))
    _perform(ctx, run_id, monotonic() + PIECE_S, _sync_waits(ctx), None)


def tick(house: Rooms) -> None:
    """Ask for a piece of every clone of which something is left, while no source is being read."""
    for workspace in workspaces.every(house.app):
        ctx = house.context(workspace)
        with ctx.app.reading() as session:
            due = [] if _syncing(session, ctx) else _due(session, ctx)
        for source_id in due:
            request(ctx, source_id, triggered_by="scheduler")


def status(ctx: Context, source_id: str = "") -> list[LinesView]:
    """How far the lines of each clone are read, by name."""
    ctx.require(Capability.MANAGE_SOURCES)
    asked = sa.select(Source).where(Source.workspace_id == ctx.workspace.id, Source.kind == "git")
    if source_id:
        asked = asked.where(Source.id == source_id)
    with ctx.app.reading() as session:
        newest = _newest(session, ctx)
        feeds = sa.select(Feed).where(Feed.workspace_id == ctx.workspace.id, Feed.fact == "line_changes")
        known = {feed.repo_id: feed for feed in session.scalars(feeds)}
        return [
            _view(row, newest.get(row.id), known.get(row.repo_id))
            for row in session.scalars(asked.order_by(Source.name))
        ]


def _perform(ctx: Context, run_id: str, until: float, waits: Callable[[], bool], progress: Progress | None) -> None:
    held = lease.take(ctx.app, LineRun, run_id, heartbeats.me(), ctx.clock)
    if held is None:
        return

    def report(share: float, text: str) -> None:
        held.progress(share, text)
        if progress:
            progress(share, text)

    with held:
        source = _source_of(ctx, run_id)
        since = reading.begin(ctx.clock(), settings().rework_days)
        tip = str(source.cursor["tip"])
        wanted = Wanted(source.repo_id, source.config["path"], tip, since, until, _over(until, waits))
        brought = reading.read(ctx, wanted, report)
        held.check()
        with ctx.app.session() as session:
            _feed(session, ctx, source.repo_id, brought, since)
            if brought.is_changed:
                workspaces.data_read(session, ctx.workspace.id)
            held.finish(
                "success", session=session, tip=tip, is_complete=brought.is_complete, commits=brought.commits,
                files=brought.files, remaining=brought.left,
            )  # fmt: skip
    log.info("lines_read", source=source.name, commits=brought.commits, files=brought.files, left=brought.left)


def _over(until: float, waits: Callable[[], bool]) -> Callable[[], bool]:
    asked_at, answer = 0.0, False

    def over() -> bool:
        nonlocal asked_at, answer
        if monotonic() - asked_at >= ASKED_EVERY_S:
            asked_at, answer = monotonic(), waits()
        return answer or monotonic() >= until

    return over


def _sync_waits(ctx: Context) -> Callable[[], bool]:
    def waits() -> bool:
        with ctx.app.reading() as session:
            return _syncing(session, ctx)

    return waits


def _syncing(session: Session, ctx: Context) -> bool:
    asked = sa.select(SyncRun.id).where(
        SyncRun.workspace_id == ctx.workspace.id, SyncRun.status.in_(("pending", "running"))
    )
    return session.scalar(asked.limit(1)) is not None


def _due(session: Session, ctx: Context) -> list[str]:
    """Clones that were read since their lines were, or of whose lines something is left."""
    newest, now = _newest(session, ctx), ctx.clock()
    clones = session.scalars(sa.select(Source).where(Source.workspace_id == ctx.workspace.id, Source.kind == "git"))
    return [row.id for row in clones if row.cursor.get("tip") and _is_due(row, newest.get(row.id), now)]


def _is_due(source: Source, last: LineRun | None, now: datetime) -> bool:
    if "unfinished" in source.cursor:
        return False
    if last is None:
        return True
    if last.status in ("pending", "running"):
        return False
    if last.status != "success":
        return last.created_at <= now - AGAIN or (source.synced_at or now) > last.created_at
    return not last.is_complete or last.tip != source.cursor["tip"] or (source.synced_at or now) > last.created_at


def _newest(session: Session, ctx: Context) -> dict[str, LineRun]:
    mine = LineRun.workspace_id == ctx.workspace.id
    place = sa.func.row_number().over(partition_by=LineRun.source_id, order_by=LineRun.created_at.desc())
    ranked = sa.select(LineRun.id, place.label("place")).where(mine).subquery()
    first = sa.select(LineRun).join(ranked, ranked.c.id == LineRun.id).where(ranked.c.place == 1)
    return {row.source_id: row for row in session.scalars(first)}


def _active(session: Session, source_id: str) -> str | None:
    asked = sa.select(LineRun.id).where(LineRun.source_id == source_id, LineRun.status.in_(("pending", "running")))
    return session.scalar(asked.limit(1))


def _created(session: Session, ctx: Context, source_id: str, triggered_by: str) -> LineRun:
    return work.create(
        session, LineRun, ctx.workspace.id, ctx.clock(), triggered_by=triggered_by, actor_id=ctx.actor.user_id,
        source_id=source_id, tip="", is_complete=False, commits=0, files=0, remaining=0,
    )  # fmt: skip


def _clone(session: Session, ctx: Context, source_id: str) -> Source:
    row = mine(session, ctx, source_id)
    if row.kind != "git":
        raise BadInput(f"'{row.name}' is no clone, and only a clone tells of lines: sightline ingest git PATH")
    if not row.cursor.get("tip"):
        raise BadInput(f"'{row.name}' has not been read yet. Read it first: sightline sources sync '{row.name}'")
    return row


def _source_of(ctx: Context, run_id: str) -> Source:
    with ctx.app.reading() as session:
        return _clone(session, ctx, session.get_one(LineRun, run_id).source_id)


def _feed(session: Session, ctx: Context, repo_id: str, brought: Brought, since: datetime | None) -> None:
    """How far each fact is known: no further than the commits, and no further than the oldest that is left."""
    commits = session.scalar(sa.select(Feed.complete_until).where(Feed.repo_id == repo_id, Feed.fact == "commits"))
    if brought.is_tree_read:
        _fed(session, ctx, repo_id, "tree_files").complete_until = commits
    if since is None:
        return
    feed = _fed(session, ctx, repo_id, "line_changes")
    feed.complete_until = min((one for one in (commits, brought.oldest) if one), default=None)
    earliest = min((one for one in (feed.complete_from, since) if one), default=since)
    feed.complete_from = earliest if brought.reaches_back else None


def _fed(session: Session, ctx: Context, repo_id: str, fact: str) -> Feed:
    feed = session.get(Feed, (ctx.workspace.id, repo_id, fact))
    if feed is None:
        feed = Feed(workspace_id=ctx.workspace.id, repo_id=repo_id, fact=fact, source=SOURCE, is_approximate=False)
        session.add(feed)
    feed.updated_at = ctx.clock()
    return feed


def _view(source: Source, last: LineRun | None, feed: Feed | None) -> LinesView:
    return LinesView(
        source_id=source.id,
        name=source.name,
        repo_id=source.repo_id,
        state=last.status if last else "never",
        is_complete=bool(last and last.is_complete and last.tip == source.cursor.get("tip")),
        known_from=feed.complete_from if feed else None,
        known_until=feed.complete_until if feed else None,
        remaining=last.remaining if last else 0,
        progress=last.progress if last else 0.0,
        progress_text=last.progress_text if last else "",
        error=(last.error or "") if last else "",
    )
