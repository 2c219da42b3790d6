"""The house's numbers in the text format of Prometheus, read from the rows that all processes share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.process_collector import ProcessCollector
from sqlalchemy.orm import Session

from core.bootstrap import models
from core.context import Rooms
from core.delivery.models import ACCEPTED, BOUNCED, LEAVING, Delivery, Receipt
from core.schedules.models import Occurrence, ScheduledReport
from core.stores.app import Base, WorkRow, heartbeats

SECONDS = (0.5, 1, 2, 5, 15, 60, 300, 1800)
STATUSES = ("pending", "running", "success", "partial", "failed", "cancelled")


def exposition(rooms: Rooms) -> bytes:
    """Every number at this moment."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_House(rooms))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _House:
    """What `prometheus_client` asks for its metrics."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms

    def collect(self) -> Iterator[Metric]:
        now = self.rooms.clock()
        yield InfoMetricFamily("sightline", "This installation.", {"version": version("sightline")})
        yield GaugeMetricFamily("sightline_queue_depth", "Tasks that wait.", self.rooms.queue.depth())
        alive = heartbeats.alive(self.rooms.app, now)
        yield GaugeMetricFamily("sightline_workers_alive", "Worker processes heard of lately.", len(alive))
        yield GaugeMetricFamily("sightline_worker_threads", "Jobs that can run at once.", sum(w.threads for w in alive))
        with self.rooms.app.reading() as session:
            yield from _runs(session, now)
            yield from _deliveries(session)
            yield from _schedules(session, now)


def _kinds() -> list[type[WorkRow]]:
    """Every table of runs."""
    models()
    found = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, WorkRow)]
    return sorted(found, key=_name)


def _name(kind: type[WorkRow]) -> str:
    return str(getattr(kind, "__tablename__", kind.__name__))


def _runs(session: Session, now: datetime) -> Iterator[Metric]:
    states = GaugeMetricFamily("sightline_runs", "Runs that are kept, by state.", labels=("kind", "status"))
    oldest = GaugeMetricFamily(
        "sightline_run_oldest_waiting_seconds", "Age of the run that has waited longest.", labels=("kind",)
    )
    took = HistogramMetricFamily("sightline_run_duration_seconds", "How long runs took that ended.", labels=("kind",))
    failures = CounterMetricFamily(
        "sightline_run_failures", "Runs that failed, by whose fault it was.", labels=("kind", "fault")
    )
    expiries = CounterMetricFamily(
        "sightline_lease_expiries", "Times that a run was taken from a worker that fell silent.", labels=("kind",)
    )
    for kind in _kinds():
        name = _name(kind)
        counted = dict(session.execute(_grouped(kind, kind.status)).all())
        for status in STATUSES:
            states.add_metric((name, status), counted.get(status, 0))
        since = session.scalar(sa.select(sa.func.min(kind.created_at)).where(kind.status == "pending"))
        oldest.add_metric((name,), max((now - since).total_seconds(), 0) if since else 0)
        buckets, total = _durations(session, kind)
        took.add_metric((name,), buckets, total)
        faults = dict(session.execute(_grouped(kind, kind.fault).where(kind.status == "failed")).all())
        for fault in ("user", "system"):
            failures.add_metric((name, fault), faults.get(fault, 0))
        expiries.add_metric((name,), _expiries(session, kind))
    yield from (states, oldest, took, failures, expiries)


def _grouped(kind: type[WorkRow], column: sa.orm.InstrumentedAttribute) -> sa.Select:
    return sa.select(column, sa.func.count()).select_from(kind).group_by(column)


def _durations(session: Session, kind: type[WorkRow]) -> tuple[list[tuple[str, float]], float]:
    """Cumulative buckets and the sum."""
    within = [sa.func.sum(sa.case((kind.duration_seconds <= limit, 1), else_=0)) for limit in SECONDS]
    asked = sa.select(sa.func.count(), sa.func.sum(kind.duration_seconds), *within).where(
        kind.duration_seconds.is_not(None)
    )
    count, total, *counts = session.execute(asked).one()
    buckets = [(str(float(limit)), float(number or 0)) for limit, number in zip(SECONDS, counts, strict=True)]
    return [*buckets, ("+Inf", float(count))], float(total or 0)


def _expiries(session: Session, kind: type[WorkRow]) -> int:
    """Attempts beyond the first; of deliveries, whose failed attempts have receipts, those without one."""
    begun = sa.select(sa.func.sum(kind.attempt - 1)).where(kind.attempt > 1)
    if kind is not Delivery:
        return int(session.scalar(begun) or 0)
    ended = Delivery.status != "running"
    attempts = session.scalar(sa.select(sa.func.sum(Delivery.attempt)).where(ended)) or 0
    told = sa.select(sa.func.count()).select_from(Receipt).join(Delivery, Delivery.id == Receipt.delivery_id)
    told = told.where(Receipt.outcome != LEAVING)
    return max(int(attempts) - int(session.scalar(told.where(ended)) or 0), 0)


def _deliveries(session: Session) -> Iterator[Metric]:
    states = GaugeMetricFamily("sightline_deliveries", "Letters, by state.", labels=("channel", "status"))
    asked = sa.select(Delivery.channel, Delivery.status, sa.func.count()).group_by(Delivery.channel, Delivery.status)
    counted = {(channel, status): number for channel, status, number in session.execute(asked)}
    for channel in sorted({channel for channel, _ in counted} | {"email"}):
        for status in ("pending", "running", "success", "failed", "cancelled"):
            states.add_metric((channel, status), counted.get((channel, status), 0))
    yield states
    attempts = CounterMetricFamily("sightline_delivery_attempts", "Attempts, by outcome.", labels=("outcome",))
    outcomes = dict(session.execute(sa.select(Receipt.outcome, sa.func.count()).group_by(Receipt.outcome)).all())
    outcomes[ACCEPTED] = outcomes.get(ACCEPTED, 0) + outcomes.get(BOUNCED, 0)
    for outcome in (ACCEPTED, "deferred", "refused"):
        attempts.add_metric((outcome,), outcomes.get(outcome, 0))
    yield attempts
    came_back = outcomes.get(BOUNCED, 0)
    yield CounterMetricFamily("sightline_delivery_bounces", "Letters that another server sent back later.", came_back)


def _schedules(session: Session, now: datetime) -> Iterator[Metric]:
    kept = ScheduledReport.deleted_at.is_(None)
    active = sa.select(sa.func.count()).select_from(ScheduledReport).where(kept, ScheduledReport.is_active)
    paused = sa.select(sa.func.count()).select_from(ScheduledReport).where(kept, ~ScheduledReport.is_active)
    family = GaugeMetricFamily("sightline_schedules", "Schedules, by state.", labels=("state",))
    family.add_metric(("active",), session.scalar(active) or 0)
    family.add_metric(("paused",), session.scalar(paused) or 0)
    yield family
    late = session.scalar(sa.select(sa.func.min(ScheduledReport.next_run_at)).where(kept, ScheduledReport.is_active))
    yield GaugeMetricFamily(
        "sightline_schedule_lateness_seconds",
        "By how much the most overdue schedule is late: above a minute, no worker's clock ticks.",
        max((now - late).total_seconds(), 0) if late else 0,
    )
    times = CounterMetricFamily("sightline_occurrences", "Times that schedules came round.", labels=("status",))
    counts = sa.select(Occurrence.status, sa.func.count()).group_by(Occurrence.status)
    found = dict(session.execute(counts).all())
    for status in ("running", "posted", "failed", "cancelled", "skipped"):
        times.add_metric((status,), found.get(status, 0))
    yield times
