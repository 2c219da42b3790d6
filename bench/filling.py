"""A workspace of millions of rows, made by the store itself: for the benchmarks that ask about size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.bootstrap import House
    from core.context import Context

PEOPLE, TEAMS, REPOSITORIES, YEARS = 2_000, 50, 200, 5
LAST = date(2026, 1, 5)
"""The day after the last one with facts."""
FIRST = LAST - timedelta(days=365 * YEARS)
NAME = "Scale"
FACTS = ("commits", "commit_files", "pull_requests", "reviews", "review_comments", "review_requests", "pr_commits",
         "deployments", "incidents")  # fmt: skip
PIECES = 5
"""Inserts of a table, as a workspace that grew has parts that were not merged yet."""

PERSON = "{number} % {people:UInt32} + 1"
AT = "toDateTime({first:Date}, 'UTC') + intDiv(number * {seconds:UInt64}, {all:UInt64})"
REPO = "{repos:Array(String)}"
AUTHOR = "cityHash64(number) % {people:UInt32}"
OF_REPO = "(pull % {most:UInt32} + {most:UInt32} * (cityHash64($) % intDiv({people:UInt32}, {most:UInt32}))) + 1"
"""Somebody who commits to the repository of pull request `pull`, which stands in `pull % repositories`."""
PULL_AUTHOR, REVIEWER = OF_REPO.replace("$", "pull"), OF_REPO.replace("$", "number, 8")
OPENED = "toDateTime({first:Date}, 'UTC') + intDiv(pull * {seconds:UInt64}, {pulls:UInt64})"
MERGED = f"{OPENED} + 3600 + cityHash64(pull, 4) % 400000"

IDENTITIES = """INSERT INTO identity_people (workspace_id, identity_id, person_id, is_bot, version)
SELECT {w:String}, number + 1, concat('p', toString(number)), number % 100 = 0, 1 FROM numbers({people:UInt32})"""
MEMBERS = """INSERT INTO team_members (workspace_id, team_id, person_id, valid_from, version)
SELECT {w:String}, concat('t', toString(number % {teams:UInt32})), concat('p', toString(number)), '2020-01-01', 1
FROM numbers({people:UInt32})"""
COMMITS = f"""INSERT INTO commits (workspace_id, repo_id, sha, author_id, author_name, author_email, author_offset,
    authored_at, committed_at, parents, is_merge, additions, deletions, files, generated_additions,
    generated_deletions, generated_files, subject, version)
SELECT {{w:String}}, {REPO}[({AUTHOR} + cityHash64(number, 9) % 3) % {{most:UInt32}} + 1], hex(sipHash128(number)),
    {AUTHOR} + 1 AS author, concat('Person ', toString(author)), concat('p', toString(author), '@example.org'), 60,
    {AT} AS at, at, 1 + (number % 20 = 0), number % 20 = 0, cityHash64(number, 1) % 200, cityHash64(number, 2) % 80,
    2, 0, 0, 0, concat('Change ', toString(number)), 1
FROM numbers({{from:UInt64}}, {{some:UInt64}})"""
FILES = f"""INSERT INTO commit_files (workspace_id, repo_id, sha, path, author_id, authored_at, language, additions,
    deletions, is_binary, generated, version)
SELECT {{w:String}}, {REPO}[({AUTHOR} + cityHash64(number, 9) % 3) % {{most:UInt32}} + 1], hex(sipHash128(number)),
    concat('src/part', toString(cityHash64(number, copy) % 40), '/file', toString(cityHash64(number, copy, 1) % 60),
        ['.py', '.ts', '.go', '.sql'][number % 4 + 1]),
    {AUTHOR} + 1, {AT}, ['Python', 'TypeScript', 'Go', 'SQL'][number % 4 + 1], cityHash64(number, copy, 2) % 100,
    cityHash64(number, copy, 3) % 40, 0, 0, 1
FROM numbers({{from:UInt64}}, {{some:UInt64}}) ARRAY JOIN [1, 2] AS copy"""
PULLS = f"""INSERT INTO pull_requests (workspace_id, repo_id, number, title, author_id, state, opened_at, ready_at,
    first_commit_at, merged_at, closed_at, merged_by_id, additions, deletions, files, commits, base_branch, source,
    approximate, version)
