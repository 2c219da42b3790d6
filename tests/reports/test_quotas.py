"""Reports a month: counted where the runs stand, whoever begins them, and never one too many."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from core.base.errors import BadInput, Conflict, NotAllowed
from core.context import Context
from core.reports import quotas, service
from core.reports.views import RunView
from tests.reports.conftest import World

Users = Callable[..., Context]
Finish = Callable[..., RunView]
MARCH = {"date_range": "2026-03-01..2026-03-09", "metrics": ["commits_count"], "formats": []}


def test_without_a_plan_there_is_no_limit_and_nothing_is_said(user: Users) -> None:
    now = quotas.quota(user("mia"))

    assert (now.plan, now.limit, now.left, now.sentence) == ("scale", None, None, "")


def test_a_month_ends_at_its_last_midnight_in_utc() -> None:
    new_year = datetime(2027, 1, 1, tzinfo=UTC)

    assert quotas.month(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == (datetime(2026, 12, 1, tzinfo=UTC), new_year)
    assert quotas.month(new_year)[0] == new_year


def test_the_run_beyond_the_limit_is_refused_and_a_failed_one_is_given_back(
    world: World, user: Users, finish: Finish
) -> None:
    mia, ada = user("mia"), user("ada", "admin")
    with pytest.raises(NotAllowed):
        quotas.choose(mia, "explore")
    with pytest.raises(BadInput, match="from 1 to 1,000,000"):
        quotas.choose(ada, "custom")
    quotas.choose(ada, "custom", 2)
    reports = [service.create(mia, name, MARCH).id for name in ("One", "Two", "Three")]
    run = finish(mia, service.run_now(mia, reports[0]))
    stopped = service.run_now(mia, reports[1])
    assert quotas.quota(mia).left == 0
    with pytest.raises(Conflict, match=r"2 of 2 reports of this month are used; 2 more from 1 \w+ \d{4} \(UTC\)"):
        service.run_now(mia, reports[2])
    with pytest.raises(Conflict, match="used up"):
        service.run_again(mia, run.id)

    service.cancel(mia, stopped.id)
    assert (quotas.quota(mia).used, quotas.quota(mia).left) == (1, 1)
    assert service.run_now(mia, reports[2]).status == "pending"


def test_of_many_that_begin_at_once_no_more_than_the_limit_do(user: Users) -> None:
    mia, ada = user("mia"), user("ada", "admin")
    quotas.choose(ada, "explore")
    reports = [service.create(mia, f"Report {number}", MARCH).id for number in range(12)]

    def begun(report_id: str) -> bool:
        try:
            service.run_now(mia, report_id)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(begun, reports)) == 5
    assert quotas.quota(mia).left == 0
