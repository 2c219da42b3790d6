"""Runs that are neither lost nor done twice: verbs over every table that mixes in `WorkRow`.

A run is created pending. A worker claims it and holds it by a lease that it
renews; each claim raises the fence, and every later write names the fence it
was given. So a worker that died is replaced when its lease runs out, and one
that comes back late writes nothing: it meets LostLease.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.base.errors import Conflict, Fault, LostLease
from core.stores.app.base import WorkRow, new_id

LEASE_S = 30.0
MAX_ATTEMPTS = 3
DONE = ("success", "partial", "failed", "cancelled")

Row = TypeVar("Row", bound=WorkRow)


def create(
    session: Session,
    model: type[Row],
    workspace_id: str,
    now: datetime,
    *,
    triggered_by: str = "manual",
    actor_id: str | None = None,
    **columns: Any,
) -> Row:
    """A pending run, flushed so that its id is known. Put its task only after the transaction has committed."""
    row = model()
    base = {"id": new_id(), "workspace_id": workspace_id, "status": "pending", "created_at": now}
    blank = {"attempt": 0, "fence": 0, "progress": 0.0, "progress_text": ""}
    given = {"triggered_by": triggered_by, "actor_id": actor_id or None}
    for name, value in {**base, **blank, **given, **columns}.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return row


def claim(
    session: Session, model: type[Row], run_id: str, worker: str, now: datetime, lease_s: float = LEASE_S
) -> int | None:
    """Take a run that is pending, or whose worker's lease ran out. The fence, or None if it is not to be had."""
    free = (model.status == "pending") | ((model.status == "running") & (model.lease_until < now))
    return session.scalar(
        sa.update(model)
        .where(model.id == run_id, free)
        .values(
            status="running",
            fence=model.fence + 1,
            attempt=model.attempt + 1,
            leased_by=worker[:64],
            lease_until=now + timedelta(seconds=lease_s),
            started_at=now,
            finished_at=None,
            duration_seconds=None,
            error=None,
            error_traceback=None,
            fault=None,
            progress=0.0,
            progress_text="",
        )
        .returning(model.fence)
        .execution_options(synchronize_session=False)
    )


def renew(session: Session, model: type[Row], run_id: str, fence: int, now: datetime, lease_s: float = LEASE_S) -> None:
    """Hold the run for another `lease_s` seconds; LostLease if somebody else has it."""
    _write(session, model, run_id, fence, {"lease_until": now + timedelta(seconds=lease_s)})


def progress(session: Session, model: type[Row], run_id: str, fence: int, fraction: float, text: str = "") -> None:
    """Say how far the run is; LostLease if somebody else has it."""
    said = {"progress": min(max(fraction, 0.0), 1.0), "progress_text": text[:200]}
    _write(session, model, run_id, fence, said)


def finish(
    session: Session,
    model: type[Row],
    run_id: str,
    fence: int,
    status: str,
    now: datetime,
    *,
    error: str | None = None,
    fault: Fault | None = None,
    error_traceback: str | None = None,
    **columns: Any,
) -> None:
    """End the run and keep its results, all in the caller's transaction; LostLease if somebody else has it."""
    started = session.scalar(sa.select(model.started_at).where(model.id == run_id))
    ending = {
        "status": status,
        "finished_at": now,
        "duration_seconds": (now - started).total_seconds() if started else None,
        "lease_until": None,
        "error": error,
        "fault": fault,
        "error_traceback": error_traceback,
        "progress": 1.0,
    }
    _write(session, model, run_id, fence, {**ending, **columns})


def release(session: Session, model: type[Row], run_id: str, fence: int) -> None:
    """Give the run back unfinished, as a worker that is told to stop does. It does not count as an attempt."""
    given_back = {"status": "pending", "lease_until": None, "leased_by": None}
    again = {"attempt": model.attempt - 1, "fence": model.fence + 1}
    _write(session, model, run_id, fence, {**given_back, **again})


