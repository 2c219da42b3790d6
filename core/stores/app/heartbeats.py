"""Which workers are alive: each writes its row every few seconds."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.stores.app.base import Base
from core.stores.app.store import AppStore

SILENT_S = 45.0
"""A worker that was silent for so long is taken for dead."""


class WorkerHeartbeat(Base):
    """One worker process."""

    __tablename__ = "worker_heartbeats"

    id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    """host:pid, as in `leased_by` of its runs."""
    threads: Mapped[int] = mapped_column(default=1)
    queue_depth: Mapped[int] = mapped_column(default=0)
    """Tasks that waited when it last looked."""
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime] = mapped_column(index=True)


def me() -> str:
    """This process's name as a worker."""
    return f"{socket.gethostname()[:50]}:{os.getpid()}"


def is_dead(name: str) -> bool:
    """Whether the worker of this name is known to be gone: it was of this machine, and its process is no more."""
    import psutil

    host, _, pid = name.rpartition(":")
    return host == socket.gethostname()[:50] and pid.isdigit() and not psutil.pid_exists(int(pid))


def beat(app: AppStore, now: datetime, *, threads: int, queue_depth: int) -> None:
    """Say that this process is alive."""
    with app.session() as session:
        row = session.get(WorkerHeartbeat, me()) or WorkerHeartbeat(id=me(), started_at=now)
        row.threads, row.queue_depth, row.beat_at = threads, queue_depth, now
        session.add(row)
        session.execute(sa.delete(WorkerHeartbeat).where(WorkerHeartbeat.beat_at < now - timedelta(days=1)))


def gone(app: AppStore) -> None:
    """Say that this process stops."""
    with app.session() as session:
        session.execute(sa.delete(WorkerHeartbeat).where(WorkerHeartbeat.id == me()))


def alive(app: AppStore, now: datetime) -> Sequence[WorkerHeartbeat]:
    """Workers that were heard of lately, oldest first."""
    since = now - timedelta(seconds=SILENT_S)
    with app.reading() as session:
        heard = sa.select(WorkerHeartbeat).where(WorkerHeartbeat.beat_at >= since)
        found = session.scalars(heard.order_by(WorkerHeartbeat.started_at)).all()
    return [row for row in found if not is_dead(row.id)]
