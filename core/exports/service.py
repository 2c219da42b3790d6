"""Exports: ask for one, follow it, download it by a signed link, sweep it when its time is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from itsdangerous import BadSignature, URLSafeSerializer

from core.access import users, workspaces
from core.base.errors import BadInput, NotAllowed, NotFound, did_you_mean
from core.base.settings import settings
from core.context import SYSTEM, Actor, Capability, Context, Rooms
from core.documents import RENDERERS, Document
from core.documents.long import LONG, LongTable
from core.exports import kept, reach
from core.exports.models import ExportJob
from core.stores.app import heartbeats, lease, work
from core.stores.app.paging import Page, Place, paged

TYPES = {
    "report": "The result of a report's run",
    "developer_profile": "One person's figures",
    "team_analytics": "One team's figures",
    "page": "A page of the app as it was shown",
    "rows": "Every row of a list, or behind a number",
}
LINK_LASTS = timedelta(days=7)
TRACE_LASTS = timedelta(days=30)
"""How long the row of a failed or cancelled export stays."""


@dataclass(frozen=True, slots=True)
class ExportView:
    """An export as pages, commands and routes see it."""

    id: str
    export_type: str
    format: str
    config: dict[str, Any]
    status: str
    run_id: str | None
    file_path: str
    file_name: str
    media_type: str
    file_size_bytes: int | None
    error: str | None
    progress: float
    progress_text: str
    requested_by: str | None
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way to a reader."""

    content: bytes
    name: str
    media_type: str

    @property
    def pieces(self) -> Iterator[bytes]:
        """The content as the one piece that it is."""
        return iter((self.content,))


@dataclass(frozen=True, slots=True)
class Sending:
    """The same, in pieces: a file of any size."""

    pieces: Iterator[bytes]
    name: str
    media_type: str
    size: int | None


Source = Callable[[Context, ExportJob], tuple[Document | LongTable, bool]]
"""What an export is of, as its requester may see it, and whether it shows individuals."""


def request(ctx: Context, export_type: str, fmt: str, config: dict[str, Any], *, run_id: str | None = None) -> str:
    """Ask the worker for a file; the id of the export."""
    ctx.require(Capability.EXPORT)
    _check(export_type, fmt)
    with ctx.app.session() as session:
        job = work.create(
            session, ExportJob, ctx.workspace.id, ctx.clock(), actor_id=ctx.actor.user_id,
            requested_by=ctx.actor.user_id or None, export_type=export_type, format=fmt, config=config,
            run_id=run_id, file_path="", file_name="", media_type="", individual=False,
        )  # fmt: skip
        workspaces.note(session, ctx, "export.request", export_type, format=fmt)
    ctx.queue.put("export", ctx.workspace.id, job.id)
    return job.id


def execute(rooms: Rooms, workspace_id: str, export_id: str, source: Source) -> None:
    """Make the file of one export; quiet if somebody else does or did."""
    held = lease.take(rooms.app, ExportJob, export_id, heartbeats.me(), rooms.clock)
    if held is None:
        return
    with held:
        ctx = rooms.context(workspaces.find(rooms.app, workspace_id))
        job = _row(ctx, export_id)
        ctx = ctx.as_actor(_requester(ctx, job.requested_by))
        ctx.require(Capability.EXPORT)
        kept.clear(ctx.files, workspace_id, export_id, held.fence, [job.format])
        held.progress(0.1, "Collecting the figures")
        found, individual = source(ctx, job)
        file = _written(ctx, held, found, job.format)
        try:
            held.finish(
                "success", file_path=file.key, file_name=file.name, media_type=file.media_type,
                file_size_bytes=file.size, individual=individual, expires_at=rooms.clock() + kept.KEPT_FOR,
            )  # fmt: skip
        except BaseException:
            kept.drop(ctx.files, [file])
            raise


def cancel(ctx: Context, export_id: str) -> None:
    """Stop an export that waits or is being made; Conflict if it has ended."""
    ctx.require(Capability.EXPORT)
    job = _row(ctx, export_id)
    with ctx.app.session() as session:
        work.cancel(session, ExportJob, export_id, ctx.workspace.id, ctx.clock())
        workspaces.note(session, ctx, "export.cancel", job.export_type, format=job.format)


def get(ctx: Context, export_id: str) -> ExportView:
    """One export of this workspace; NotFound if its report is not for the actor."""
    ctx.require(Capability.VIEW_REPORTS)
    return view(_row(ctx, export_id))


def exports(ctx: Context, *, run_id: str | None = None, limit: int = 50) -> list[ExportView]:
    """The newest exports that are still kept or under way."""
    ctx.require(Capability.VIEW_REPORTS)
    asked = reach.visible(ctx)
    if run_id:
        asked = asked.where(ExportJob.run_id == run_id)
    with ctx.app.reading() as session:
        rows = session.scalars(asked.order_by(ExportJob.created_at.desc(), ExportJob.id).limit(limit))
        return [view(row) for row in rows]


def mine(ctx: Context, limit: int = 50) -> list[ExportView]:
    """The newest that the actor asked for, but for what the runs of reports keep."""
    ctx.require(Capability.VIEW_REPORTS)
    asked = reach.visible(ctx).where(ExportJob.run_id.is_(None), ExportJob.requested_by == ctx.actor.user_id)
    with ctx.app.reading() as session:
        rows = session.scalars(asked.order_by(ExportJob.created_at.desc(), ExportJob.id).limit(limit))
        return [view(row) for row in rows]


