"""A demo that was made some time ago reaches yesterday by itself, and keeps what it had and what was made in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core import demo
from core.base.queue import InlineQueue
from core.bootstrap import House
from core.catalogue.models import Feed
from core.context import Context
from core.demo import service
from core.people import service as people
from core.reports import service as reports
from core.snapshots import service as snapshots
from tests import fresh
from tests.conftest import NOW
from tests.demo.test_demo import ANCHOR, COHERENT, count, fingerprint

BY_DAY = """
SELECT toDate(at) AS day, what, count() AS n, sum(size) AS size FROM (
    SELECT authored_at AS at, 'commits' AS what, cityHash64(sha, author_id, subject, additions, deletions) AS size
    FROM commits FINAL WHERE workspace_id = {w:String}
    UNION ALL SELECT authored_at, 'files', cityHash64(sha, path, additions, deletions)
    FROM commit_files FINAL WHERE workspace_id = {w:String}
    UNION ALL SELECT opened_at, 'opened', cityHash64(number, title, author_id)
    FROM pull_requests FINAL WHERE workspace_id = {w:String}
    UNION ALL SELECT merged_at, 'merged', cityHash64(number, title, merged_by_id, additions, commits)
    FROM pull_requests FINAL WHERE workspace_id = {w:String} AND isNotNull(merged_at)
    UNION ALL SELECT submitted_at, 'reviews', cityHash64(pr_number, review_key, reviewer_id, state, comments)
    FROM reviews FINAL WHERE workspace_id = {w:String}
    UNION ALL SELECT finished_at, 'deployments', cityHash64(deployment_key, environment, status, pr_numbers)
    FROM deployments FINAL WHERE workspace_id = {w:String}
    UNION ALL SELECT opened_at, 'incidents', cityHash64(incident_key, title, severity)
    FROM incidents FINAL WHERE workspace_id = {w:String}
    UNION ALL SELECT opened_at, 'issues', cityHash64(number, title, author_id)
    FROM issues FINAL WHERE workspace_id = {w:String}
) GROUP BY day, what
"""

LONG_OPEN = """
SELECT countIf(state = 'open' AND opened_at < (SELECT max(opened_at) FROM [pull_requests]) - INTERVAL 60 DAY)
    * 100 / count() FROM [pull_requests]"""


def by_day(ctx: Context, before: date | None = None) -> dict[tuple[date, str], tuple[int, int]]:
    """Count and hash of what happened on each day."""
    rows = ctx.metrics.rows(BY_DAY, {"w": ctx.workspace.id})
    return {(r["day"], r["what"]): (r["n"], r["size"]) for r in rows if before is None or r["day"] < before}


@pytest.fixture
def another_house(house: House, blank: Path, tmp_path: Path) -> Iterator[House]:
    """A second installation over the same metrics store."""
    store = fresh.copied(blank, tmp_path / "another.db")
    yield replace(house, app=store)
    store.close()


def later(house: House, days: int) -> House:
    """The same house some days later."""
    return replace(house, clock=lambda: NOW + timedelta(days=days))


@pytest.mark.parametrize("days", [1, 45, 400])
def test_it_reaches_yesterday_and_the_days_before_stay_as_they_were(house: House, days: int) -> None:
    ctx = house.context(demo.load(house))
    before = by_day(ctx)

    assert demo.go_on(later(house, days))

    after = by_day(ctx)
    assert {key: told for key, told in after.items() if key[0] < ANCHOR.date()} == before
    added = {day for day, what in after if what == "commits" and day >= ANCHOR.date()}
    assert max(added) == ANCHOR.date() + timedelta(days=days - 1)
    assert len(added) > 0.6 * days
    with ctx.app.reading() as session:
        assert set(session.scalars(sa.select(Feed.complete_until))) == {ANCHOR + timedelta(days=days)}


def test_day_by_day_makes_what_a_month_at_once_makes(house: House, another_house: House) -> None:
    one, other = (rooms.context(demo.load(rooms)) for rooms in (house, another_house))

    for day in (1, 2, 3, 9, 30):
        assert demo.go_on(later(house, day))
    assert demo.go_on(later(another_house, 30))

    assert fingerprint(one) == fingerprint(other)


def test_its_facts_still_agree_chapters_later(house: House) -> None:
    ctx = house.context(demo.load(house))

    demo.go_on(later(house, 250))

    assert {what: broken for what, sql in COHERENT if (broken := count(ctx, sql))} == {}
    assert count(ctx, LONG_OPEN) < 3, "per cent of what was opened"


def test_what_was_made_in_it_stays(house: House) -> None:
    ctx = house.context(demo.load(house))
    known = people.people(ctx)
    people.merge(ctx, people.person(ctx, "Mei Lin").id, people.person(ctx, "Grace Kim").id)
    made = people.create_team(ctx, "Pilots")
    people.set_membership(ctx, people.person(ctx, "Kenji Mori").id, made.id, ANCHOR.date() - timedelta(days=90))
    people.delete_team(ctx, people.team(ctx, "Data").id)
    people.set_bot(ctx, people.person(ctx, "Release Automation").id, True)
    for report in reports.reports(ctx)[1:]:
        reports.delete(ctx, report.id)
    own = reports.create(ctx, "Mine", {"date_range": "last_week"})
    away = people.leave(ctx)

    assert demo.go_on(later(house, 40))

    assert len(people.people(ctx)) == len(known) - 2
    assert people.person(ctx, "Grace Kim").id == people.person(ctx, "Mei Lin").id
    assert {team.name for team in people.teams(ctx)} == {"Platform", "Payments", "Mobile", "Web", "Reliability",
                                                         "Pilots"}  # fmt: skip
    assert people.person(ctx, "Kenji Mori").id in people.team(ctx, "Pilots").member_ids
    assert own.id in {report.id for report in reports.reports(ctx)} and len(reports.reports(ctx)) == 2
    assert people.leave(ctx)[-len(away):] == away  # fmt: skip


def test_a_demo_that_is_fresh_is_left_alone(house: House) -> None:
    workspace = demo.load(house)

    assert not demo.go_on(house)

    assert house.context(demo.load(house)).workspace.data_version == workspace.data_version


def test_the_clock_asks_for_it_once_the_demo_is_a_day_old(house: House) -> None:
    queue = house.queue
    assert isinstance(queue, InlineQueue)
    demo.load(house)
    queue.waiting.clear()

    service.tick(house)
    assert queue.waiting == []

    service.tick(later(house, 1))
    assert queue.waiting == [("demo", ())]


def test_a_house_without_a_demo_has_nothing_to_let_go_on(house: House) -> None:
    service.tick(house)

    assert not demo.go_on(house)


def test_days_that_were_added_get_their_snapshots(house: House) -> None:
    ctx = house.context(demo.load(house))
    snapshots.generate(ctx, ["weekly"])
    tomorrow = later(house, 14)

    demo.go_on(tomorrow)

    stated = {one.first: one.status for one in snapshots.status(tomorrow.context(ctx.workspace), ["weekly"])}
    assert stated[date(2026, 3, 9)] == "dirty" and stated[date(2026, 3, 16)] == "missing"
    assert stated[date(2025, 9, 1)] == "final"
