"""Snapshots: generate them, see how they stand, read their history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from core.access import insights, workspaces
from core.access.looks import looked
from core.base.errors import BadInput, Conflict, NotAllowed, NotFound
from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.context import Capability, Context, Rooms
from core.figures import State
from core.snapshots import generation, journal, periods
from core.snapshots.models import SnapshotPeriod, SnapshotRun
from core.snapshots.periods import Slot
from core.stores.app import heartbeats, lease, work
from core.stores.app.lease import Lease

log = structlog.get_logger(__name__)
Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Generated:
    """What a generation did."""

    run_id: str
    periods: int
    rows: int


@dataclass(frozen=True, slots=True)
class PeriodView:
    """One period in the history of generations."""

    kind: str
    first: date
    last: date
    status: str
    """final, running (not over when it was made), dirty (old), or missing."""
    rows: int = 0
    generated_at: datetime | None = None
    generations: int = 0
    dirty_since: datetime | None = None
    cause: str = ""
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A subject's metric in one period."""

    first: date
    last: date
    value: float | None
    n: int
    state: State
    status: str
    """That of the period; only a final one does not move any more."""


def generate(
    ctx: Context,
    kinds: Iterable[str] | None = None,
    first: date | None = None,
    last: date | None = None,
    progress: Progress | None = None,
    triggered_by: str = "manual",
) -> Generated:
    """Make snapshots now, for all people and teams at once, and wait for it.

    With `first` or `last`, every period that touches those days is made anew;
    without, those that are missing, due or dirty.
    """
    ctx.require(Capability.MANAGE_SOURCES)
    run_id = _created(ctx, kinds, first, last, triggered_by)
    held = lease.take(ctx.app, SnapshotRun, run_id, heartbeats.me(), ctx.clock)
    if held is None:
        raise Conflict("A worker took this generation over just now; see `sightline snapshots status`.")
    with held:
        return _perform(ctx, held, progress)


def refresh_dirty(ctx: Context) -> Generated | None:
    """Make what is missing, due or dirty; None if nothing is."""
    earliest = periods.first_day(ctx)
    with ctx.app.session() as session:
        journal.absorb(ctx, session)
        if not periods.needed(ctx, session, periods.chosen(None), earliest):
            return None
    return generate(ctx)


def request(
    ctx: Context,
    kinds: Iterable[str] | None = None,
    first: date | None = None,
    last: date | None = None,
    triggered_by: str = "manual",
) -> str:
    """Let a worker generate; returns the run's id."""
    ctx.require(Capability.MANAGE_SOURCES)
    run_id = _created(ctx, kinds, first, last, triggered_by)
    ctx.queue.put(SnapshotRun.task, ctx.workspace.id, run_id)
    return run_id


def run(rooms: Rooms, workspace_id: str, run_id: str) -> None:
    """What the worker does for the task "snapshots"."""
    ctx = rooms.context(workspaces.find(rooms.app, workspace_id))
    held = lease.take(ctx.app, SnapshotRun, run_id, heartbeats.me(), ctx.clock)
    if held is not None:
        with held:
            _perform(ctx, held, None)


def tick(rooms: Rooms) -> None:
    """Put a generation on the queue for every workspace where something is missing, due or dirty."""
    for workspace in workspaces.every(rooms.app):
        ctx = rooms.context(workspace)
        kinds, earliest = _automatic(ctx), periods.first_day(ctx)
        if not kinds:
            continue
        with ctx.app.session() as session:
            journal.absorb(ctx, session)
            if _active(ctx, session) or not periods.needed(ctx, session, periods.chosen(kinds), earliest):
                continue
        request(ctx, kinds, triggered_by="scheduler")


def _automatic(ctx: Context) -> list[str]:
    """Period types that the workspace has made by itself."""
    decided = insights.settings(ctx)
    return decided.snapshot_kinds if decided.auto_snapshots else []


