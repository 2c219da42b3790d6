"""A mail server for each test, and a house that sends by it at a time that the test sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.base.queue import InlineQueue
from core.base.settings import settings
from core.bootstrap import House
from core.delivery import service
from tests.conftest import NOW
from tests.delivery.post_office import PostOffice


@dataclass
class Hands:
    """The clock and the worker of a test."""

    now: datetime = NOW
    done: list[str] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def wait(self, **length: float) -> None:
        self.now += timedelta(**length)

    def work(self, house: House) -> list[str]:
        """Run the deliveries on the queue; their states."""
        queue = house.queue
        assert isinstance(queue, InlineQueue)
        calls, queue.waiting = queue.waiting, []
        return [service.deliver(house, *map(str, args)) for task, args in calls if task == "deliver"]


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def office() -> Iterator[PostOffice]:
    server = PostOffice().start()
    yield server
    server.stop()


@pytest.fixture
def mailing(
    house: House, hands: Hands, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., House]]:
    """`mailing(smtp_user="…")` is the house with these mail settings on top of the test's server."""

    def change(**given: Any) -> House:
        usual: dict[str, Any] = {"smtp_host": "127.0.0.1", "smtp_port": office.port, "smtp_security": "none"}
        told = {**usual, "mail_from": "Sightline <reports@example.org>", "public_url": "https://sightline.example.org"}
        for name, value in {**told, **given}.items():
            monkeypatch.setenv(f"SIGHTLINE_{name.upper()}", str(value))
        settings.cache_clear()
        return replace(house, settings=settings(), clock=hands.clock)

    yield change
    monkeypatch.undo()
    settings.cache_clear()
