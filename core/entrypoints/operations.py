"""What an operator wants to know of a running system, and the retry of what failed in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from core.access.workspaces import note
from core.base.errors import NotFound
from core.base.settings import settings
from core.bootstrap import models
from core.context import Capability, Context
from core.entrypoints import checkup
from core.entrypoints.checkup import Finding
from core.stores.app import Base, WorkRow, heartbeats, work

NAMES = {
    "sync": "Reading a source",
    "lines": "Reading lines",
    "snapshots": "Snapshots",
    "report": "Report",
    "export": "Export",
    "deliver": "Delivery",
}


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker that was heard of lately."""

    name: str
    threads: int
    started_at: datetime
    beat_at: datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """A run of this workspace that failed, and why."""

    task: str
    run_id: str
    name: str
    error: str
    fault: str
    attempts: int
    finished_at: datetime | None


def workers(ctx: Context) -> list[Worker]:
    """Workers that are alive."""
    ctx.require(Capability.OPERATE)
    return [Worker(w.id, w.threads, w.started_at, w.beat_at) for w in heartbeats.alive(ctx.app, ctx.clock())]


def counts(ctx: Context) -> dict[str, int]:
    """How many runs of this workspace wait, run, and have failed."""
    ctx.require(Capability.OPERATE)
    found = dict.fromkeys(("pending", "running", "failed"), 0)
    with ctx.app.reading() as session:
        for model in kinds():
            grouped = sa.select(model.status, sa.func.count()).where(model.workspace_id == ctx.workspace.id)
            for status, count in session.execute(grouped.group_by(model.status)):
                if status in found:
                    found[status] += count
    return found


def failures(ctx: Context, limit: int = 50) -> list[Failure]:
    """The latest failed runs of this workspace, newest first."""
    ctx.require(Capability.OPERATE)
    found: list[Failure] = []
    with ctx.app.reading() as session:
        for model in kinds():
            failed = sa.select(model).where(model.workspace_id == ctx.workspace.id, model.status == "failed")
            for row in session.scalars(failed.order_by(model.finished_at.desc()).limit(limit)):
                found.append(_failure(model, row))
    found.sort(key=lambda failure: failure.finished_at.timestamp() if failure.finished_at else 0, reverse=True)
    return found[:limit]


def retry(ctx: Context, task: str, run_id: str) -> None:
    """Do a failed run again, under its own id."""
    ctx.require(Capability.OPERATE)
    model = next((kind for kind in kinds() if kind.task == task), None)
    if model is None:
        raise NotFound(f"There are no runs of '{task}'.")
    with ctx.app.session() as session:
        work.again(session, model, run_id, ctx.workspace.id)
        note(session, ctx, "run.retry", f"{task} {run_id}")
    ctx.queue.put(task, ctx.workspace.id, run_id)


def findings(ctx: Context) -> list[Finding]:
    """How each part of the system is, asked now."""
    ctx.require(Capability.OPERATE)
    return checkup.examine()


def storage(ctx: Context) -> dict[str, int]:
    """Bytes by what they hold."""
    ctx.require(Capability.OPERATE)
    home = settings().home
    used = {"Reports and exports": ctx.files.used_bytes()}
    if not settings().metrics_url:
        used["Facts (embedded metrics store)"] = _folder(home / "metrics")
    if not settings().database_url:
        used["Settings, people, runs (SQLite)"] = sum(_size(path) for path in home.glob("app.db*"))
    used["Logs"] = _folder(home / "log")
    return used


def versions() -> dict[str, str]:
    """What is installed."""
    import platform
    from importlib.metadata import version

    names = ("sightline", "streamlit", "sqlalchemy", "chdb", "clickhouse-connect", "huey", "reportlab", "altair")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def kinds() -> Iterator[type[WorkRow]]:
    """Every table of runs that names the task which runs it."""
    models()
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__):
        if issubclass(mapper.class_, WorkRow) and mapper.class_.task:
            yield mapper.class_


def _failure(model: type[WorkRow], row: WorkRow) -> Failure:
    return Failure(
        task=model.task,
        run_id=row.id,
        name=NAMES.get(model.task, model.task),
        error=row.error or "It broke off without a word; the worker's log has more.",
        fault=row.fault or "system",
        attempts=row.attempt,
        finished_at=row.finished_at,
    )


def _folder(folder: Path) -> int:
    return sum(_size(path) for path in folder.rglob("*")) if folder.exists() else 0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:  # a store may remove a file while we look
        return 0
