"""The worker: `python -m jobs.worker`. Takes tasks from the queue until it is told to stop."""

from __future__ import annotations

import logging
import os

import structlog
from huey.consumer import Consumer

from core.base import logs, parent
from core.base.settings import settings
from core.bootstrap import House, house, prepare
from core.stores.app import heartbeats, lease
from jobs.clock import Clock, recover
from jobs.lanes import Lanes
from jobs.queue import huey_queue

log = structlog.get_logger(__name__)

STOP_LIMIT_S = 20.0
"""How long a stopping worker waits for what it is at; the rest is given back for another to do."""

NICER = 10
"""How far a worker stands back where cores are scarce: somebody waits for a page, nobody sits and waits for a mail."""


def main() -> None:
    """Run until SIGTERM, which lets tasks end, or SIGINT, which gives them back at once."""
    config = settings()
    logs.configure(config.log_level, process="worker")
    logging.getLogger("huey").setLevel(logging.WARNING)  # every task has two lines of its own already
    parent.follow()
    if hasattr(os, "nice"):
        os.nice(NICER)
    rooms = house()
    prepare(rooms)
    serve(rooms)


def serve(rooms: House) -> None:
    """Take tasks until a signal comes. Runs that are still held then are given back."""
    queue = huey_queue(rooms)
    if queue is None:
        raise TypeError("A worker needs the Huey queue.")
    recover(rooms)
    queue.perform = Lanes(queue, rooms.settings.workers).run
    consumer = Consumer(
        queue.huey,
        workers=rooms.settings.workers + 1,
        worker_type="thread",
        initial_delay=0.05,
        max_delay=0.1,
        periodic=False,
        shutdown_timeout=STOP_LIMIT_S,
        graceful_signal="TERM",
    )
    clock = Clock(rooms)
    clock.start()
    log.info("worker_started", name=heartbeats.me(), threads=rooms.settings.workers)
    try:
        consumer.run()
    finally:
        clock.stop()
        lease.give_back_all()
        heartbeats.gone(rooms.app)
        log.info("worker_stopped", name=heartbeats.me())


if __name__ == "__main__":
    main()
