"""A metrics store that takes every question and never answers: nobody else waits with whoever asked it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.access import workspaces
from core.base.errors import StoreUnreachable
from core.bootstrap import House
from core.people import service as people
from core.snapshots import service as snapshots
from core.stores.metrics import MetricsStore, store

WAIT_S = 6.0


@pytest.fixture
def rooms(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The house of a test, with such a store and less patience."""
    monkeypatch.setattr(store, "READ_S", WAIT_S)
    monkeypatch.setattr(store, "BRIEF_S", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as ear:
        silent = MetricsStore(lambda: f"clickhouse://u:p@127.0.0.1:{ear.getsockname()[1]}/default")
        yield replace(house, metrics=silent)
        silent.close()


def test_the_tick_of_snapshots_holds_no_lock_while_it_waits(rooms: House) -> None:
    workspaces.create(rooms.app, name="Acme", now=rooms.clock())
    refused: list[Exception] = []

    def tick() -> None:
        try:
            snapshots.tick(rooms)
        except StoreUnreachable as error:
            refused.append(error)

    ticking = threading.Thread(target=tick)
    ticking.start()
    time.sleep(0.5)
    workspaces.create(rooms.app, name="Beta", now=rooms.clock())
    asking = ticking.is_alive()
    ticking.join(30)

    assert asking
    assert "does not answer" in str(refused[0])


def test_a_change_of_people_gives_up_soon_and_is_not_made(rooms: House) -> None:
    ctx = rooms.context(workspaces.create(rooms.app, name="Acme", now=rooms.clock()))
    began = time.monotonic()

    with pytest.raises(StoreUnreachable, match="does not answer"):
        people.create_team(ctx, "Atlas")

    assert time.monotonic() - began < WAIT_S
    assert people.teams(ctx) == []
