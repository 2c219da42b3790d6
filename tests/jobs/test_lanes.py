"""Long work leaves a thread free for what people wait for."""

from __future__ import annotations

import threading

from core.base.queue import InlineQueue, Plain
from jobs.lanes import Lanes
from jobs.tasks import TASKS


def test_a_report_runs_while_long_tasks_hold_every_slot_and_the_next_long_one_waits() -> None:
    queue, done, go_on = InlineQueue(), [], threading.Event()

    def perform(task: str, *args: Plain) -> None:
        if task == "snapshots":
            go_on.wait(10)
        done.append((task, *args))

    lanes = Lanes(queue, 1, perform)
    long = threading.Thread(target=lanes.run, args=("snapshots", "w", "1"))
    long.start()
    lanes.run("snapshots", "w", "2")
    lanes.run("report", "w", "3")

    assert done == [("report", "w", "3")]
    assert queue.waiting == [("snapshots", ("w", "2"))]
    go_on.set()
    long.join()
    lanes.run("snapshots", "w", "2")
    assert done[1:] == [("snapshots", "w", "1"), ("snapshots", "w", "2")]


def test_a_long_task_that_breaks_gives_its_slot_back() -> None:
    queue, calls = InlineQueue(), []

    def perform(task: str, *args: Plain) -> None:
        calls.append(args)
        raise ZeroDivisionError

    lanes = Lanes(queue, 1, perform)
    for number in range(3):
        try:
            lanes.run("sync", "w", str(number))
        except ZeroDivisionError:
            continue

    assert len(calls) == 3
    assert queue.waiting == []


def test_what_is_called_long_is_a_task() -> None:
    from jobs.lanes import LONG

    assert set(TASKS) >= LONG