def page(ctx: Context, place: Place, *, run_id: str = "") -> Page[ExportView]:
    """The same, page by page."""
    ctx.require(Capability.VIEW_REPORTS)
    asked = reach.visible(ctx)
    if run_id:
        asked = asked.where(ExportJob.run_id == run_id)
    with ctx.app.reading() as session:
        rows, total, cursor = paged(session, asked, place, ExportJob.created_at, ExportJob.id)
        return Page([view(row) for row in rows], total, cursor)


def content(ctx: Context, export_id: str) -> Download:
    """The file, if the actor may have it."""
    ctx.require(Capability.EXPORT)
    job = _finished(ctx, export_id)
    return Download(ctx.files.read(job.file_path), job.file_name, job.media_type)


def sending(ctx: Context, export_id: str) -> Sending:
    """The file in pieces, if the actor may have it."""
    ctx.require(Capability.EXPORT)
    job = _finished(ctx, export_id)
    return Sending(ctx.files.pieces(job.file_path), job.file_name, job.media_type, job.file_size_bytes)


def _finished(ctx: Context, export_id: str) -> ExportJob:
    job = _allowed(ctx, export_id)
    if job.status != "success" or not job.file_path:
        raise NotFound(job.error or "The file is not finished yet. Wait a moment and try again.")
    if job.expires_at and job.expires_at <= ctx.clock():
        raise NotFound("The file's time is over and it was removed. Run the report again to make a new one.")
    return job


def sign(ctx: Context, export_id: str, lasts: timedelta = LINK_LASTS) -> str:
    """A token for a download link: good for this user, this file, and a while."""
    ctx.require(Capability.EXPORT)
    job = _allowed(ctx, export_id)
    until = int((ctx.clock() + lasts).timestamp())
    return str(_signer().dumps([ctx.workspace.id, job.id, ctx.actor.user_id, until]))


def open_download(rooms: Rooms, token: str, user_id: str) -> Sending:
    """The file behind a token, for the user who is signed in; their rights are looked at anew."""
    try:
        workspace_id, export_id, for_user, until = _signer().loads(token)
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFound("This download link is not valid. Open the report and download it from there.") from error
    if until <= rooms.clock().timestamp():
        raise NotFound("This download link has expired. Open the report and download it from there.")
    if not user_id or (for_user and for_user != user_id):
        raise NotAllowed("This download link was made for somebody else. Open the report and download it from there.")
    ctx = rooms.context(workspaces.find(rooms.app, workspace_id), users.actor_for(rooms.app, user_id, workspace_id))
    return sending(ctx, export_id)


def sweep(rooms: Rooms) -> int:
    """Remove exports whose time is over, the file first and then the row; how many there were."""
    now = rooms.clock()
    over = (ExportJob.expires_at <= now) | (
        ExportJob.status.in_(("failed", "cancelled")) & (ExportJob.finished_at <= now - TRACE_LASTS)
    )
    with rooms.app.reading() as session:
        found = session.execute(sa.select(ExportJob.id, ExportJob.file_path).where(over)).all()
    for _, key in found:
        if key:
            rooms.files.delete(key)
    with rooms.app.session() as session:
        for start in range(0, len(found), 500):
            ids = [export_id for export_id, _ in found[start : start + 500]]
            session.execute(sa.delete(ExportJob).where(ExportJob.id.in_(ids)))
    return len(found)


def view(job: ExportJob) -> ExportView:
    return ExportView(
        job.id, job.export_type, job.format, dict(job.config), job.status, job.run_id, job.file_path, job.file_name,
        job.media_type, job.file_size_bytes, job.error, job.progress, job.progress_text, job.requested_by,
        job.created_at, job.finished_at, job.expires_at,
    )  # fmt: skip


def _row(ctx: Context, export_id: str) -> ExportJob:
    with ctx.app.reading() as session:
        job = session.scalar(reach.visible(ctx).where(ExportJob.id == export_id))
    if job is None:
        raise NotFound("There is no such export in this workspace. It may have been removed when its time was over.")
    return job


def _allowed(ctx: Context, export_id: str) -> ExportJob:
    job = _row(ctx, export_id)
    if job.individual and not ctx.sees_scope(job.config.get("people", ()), job.config.get("teams", ())):
        raise NotAllowed(f"This file shows individuals' numbers, which '{ctx.workspace.name}' hides from your role.")
    return job


def _requester(ctx: Context, user_id: str | None) -> Actor:
    return users.actor_for(ctx.app, user_id, ctx.workspace.id) if user_id else SYSTEM


def _written(ctx: Context, held: lease.Lease, found: Document | LongTable, fmt: str) -> kept.Artifact:
    """The file of what an export is of. A cancelled one stops at its next batch of rows."""
    folder = kept.prefix(ctx.workspace.id, held.run_id, held.fence)
    if isinstance(found, Document):
        held.progress(0.6, f"Writing {fmt.upper()}")
        (file,) = kept.make(ctx.files, folder, found, [fmt])
        return file
    most = max(found.total, 1)
    return kept.stream(
        ctx.files, folder, found, fmt,
        lambda rows: held.progress(min(0.1 + 0.85 * rows / most, 0.95), f"{rows:,} of {found.total:,} rows"),
    )  # fmt: skip


def _check(export_type: str, fmt: str) -> None:
    if export_type not in TYPES:
        raise BadInput(f"There is no export '{export_type}'.{did_you_mean(export_type, TYPES)}")
    known = LONG.keys() if export_type == "rows" else RENDERERS.keys()
    if fmt not in known:
        raise BadInput(f"There is no format '{fmt}'.{did_you_mean(fmt, known)} Choose of {', '.join(known)}.")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().key(), salt="sightline.download")
