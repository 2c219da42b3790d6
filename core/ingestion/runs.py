"""One reading of a source, from the claim to the result: kept in one transaction, or explained in one sentence."""

from __future__ import annotations

import os
import socket
import time
import traceback
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from core.access import workspaces
from core.base.errors import Conflict, LostLease, NotFound, SightlineError
from core.catalogue.models import Feed, Repository
from core.components import codeowners, owners, placing
from core.context import Context
from core.ingestion import kinds
from core.ingestion.kind import KINDS, Order, Progress, Reading
from core.ingestion.models import Source, SyncRun
from core.ingestion.rules import applying
from core.ingestion.views import SyncResult
from core.stores.app import work

__all__ = ["kinds", "perform"]

log = structlog.get_logger(__name__)

EVERY_S = 1.0
"""How often a run says how far it is, and that it is alive."""


@dataclass(slots=True)
class Held:
    """A run that this process has claimed."""

    ctx: Context
    run_id: str
    source_id: str
    fence: int
    said_at: float = 0.0

    def say(self, share: float, text: str) -> None:
        """Renew the lease and show progress, at most once a second; LostLease if another took over."""
        if time.monotonic() - self.said_at < EVERY_S:
            return
        self.said_at = time.monotonic()
        with self.ctx.app.session() as session:
            work.renew(session, SyncRun, self.run_id, self.fence, self.ctx.clock())
            work.progress(session, SyncRun, self.run_id, self.fence, share, text)

    def keep(self, cursor: dict[str, Any]) -> None:
        with self.ctx.app.session() as session:
            work.renew(session, SyncRun, self.run_id, self.fence, self.ctx.clock())
            session.execute(sa.update(Source).where(Source.id == self.source_id).values(cursor=cursor))


def perform(ctx: Context, run_id: str, progress: Progress | None = None) -> SyncResult | None:
    """Do the run. None if another has it; any error is written down before it is raised."""
    began = time.monotonic()
    held = claimed(ctx, run_id)
    if held is None:
        return None

    def report(share: float, text: str) -> None:
        held.say(share, text)
        if progress:
            progress(share, text)

    try:
        source, order = ordered(held)
        reading = read(ctx, source, order, report)
        reading = _parts_followed(ctx, source, reading)
        result = kept(held, source, reading, time.monotonic() - began)
        _rules_followed(ctx, source)
        return result
    except LostLease:
        raise
    except Exception as error:
        failed(held, error)
        raise


def _parts_followed(ctx: Context, source: Source, reading: Reading) -> Reading:
    """Components know of what was read before anybody can ask; what a changed CODEOWNERS moved is told with the run."""
    said = ""
    if reading.codeowners is not None:
        with ctx.app.reading() as session:
            url = session.get_one(Repository, source.repo_id).url
        said = codeowners.keep(ctx, source.repo_id, owners.chosen(list(reading.codeowners.items()), url))
    if reading.commits_added or reading.commits_removed or any(reading.counts.values()):
        placing.place(ctx, [source.repo_id])
    return replace(reading, notes=[*reading.notes, said]) if said else reading


def _rules_followed(ctx: Context, source: Source) -> None:
    """What was read is in; a rule that cannot look at it now looks after the next reading."""
    try:
        applying.refresh(ctx, [source.repo_id])
    except SightlineError as error:
        log.warning("rules_not_followed", source=source.name, why=error.message)


def read(ctx: Context, source: Source, order: Order, report: Progress) -> Reading:
    """What the source's kind brings; with the account of its connection, if it needs one."""
    kind = KINDS.get(source.kind)
    if not kind.needs_account:
        return kind.read(ctx, order, report)
    with closing(ctx.account(ctx, source.config["connection_id"])) as account:
        return kind.read(ctx, replace(order, account=account), report)


def claimed(ctx: Context, run_id: str) -> Held | None:
    """Claim the run, unless another process is reading the same source this moment."""
    with ctx.app.session() as session:
        run = session.get(SyncRun, run_id)
        if run is None or run.workspace_id != ctx.workspace.id:
            raise NotFound("That run does not exist any more.")
        busy = _busy(session, ctx, run)
        fence = None if busy else work.claim(session, SyncRun, run_id, worker_name(), ctx.clock())
        if busy:
            work.cancel(session, SyncRun, run_id, ctx.workspace.id, ctx.clock())
    if busy:
        raise Conflict("This source is being read already. Its run is shown on the Sources page.")
    return Held(ctx, run_id, run.source_id, fence) if fence is not None else None