def runs(ctx: Context, limit: int = 50) -> list[SnapshotRun]:
    """The newest generations first."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    mine = sa.select(SnapshotRun).where(SnapshotRun.workspace_id == ctx.workspace.id)
    with ctx.app.reading() as session:
        return list(session.scalars(mine.order_by(SnapshotRun.created_at.desc()).limit(limit)))


def status(ctx: Context, kinds: Iterable[str] | None = None) -> list[PeriodView]:
    """Every period that is kept, the newest first, also those that are still missing."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    wanted = periods.chosen(kinds)
    with ctx.app.session() as session:
        journal.absorb(ctx, session)
    with ctx.app.reading() as session:
        found = {(row.period_type, row.period_start): _view(row) for row in periods.known(session, ctx, wanted)}
    for slot in periods.kept(ctx, wanted, periods.first_day(ctx)):
        found.setdefault(
            (slot.kind, slot.start), PeriodView(slot.kind, slot.start, slot.end - timedelta(days=1), "missing")
        )
    return [found[key] for key in sorted(found, key=lambda key: (wanted.index(key[0]), -key[1].toordinal()))]


def summary(ctx: Context) -> list[dict[str, Any]]:
    """One line a period type: how many periods stand how, and when the newest was made."""
    lines = []
    found = status(ctx)
    for kind in periods.chosen(None):
        mine = [one for one in found if one.kind == kind]
        counts = {name: sum(one.status == name for one in mine) for name in ("final", "running", "dirty", "missing")}
        made = [one.generated_at for one in mine if one.generated_at]
        rows = sum(one.rows for one in mine)
        lines.append({"period_type": str(kind), **counts, "rows": rows, "last_generated": max(made, default=None)})
    return lines


def history(ctx: Context, subject_kind: str, subject_id: str, kind: str, metric: str) -> list[Point]:
    """A person's or team's metric period by period, oldest first, from what was kept."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    if subject_kind == "person":
        ctx.require_person(subject_id)
        looked(ctx, (subject_id,))
    elif subject_kind != "team":
        raise BadInput(f"Snapshots are kept of a person or a team, not of '{subject_kind}'.")
    elif not ctx.sees_scope(team_ids=(subject_id,)) and catalogue.shows_one(ctx, Scope(None, team_ids=(subject_id,))):
        raise NotAllowed(f"This team has one member, and '{ctx.workspace.name}' hides individuals from your role.")
    elif METRICS.get(metric).category == "sustainability" and catalogue.too_few(ctx, (subject_id,)):
        raise NotAllowed(f"This team has fewer than {ctx.workspace.least_group} members: its wellbeing is not shown.")
    METRICS.get(metric)
    (period_type,) = periods.chosen((kind,))
    stated = {view.first: view for view in status(ctx, (kind,))}
    return [
        _point(row, Slot(period_type, row["period_start"]), stated.get(row["period_start"]))
        for row in generation.kept(ctx, subject_kind, subject_id, period_type, metric)
    ]


def _point(row: dict[str, Any], slot: Slot, view: PeriodView | None) -> Point:
    state = State(row["state"] or State.NO_DATA)
    value = float(row["value"]) if state is State.MEASURED else None
    return Point(
        slot.start, slot.end - timedelta(days=1), value, int(row["n"]), state, view.status if view else "final"
    )


def _created(
    ctx: Context, kinds: Iterable[str] | None, first: date | None, last: date | None, triggered_by: str
) -> str:
    chosen = periods.chosen(kinds)
    if first and last and last < first:
        raise BadInput(f"The days end ({last}) before they begin ({first}).")
    if last and last < periods.oldest_day(ctx):
        raise BadInput(
            f"Snapshots are kept from {periods.oldest_day(ctx)} on. Set SIGHTLINE_SNAPSHOT_KEEP_DAYS higher to go back"
            " further."
        )
    with ctx.app.session() as session:
        if _active(ctx, session):
            raise Conflict("Snapshots of this workspace are being generated already. Wait until that run has ended.")
        created = work.create(
            session,
            SnapshotRun,
            ctx.workspace.id,
            ctx.clock(),
            triggered_by=triggered_by,
            actor_id=ctx.actor.user_id,
            kinds=[str(kind) for kind in chosen],
            first_day=first,
            last_day=last,
            periods=0,
            rows=0,
        )
        return created.id


def _active(ctx: Context, session: Session) -> bool:
    mine = sa.select(SnapshotRun.id).where(
        SnapshotRun.workspace_id == ctx.workspace.id, SnapshotRun.status.in_(("pending", "running"))
    )
    return session.scalar(mine.limit(1)) is not None


def is_busy(ctx: Context) -> bool:
    """Whether snapshots of this workspace are being made, or wait for a worker."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    with ctx.app.reading() as session:
        return _active(ctx, session)


