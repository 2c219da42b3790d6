"""Health, readiness and numbers, as an operator's tools see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from core.delivery.models import Delivery, Receipt
from core.reports.models import ReportRun, SavedReport
from core.stores.app import heartbeats, work
from core.stores.metrics import MetricsStore
from tests.conftest import NOW


def alive(house):
    heartbeats.beat(house.app, house.clock(), threads=2, queue_depth=0)
    return house


def told(answer):
    return {check["part"]: check for check in answer.json()["parts"]}


def samples(answer):
    """{(name, label values in the order of their names): value}"""
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def with_token(house, token):
    return replace(house, settings=house.settings.model_copy(update={"metrics_token": SecretStr(token)}))


def test_a_process_that_answers_is_alive(house, asking):
    assert asking(house, client="203.0.113.9").get("/healthz").json() == {"status": "alive"}


def test_a_whole_house_is_ready(ctx, house, asking):
    answer = asking(alive(house)).get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert told(answer)["worker"]["what"] == "1 alive"


def test_a_house_without_a_worker_is_not_ready_and_says_what_to_do(ctx, house, asking):
    answer = asking(house).get("/readyz")

    assert answer.status_code == 503
    assert "sightline worker" in told(answer)["worker"]["what"]
    assert told(answer)["app store"]["ready"] is True


def test_an_unreachable_metrics_store_is_named(ctx, house, asking):
    gone = MetricsStore(lambda: "clickhouse://nobody:x@127.0.0.1:9/none")
    answer = asking(alive(replace(house, metrics=gone))).get("/readyz")

    assert answer.status_code == 503
    assert told(answer)["metrics store"]["ready"] is False
    assert told(answer)["queue"]["ready"] is True


def test_strangers_learn_that_something_is_wrong_but_not_what(ctx, house, asking):
    answer = asking(house, client="203.0.113.9").get("/readyz")

    assert answer.status_code == 503
    assert all("what" not in check for check in answer.json()["parts"])


def test_numbers_are_for_this_machine_only(house, asking):
    assert asking(house).get("/metrics").status_code == 200
    assert asking(house, client="203.0.113.9").get("/metrics").status_code == 403
    assert asking(house, host="evil.example.org").get("/metrics").status_code == 403
    assert asking(house).get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403


def test_numbers_are_for_whoever_has_the_token(house, asking):
    house = with_token(house, "s3cret")
    far = asking(house, client="203.0.113.9", host="sightline.example.org")

    assert far.get("/metrics", headers={"Authorization": "Bearer s3cret"}).status_code == 200
    assert far.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    assert asking(house).get("/metrics").status_code == 403, "where there is a token, it is needed"


def test_the_numbers_count_runs_letters_and_lost_leases(ctx, house, asking):
    with house.app.session() as session:
        report = SavedReport(
            workspace_id=ctx.workspace.id, name="Weekly", description="", parameters={}, is_active=True,
            paused_reason="", visibility="workspace", created_at=NOW, updated_at=NOW,
        )  # fmt: skip
        session.add(report)
        session.flush()

        def run(status, seconds=None, **given):
            row = work.create(
                session, ReportRun, ctx.workspace.id, NOW - timedelta(seconds=90), report_id=report.id, as_of=NOW,
                provenance_records=[], failures=[], individual={}, data_version=0, announced=True,
            )  # fmt: skip
            row.status, row.duration_seconds = status, seconds
            for name, value in given.items():
                setattr(row, name, value)

        run("success", 1.5, attempt=1)
        run("success", 4.0, attempt=3)
        run("failed", 20.0, attempt=1, fault="system")
        run("pending")
        letter = work.create(
            session, Delivery, ctx.workspace.id, NOW, batch="run:1", recipient="ada@example.org", channel="email",
            letter_key="letters/run/1.json", subject="", last_error="", attempt=3, status="success",
        )  # fmt: skip
        for attempt, outcome in ((1, "deferred"), (3, "accepted")):
            session.add(Receipt(delivery_id=letter.id, attempt=attempt, at=NOW, outcome=outcome, answer=""))
        returned = work.create(
            session, Delivery, ctx.workspace.id, NOW, batch="run:2", recipient="ada@example.org", channel="email",
            letter_key="letters/run/2.json", subject="", last_error="It came back.", attempt=1, status="failed",
        )  # fmt: skip
        session.add(Receipt(delivery_id=returned.id, attempt=1, at=NOW, outcome="bounced", answer=""))
    house.queue.put("report", "w", "r")

    found = samples(asking(alive(house)).get("/metrics"))

    assert found["sightline_queue_depth", ()] == 1
    assert found["sightline_workers_alive", ()] == 1
    assert found["sightline_runs", ("report_runs", "success")] == 2
    assert found["sightline_run_oldest_waiting_seconds", ("report_runs",)] == 90
    assert found["sightline_run_duration_seconds_bucket", ("report_runs", "2.0")] == 1
    assert found["sightline_run_duration_seconds_count", ("report_runs",)] == 3
    assert found["sightline_run_duration_seconds_sum", ("report_runs",)] == 25.5
    assert found["sightline_run_failures_total", ("system", "report_runs")] == 1
    assert found["sightline_lease_expiries_total", ("report_runs",)] == 2
    assert found["sightline_lease_expiries_total", ("deliveries",)] == 1
    assert found["sightline_deliveries", ("email", "success")] == 1
    assert found["sightline_delivery_attempts_total", ("accepted",)] == 2, "what came back had been accepted"
    assert found["sightline_delivery_bounces_total", ()] == 1
    assert found["sightline_delivery_attempts_total", ("deferred",)] == 1
