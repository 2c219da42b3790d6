"""The clock: every tick comes, whatever another one raised; lost runs come back once."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.access import workspaces
from core.base.queue import InlineQueue
from core.base.settings import Settings
from core.bootstrap import House
from core.context import Context
from core.delivery.letter import Letter
from core.delivery.posting import Batch, post
from core.exports.models import ExportJob
from core.ingestion.models import SyncRun
from core.reports import service
from core.reports.models import ReportRun
from core.reports.runs import begin
from core.stores.app import work
from jobs.clock import TICKS, Clock, Tick, kinds, recover, run
from jobs.queue import HueyQueue, connect
from jobs.tasks import GIVEN_UP, TASKS, function

seen: list[str] = []


def counted(house: House) -> None:
    seen.append("counted")


def broken(house: House) -> None:
    seen.append("broken")
    raise ZeroDivisionError


@pytest.fixture
def queued(house: House, tmp_path: Path) -> House:
    return replace(house, queue=connect(Settings(home=tmp_path)))


def test_a_tick_that_breaks_keeps_no_other_from_coming(house: House) -> None:
    seen.clear()
    ticks = (Tick("broken", f"{__name__}:broken", 0.05), Tick("counted", f"{__name__}:counted", 0.05))
    clock = Clock(house, ticks, step_s=0.02)

    clock.start()
    deadline = time.monotonic() + 30
    while min(seen.count("broken"), seen.count("counted")) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    clock.stop()

    assert seen.count("broken") >= 3
    assert seen.count("counted") >= 3


def test_every_task_and_tick_names_a_function_that_is_there() -> None:
    for place in (*TASKS.values(), *GIVEN_UP.values(), *(tick.place for tick in TICKS)):
        assert callable(function(place))


def test_every_kind_of_run_names_a_task_that_runs_it() -> None:
    assert {ReportRun, ExportJob, SyncRun} <= set(kinds())
    for model in kinds():
        assert model.task in TASKS


def test_every_tick_runs_on_an_empty_house(house: House, caplog: pytest.LogCaptureFixture) -> None:
    for tick in TICKS:
        function(tick.place)(house)


def test_a_silent_workers_run_is_put_on_the_queue_once(queued: House, ctx: Context) -> None:
    report = service.create(ctx, "Weekly", {"formats": ["json"]})
    with ctx.app.session() as session:
        row = begin(session, ctx, report.id, as_of=ctx.clock())
        work.claim(session, ReportRun, row.id, "elsewhere:1", ctx.clock())
    later = replace(queued, clock=lambda: ctx.clock() + timedelta(minutes=2))

    recover(queued)
    assert queued.queue.depth() == 0
    recover(later)
    recover(later)

    assert isinstance(queued.queue, HueyQueue)
    assert queued.queue.held() == {("report", (ctx.workspace.id, row.id))}
    assert service.run(ctx, row.id).status == "pending"


def test_a_run_whose_workers_fell_silent_three_times_fails_and_its_report_says_so(house: House, ctx: Context) -> None:
    report = service.create(ctx, "Weekly", {"formats": ["json"]})
    with ctx.app.session() as session:
        row = begin(session, ctx, report.id, as_of=ctx.clock(), occurrence_id="o1")
    for attempt in range(1, 4):
        at = ctx.clock() + attempt * timedelta(minutes=10)
        with ctx.app.session() as session:
            work.claim(session, ReportRun, row.id, "elsewhere:1", at)
        recover(replace(house, clock=lambda at=at: at + timedelta(minutes=2)))

    ended = service.run(ctx, row.id)
    assert (ended.status, ended.attempt, ended.fault) == ("failed", 3, "system")
    assert service.get(ctx, report.id).last_run_status == "failed"
    assert isinstance(house.queue, InlineQueue)
    assert ("run_finished", (ctx.workspace.id, row.id)) in house.queue.waiting


def test_two_workspaces_keep_their_runs_apart(queued: House, ctx: Context) -> None:
    other = queued.context(workspaces.create(queued.app, name="Other", now=queued.clock()))
    for where in (ctx, other):
        report = service.create(where, "Weekly", {"formats": ["json"]})
        with where.app.session() as session:
            begin(session, where, report.id, as_of=where.clock() - timedelta(days=1))
    later = replace(queued, clock=lambda: ctx.clock() + timedelta(minutes=2))

    recover(later)

    assert isinstance(queued.queue, HueyQueue)
    assert {args[0] for _, args in queued.queue.held()} == {ctx.workspace.id, other.workspace.id}


def test_a_letter_whose_worker_was_killed_before_it_could_begin_is_put_on_the_queue_again(
    queued: House, ctx: Context
) -> None:
    letter = Letter(subject="Weekly", text="All is well.", html="<p>All is well.</p>", because="Ann scheduled it.")
    (letter_id,) = post(queued.context(ctx.workspace), Batch("run:1"), letter, ["ann@example.org"])
    assert isinstance(queued.queue, HueyQueue)
    there = {("deliver", (ctx.workspace.id, letter_id))}
    assert queued.queue.held() == there
    later = replace(queued, clock=lambda: ctx.clock() + timedelta(minutes=1))

    recover(later)
    assert queued.queue.depth() == 1, "it is there, and needs no second one"
    queued.queue.huey.flush()
    recover(later)

    assert queued.queue.held() == there


def test_a_tick_that_fails_is_a_line_in_the_log_and_nothing_more(house: House) -> None:
    run(house, Tick("broken", f"{__name__}:broken", 1))
