"""The demo company: the same for the same day, coherent, and quick to make."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core import demo
from core.bootstrap import House
from core.catalogue.models import Feed, Repository
from core.context import Context
from core.demo.workspace import FACTS, metrics_tables
from core.exports.models import ExportJob
from core.people import service as people
from core.reports import service as reports
from core.stores.metrics import MetricsStore
from tests import fresh
from tests.fresh import NOW

ANCHOR = datetime(NOW.year, NOW.month, NOW.day, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(
    metrics: MetricsStore, home: Path, blank: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, Context]]:
    """A house whose demo is loaded once for all tests that only look."""
    folder = tmp_path_factory.mktemp("demo")
    house = fresh.house(home, fresh.copied(blank, folder / "app.db"), metrics, folder)
    yield house, house.context(demo.load(house))
    house.app.close()


@pytest.fixture
def shown(loaded: tuple[House, Context]) -> Context:
    return loaded[1]


def fingerprint(ctx: Context) -> dict[str, tuple[int, int]]:
    """Count and order-free hash of every fact, without what names the workspace or the hour of loading."""
    found = {}
    for table in FACTS:
        columns = [
            row["name"]
            for row in ctx.metrics.rows(
                "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {t:String}",
                {"t": table},
            )
            if row["name"] not in ("workspace_id", "repo_id", "ingested_at", "version")
        ]
        row = ctx.metrics.rows(
            f"SELECT count() AS n, sum(cityHash64({', '.join(columns)})) AS h FROM {table} FINAL"
            " WHERE workspace_id = {w:String}",
            {"w": ctx.workspace.id},
        )[0]
        found[table] = (row["n"], row["h"])
    return found


def count(ctx: Context, sql: str) -> int:
    """The first number of a query in which `{w}` names the workspace, and tables are their newest rows."""
    for table in FACTS:
        sql = sql.replace(f"[{table}]", f"(SELECT * FROM {table} FINAL WHERE workspace_id = {{w:String}})")
    return int(ctx.metrics.scalar(sql, {"w": ctx.workspace.id}))


def test_it_has_the_size_of_a_company(shown: Context) -> None:
    sizes = {table: n for table, (n, _) in fingerprint(shown).items()}

    assert 15_000 < sizes["commits"] < 35_000
    assert 4_000 < sizes["pull_requests"] < 9_000
    assert sizes["reviews"] > sizes["pull_requests"]
    assert sizes["deployments"] > 2_000 and sizes["incidents"] > 100 and sizes["issues"] > 1_000
    assert len(people.people(shown)) == 41 + 3 + 1, "the cast, aliases not merged, and a bot nobody has named yet"
    assert len(people.teams(shown)) == 6
    with shown.app.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Repository)) == 12


COHERENT = (
    ("a first commit before opening", "SELECT countIf(first_commit_at >= opened_at) FROM [pull_requests]"),
    ("ready at or after opening", "SELECT countIf(ready_at < opened_at) FROM [pull_requests]"),
    ("merged after ready", "SELECT countIf(merged_at <= ready_at) FROM [pull_requests]"),
    ("closed when merged", "SELECT countIf(isNotNull(merged_at) AND closed_at != merged_at) FROM [pull_requests]"),
    ("reviews after ready and before the end",
     "SELECT countIf(r.submitted_at <= p.ready_at OR r.submitted_at >= p.closed_at) FROM [reviews] AS r"
     " JOIN [pull_requests] AS p ON r.repo_id = p.repo_id AND r.pr_number = p.number"),
    ("nobody reviews their own",
     "SELECT countIf(r.reviewer_id = p.author_id) FROM [reviews] AS r"
     " JOIN [pull_requests] AS p ON r.repo_id = p.repo_id AND r.pr_number = p.number"),
    ("reviewers were asked first",
     "SELECT countIf(r.submitted_at <= q.requested_at) FROM [reviews] AS r JOIN [review_requests] AS q"
     " ON r.repo_id = q.repo_id AND r.pr_number = q.pr_number AND r.reviewer_id = q.reviewer_id"),
    ("as many comments as reviews say",
     "SELECT abs(sum(c) - (SELECT count() FROM [review_comments] WHERE in_reply_to = ''))"
     " FROM (SELECT comments AS c FROM [reviews])"),
    ("commits of pull requests exist",
     "SELECT countIf((repo_id, sha, authored_at) NOT IN (SELECT repo_id, sha, authored_at FROM [commits]))"
     " FROM [pr_commits]"),
    ("every pull request has commits",
     "SELECT countIf((repo_id, number) NOT IN (SELECT repo_id, pr_number FROM [pr_commits])) FROM [pull_requests]"),
    ("its first commit is its earliest",
     "SELECT countIf(p.first_commit_at != c.at) FROM [pull_requests] AS p JOIN (SELECT repo_id, pr_number,"
     " min(authored_at) AS at FROM [pr_commits] GROUP BY repo_id, pr_number) AS c"
     " ON p.repo_id = c.repo_id AND p.number = c.pr_number"),
    ("merges have their commit",
     "SELECT countIf(merge_sha != '' AND merge_sha NOT IN (SELECT sha FROM [commits] WHERE is_merge = 1))"
     " FROM [pull_requests]"),
    ("lines of a commit are those of its files",
     "SELECT countIf(c.additions != f.a OR c.deletions != f.d OR c.files != f.n OR c.generated_additions != f.g)"
     " FROM [commits] AS c JOIN (SELECT repo_id, sha, sum(additions) AS a, sum(deletions) AS d, count() AS n,"
     " sumIf(additions, generated) AS g FROM [commit_files] GROUP BY repo_id, sha) AS f"
     " ON c.repo_id = f.repo_id AND c.sha = f.sha"),
    ("deployed after the merge",
     "SELECT countIf(d.started_at <= p.merged_at) FROM (SELECT repo_id, started_at, arrayJoin(pr_numbers) AS n"
     " FROM [deployments]) AS d JOIN [pull_requests] AS p ON d.repo_id = p.repo_id AND d.n = p.number"),
    ("each merge is deployed once",
     "SELECT count() - uniqExact(repo_id, n) FROM (SELECT repo_id, arrayJoin(pr_numbers) AS n FROM [deployments])"),
    ("restored after the failure", "SELECT countIf(restored_at <= finished_at) FROM [deployments]"),
    ("incidents after their deployment",
     "SELECT countIf(i.opened_at <= d.finished_at OR d.failed = 0) FROM [incidents] AS i"
     " JOIN [deployments] AS d ON i.deployment_key = d.deployment_key"),
    ("acknowledged, then resolved",
     "SELECT countIf(acknowledged_at <= opened_at OR resolved_at <= acknowledged_at) FROM [incidents]"),
    ("issues close after they open", "SELECT countIf(closed_at <= opened_at) FROM [issues]"),
    ("numbers of pull requests and issues differ",
     "SELECT count() FROM [issues] WHERE (repo_id, number) IN (SELECT repo_id, number FROM [pull_requests])"),
    ("everybody who wrote is known",
     "SELECT countIf(author_id NOT IN (SELECT identity_id FROM identity_people FINAL WHERE workspace_id ="
     " {w:String})) FROM [commits]"),
)  # fmt: skip
"""Claims, and a count of the rows that break each one."""


@pytest.mark.parametrize(("what", "sql"), COHERENT)
def test_its_facts_agree(shown: Context, what: str, sql: str) -> None:
    assert count(shown, sql) == 0, what


@pytest.mark.parametrize(
    ("table", "moment"),
    [("commits", "authored_at"), ("pull_requests", "coalesce(closed_at, opened_at)"), ("reviews", "submitted_at"),
     ("review_comments", "created_at"), ("deployments", "started_at"), ("incidents", "opened_at"),
     ("issues", "coalesce(closed_at, opened_at)")],
)  # fmt: skip
def test_it_ends_yesterday(shown: Context, table: str, moment: str) -> None:
    last = shown.metrics.scalar(
        f"SELECT max({moment}) FROM {table} FINAL WHERE workspace_id = {{w:String}}", {"w": shown.workspace.id}
    )

    # Incidents are rare; everything else happens every working day.
    assert ANCHOR - timedelta(days=40 if table == "incidents" else 3) < last.replace(tzinfo=UTC) < ANCHOR
    with shown.app.reading() as session:
        assert set(session.scalars(sa.select(Feed.complete_until))) == {ANCHOR}
        assert set(session.scalars(sa.select(Feed.source))) == {"demo"}


def test_people_work_at_their_own_hours_and_seldom_on_leave(shown: Context) -> None:
    local = "authored_at + INTERVAL author_offset MINUTE"
    authored = f"SELECT countIf(toDayOfWeek({local}) >= 6) / count() AS x FROM [commits] WHERE is_merge = 0"

    assert 0 < count(shown, authored.replace("AS x", "* 1000 AS x")) < 100
    assert count(shown, f"SELECT countIf(toHour({local}) BETWEEN 8 AND 18) / count() * 100 FROM [commits]") > 85
    assert count(shown, "SELECT uniqExact(author_offset) FROM [commits]") >= 7


def test_its_bad_quarter_is_bad(shown: Context) -> None:
    first = (ANCHOR - timedelta(days=548)).date()
    bad = f"BETWEEN toDate('{first + timedelta(days=205)}') AND toDate('{first + timedelta(days=265)}')"
    good = f"BETWEEN toDate('{first + timedelta(days=60)}') AND toDate('{first + timedelta(days=120)}')"
    cycle = "SELECT median(dateDiff('minute', ready_at, merged_at)) FROM [pull_requests] WHERE toDate(ready_at) "
    trouble = "SELECT count() FROM [incidents] WHERE toDate(opened_at) "

    assert count(shown, cycle + bad) > 1.3 * count(shown, cycle + good)
    assert count(shown, trouble + bad) > 1.5 * count(shown, trouble + good)


def test_it_has_what_there_is_to_try(shown: Context) -> None:
    quiet = (
        "SELECT dateDiff('day', max(authored_at), max(max(authored_at)) OVER ()) AS d FROM [commits] GROUP BY repo_id"
    )
    assert count(shown, f"SELECT max(d) FROM ({quiet})") > 200
    assert len(people.merges(shown)) == 2
    assert len(people.suggestions(shown)) >= 3
    assert [one.name for one in people.bot_candidates(shown)] == ["Release Automation"]
    assert {p.name for p in people.people(shown, include_bots=True) if p.is_bot} == {"Renovate Bot", "dependabot[bot]"}
    assert not people.person(shown, "rabbott").is_bot
    assert any(len({m.team_id for m in people.memberships(shown, person_id=p.id)}) > 1 for p in people.people(shown))
    assert len({p.time_zone for p in people.people(shown)}) >= 7
    assert len(people.leave(shown)) > 50
    assert len(reports.reports(shown)) == 3


def test_the_same_day_makes_the_same_demo_and_a_second_load_nothing(
    loaded: tuple[House, Context], house: House
) -> None:
    first, shown = loaded
    before = fingerprint(shown)

    assert demo.load(first).id == shown.workspace.id
    assert fingerprint(shown) == before
    started = time.process_time()
    other = house.context(demo.load(house))
    took = time.process_time() - started

    assert fingerprint(other) == before
    assert other.workspace.is_demo
    assert took < 10


def test_a_reset_undoes_what_was_done_in_it_and_moves_its_end(house: House) -> None:
    ctx = house.context(demo.load(house))
    members = people.people(ctx)
    people.merge(ctx, members[0].id, members[1].id)
    ctx.files.put("exports/made.pdf", b"%PDF")
    with ctx.app.session() as session:
        session.add(ExportJob(workspace_id=ctx.workspace.id, export_type="report", format="pdf", config={},
                              file_path="exports/made.pdf", created_at=NOW))  # fmt: skip
    tomorrow = replace(house, clock=lambda: NOW + timedelta(days=1))

    again = tomorrow.context(demo.reset(tomorrow))

    assert again.workspace.id == ctx.workspace.id
    assert again.workspace.data_version > ctx.workspace.data_version
    assert {p.id for p in people.people(again)} == {p.id for p in members}
    assert len(people.merges(again)) == 2
    assert ctx.files.path("exports/made.pdf") is None
    with ctx.app.reading() as session:
        assert session.scalar(sa.select(ExportJob.id)) is None
        assert set(session.scalars(sa.select(Feed.complete_until))) == {ANCHOR + timedelta(days=1)}


def test_a_load_that_was_cut_short_starts_over(house: House) -> None:
    from core.access import workspaces
    from core.demo.cast import SLUG

    half = workspaces.create(house.app, name="Demo", slug=SLUG, now=NOW, is_demo=True)
    ctx = house.context(half)
    ctx.metrics.insert_rows("issues", [{"workspace_id": half.id, "repo_id": "x", "number": 1, "version": 1}])

    assert demo.load(house).id == half.id
    assert count(ctx, "SELECT countIf(repo_id = 'x') FROM [issues]") == 0
    assert "snapshots" in metrics_tables(ctx)


def test_this_checkouts_own_history_stands_beside_it(house: House, tmp_path: Path) -> None:
    git = ("git", "-C", str(tmp_path), "-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "Begin"], check=True)

    made = demo.own_history(house, tmp_path)

    assert made is not None and not made.is_demo
    ctx = house.context(made)
    assert [one.name for one in people.people(ctx)] == ["Ada"]
    assert count(ctx, "SELECT count() FROM [commits]") == 1
    assert demo.own_history(house, tmp_path) == made


def test_a_folder_without_history_makes_no_workspace(house: House, tmp_path: Path) -> None:
    assert demo.own_history(house, tmp_path) is None
