"""The periodic ticks of a worker. Several workers may tick at once: every tick claims what it does in the database."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy.orm import Mapper

from core.base.errors import SightlineError
from core.bootstrap import House, models
from core.delivery import service as delivery
from core.delivery.posting import TASK as DELIVER
from core.stores.app import Base, WorkRow, heartbeats, work
from jobs.queue import Call, huey_queue
from jobs.tasks import GIVEN_UP, function

log = structlog.get_logger(__name__)

SETTLED_S = 20.0
"""A run that has been pending for so long, and is not on the queue, was lost by it."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to do every so often."""

    name: str
    place: str
    """module:function, called with the house."""
    every_s: float


TICKS = (
    Tick("recover", "jobs.clock:recover", 15),
    Tick("schedules", "core.schedules.service:tick", 15),
    Tick("snapshots", "core.snapshots.service:tick", 20),
    Tick("alerts", "core.alerts.ticking:tick", 30),
    Tick("sources", "core.ingestion.following:tick", 60),
    Tick("lines", "core.ingestion.lines.service:tick", 20),
    Tick("demo", "core.demo.service:tick", 600),
    Tick("bounces", "core.delivery.bounces:tick", 180),
    Tick("exports", "core.exports.service:sweep", 300),
    Tick("orphans", "core.exports.orphans:sweep", 3600),
    Tick("old snapshots", "core.snapshots.retention:sweep", 3600),
    Tick("deleted reports", "core.reports.service:purge", 3600),
)


@dataclass
class Clock:
    """A thread that ticks and beats until it is told to stop."""

    house: House
    ticks: tuple[Tick, ...] = TICKS
    beat_every_s: float = 10.0
    step_s: float = 0.5
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()
        threading.Thread(target=self._run, name="clock", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    def _beat(self) -> None:
        while True:
            try:
                depth = self.house.queue.depth()
                heartbeats.beat(
                    self.house.app, self.house.clock(), threads=self.house.settings.workers, queue_depth=depth
                )
            except SightlineError as error:
                log.warning("no_heartbeat", reason=error.message)
            if self._stop.wait(self.beat_every_s):
                return

    def _run(self) -> None:
        due = dict.fromkeys(self.ticks, 0.0)
        while not self._stop.wait(self.step_s):
            for tick in self.ticks:
                if time.monotonic() >= due[tick]:
                    due[tick] = time.monotonic() + tick.every_s
                    run(self.house, tick)


def run(house: House, tick: Tick) -> None:
    """One tick; whatever it raises is logged, and the next one comes all the same."""
    with structlog.contextvars.bound_contextvars(tick=tick.name):
        try:
            function(tick.place)(house)
        except SightlineError as error:
            log.warning("tick_failed", reason=error.message)
        except Exception:
            log.exception("tick_broke")


def recover(house: House) -> None:
    """Put runs of silent workers, and runs that the queue has lost, on the queue again."""
    now = house.clock()
    held = _held(house)
    for model in kinds():
        with house.app.session() as session:
            work.bury(session, model, now, heartbeats.is_dead)
            expired = work.expire(session, model, now)
            lost = work.waiting(session, model, now - timedelta(seconds=SETTLED_S))
        for workspace_id, run_id in expired.failed:
            log.error("run_given_up", run=model.task, run_id=run_id)
            given_up(house, model.task, workspace_id, run_id)
        for workspace_id, run_id in dict.fromkeys([*expired.again, *lost]):
            if (model.task, (workspace_id, run_id)) not in held:
                log.warning("run_put_again", run=model.task, run_id=run_id)
                house.queue.put(model.task, workspace_id, run_id)
    for call in delivery.stranded(house, now - timedelta(seconds=SETTLED_S)):
        if (DELIVER, call) not in held:
            log.warning("delivery_put_again", delivery_id=call[1])
            house.queue.put(DELIVER, *call)


def given_up(house: House, task: str, workspace_id: str, run_id: str) -> None:
    """Let the room that owns the run draw its conclusions from the failure."""
    if task in GIVEN_UP:
        function(GIVEN_UP[task])(house, workspace_id, run_id)


def kinds() -> Iterator[type[WorkRow]]:
    """Every table of runs that names the task that runs it."""
    models()
    mappers: list[Mapper[Base]] = sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__)
    for mapper in mappers:
        if issubclass(mapper.class_, WorkRow) and mapper.class_.task:
            yield mapper.class_


def _held(house: House) -> set[Call]:
    queue = huey_queue(house)
    return queue.held() if queue else set()