SELECT {{w:String}}, {REPO}[pull % {{most:UInt32}} + 1], intDiv(pull, {{most:UInt32}}) + 1,
    concat('Pull request ', toString(pull)), {PULL_AUTHOR}, if(open, 'open', 'merged'), {OPENED}, {OPENED},
    {OPENED} - cityHash64(pull, 6) % 200000, if(open, NULL, {MERGED}), if(open, NULL, {MERGED}),
    if(open, 0, cityHash64(pull, 7) % {{people:UInt32}} + 1), cityHash64(pull, 5) % 400, 20, 4, 3, 'main', 'bench', 0, 1
FROM (
    SELECT number AS pull, {MERGED} > toDateTime({{last:Date}}, 'UTC') AS open
    FROM numbers({{from:UInt64}}, {{some:UInt64}})
)"""
REVIEWS = f"""INSERT INTO reviews (workspace_id, repo_id, pr_number, review_key, reviewer_id, state, submitted_at,
    comments, body_length, source, approximate, version)
SELECT {{w:String}}, {REPO}[pull % {{most:UInt32}} + 1], intDiv(pull, {{most:UInt32}}) + 1, toString(number),
    {REVIEWER}, if(number % 2, 'approved', 'commented'),
    {OPENED} + 1800 + number % 2 * 900, number % 4, 40, 'bench', 0, 1
FROM (SELECT number, intDiv(number, 2) AS pull FROM numbers({{from:UInt64}} * 2, {{some:UInt64}} * 2))"""
COMMENTS = f"""INSERT INTO review_comments (workspace_id, repo_id, pr_number, comment_key, author_id, created_at, path,
    body_length, source, version)
SELECT {{w:String}}, {REPO}[pull % {{most:UInt32}} + 1], intDiv(pull, {{most:UInt32}}) + 1, toString(number),
    {REVIEWER}, {OPENED} + 1200 + number % 2 * 900, 'src/part1/file1.py', 80,
    'bench', 1
FROM (SELECT number, intDiv(number, 2) AS pull FROM numbers({{from:UInt64}} * 2, {{some:UInt64}} * 2))"""
REQUESTS = f"""INSERT INTO review_requests (workspace_id, repo_id, pr_number, reviewer_id, requested_at, source,
    version)
SELECT {{w:String}}, {REPO}[pull % {{most:UInt32}} + 1], intDiv(pull, {{most:UInt32}}) + 1,
    {OF_REPO.replace("$", "pull * 2, 8")}, {OPENED} + 600, 'bench', 1
FROM (SELECT number AS pull FROM numbers({{from:UInt64}}, {{some:UInt64}}))"""
PULL_COMMITS = f"""INSERT INTO pr_commits (workspace_id, repo_id, pr_number, sha, author_id, authored_at, pushed_at,
    source, version)
SELECT {{w:String}}, {REPO}[pull % {{most:UInt32}} + 1], intDiv(pull, {{most:UInt32}}) + 1, hex(sipHash128(number)),
    {PULL_AUTHOR}, {OPENED} - 3600, {OPENED} + number % 3 * 1500, 'bench', 1
FROM (SELECT number, intDiv(number, 3) AS pull FROM numbers({{from:UInt64}} * 3, {{some:UInt64}} * 3))"""
DEPLOYMENTS = f"""INSERT INTO deployments (workspace_id, repo_id, deployment_key, environment, is_production, status,
    started_at, finished_at, sha, creator_id, pr_numbers, failed, source, version)
SELECT {{w:String}}, {REPO}[pull % {{most:UInt32}} + 1], toString(number), 'production', 1, 'success',
    {OPENED} AS began, began + 300, hex(sipHash128(number)), 1, [], number % 17 = 0, 'bench', 1
FROM (SELECT number, number * 5 AS pull FROM numbers(intDiv({{from:UInt64}}, 5), intDiv({{some:UInt64}}, 5)))"""
INCIDENTS = f"""INSERT INTO incidents (workspace_id, repo_id, incident_key, title, severity, opened_at, resolved_at,
    deployment_key, source, version)
SELECT {{w:String}}, {REPO}[pull % {{most:UInt32}} + 1], toString(number), 'Slow answers', 'major',
    {OPENED} + 900 AS began, began + 7200, toString(number * 17), 'bench', 1
