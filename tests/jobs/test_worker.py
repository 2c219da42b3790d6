"""The worker as a real process: it takes work, survives nothing, and loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from core.access import workspaces
from core.base.settings import Settings
from core.bootstrap import House, build, prepare
from core.context import Context
from core.exports import service as exports
from core.reports import reading, service
from core.reports.models import ReportRun
from core.reports.views import RunView
from core.stores.app import heartbeats
from core.stores.app.store import ROOT
from core.stores.metrics import MetricsStore, embedded
from jobs.clock import recover
from jobs.queue import connect
from tests.catalogue.factories import History

PATIENCE_S = 60.0
FORMATS = ["json", "csv"]


@dataclass
class Home:
    """A home of its own with a workspace, beside the metrics store that the tests share."""

    rooms: House
    ctx: Context
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def worker(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "jobs.worker"]
        with (self.rooms.settings.home / "worker.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def log(self) -> str:
        return (self.rooms.settings.home / "worker.log").read_text()

    def long_report(self) -> str:
        """A report of so many different questions that a signal meets it at work."""
        blocks = [
            {"widget": "metric.stat", "params": {"metric": key, "spark": True, "title": f"{key} {n}"}}
            for n in range(4)
            for key in ("commits_count", "prs_merged", "active_days", "focus_score", "longest_streak_days")
        ]
        sections = [{"title": "Long", "blocks": blocks}]
        plan = {"title": "Long", "window": {"range": "2026-01-01..2026-03-31"}, "sections": sections}
        return service.create(self.ctx, "Long", {"formats": FORMATS}, plan=plan).id

    def until(self, wanted: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if found := wanted():
                return found
            time.sleep(0.01)
        raise AssertionError(f"It did not come about in time. The worker's log:\n{self.log()}")

    def until_status(self, run_id: str, *statuses: str) -> RunView:
        def there() -> RunView | None:
            run = service.run(self.ctx, run_id)
            return run if run.status in statuses else None

        found: RunView = self.until(there)
        return found

    def has_one_result(self, run_id: str) -> None:
        kept = exports.exports(self.ctx, run_id=run_id)
        assert sorted(one.format for one in kept) == sorted(FORMATS)
        files = [path for path in (self.rooms.settings.home / "files").rglob("*") if path.is_file()]
        assert len(files) == len(FORMATS)
        assert len(reading.document(self.ctx, run_id).sections[0].blocks) == 20


@pytest.fixture
def place(tmp_path: Path, home: Path, metrics: MetricsStore) -> Iterator[Home]:
    url = embedded.address(home)
    config = Settings(home=tmp_path, metrics_url=url, workers=2)
    rooms = build(config, connect(config))
    prepare(rooms)
    history = History(rooms.context(workspaces.create(rooms.app, name="Acme", now=rooms.clock())))
    history.commit("ann", "2026-03-02 09:00")
    environment = {**os.environ, "SIGHTLINE_HOME": str(tmp_path), "SIGHTLINE_METRICS_URL": url}
    made = Home(rooms, history.ingest(), environment)
    yield made
    for process in made.processes:
        process.kill()
        process.wait()
    rooms.app.close()


def test_a_worker_takes_what_is_put_and_says_that_it_is_alive(place: Home) -> None:
    worker = place.worker()

    run = service.run_now(place.ctx, place.long_report())

    ended = place.until_status(run.id, "success", "partial", "failed")
    assert (ended.status, ended.attempt) == ("success", 1), place.log()
    place.has_one_result(run.id)
    (alive,) = heartbeats.alive(place.rooms.app, place.rooms.clock())
    assert alive.threads == 2
    assert psutil.Process(worker.pid).nice() > psutil.Process().nice(), "whoever looks at a page comes first"
    assert f'"run_id": "{run.id}"' in place.log()


def test_a_run_whose_worker_is_killed_is_finished_by_another_and_has_one_result(place: Home) -> None:
    killed = place.worker()
    run = service.run_now(place.ctx, place.long_report())
    place.until_status(run.id, "running")
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert service.run(place.ctx, run.id).status == "running"

    place.worker()

    ended = place.until_status(run.id, "success", "partial", "failed")
    assert (ended.status, ended.attempt) == ("success", 2)
    place.has_one_result(run.id)
    assert len(service.runs(place.ctx, run.report_id)) == 1


def test_sigterm_lets_a_run_end(place: Home) -> None:
    worker = place.worker()
    run = service.run_now(place.ctx, place.long_report())
    place.until_status(run.id, "running")

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(PATIENCE_S) == 0
    ended = service.run(place.ctx, run.id)
    assert (ended.status, ended.attempt) == ("success", 1)
    assert heartbeats.alive(place.rooms.app, place.rooms.clock()) == []


def test_sigint_gives_a_run_back_for_another_worker(place: Home) -> None:
    worker = place.worker()
    run = service.run_now(place.ctx, place.long_report())
    place.until_status(run.id, "running")

    worker.send_signal(signal.SIGINT)
    worker.wait(PATIENCE_S)
    given_back = service.run(place.ctx, run.id)
    place.worker()

    assert (given_back.status, given_back.attempt) == ("pending", 0)
    assert place.until_status(run.id, "success", "failed").attempt == 1
    place.has_one_result(run.id)


def test_a_lost_queue_loses_no_run(place: Home) -> None:
    run = service.run_now(place.ctx, place.long_report())
    place.rooms.queue.huey.flush()  # type: ignore[attr-defined]
    assert place.rooms.queue.depth() == 0

    recover(place.rooms)
    assert place.rooms.queue.depth() == 0, "a run that was put just now may still be on its way"
    with place.rooms.app.session() as session:
        session.get_one(ReportRun, run.id).created_at -= timedelta(minutes=1)
    recover(place.rooms)
    recover(place.rooms)

    assert place.rooms.queue.depth() == 1
    place.worker()
    place.until_status(run.id, "success")
