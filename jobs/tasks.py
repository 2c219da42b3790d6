"""Names of tasks, and which core function each one calls with this process's house and the ids."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from uuid import uuid4

import structlog

from core import bootstrap
from core.base.errors import LostLease, SightlineError
from core.base.queue import Plain
from core.bootstrap import House

log = structlog.get_logger(__name__)

TASKS = {
    "sync": "core.ingestion.service:run_sync",
    "lines": "core.ingestion.lines.service:run",
    "snapshots": "core.snapshots.service:run",
    "report": "core.reports.service:execute",
    "run_finished": "core.schedules.service:run_finished",
    "export": "core.reports.exporting:execute",
    "deliver": "core.schedules.posts:deliver",
    "bounces": "core.delivery.bounces:look",
    "alerts": "core.alerts.ticking:run",
    "demo": "core.demo.service:go_on",
}

GIVEN_UP = {
    "report": "core.reports.runs:conclude",
}
"""Called for a run that failed because its workers fell silent."""


def perform(task: str, *args: Plain, house: House | None = None) -> None:
    """Run one task to its end. Its own row tells how it went; the log tells an operator."""
    with structlog.contextvars.bound_contextvars(task=task, run_id=args[-1] if args else "", task_id=uuid4().hex[:8]):
        verb = function(TASKS[task])
        log.info("task_started")
        try:
            verb(house or bootstrap.house(), *args)
        except LostLease as error:
            log.warning("task_lost_its_lease", reason=error.message)
        except SightlineError as error:
            log.warning("task_failed", reason=error.message, fault=error.fault)
        except Exception:  # the worker outlives whatever a task does
            log.exception("task_broke")
        else:
            log.info("task_ended")


def function(place: str) -> Callable[..., object]:
    """The function named `module:name`, imported now."""
    module, _, name = place.partition(":")
    found: Callable[..., object] = getattr(importlib.import_module(module), name)
    return found
