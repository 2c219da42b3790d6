"""The examples of the manual, run as they stand on real servers; each number was counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.documents import Document, render
from core.figures import Series, Stat, State, Table
from core.reports.code.compiling import compiled
from core.reports.code.reading import read
from core.reports.code.running import Outcome, built
from tests.datasources.test_jenkins import TREE
from tests.servers.mariadb import PASSWORD, USER, mariadb
from tests.servers.prometheus import prometheus
from tests.servers.replies import Reply, replying

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
FORMATS = ("html", "pdf", "xlsx", "csv", "markdown", "json")
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
PER_DAY = (1, 0, 2, 3, 0, 1, 4)
"""Sign-ups of the week from Monday; eight the week before, five long ago, one on the Monday after."""


def ran(name: str) -> Outcome:
    plan = compiled(read([EXAMPLES / name]), start="2026-03-02", end="2026-03-09")

    def no_house() -> None:
        raise AssertionError("No store of ours is needed for this.")

    return built(plan, datetime(2026, 3, 9, 8, tzinfo=UTC), "UTC", no_house)  # type: ignore[arg-type]


def by_id(document: Document) -> dict[str, list[Stat | Series | Table]]:
    """The figures of each view, a view of several by its id before the dash."""
    found: dict[str, list[Stat | Series | Table]] = {}
    for figure in document.figures():
        assert isinstance(figure, Stat | Series | Table), figure
        found.setdefault(figure.key.partition("-")[0], []).append(figure)
    return found


@pytest.fixture(scope="module")
def signups() -> Iterator[str]:
    """The address of a database of sign-ups."""
    with mariadb() as server:
        server.run("CREATE TABLE shop.signups (id INT AUTO_INCREMENT PRIMARY KEY, created_at DATETIME NOT NULL)")
        times = [
            MONDAY + timedelta(days=day, hours=9, minutes=n) for day, much in enumerate(PER_DAY) for n in range(much)
        ]
        times += [MONDAY - timedelta(days=1 + n % 7) + timedelta(minutes=n) for n in range(8)]
        times += [datetime(2025, 12, 24, 12, n, tzinfo=UTC) for n in range(5)]
        times += [MONDAY + timedelta(days=7)]
        server.run(*(f"INSERT INTO shop.signups (created_at) VALUES ('{at:%Y-%m-%d %H:%M:%S}')" for at in times))
        yield f"127.0.0.1:{server.port}"


@pytest.fixture
def top_of_funnel(signups: str, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    for name, value in {"DB_HOST": signups, "DB_USER": USER, "DB_PASSWORD": PASSWORD}.items():
        monkeypatch.setenv(name, value)
    return ran("top-of-funnel.yaml")


def test_the_top_of_the_funnel_is_counted(top_of_funnel: Outcome) -> None:
    assert top_of_funnel.failures == ()
    figures = by_id(top_of_funnel.document)

    (total,), (daily,), (week,), (table,) = (figures[name] for name in ("total", "daily", "week", "table"))
    # 13 came before the window; 11 in it.
    assert isinstance(total, Series)
    assert total.lines[0].y == list(range(14, 25))
    assert isinstance(daily, Series)
    counted = dict(zip(daily.lines[0].x, daily.lines[0].y, strict=True))
    assert [y or 0 for _, y in sorted(counted.items(), key=lambda at: str(at[0]))] == list(PER_DAY)
    assert isinstance(week, Stat)
    assert (week.value, week.text) == (11, "11")
    assert week.change
    assert week.change.value == pytest.approx(11 / 8 - 1)
    assert isinstance(table, Table)
    assert [tuple(row) for row in table.rows] == [
        ("2026-03-02", 1), ("2026-03-04", 2), ("2026-03-05", 3), ("2026-03-07", 1), ("2026-03-08", 4),
    ]  # fmt: skip
    assert [col.label for col in table.cols] == ["Day", "New accounts"]


def test_the_password_is_nowhere_in_what_is_kept(top_of_funnel: Outcome) -> None:
    assert PASSWORD not in top_of_funnel.document.frozen()


@pytest.fixture
def ci(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outcome]:
    with replying() as server:
        server.routes["/api/json"] = Reply(TREE)
        for name, value in {"JENKINS_HOST": server.url, "JENKINS_USER": "ann", "JENKINS_TOKEN": "t"}.items():
            monkeypatch.setenv(name, value)
        yield ran("ci.yaml")
        assert len(server.asked) == 1, "two views of one question ask it once"


def test_builds_are_told_for_applications_and_for_the_rest(ci: Outcome) -> None:
    assert ci.failures == ()
    figures = by_id(ci.document)

    names = {view: [row[0] for row in table.rows] for view, (table,) in figures.items() if isinstance(table, Table)}
    assert names == {"applications": ["shop-app", "teams/deep/new-app", "teams/pay-app"], "others": ["docs"]}


def _samples() -> list[str]:
    """Idle grows by 1800 s an hour on web-1 (half busy) and 3600 s on web-2; one critical alert for four windows."""
    lines = ["# TYPE node_cpu_seconds_total counter"]
    hours = range(-2, 7 * 24)
    for host, idle in (("web-1", 1800), ("web-2", 3600)):
        for hour in hours:
            at = (MONDAY + timedelta(hours=hour)).timestamp()
            labels = f'hostname="{host}",mode="idle",cpu="0"'
            lines.append(f"node_cpu_seconds_total{{{labels}}} {(hour + 3) * idle} {at:.0f}")
    lines.append("# TYPE ALERTS gauge")
    labels = 'alertname="DiskFull",alertstate="firing",severity="critical",instance="web-1:9100"'
    for quarter in range(4):
        at = (MONDAY + timedelta(days=1, minutes=15 * quarter)).timestamp()
        lines.append(f"ALERTS{{{labels}}} 1 {at:.0f}")
    return lines


@pytest.fixture(scope="module")
def prom() -> Iterator[str]:
    with prometheus(_samples()) as host:
        yield host


@pytest.fixture
def ops(prom: str, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    monkeypatch.setenv("PROMETHEUS_HOST", prom)
    return ran("ops.yaml")


def test_operations_show_load_and_alerts(ops: Outcome) -> None:
    assert ops.failures == ()
    figures = by_id(ops.document)

    (load,), (timeline, critical), (warnings,) = (figures[name] for name in ("load", "critical", "warnings"))
    assert isinstance(load, Series)
    assert {line.name: set(line.y) for line in load.lines} == {"web-1": {50.0}, "web-2": {0.0}}
    assert isinstance(timeline, Series)
    assert timeline.note == "Something was firing for 1 h."
    assert isinstance(critical, Table)
    assert critical.rows[0][:5] == ["DiskFull", "severity=critical", 1, 4, 1.0]
    assert isinstance(warnings, Table)
    assert (warnings.state, warnings.state_text) == (State.MEASURED, "No alerts")


@pytest.mark.parametrize("fmt", FORMATS)
def test_every_example_is_written_in_every_format(top_of_funnel: Outcome, ci: Outcome, ops: Outcome, fmt: str) -> None:
    for outcome in (top_of_funnel, ci, ops):
        assert len(render(outcome.document, fmt).content) > 500


def test_own_metrics_stand_beside_words(ctx, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    from tests.catalogue.factories import History

    history = History(ctx)
    history.person("ann")
    for when in ("2026-03-04 09:00", "2026-03-05 09:00"):
        history.commit("ann", when)
    acting = history.ingest()

    plan = compiled(read([EXAMPLES / "weekly-metrics.yaml"]))
    outcome = built(plan, acting.clock(), "UTC", lambda: acting)

    assert outcome.failures == ()
    assert [section.title for section in outcome.document.sections] == ["", "By repository"]
    stat = next(figure for figure in outcome.document.figures() if isinstance(figure, Stat))
    assert stat.value == 2
