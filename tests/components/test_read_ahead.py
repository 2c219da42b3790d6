"""The first pages of a workspace are read before anybody asks, and again once its data changed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from components import lifespan
from core.base.period import named
from core.boards import quiet, service
from core.bootstrap import House
from core.catalogue import answers
from core.catalogue.scope import Scope
from core.context import Context, Workspace
from core.stores.metrics import MetricsStore
from tests.catalogue.factories import fresh
from tests.conftest import NOW
from tests.snapshots.test_snapshots import busy


def usual(ctx: Context) -> Scope:
    period = named(quiet.landing(ctx), NOW)
    return Scope(period, period.previous())


@pytest.mark.parametrize("page", ["overview", "activity", "compare"])
def test_whoever_comes_first_waits_for_no_statement(house: House, ctx: Context, asked: list[str], page: str) -> None:
    ctx = busy(ctx)
    answers._answers.clear()
    lifespan.read_ahead(house, [ctx.workspace])
    scope = usual(ctx)
    asked.clear()

    service.build(ctx, service.standard(ctx, page), scope)

    assert asked == []


def test_a_workspace_is_read_again_once_its_data_changed(
    house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx, stopping = busy(ctx), threading.Event()
    read: list[int] = []
    both = threading.Event()

    def seen(_: House, found: Sequence[Workspace]) -> None:
        read.extend(workspace.data_version for workspace in found)
        if len(read) == 1:
            fresh(ctx)
        elif len(read) == 2:
            both.set()

    monkeypatch.setattr(lifespan, "read_ahead", seen)
    monkeypatch.setattr(lifespan, "LOOK_EVERY_S", 0.01)
    threading.Thread(target=lifespan.keep_ahead, args=(house, stopping), daemon=True).start()
    assert both.wait(30)
    stopping.set()

    assert read == [ctx.workspace.data_version, ctx.workspace.data_version + 1]


def test_a_store_that_does_not_answer_ends_nothing(house: House, ctx: Context) -> None:
    busy(ctx)
    away = MetricsStore(lambda: "clickhouse://nobody@127.0.0.1:1/none")
    stopping = threading.Event()
    stopping.set()

    lifespan.keep_ahead(replace(house, metrics=away), stopping)
