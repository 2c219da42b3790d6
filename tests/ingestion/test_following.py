"""Sources of providers are read again by the clock, and new repositories of a pattern are found by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.bootstrap import House
from core.context import Context
from core.ingestion import following, service
from tests.conftest import NOW
from tests.ingestion.clones import Clone
from tests.ingestion.provided import account, follow
from tests.servers import github_data as data
from tests.servers.github_replies import TOKEN, github


def at(house: House, moment: datetime) -> House:
    return replace(house, clock=lambda: moment)


def test_the_clock_lets_sources_be_read_each_hour_and_finds_new_repositories(
    house: House, ctx: Context, clone: Clone
) -> None:
    clone.commit()
    service.add_git(ctx, clone.path)
    with github(data.repository("acme/api")) as hub:
        follow(ctx, account(ctx, hub.url, TOKEN), "acme/*")
        following.tick(house)
        (first,) = service.runs(ctx)
        service.run_sync(house, ctx.workspace.id, first.id)
        following.tick(at(house, NOW + timedelta(minutes=59)))
        assert len(service.runs(ctx)) == 1

        hub.put(data.repository("acme/new"))
        following.tick(at(house, NOW + timedelta(minutes=60)))

        assert (first.source, first.triggered_by) == ("acme/api", "clock")
        assert sorted(run.source for run in service.runs(ctx)) == ["acme/api", "acme/api", "acme/new"]


def test_an_account_that_fails_costs_no_other_source(
    house: House, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.ingestion.sources.web.TRIES", 1)
    with github(data.repository("acme/api")) as hub:
        follow(ctx, account(ctx, hub.url, TOKEN), "acme/*")
        hub.tokens = ()

        following.tick(at(house, NOW + timedelta(hours=2)))

    assert [run.status for run in service.runs(ctx)] == ["pending"]


def test_an_installation_may_read_by_hand_only(house: House, ctx: Context) -> None:
    with github(data.repository("acme/api")) as hub:
        follow(ctx, account(ctx, hub.url, TOKEN), "acme/api")

        following.tick(replace(house, settings=house.settings.model_copy(update={"sync_every_minutes": 0})))

    assert service.runs(ctx) == []
