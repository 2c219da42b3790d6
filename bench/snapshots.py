"""Snapshots in one pass, beside asking per person: `python -m bench.snapshots [--people 1000] [--weeks 52]`.

Asking per person is measured on a sample of people and weeks (all metrics of one
person and week in one `measure`) and scaled to all of them: the whole would take
hours. The limit is the one that the product promises: 50 times.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench import filling

if TYPE_CHECKING:
    from core.bootstrap import House
    from core.context import Context

LIMIT = 50
REPOSITORIES = 100
"""Each person commits to three of them; each pull request is reviewed by people of its repository."""
FACTS = ("commits", "commit_files", "pull_requests", "reviews", "review_comments", "pr_commits")
FIRST = date(2025, 1, 6)
"""A Monday."""

PEOPLE = """INSERT INTO identity_people (workspace_id, identity_id, person_id, is_bot, version)
SELECT {w:String}, number + 1, concat('p', toString(number)), 0, 1 FROM numbers({people:UInt32})"""
MEMBERS = """INSERT INTO team_members (workspace_id, team_id, person_id, valid_from, version)
SELECT {w:String}, concat('t', toString(number % 40)), concat('p', toString(number)), '2020-01-01', 1
FROM numbers({people:UInt32})"""
COMMITS = """INSERT INTO commits (workspace_id, repo_id, sha, author_id, author_offset, authored_at, committed_at,
    parents, is_merge, additions, deletions, files, generated_additions, generated_deletions, generated_files, version)
SELECT {w:String}, {repos:Array(String)}[(number % {people:UInt32} + number % 3) % {most:UInt32} + 1],
    hex(sipHash128(number)), number % {people:UInt32} + 1, 60,
    toDateTime({first:Date}, 'UTC') + cityHash64(number) % {seconds:UInt64} AS at, at, 1, 0,
    cityHash64(number, 1) % 200, cityHash64(number, 2) % 80, 2, 0, 0, 0, 1
FROM numbers({people:UInt32} * {weeks:UInt32} * 5)"""
PULL_REQUESTS = """INSERT INTO pull_requests (workspace_id, repo_id, number, author_id, state, opened_at, ready_at,
    first_commit_at, merged_at, closed_at, merged_by_id, additions, deletions, files, commits, source, approximate,
    version)
SELECT {w:String}, {repos:Array(String)}[number % {people:UInt32} % {most:UInt32} + 1], number + 1,
    number % {people:UInt32} + 1, 'merged',
    toDateTime({first:Date}, 'UTC') + cityHash64(number, 3) % {seconds:UInt64} AS opened, opened, opened - 86400,
    opened + 3600 + cityHash64(number, 4) % 200000 AS merged, merged, number % {people:UInt32} + 1,
    cityHash64(number, 5) % 400, 20, 4, 3, 'bench', 0, 1
FROM numbers({people:UInt32} * {weeks:UInt32})"""
REVIEWS = """INSERT INTO reviews (workspace_id, repo_id, pr_number, review_key, reviewer_id, state, submitted_at,
    comments, body_length, source, approximate, version)
SELECT {w:String}, {repos:Array(String)}[author % {most:UInt32} + 1], pr + 1, toString(number),
    (author + {most:UInt32} * (1 + cityHash64(number) % 5)) % {people:UInt32} + 1,
    if(number % 2, 'approved', 'commented'),
    toDateTime({first:Date}, 'UTC') + cityHash64(pr, 3) % {seconds:UInt64} + 1800, number % 4, 40,
    'bench', 0, 1
FROM (
    SELECT number, intDiv(number, 2) AS pr, pr % {people:UInt32} AS author
    FROM numbers({people:UInt32} * {weeks:UInt32} * 2)
)"""


LATE = """INSERT INTO commits (workspace_id, repo_id, sha, author_id, author_offset, authored_at, committed_at,
    parents, is_merge, additions, deletions, files, generated_additions, generated_deletions, generated_files, version)
SELECT {w:String}, {repo:String}, hex(sipHash128(number, 'late')), number % {people:UInt32} + 1, 60,
    toDateTime({day:Date}, 'UTC') + 36000 AS at, at, 1, 0, 10, 2, 1, 0, 0, 0, 2