def cancel(session: Session, model: type[Row], run_id: str, workspace_id: str, now: datetime) -> None:
    """Stop a run that waits or runs; Conflict if it has ended already. Its worker notices at its next write."""
    done = session.scalar(
        sa.update(model)
        .where(model.id == run_id, model.workspace_id == workspace_id, model.status.in_(("pending", "running")))
        .values(status="cancelled", fence=model.fence + 1, finished_at=now, lease_until=None)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    if not done:
        raise Conflict("The run has ended already, so there is nothing to cancel.")


def again(session: Session, model: type[Row], run_id: str, workspace_id: str) -> None:
    """Make a failed run pending anew, with all of its attempts; Conflict if it has not failed. Then put its task."""
    anew = {"status": "pending", "attempt": 0, "progress": 0.0, "progress_text": "", "finished_at": None}
    clean = {"error": None, "error_traceback": None, "fault": None, "lease_until": None, "leased_by": None}
    done = session.scalar(
        sa.update(model)
        .where(model.id == run_id, model.workspace_id == workspace_id, model.status == "failed")
        .values(**anew, **clean)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    if not done:
        raise Conflict("The run is not failed any more. Reload the page.")


@dataclass(frozen=True, slots=True)
class Expired:
    """Runs whose lease ran out: `again` are pending anew (put them on the queue), `failed` had their last chance."""

    again: list[tuple[str, str]] = field(default_factory=list)
    """(workspace id, run id)"""
    failed: list[tuple[str, str]] = field(default_factory=list)


def expire(session: Session, model: type[Row], now: datetime, max_attempts: int = MAX_ATTEMPTS) -> Expired:
    """Make every run whose worker fell silent pending again, or failed after `max_attempts` lost leases."""
    silent = (model.status == "running") & (model.lease_until < now)
    failed = _expired(
        session,
        model,
        silent & (model.attempt >= max_attempts),
        status="failed",
        finished_at=now,
        fault="system",
        error=f"The worker stopped in the middle of this run {max_attempts} times, so it was given up."
        " Look at the worker's log and its memory, then run it again.",
    )
    again = _expired(session, model, silent, status="pending", leased_by=None)
    return Expired(again, failed)


def bury(session: Session, model: type[Row], now: datetime, is_dead: Callable[[str], bool]) -> None:
    """End the leases of workers that are known to be dead, so that nobody waits for them to run out."""
    held = (model.status == "running") & (model.lease_until >= now)
    for name in session.scalars(sa.select(model.leased_by).where(held).distinct()).all():
        if name and is_dead(name):
            session.execute(
                sa.update(model)
                .where(held, model.leased_by == name)
                .values(lease_until=now - timedelta(seconds=1))
                .execution_options(synchronize_session=False)
            )


def _expired(session: Session, model: type[Row], where: sa.ColumnElement[bool], **values: Any) -> list[tuple[str, str]]:
    found = session.execute(
        sa.update(model)
        .where(where)
        .values(fence=model.fence + 1, lease_until=None, **values)
        .returning(model.workspace_id, model.id)
        .execution_options(synchronize_session=False)
    )
    return [(workspace_id, run_id) for workspace_id, run_id in found]


def waiting(session: Session, model: type[Row], before: datetime) -> list[tuple[str, str]]:
    """(workspace id, run id) of runs that have been pending since before `before`, oldest first."""
    pending = sa.select(model.workspace_id, model.id).where(model.status == "pending", model.created_at <= before)
    return [(workspace_id, run_id) for workspace_id, run_id in session.execute(pending.order_by(model.created_at))]


def _write(session: Session, model: type[Row], run_id: str, fence: int, values: dict[str, Any]) -> None:
    held = session.scalar(
        sa.update(model)
        .where(model.id == run_id, model.fence == fence, model.status == "running")
        .values(**values)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    if not held:
        raise LostLease(f"The run {run_id} was taken over or cancelled; this attempt's result was dropped.")
