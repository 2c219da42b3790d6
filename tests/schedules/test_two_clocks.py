"""Several clocks and workers at once, on both kinds of app store."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.access import workspaces
from core.delivery import service as delivery
from core.delivery.letter import Letter
from core.delivery.models import Delivery
from core.delivery.service import Batch
from core.reports import service as reports
from core.reports.models import ReportRun
from core.schedules import service
from core.schedules.models import Occurrence
from core.schedules.wish import Wish
from tests.schedules.conftest import Stage, join

MONDAY = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


@pytest.fixture
def both(mailing, hands, any_app) -> Iterator[Stage]:
    house = replace(mailing(), app=any_app)
    system = house.context(workspaces.create(any_app, name="Acme", now=house.clock()))
    ada = join(house, system, "ada", "manager")
    report = reports.create(ada, "Weekly", {"metrics": ["commits_count"], "formats": ["html"]})
    return Stage(house, ada, report.id, hands)


def test_many_clocks_start_each_due_report_once(both):
    for _ in range(5):
        service.create(both.ctx, both.report_id, Wish("daily", "UTC", ("a@example.org",), ("html",)))
    both.hands.now = MONDAY + timedelta(hours=2)

    with ThreadPoolExecutor(6) as pool:
        started = list(pool.map(lambda _: both.tick(), range(6)))

    assert sum(started) == 5
    with both.house.app.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ReportRun)) == 5
        assert session.scalar(sa.select(sa.func.count()).select_from(Occurrence)) == 5


def test_many_workers_send_a_letter_once(both, office):
    letter = Letter(subject="Once", text="t", html="<body></body>")
    ids = delivery.post(both.ctx, Batch("run:1"), letter, ["a@example.org", "b@example.org"])

    with ThreadPoolExecutor(6) as pool:
        calls = [pool.submit(delivery.deliver, both.house, both.ctx.workspace.id, one) for one in ids * 4]
        states = [call.result() for call in calls]

    assert sorted(states) == [""] * 6 + ["success"] * 2
    assert len(office.mails) == 2


def test_a_batch_that_is_posted_by_two_at_once_is_posted_once(both):
    letter = Letter(subject="Once", text="t", html="<body></body>")
    people = [f"p{number}@example.org" for number in range(5)]

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: delivery.post(both.ctx, Batch("run:2"), letter, people), range(4)))

    assert sum(len(ids) for ids in made) == 5
    with both.house.app.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 5


def test_the_calendar_tells_the_same_of_both_stores(both, office):
    office.refusals["b@example.org"] = "550 5.1.1 No such user"
    service.create(both.ctx, both.report_id, Wish("daily", "UTC", ("a@example.org", "b@example.org"), ("html",)))
    both.hands.now = MONDAY + timedelta(hours=2)
    both.tick()
    both.work()

    found = service.sends(both.ctx, first=date(2026, 3, 16), last=date(2026, 3, 18))

    assert [(one.due_at, one.state, one.detail) for one in found.items] == [
        (MONDAY + timedelta(hours=1), "partly", "1 of 2 messages arrived, 1 did not. Caught up after downtime."),
        (MONDAY + timedelta(hours=25), "coming", ""),
    ]