FROM numbers(100)"""


def main() -> int:
    """Fill a store, generate, ask a sample, print the ratio; 1 if the limit was missed."""
    asked = argparse.ArgumentParser(prog="python -m bench.snapshots", description=__doc__)
    asked.add_argument("--people", type=int, default=1000)
    asked.add_argument("--weeks", type=int, default=52)
    asked.add_argument("--sample", type=int, default=12, help="how many people and weeks are asked one by one")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as home:
        os.environ["SIGHTLINE_HOME"] = home
        return _measured(Path(home), options.people, options.weeks, options.sample)


def _measured(home: Path, people: int, weeks: int, sample: int) -> int:
    from core.base.queue import InlineQueue
    from core.base.settings import settings
    from core.bootstrap import build
    from core.snapshots import periods, service
    from core.stores.metrics import embedded

    end = FIRST + timedelta(weeks=weeks)
    now = datetime(end.year, end.month, end.day, 12, tzinfo=UTC)
    process = embedded.launch(home)
    house = build(settings(), InlineQueue(), clock=lambda: now)
    house.migrate()
    ctx = _filled(house, people, weeks)
    print(f"{people:,} people, {weeks} weeks, {len(periods.metric_keys())} metrics, {REPOSITORIES} repositories")

    started = time.perf_counter()
    made = service.generate(ctx, ["weekly"], FIRST, end - timedelta(days=1))
    in_one_pass = time.perf_counter() - started
    again = service.generate(ctx, ["weekly"], FIRST, end - timedelta(days=1))
    service.generate(ctx, ["weekly"])  # whatever else is kept
    _late(ctx, FIRST + timedelta(weeks=weeks // 2, days=2), people)
    started = time.perf_counter()
    mended = service.generate(ctx, ["weekly"])
    one_day = time.perf_counter() - started

    one = _one_by_one(ctx, people, weeks, sample)
    ratio = one * people * weeks / in_one_pass
    print(f"one pass: {in_one_pass:,.1f} s for {made.rows:,} snapshots of people and teams; again: {again.rows:,} rows")
    print(f"per person and week: {one * 1000:,.0f} ms each (mean of {sample} asked)", end=", ")
    print(f"so {one * people * weeks:,.0f} s for {people * weeks:,} of them (scaled, teams left out)")
    print(f"ratio: {ratio:,.0f} × (limit {LIMIT} ×)")
    share = weeks / max(mended.periods, 1)
    print(f"a day that changed: {one_day:.1f} s for the {mended.periods} of {weeks} weeks that it touches", end=", ")
    print(f"{in_one_pass / one_day:,.1f} × as fast as all of them (limit {share / 2:,.1f} ×)")
    house.close()
    process.terminate()
    process.wait(20)
    few = mended.periods < weeks and in_one_pass / one_day >= share / 2
    return int(ratio < LIMIT or again.rows != made.rows or not few)


def _filled(house: House, people: int, weeks: int) -> Context:
    from core.access import workspaces

    ctx = house.context(workspaces.create(house.app, name="Bench", now=house.clock()))
    repos = filling.repositories(ctx, REPOSITORIES, FACTS)
    params = {
        "w": ctx.workspace.id, "repos": repos, "most": len(repos), "people": people, "weeks": weeks, "first": FIRST,
        "seconds": weeks * 7 * 86_400,
    }  # fmt: skip
    for statement in (PEOPLE, MEMBERS, COMMITS, PULL_REQUESTS, REVIEWS):
        ctx.metrics.command(statement, params)
    return replace(ctx, workspace=replace(ctx.workspace, data_version=1))


def _late(ctx: Context, day: date, people: int) -> None:
    """Commits of one day that come after the snapshots were made."""
    from core.access import workspaces

    repo = ctx.metrics.scalar(
        "SELECT any(repo_id) FROM commits WHERE workspace_id = {w:String}", {"w": ctx.workspace.id}
    )
    ctx.metrics.command(LATE, {"w": ctx.workspace.id, "repo": repo, "people": people, "day": day})
    with ctx.app.session() as session:
        workspaces.data_changed(session, ctx.workspace.id, ctx.clock(), "import", day, day)


def _one_by_one(ctx: Context, people: int, weeks: int, sample: int) -> float:
    """Mean seconds of one person's week, asked by itself; the first one warms up and does not count."""
    from core.base.period import between
    from core.catalogue.scope import Scope
    from core.catalogue.service import measure
    from core.snapshots import periods

    dice, keys, took = random.Random(7), periods.metric_keys(), []
    for _ in range(sample + 1):
        monday = FIRST + timedelta(weeks=dice.randrange(weeks))
        scope = Scope(between(monday, monday + timedelta(days=6)), person_ids=(f"p{dice.randrange(people)}",))
        started = time.perf_counter()
        measure(ctx, keys, scope)
        took.append(time.perf_counter() - started)
    return sum(took[1:]) / sample


if __name__ == "__main__":
    sys.exit(main())
