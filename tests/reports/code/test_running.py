"""Report files that ask for this installation's own: widgets beside a database, with the stores and without."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from core.base.errors import StoreUnreachable
from core.context import Context
from core.entrypoints.cli.report_files.running import Ready
from core.entrypoints.cli.report_files.telling import failures
from core.figures import Notice, Stat
from core.reports.code.compiling import compiled
from core.reports.code.reading import opened_texts
from core.reports.code.running import Outcome, built
from core.reports.plan import ReportPlan
from tests.reports.code.conftest import Run
from tests.reports.conftest import World

NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
MIXED = """
start_date: 2026-03-01
end_date: 2026-03-11
timezone: UTC
datasources:
  db: {{plugin: sql, args: {{driver: sqlite, database: {path}}}}}
views:
  commits: {{plugin: metric.stat, title: Commits, cols: 3, args: {{metric: commits_count}}}}
  rows: {{plugin: single_stat, title: Rows, cols: 3, args: {{datasource: db, query: select 7 as n}}}}
"""


def mixed(folder: Path) -> ReportPlan:
    """A widget of ours beside a view of a SQLite file."""
    sqlite3.connect(folder / "d.db").execute("CREATE TABLE t (n INTEGER)").connection.close()
    return compiled(opened_texts([("f.yaml", MIXED.format(path=folder / "d.db"))]).certain())


def figures(outcome: Outcome) -> list[object]:
    return list(outcome.document.figures())


def test_a_widget_and_a_database_stand_in_one_report(world: World, tmp_path: Path) -> None:
    outcome = built(mixed(tmp_path), NOW, "UTC", lambda: world.ctx)

    commits, rows = figures(outcome)
    assert outcome.failures == ()
    assert isinstance(commits, Stat)
    assert isinstance(rows, Stat)
    # ann and cem committed once on each of the nine days of the window
    assert (commits.title, commits.value) == ("Commits", 18)
    assert (rows.title, rows.value) == ("Rows", 7)


def test_where_the_stores_are_away_the_widgets_fail_and_the_rest_is_made(tmp_path: Path) -> None:
    def away() -> Context:
        raise StoreUnreachable("The metrics store does not answer. Start it: sightline up")

    outcome = built(mixed(tmp_path), NOW, "UTC", away)

    commits, rows = figures(outcome)
    assert outcome.failures == ("Commits: The metrics store does not answer. Start it: sightline up",)
    assert isinstance(commits, Notice)
    assert isinstance(rows, Stat)
    assert (commits.columns, rows.value) == (3, 7)


def test_a_machine_without_a_workspace_ends_with_three_and_makes_the_rest(run: Run, folder: Path) -> None:
    (folder / "own.yaml").write_text("views: {commits: {plugin: metric.stat, args: {metric: commits_count}}}")

    done = run("run", "-c", "good.yaml", "own.yaml")

    assert done.returncode == 3
    assert done.stderr.startswith("own.yaml:1:9: metric.stat: There is no workspace yet.")
    assert "1 of 2 views, 1 of 1 output" in done.stdout


THREE = """
views:
  part: {plugin: section, title: Numbers}
  second: {plugin: metric.stat, title: Commits, args: {metric: commits_count}}
  third:
    plugin: table
    title: Sign-ups again
    args: {datasource: db, query: select country from signups}
"""


def test_a_widget_that_failed_is_told_at_its_own_line_and_stands_in_its_own_place(run: Run, folder: Path) -> None:
    (folder / "three.yaml").write_text(THREE)

    done = run("run", "-c", "good.yaml", "three.yaml", SIGHTLINE_DATABASE_URL="postgresql+psycopg://x@127.0.0.1:1/x")

    assert done.returncode == 3
    assert done.stderr.startswith("three.yaml:4:3: Commits: The app store does not answer: ")
    page = (folder / "_build/2026-03-02_2026-03-09_weekly/index.html").read_text()
    assert page.index("Sign-ups<") < page.index("Failed · Commits") < page.index("Sign-ups again")


def test_a_widget_that_fails_beside_its_stores_is_told_at_its_own_line(world: World, tmp_path: Path) -> None:
    text = MIXED.format(path=tmp_path / "d.db").replace("commits_count", "commits_cuont")
    sqlite3.connect(tmp_path / "d.db").execute("CREATE TABLE t (n INTEGER)").connection.close()
    opened = opened_texts([("f.yaml", text)])
    plan = compiled(opened.certain())

    outcome = built(plan, NOW, "UTC", lambda: world.ctx)

    (told,) = failures(Ready(plan, opened, []), outcome)
    assert (told.place.line, told.path) == (8, "views.commits")
    assert told.sentence.startswith("Commits: Number: 'metric': There is no metric named 'commits_cuont'.")