FROM (SELECT number, number * 85 AS pull FROM numbers(intDiv({{from:UInt64}}, 85), intDiv({{some:UInt64}}, 85)))"""
OF_COMMITS = (COMMITS, FILES)
OF_PULLS = (PULLS, REVIEWS, COMMENTS, REQUESTS, PULL_COMMITS, DEPLOYMENTS, INCIDENTS)

EXPORTS = {
    "commits": ("commits", "repo_id, author_id, {authored_at}, is_merge, additions, deletions", "authored_at"),
    "people": ("identity_people", "identity_id AS author_id, person_id, is_bot", "identity_id"),
    "pulls": ("pull_requests", "repo_id, number, author_id, {ready_at}, {merged_at}", "opened_at"),
    "reviews": ("reviews", "repo_id, pr_number, reviewer_id, {submitted_at}, state", "submitted_at"),
    "comments": ("review_comments", "repo_id, pr_number, author_id, {created_at}", "created_at"),
}
"""The rows as DuckDB gets them: only the columns that are asked for, ordered by time, as suits it best."""


@contextmanager
def opened(home: Path, commits: int, pulls: int) -> Iterator[Context]:
    """A workspace of that size, filled now if `home` does not hold it, with a store of its own that ends with it."""
    from core.base.queue import InlineQueue
    from core.base.settings import settings
    from core.bootstrap import build
    from core.stores.metrics import embedded

    process = embedded.launch(home)
    house = build(settings(), InlineQueue(), clock=lambda: datetime(LAST.year, LAST.month, LAST.day, 12, tzinfo=UTC))
    try:
        house.migrate()
        ctx = _known(house) or _filled(house, commits, pulls)
        yield replace(ctx, workspace=replace(ctx.workspace, data_version=1))
    finally:
        house.close()
        process.terminate()
        process.wait(60)


def told(ctx: Context) -> str:
    """How many rows there are."""
    counted = {
        name: ctx.metrics.rows(f"SELECT count() AS n FROM {name}", {})[0]["n"]
        for name in ("commits", "commit_files", "pull_requests", "reviews", "deployments")
    }
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counted.items())


def parquet(ctx: Context, home: Path) -> Iterator[tuple[str, Path]]:
    """The facts as files, one a table, written once."""
    import pyarrow.parquet as pq

    for name, (table, columns, order) in EXPORTS.items():
        file = home / f"{name}.parquet"
        if not file.exists():
            listed = re.sub(r"{(\w+)}", r"toDateTime64(t.\1, 0, 'UTC') AS \1", columns)
            sql = f"SELECT {listed} FROM {table} AS t FINAL WHERE workspace_id = {{w:String}} ORDER BY t.{order}"
            pq.write_table(ctx.metrics.arrow(sql, {"w": ctx.workspace.id}), file, row_group_size=122_880)
        yield name, file


def _known(house: House) -> Context | None:
    from core.access import workspaces

    for one in workspaces.every(house.app):
        if one.name == NAME:
            return house.context(one)
    return None


def _filled(house: House, commits: int, pulls: int) -> Context:
    from core.access import workspaces

    ctx = house.context(workspaces.create(house.app, name=NAME, now=house.clock()))
    repos = repositories(ctx, REPOSITORIES, FACTS)
    params: dict[str, Any] = {
        "w": ctx.workspace.id, "people": PEOPLE, "teams": TEAMS, "repos": repos, "most": len(repos), "first": FIRST,
        "last": LAST, "seconds": (LAST - FIRST).days * 86_400, "pulls": pulls,
    }  # fmt: skip
    for statement in (IDENTITIES, MEMBERS):
        ctx.metrics.command(statement, params)
    for statements, rows in ((OF_COMMITS, commits), (OF_PULLS, pulls)):
        for statement in statements:
            for piece in range(PIECES):
                part = {"from": rows * piece // PIECES, "some": rows // PIECES, "all": rows}
                ctx.metrics.command(statement, params | part)
    return ctx


def repositories(ctx: Context, most: int, facts: tuple[str, ...]) -> list[str]:
    """The ids of so many new repositories, of which a source tells these facts up to now."""
    from core.catalogue.models import Feed, Repository

    with ctx.app.session() as session:
        made = [
            Repository(workspace_id=ctx.workspace.id, name=f"repo-{index}", created_at=ctx.clock())
            for index in range(most)
        ]
        session.add_all(made)
        session.flush()
        repos = [repo.id for repo in made]
        session.add_all(
            Feed(
                workspace_id=ctx.workspace.id, repo_id=repo_id, fact=fact, source="bench", is_approximate=False,
                complete_until=ctx.clock(), updated_at=ctx.clock(),
            )
            for fact in facts
            for repo_id in repos
        )  # fmt: skip
    return repos