def _perform(ctx: Context, held: Lease, progress: Progress | None) -> Generated:
    earliest = periods.first_day(ctx)
    with ctx.app.session() as session:
        seen = journal.absorb(ctx, session)
        row = session.get(SnapshotRun, held.run_id)
        if row is None:
            raise NotFound(f"There is no generation of snapshots '{held.run_id}'.")
        slots = _slots(ctx, session, row, earliest)
    batches, version, rows = periods.runs(slots), generation.next_version(ctx), 0
    done = 0
    for batch in batches:
        text = f"{batch[0].kind} {batch[0].start} – {batch[-1].end - timedelta(days=1)}"
        _tell(held, progress, done / sum(map(len, batches)), text)
        counted = generation.write(ctx, batch, version)
        held.check()
        with ctx.app.session() as session:
            _keep(ctx, session, counted, held.run_id, seen)
        rows += sum(counted.values())
        done += len(batch)
    held.finish("success", periods=done, rows=rows)
    if progress:
        progress(1.0, "done")
    log.info("snapshots_generated", workspace=ctx.workspace.slug, periods=done, rows=rows)
    return Generated(held.run_id, done, rows)


def _tell(held: Lease, progress: Progress | None, fraction: float, text: str) -> None:
    held.progress(fraction, text)
    if progress:
        progress(fraction, text)


def _slots(ctx: Context, session: Session, row: SnapshotRun, earliest: date | None) -> list[Slot]:
    kinds = periods.chosen(row.kinds)
    if row.first_day is None and row.last_day is None:
        return periods.needed(ctx, session, kinds, earliest)
    today = periods.today(ctx)
    first = row.first_day or earliest
    if first is None or first > today:
        return []
    return periods.between(kinds, max(first, periods.oldest_day(ctx)), min(row.last_day or today, today))


def _keep(ctx: Context, session: Session, counted: dict[Slot, int], run_id: str, seen: int) -> None:
    """Write down how the periods of a batch stand; one that changed meanwhile stays dirty."""
    slots = list(counted)
    rows = {
        row.period_start: row
        for row in periods.known(session, ctx, (slots[0].kind,))
        if slots[0].start <= row.period_start <= slots[-1].start
    }
    now, today, current = ctx.clock(), periods.today(ctx), periods.definitions()
    for slot in slots:
        row = rows.get(slot.start) or _fresh(ctx, session, slot)
        row.generated_at, row.rows, row.run_id, row.definitions = now, counted[slot], run_id, current
        row.generations += 1
        if row.change_id <= seen:
            row.status, row.dirty_since, row.cause = ("final" if slot.end <= today else "running"), None, ""


def _fresh(ctx: Context, session: Session, slot: Slot) -> SnapshotPeriod:
    row = SnapshotPeriod(
        workspace_id=ctx.workspace.id,
        period_type=str(slot.kind),
        period_start=slot.start,
        period_end=slot.end,
        change_id=0,
        generations=0,
    )
    session.add(row)
    return row


def _view(row: SnapshotPeriod) -> PeriodView:
    return PeriodView(
        kind=row.period_type,
        first=row.period_start,
        last=row.period_end - timedelta(days=1),
        status=row.status,
        rows=row.rows,
        generated_at=row.generated_at,
        generations=row.generations,
        dirty_since=row.dirty_since,
        cause=row.cause,
        run_id=row.run_id,
    )
