"""The core's queue, kept by Huey: in a SQLite file of this home, or on Redis."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any

from huey.api import Huey, RedisHuey, SqliteHuey, TaskWrapper
from huey.registry import Message
from huey.serializer import Serializer
from huey.utils import normalize_time

from core.base.errors import StoreUnreachable
from core.base.queue import Plain
from core.base.settings import Settings
from core.bootstrap import House, PluggedQueue

NAME = "sightline"
Call = tuple[str, tuple[Plain, ...]]


class HueyQueue:
    """`core.base.queue.Queue` over one Huey task that runs a named verb. Nothing is opened before the first use."""

    def __init__(self, config: Settings, perform: Callable[..., None] | None = None) -> None:
        self._config = config
        self.perform = perform
        """What runs a task in this process; `jobs.tasks.perform` if nothing else was said."""

    @property
    def huey(self) -> Huey:
        return self._run.huey

    @cached_property
    def _run(self) -> TaskWrapper:
        def run(task: str, *args: Plain) -> None:
            from jobs import tasks

            (self.perform or tasks.perform)(task, *args)

        return _huey(self._config).task(name="run")(run)

    def put(self, task: str, *args: Plain, delay_s: float = 0) -> None:
        with _reached():
            call = self._run.s(task, *args)
            if delay_s:
                call.eta = normalize_time(delay=delay_s, utc=self.huey.utc)
                self.huey.add_schedule(call)
            else:
                self.huey.enqueue(call)

    def depth(self) -> int:
        with _reached():
            return int(self.huey.pending_count())

    def held(self) -> set[Call]:
        """Every call that waits or is scheduled for later."""
        with _reached():
            return {(task.args[0], tuple(task.args[1:])) for task in (*self.huey.pending(), *self.huey.scheduled())}


class PlainMessages(Serializer):  # type: ignore[misc]
    """Tasks as JSON: a queue that others can write to must not be able to run code here."""

    def _serialize(self, data: Any) -> bytes:
        if not isinstance(data, Message):
            return json.dumps(data).encode()
        eta = data.eta.isoformat() if data.eta else None
        return json.dumps({"id": data.id, "name": data.name, "eta": eta, "args": list(data.args)}).encode()

    def _deserialize(self, data: bytes) -> Any:
        plain = json.loads(bytes(data))
        if not isinstance(plain, dict) or "args" not in plain:
            return plain
        eta = datetime.fromisoformat(plain["eta"]) if plain["eta"] else None
        return Message(
            id=plain["id"], name=plain["name"], eta=eta, retries=0, retry_delay=0, args=tuple(plain["args"]), kwargs={}
        )


def huey_queue(house: House) -> HueyQueue | None:
    """The house's queue, if it is Huey's."""
    queue = house.queue.real if isinstance(house.queue, PluggedQueue) else house.queue
    return queue if isinstance(queue, HueyQueue) else None


def connect(config: Settings) -> HueyQueue:
    """The queue that `config` names."""
    return HueyQueue(config)


def _huey(config: Settings) -> Huey:
    options: dict[str, Any] = {"results": False, "serializer": PlainMessages()}
    if config.queue_url:
        return RedisHuey(NAME, url=config.queue_url, **options)
    config.home.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(NAME, filename=str(config.home / "queue.db"), fsync=False, timeout=30, **options)


@contextmanager
def _reached() -> Iterator[None]:
    from redis.exceptions import RedisError

    try:
        yield
    except (sqlite3.Error, RedisError) as error:
        raise StoreUnreachable(
            f"The queue did not answer: {error}. What was asked for is kept and starts when the queue is back."
        ) from error