def _busy(session: Session, ctx: Context, run: SyncRun) -> bool:
    others = session.scalars(
        sa.select(SyncRun).where(SyncRun.source_id == run.source_id, SyncRun.id != run.id, SyncRun.status == "running")
    ).all()
    alive = False
    for other in others:
        if other.lease_until and other.lease_until > ctx.clock() and not _is_dead(other.leased_by or ""):
            alive = True
        else:
            other.status, other.finished_at, other.lease_until = "failed", ctx.clock(), None
            other.fence, other.fault = other.fence + 1, "system"
            other.error = "The process that read it was stopped. The next run goes on where it was."
    return alive


def worker_name() -> str:
    """Host and process id, so that a dead process on this machine is known to be dead."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def _is_dead(worker: str) -> bool:
    host, _, pid = worker.rpartition(":")
    if host != socket.gethostname()[:40] or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def ordered(held: Held) -> tuple[Source, Order]:
    """The source's row, and what to ask of its kind; a fresh version is written down first."""
    with held.ctx.app.session() as session:
        source = session.get(Source, held.source_id)
        if source is None:
            raise NotFound("That source was removed.")
        source.version = max(source.version + 1, int(held.ctx.clock().timestamp()))
        feeds = sa.select(Feed.fact).where(Feed.repo_id == source.repo_id, Feed.source != source.kind)
        order = Order(
            config=dict(source.config),
            cursor=dict(source.cursor),
            repo_id=source.repo_id,
            version=source.version,
            provided=frozenset(session.scalars(feeds)),
            keep=held.keep,
        )
        return source, order


def kept(held: Held, source: Source, reading: Reading, seconds: float) -> SyncResult:
    """Cursor, watermark, change journal and the run's end: all or nothing."""
    ctx, now = held.ctx, held.ctx.clock()
    with ctx.app.session() as session:
        row = session.get_one(Source, source.id)
        row.cursor, row.synced_at = reading.cursor, now
        if reading.is_shallow is not None:
            session.get_one(Repository, source.repo_id).is_shallow = reading.is_shallow
        _feed(session, ctx, source, reading, now)
        if reading.commits_added or reading.commits_removed or any(reading.counts.values()) or reading.first_at:
            days = (moment.date() if moment else None for moment in (reading.first_at, reading.last_at))
            workspaces.data_changed(session, ctx.workspace.id, now, "sync", *days)
        else:
            workspaces.data_read(session, ctx.workspace.id)
        work.finish(
            session, SyncRun, held.run_id, held.fence, "success", now,
            commits_added=reading.commits_added, commits_removed=reading.commits_removed,
            files_added=reading.files_added, counts=dict(reading.counts), notes=reading.notes,
        )  # fmt: skip
    return SyncResult(
        source.id, held.run_id, source.name, reading.commits_added, reading.commits_removed, reading.files_added,
        reading.complete_until, tuple(reading.notes), seconds, dict(reading.counts),
    )  # fmt: skip


def _feed(session: Session, ctx: Context, source: Source, reading: Reading, now: datetime) -> None:
    """What this source tells. A guess never takes the place of what another source tells exactly."""
    known = {feed.fact: feed for feed in session.scalars(sa.select(Feed).where(Feed.repo_id == source.repo_id))}
    for fact, feed in known.items():
        if feed.source == source.kind and fact not in reading.feeds:
            session.delete(feed)
    for fact, approximate in reading.feeds.items():
        other = known[fact] if fact in known and known[fact].source != source.kind else None
        if other and approximate and not other.is_approximate:
            continue
        feed = known.get(fact) or Feed(workspace_id=ctx.workspace.id, repo_id=source.repo_id, fact=fact)
        feed.source, feed.is_approximate, feed.updated_at = source.kind, approximate, now
        feed.complete_until = reading.complete_until
        session.add(feed)


def failed(held: Held, error: Exception) -> None:
    """Write down why, for people and for operators."""
    known = isinstance(error, SightlineError)
    sentence = error.message if isinstance(error, SightlineError) else "Sightline met a fault of its own."
    with held.ctx.app.session() as session:
        work.finish(
            session, SyncRun, held.run_id, held.fence, "failed", held.ctx.clock(), error=sentence,
            fault=error.fault if isinstance(error, SightlineError) else "system",
            error_traceback=None if known else "".join(traceback.format_exception(error))[-8000:],
        )  # fmt: skip
