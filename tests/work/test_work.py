"""Runs are neither lost nor done twice, on both app stores."""

from __future__ import annotations

import subprocess
import threading
import time
from datetime import datetime, timedelta

import pytest

from core.access import workspaces
from core.base.errors import BadInput, Conflict, LostLease
from core.exports.models import ExportJob
from core.stores.app import AppStore, heartbeats, lease, work
from tests.conftest import NOW

LATER = NOW + timedelta(minutes=5)


def a_run(app: AppStore, at: datetime = NOW) -> str:
    workspace = next(iter(workspaces.every(app)), None) or workspaces.create(app, name="Acme", now=NOW)
    with app.session() as session:
        return work.create(session, ExportJob, workspace.id, at, export_type="report", format="pdf", config={}).id


def row(app: AppStore, run_id: str) -> ExportJob:
    with app.reading() as session:
        found = session.get(ExportJob, run_id)
        assert found
        return found


def take(app: AppStore, run_id: str, worker: str = "one", at: datetime = NOW) -> int | None:
    with app.session() as session:
        return work.claim(session, ExportJob, run_id, worker, at)


def test_a_pending_run_is_claimed_once(any_app: AppStore) -> None:
    run_id = a_run(any_app)

    assert take(any_app, run_id) == 1
    assert take(any_app, run_id, "two") is None

    claimed = row(any_app, run_id)
    assert (claimed.status, claimed.attempt, claimed.leased_by) == ("running", 1, "one")


