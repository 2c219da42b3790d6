"""A report's whole life on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.access import workspaces
from core.bootstrap import House
from core.exports import service as exports
from core.reports import reading, runs, service
from core.stores.app import AppStore, heartbeats
from jobs.clock import recover
from tests.catalogue.factories import History


def test_a_report_is_made_found_run_deleted_restored_and_purged(house: House, any_app: AppStore) -> None:
    here = replace(house, app=any_app)
    history = History(here.context(workspaces.create(any_app, name="Acme", now=here.clock())))
    history.commit("ann", "2026-03-02 09:00")
    ctx = history.ingest()
    blocks = [{"widget": "metric.stat", "params": {"metric": "commits_count", "spark": False}}]
    plan = {"title": "Weekly", "window": {"range": "2026-03-01..2026-03-10"}, "sections": [{"blocks": blocks}]}

    made = service.create(ctx, "Weekly Health", {"formats": ["json", "csv"]}, plan=plan)
    run = service.run_now(ctx, made.id)
    service.execute(here, ctx.workspace.id, run.id)

    assert [one.name for one in service.reports(ctx, "HEALTH")] == ["Weekly Health"]
    assert service.run(ctx, run.id).status == "success"
    assert service.get(ctx, made.id).last_run_status == "success"
    assert next(iter(reading.document(ctx, run.id).figures())).value == 1  # type: ignore[union-attr]
    assert len(exports.exports(ctx, run_id=run.id)) == 2

    service.delete(ctx, made.id)
    assert service.restore(ctx, made.id).id == made.id
    service.delete(ctx, made.id)
    later = replace(here, clock=lambda: house.clock() + timedelta(days=40))
    assert exports.sweep(later) == 2
    assert service.purge(later) == 1
    assert service.reports(ctx) == []


def test_the_clock_and_the_heartbeats_work_on_both(house: House, any_app: AppStore) -> None:
    here = replace(house, app=any_app)
    recover(here)
    runs.remind(here)
    heartbeats.beat(any_app, here.clock(), threads=2, queue_depth=3)
    heartbeats.beat(any_app, here.clock() + timedelta(seconds=10), threads=2, queue_depth=1)

    (alive,) = heartbeats.alive(any_app, here.clock() + timedelta(seconds=20))
    assert (alive.id, alive.queue_depth) == (heartbeats.me(), 1)
    assert heartbeats.alive(any_app, here.clock() + timedelta(minutes=5)) == []

    heartbeats.gone(any_app)
    assert heartbeats.alive(any_app, here.clock()) == []
