"""Report files that ask for this installation's own: widgets beside a database, with the stores and without."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from core.base.errors import StoreUnreachable
from core.context import Context
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
    assert "There is no workspace yet." in done.stderr
    assert "1 of 2 views, 1 of 1 output" in done.stdout
