"""Snapshots are kept for as long as the setting says, and not made again beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from core.access import workspaces
from core.base.errors import BadInput
from core.base.settings import settings
from core.bootstrap import House
from core.context import Context
from core.snapshots import retention, service
from core.snapshots.models import SnapshotPeriod
from jobs.clock import TICKS
from jobs.tasks import function
from tests.catalogue.factories import History
from tests.conftest import NOW

STARTS = "SELECT DISTINCT period_start AS start FROM snapshots FINAL WHERE workspace_id = {w:String} ORDER BY start"


@pytest.fixture
def two_months(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Snapshots are kept for 60 days: until 10 January on 11 March."""
    monkeypatch.setenv("SIGHTLINE_SNAPSHOT_KEEP_DAYS", "60")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def busy(ctx: Context) -> Context:
    """One commit in each of five months, snapshots of every month made."""
    history = History(ctx)
    history.person("ann", weekdays=(1, 2, 3, 4, 5))
    for month in ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03"):
        history.commit("ann", f"{month}-03 10:00")
    history.ingest()
    service.generate(ctx, ["monthly"])
    return ctx


def stored(ctx: Context) -> list[date]:
    return [row["start"] for row in ctx.metrics.rows(STARTS, {"w": ctx.workspace.id})]


def test_what_ended_long_ago_goes_and_the_rest_stays(house: House, busy: Context, two_months: None) -> None:
    assert len(stored(busy)) == 5

    assert retention.sweep(house) == 2

    assert stored(busy) == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    with busy.app.reading() as session:
        assert list(session.scalars(sa.select(SnapshotPeriod.period_start).order_by("period_start"))) == stored(busy)


def test_what_was_swept_is_neither_missing_nor_made_again(house: House, busy: Context, two_months: None) -> None:
    retention.sweep(house)

    assert service.refresh_dirty(busy) is not None, "the days, weeks and two weeks that nobody had made yet"
    assert min(one.last for one in service.status(busy)) >= date(2026, 1, 10)
    assert retention.sweep(house) == 0
    with pytest.raises(BadInput, match=r"kept from 2026-01-10 on\. Set SIGHTLINE_SNAPSHOT_KEEP_DAYS"):
        service.generate(busy, ["monthly"], date(2025, 11, 1), date(2025, 11, 30))


def test_everything_is_kept_by_default(house: House, busy: Context) -> None:
    assert retention.sweep(house) == 0

    assert len(stored(busy)) == 5


def test_another_workspace_keeps_what_is_young(house: House, busy: Context, two_months: None) -> None:
    other = house.context(workspaces.create(house.app, name="Other", now=NOW))
    history = History(other)
    history.person("bob", weekdays=(1, 2, 3, 4, 5))
    history.commit("bob", "2026-03-03 10:00")
    history.ingest()
    service.generate(other, ["monthly"])

    retention.sweep(house)

    assert stored(other) == [date(2026, 3, 1)]


def test_the_workers_clock_sweeps() -> None:
    places = {tick.name: tick.place for tick in TICKS}

    assert function(places["old snapshots"]) is retention.sweep