def test_of_many_workers_that_claim_at_once_one_gets_the_run(any_app: AppStore) -> None:
    run_id = a_run(any_app)
    fences: list[int | None] = []
    together = threading.Barrier(8)

    def claim(name: str) -> None:
        together.wait()
        fences.append(take(any_app, run_id, name))

    threads = [threading.Thread(target=claim, args=(f"worker {n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(fences, key=str) == [1, *[None] * 7]


def test_a_silent_workers_run_goes_to_another_and_the_late_one_cannot_write(any_app: AppStore) -> None:
    run_id = a_run(any_app)
    late = take(any_app, run_id)
    fresh = take(any_app, run_id, "two", LATER)
    assert late and fresh == 2

    with any_app.session() as session:
        work.finish(session, ExportJob, run_id, fresh, "success", LATER, file_path="kept/by-two")
    with pytest.raises(LostLease), any_app.session() as session:
        work.finish(session, ExportJob, run_id, late, "success", LATER, file_path="kept/by-one")

    assert row(any_app, run_id).file_path == "kept/by-two"


def test_a_late_worker_meets_lost_lease_at_every_write(any_app: AppStore) -> None:
    run_id = a_run(any_app)
    late = take(any_app, run_id) or 0
    take(any_app, run_id, "two", LATER)

    with pytest.raises(LostLease), any_app.session() as session:
        work.renew(session, ExportJob, run_id, late, LATER)
    with pytest.raises(LostLease), any_app.session() as session:
        work.progress(session, ExportJob, run_id, late, 0.5)
    with pytest.raises(LostLease), any_app.session() as session:
        work.release(session, ExportJob, run_id, late)


def test_a_renewed_lease_keeps_others_away(any_app: AppStore) -> None:
    run_id = a_run(any_app)
    fence = take(any_app, run_id) or 0

    with any_app.session() as session:
        work.renew(session, ExportJob, run_id, fence, LATER)

    assert take(any_app, run_id, "two", LATER + timedelta(seconds=30)) is None


def test_a_run_is_pending_again_after_a_lost_lease_and_fails_after_the_third(any_app: AppStore) -> None:
    run_id = a_run(any_app)
    for attempt in (1, 2, 3):
        at = NOW + attempt * timedelta(minutes=10)
        take(any_app, run_id, f"worker {attempt}", at)
        with any_app.session() as session:
            nothing = work.expire(session, ExportJob, at)
            expired = work.expire(session, ExportJob, at + timedelta(minutes=5))
        assert nothing == work.Expired()
        assert [run for _, run in (expired.failed if attempt == 3 else expired.again)] == [run_id]

    ended = row(any_app, run_id)
    assert (ended.status, ended.fault, ended.finished_at) == ("failed", "system", NOW + timedelta(minutes=35))
    assert ended.error and "3 times" in ended.error
    assert take(any_app, run_id) is None


def test_a_run_that_is_given_back_is_no_attempt(any_app: AppStore) -> None:
    run_id = a_run(any_app)

    with any_app.session() as session:
        work.release(session, ExportJob, run_id, work.claim(session, ExportJob, run_id, "one", NOW) or 0)

    again = row(any_app, run_id)
    assert (again.status, again.attempt, again.lease_until) == ("pending", 0, None)


def test_a_cancelled_run_stops_its_worker_and_cannot_be_claimed(any_app: AppStore) -> None:
    run_id = a_run(any_app)
    workspace_id = row(any_app, run_id).workspace_id
    fence = take(any_app, run_id) or 0

    with any_app.session() as session:
        work.cancel(session, ExportJob, run_id, workspace_id, NOW)

    with pytest.raises(LostLease), any_app.session() as session:
        work.progress(session, ExportJob, run_id, fence, 0.5)
    assert take(any_app, run_id, "two", LATER) is None
    with pytest.raises(Conflict), any_app.session() as session:
        work.cancel(session, ExportJob, run_id, workspace_id, NOW)


def test_a_run_of_another_workspace_cannot_be_cancelled(any_app: AppStore) -> None:
    run_id = a_run(any_app)

    with pytest.raises(Conflict), any_app.session() as session:
        work.cancel(session, ExportJob, run_id, "elsewhere", NOW)

    assert row(any_app, run_id).status == "pending"


def test_the_run_of_a_worker_that_is_known_to_be_dead_need_not_wait_for_its_lease(any_app: AppStore) -> None:
    buried, living = a_run(any_app), a_run(any_app)
    take(any_app, buried, "dead")
    take(any_app, living, "alive")

    with any_app.session() as session:
        work.bury(session, ExportJob, NOW, lambda name: name == "dead")
        expired = work.expire(session, ExportJob, NOW)

    assert [run_id for _, run_id in expired.again] == [buried]
    assert row(any_app, living).status == "running"


def test_a_worker_is_dead_only_if_its_process_of_this_machine_is_gone() -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    host = heartbeats.me().rpartition(":")[0]

    assert heartbeats.is_dead(f"{host}:{gone.pid}")
    assert not heartbeats.is_dead(heartbeats.me())
    assert not heartbeats.is_dead(f"elsewhere-{host}:{gone.pid}")


def test_waiting_names_old_pending_runs_only(any_app: AppStore) -> None:
    old, running, fresh = a_run(any_app), a_run(any_app), a_run(any_app, LATER)
    take(any_app, running)

    with any_app.reading() as session:
        found = [run for _, run in work.waiting(session, ExportJob, NOW)]

    assert found == [old]
    assert fresh not in found


def test_a_lease_ends_its_run_with_the_results_and_the_duration(any_app: AppStore) -> None:
    run_id = a_run(any_app)
    moments = iter([NOW, NOW + timedelta(seconds=42)])
    held = lease.take(any_app, ExportJob, run_id, "one", lambda: next(moments))
    assert held

    with held:
        held.finish("partial", file_path="kept")

    ended = row(any_app, run_id)
    assert (ended.status, ended.duration_seconds, ended.file_path, ended.progress) == ("partial", 42.0, "kept", 1.0)


def test_a_lease_whose_block_raises_fails_the_run_with_the_sentence(any_app: AppStore) -> None:
    run_id = a_run(any_app)
    held = lease.take(any_app, ExportJob, run_id, "one", lambda: NOW)
    assert held

    with pytest.raises(BadInput), held:
        raise BadInput("There is no team named 'Atlas'.")

    ended = row(any_app, run_id)
    assert (ended.status, ended.fault, ended.error) == ("failed", "user", "There is no team named 'Atlas'.")
    assert ended.error_traceback and "BadInput" in ended.error_traceback


def test_an_error_of_ours_is_a_sentence_for_people_and_a_traceback_for_operators(any_app: AppStore) -> None:
    run_id = a_run(any_app)
    held = lease.take(any_app, ExportJob, run_id, "one", lambda: NOW)
    assert held

    with pytest.raises(ZeroDivisionError), held:
        _ = 1 / 0

    ended = row(any_app, run_id)
    assert ended.fault == "system"
    assert ended.error and "division" not in ended.error
    assert ended.error_traceback and "division by zero" in ended.error_traceback


def test_a_lease_renews_itself_while_its_block_lasts(any_app: AppStore) -> None:
    run_id = a_run(any_app)
    started = time.monotonic()
    held = lease.take(
        any_app, ExportJob, run_id, "one", lambda: NOW + timedelta(seconds=time.monotonic() - started), lease_s=0.6
    )
    assert held

    with held:
        time.sleep(1.3)
        rival = take(any_app, run_id, "two", NOW + timedelta(seconds=time.monotonic() - started))

    assert rival is None
    assert row(any_app, run_id).status == "success"


def test_a_lease_that_was_lost_says_so_to_its_block(any_app: AppStore) -> None:
    run_id = a_run(any_app)
    held = lease.take(any_app, ExportJob, run_id, "one", lambda: NOW, lease_s=0.3)
    assert held
    take(any_app, run_id, "two", LATER)

    with pytest.raises(LostLease), held:
        time.sleep(0.4)
        held.check()

    assert row(any_app, run_id).leased_by == "two"


def test_a_stopping_worker_gives_back_what_it_holds(any_app: AppStore) -> None:
    run_id = a_run(any_app)
    held = lease.take(any_app, ExportJob, run_id, "one", lambda: NOW)
    assert held

    with pytest.raises(LostLease), held:
        lease.give_back_all()
        held.check()

    assert row(any_app, run_id).status == "pending"
