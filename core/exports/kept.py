"""Documents to kept files: all of them or none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.context import Context
from core.documents import RENDERERS, Document, render
from core.documents.long import LONG, LongTable
from core.exports.models import ExportJob
from core.stores.app import work
from core.stores.files import FileStore

KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file in the store that no row speaks of yet."""

    format: str
    key: str
    name: str
    media_type: str
    size: int


def prefix(workspace_id: str, owner_id: str, fence: int) -> str:
    """Where one attempt at a run keeps its files: another attempt never meets them."""
    return f"exports/{workspace_id}/{owner_id}/{fence}"


def make(
    files: FileStore,
    folder: str,
    document: Document,
    formats: Sequence[str],
    progress: Callable[[int, str], None] = lambda done, name: None,
) -> list[Artifact]:
    """Render and keep `document` in every format; when one cannot be kept, those before it are removed again."""
    kept: list[Artifact] = []
    try:
        for done, fmt in enumerate(formats):
            progress(done, fmt)
            rendered = render(document, fmt)
            name = f"{document.file_stem()}{rendered.filename_suffix}"
            file = files.put(f"{folder}/{fmt}{rendered.filename_suffix}", rendered.content)
            kept.append(Artifact(fmt, file.key, name, rendered.media_type, file.size))
    except BaseException:
        drop(files, kept)
        raise
    return kept


def stream(
    files: FileStore, folder: str, table: LongTable, fmt: str, written: Callable[[int], None] = lambda rows: None
) -> Artifact:
    """Write a long table straight into the store: neither its rows nor its file are ever held whole."""
    how = LONG.get(fmt)
    key = f"{folder}/{fmt}{how.suffix}"
    with files.writing(key) as out:
        how.write(table, out, written)
        size = out.seek(0, os.SEEK_END)
    return Artifact(fmt, key, f"{table.stem}{how.suffix}", how.media_type, size)


def drop(files: FileStore, artifacts: Iterable[Artifact]) -> None:
    """Remove files again whose run came to nothing."""
    for artifact in artifacts:
        files.delete(artifact.key)


def clear(files: FileStore, workspace_id: str, owner_id: str, fence: int, formats: Iterable[str]) -> None:
    """Remove what earlier attempts at this run kept before their workers were killed."""
    for fmt in formats:
        for before in range(1, fence):
            for suffix in {RENDERERS.get(fmt).suffix, ".zip"}:
                files.delete(f"{prefix(workspace_id, owner_id, before)}/{fmt}{suffix}")


def record(
    session: Session,
    ctx: Context,
    artifact: Artifact,
    *,
    export_type: str,
    run_id: str | None = None,
    individual: bool = False,
    config: dict[str, Any] | None = None,
    triggered_by: str = "manual",
) -> ExportJob:
    """A finished export for a kept file, in the caller's transaction."""
    now = ctx.clock()
    return work.create(
        session,
        ExportJob,
        ctx.workspace.id,
        now,
        triggered_by=triggered_by,
        actor_id=ctx.actor.user_id,
        requested_by=ctx.actor.user_id or None,
        status="success",
        progress=1.0,
        started_at=now,
        finished_at=now,
        export_type=export_type,
        format=artifact.format,
        config=config or {},
        run_id=run_id,
        individual=individual,
        file_path=artifact.key,
        file_name=artifact.name,
        media_type=artifact.media_type,
        file_size_bytes=artifact.size,
        expires_at=now + KEPT_FOR,
    )
