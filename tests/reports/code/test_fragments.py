"""The manual's small pieces, run as files of their own: the grid, single views, each datasource, one's own plugins."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent

import pytest

from core.documents import render
from core.figures import Figure, Series, Stat, Table
from core.reports.code.compiling import compiled
from core.reports.code.reading import read
from core.reports.code.running import Outcome, built
from core.reports.plan import ProseBlock
from tests.datasources.test_jenkins import TREE
from tests.plugins.conftest import installed, orchard  # noqa: F401 - fixtures
from tests.servers.prometheus import prometheus
from tests.servers.replies import Replies, Reply, replying

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
PER_DAY = (1, 0, 2, 3, 0, 1, 4)


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """A datasource of 11 sign-ups in the week and 8 in the week before."""
    times = [MONDAY + timedelta(days=day, hours=9, minutes=n) for day, much in enumerate(PER_DAY) for n in range(much)]
    times += [MONDAY - timedelta(days=1 + n % 7) + timedelta(minutes=n) for n in range(8)]
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE signups (created_at TEXT)")
        connection.executemany("INSERT INTO signups VALUES (?)", [(f"{at:%Y-%m-%d %H:%M:%S}",) for at in times])
    connection.close()
    path = tmp_path / "shop.db"
    return f"datasources: {{users_db: {{plugin: sql, args: {{driver: sqlite, database: {path}}}}}}}\n"


@pytest.fixture
def replies() -> Iterator[Replies]:
    with replying() as server:
        yield server


def ran(folder: Path, text: str, start: str = "2026-03-02", end: str = "2026-03-09") -> Outcome:
    (folder / "report.yaml").write_text(text)
    plan = compiled(read([folder / "report.yaml"]), start=start, end=end)

    def no_house() -> None:
        raise AssertionError("No store of ours is needed for this.")

    outcome = built(plan, datetime(2026, 3, 9, 8, tzinfo=UTC), "UTC", no_house)  # type: ignore[arg-type]
    for fmt in ("html", "pdf"):
        assert len(render(outcome.document, fmt).content) > 500
    return outcome


def figures(outcome: Outcome) -> list[Figure]:
    assert outcome.failures == ()
    return list(outcome.document.figures())


GRID = {"view_a": "", "view_b": ", cols: 2", "view_c": ", cols: 4", "view_d": "", "view_e": ", cols: 3"}
GRID |= {"view_f": ", cols: 3"}


def test_six_views_stand_on_the_grid_as_they_ask_to(tmp_path: Path) -> None:
    text = "views:\n" + "".join(f"  {name}: {{plugin: text, title: {name}{cols}}}\n" for name, cols in GRID.items())
    (tmp_path / "grid.yaml").write_text(text)

    (section,) = compiled(read([tmp_path / "grid.yaml"])).sections

    blocks = [block for block in section.blocks if isinstance(block, ProseBlock)]
    assert [(block.title, block.columns) for block in blocks] == [
        ("view_a", 6), ("view_b", 2), ("view_c", 4), ("view_d", 6), ("view_e", 3), ("view_f", 3),
    ]  # fmt: skip
    assert len(figures(ran(tmp_path, text))) == 6


def test_bars_by_a_day_that_is_text(tmp_path: Path, shop: str) -> None:
    text = shop + dedent("""
        views:
          new_signups:
            plugin: plot
            title: New
            args:
              datasource: users_db
              kind: bar
              query: |
                select strftime('%Y-%m-%d', created_at) as time, count(*) as daily
                from signups where created_at >= {from} and created_at < {to} group by 1
              query_args:
                parse_dates: {time: '%Y-%m-%d'}
    """)

    (figure,) = figures(ran(tmp_path, text))

    assert isinstance(figure, Series)
    assert figure.title == "New"
    (line,) = figure.lines
    told = {str(x)[:10]: y for x, y in zip(line.x, line.y, strict=True)}
    assert [told.get(f"2026-03-0{day}") or 0 for day in range(2, 9)] == list(PER_DAY)


@pytest.mark.parametrize(("kind", "value", "said"), [("percent", 11 / 8 - 1, "+37.5 %"), ("raw", 3, "+3")])
def test_one_number_against_the_interval_before(tmp_path: Path, shop: str, kind: str, value: float, said: str) -> None:
    text = shop + dedent(f"""
        views:
          new_signups:
            plugin: single_stat
            args:
              datasource: users_db
              query: |
                select count(*) from signups where created_at >= {{from}} and created_at < {{to}}
              comparison_query: |
                select count(*) from signups
                where created_at >= date({{from}}, '-' || {{interval}}) and created_at < {{from}}
              comparison_type: {kind}
    """)

    (figure,) = figures(ran(tmp_path, text))

    assert isinstance(figure, Stat)
    assert figure.text == "11"
    assert figure.change
    assert (figure.change.value, figure.change.text) == (pytest.approx(value), said)


@pytest.mark.parametrize(
    ("query", "args", "lines"),
    [
        ("select '2026-03-03' as time, 1.5 as value", "", {"value": [1.5]}),
        ("select '2026-03-03' as time, 1 as value_a, 4 as value_b", "", {"value_a": [1], "value_b": [4]}),
        (
            "select '2026-03-03' as time, 1.0 as value, 'USA' as country union all select '2026-03-03', 3.2, 'Germany'",
            "groupby: country, ",
            {"USA": [1.0], "Germany": [3.2]},
        ),
    ],
)
def test_a_plot_takes_the_three_shapes_of_tables(
    tmp_path: Path, shop: str, query: str, args: str, lines: dict[str, list[float]]
) -> None:
    dates = "query_args: {parse_dates: [time]}"
    text = f'{shop}views: {{v: {{plugin: plot, args: {{datasource: users_db, {args}{dates}, query: "{query}"}}}}}}\n'

    (figure,) = figures(ran(tmp_path, text))

    assert isinstance(figure, Series)
    assert {line.name or "value": list(line.y) for line in figure.lines} == lines


def test_a_label_may_hold_a_link(tmp_path: Path, shop: str) -> None:
    text = shop + dedent("""
        views:
          v:
            plugin: single_stat
            args:
              datasource: users_db
              query: select 3
              label: |
                {stat} <a href="https://example.com">More</a>
    """)

    (figure,) = figures(ran(tmp_path, text))

    assert isinstance(figure, Stat)
    assert (figure.text, 'href="https://example.com"' in figure.html) == ("3 More", True)


@pytest.fixture(scope="module")
def prom() -> Iterator[str]:
    lines = ["# TYPE node_cpu_seconds_total counter"]
    for hour in range(-2, 7 * 24):
        at = (MONDAY + timedelta(hours=hour)).timestamp()
        lines.append(f'node_cpu_seconds_total{{hostname="web",mode="idle"}} {(hour + 3) * 900} {at:.0f}')
    lines.append("# TYPE ALERTS gauge")
    for severity, name in (("critical", "Down"), ("warning", "Slow")):
        labels = f'alertname="{name}",alertstate="firing",severity="{severity}"'
        lines.append(f"ALERTS{{{labels}}} 1 {(MONDAY + timedelta(days=1)).timestamp():.0f}")
    with prometheus(lines) as host:
        yield host


def test_a_plot_of_a_metric(tmp_path: Path, prom: str) -> None:
    query = '100 - avg by (hostname) (irate(node_cpu_seconds_total{mode="idle"}[2h])) * 100'
    text = dedent(f"""
        datasources:
          prom: {{plugin: prometheus, args: {{host: '{prom}'}}}}
        views:
          server_load:
            plugin: plot
            title: Load
            args:
              datasource: prom
              query: |
                {query}
    """)

    (figure,) = figures(ran(tmp_path, text))

    assert isinstance(figure, Series)
    (line,) = figure.lines
    # A quarter of each hour was idle.
    assert (set(line.y), len(line.y) > 160) == ({75.0}, True)


@pytest.mark.parametrize(
    ("severity", "more", "name"), [("critical", "", "Down"), ("warning", "show_timeline: False, ", "Slow")]
)
def test_alerts_of_one_severity(tmp_path: Path, prom: str, severity: str, more: str, name: str) -> None:
    args = f"{{datasource: prom, {more}labels: {{severity: {severity}}}}}"
    text = (
        f"datasources: {{prom: {{plugin: prometheus, args: {{host: '{prom}'}}}}}}\n"
        f"views: {{alerts: {{plugin: prometheus.alert_summary, title: Alerts, args: {args}}}}}\n"
    )

    *timeline, table = figures(ran(tmp_path, text))

    assert len(timeline) == (0 if more else 1)
    assert isinstance(table, Table)
    assert [row[0] for row in table.rows] == [name]


@pytest.mark.parametrize(
    ("plugin", "args", "names"),
    [
        ("jenkins.build_summary", "filters: {name: -app}", ["shop-app", "teams/deep/new-app", "teams/pay-app"]),
        ("jenkins.build_summary", "filters: {invert: True, name: -app}", ["docs"]),
        ("jenkins.build_summary", "filters: {name: [shop, docs]}", ["docs", "shop-app"]),
        ("table", "query: get_all_jobs", ["docs", "shop-app", "teams/deep/new-app", "teams/pay-app"]),
    ],
)
def test_jobs_of_jenkins(tmp_path: Path, replies: Replies, plugin: str, args: str, names: list[str]) -> None:
    replies.routes["/api/json"] = Reply(TREE)
    login = f"host: '{replies.url}', user: jenkins_user, api_token: jenkins_token"
    text = (
        f"datasources: {{jenkins: {{plugin: jenkins, args: {{{login}}}}}}}\n"
        f"views: {{v: {{plugin: {plugin}, args: {{datasource: jenkins, {args}}}}}}}\n"
    )

    (table,) = figures(ran(tmp_path, text))

    assert isinstance(table, Table)
    assert sorted(str(row[0]) for row in table.rows) == names


def test_a_datasource_of_a_web_api(tmp_path: Path, replies: Replies) -> None:
    replies.routes["/v1/search"] = Reply([{"name": "pear", "n": 3}, {"name": "fig", "n": 4}])
    text = (
        f"datasources: {{custom_datasource: {{plugin: http, args: {{api_host: '{replies.url}/v1/search'}}}}}}\n"
        "views: {v: {plugin: table, args: {datasource: custom_datasource, query: fruit}}}\n"
    )

    (table,) = figures(ran(tmp_path, text))

    assert isinstance(table, Table)
    assert table.rows == [["pear", 3], ["fig", 4]]
    assert replies.asked[0].params == {"query": "fruit"}


def test_nothing_in_the_window_is_said(tmp_path: Path, shop: str) -> None:
    query = "select created_at from signups where created_at > '2030'"
    text = f'{shop}views: {{v: {{plugin: table, args: {{datasource: users_db, query: "{query}"}}}}}}\n'

    (table,) = figures(ran(tmp_path, text))

    assert isinstance(table, Table)
    assert (table.rows, table.state_text) == ([], "No rows.")


@pytest.mark.usefixtures("orchard")
def test_a_datasource_of_ones_own_answers_a_question_by_name(tmp_path: Path) -> None:
    args = "{datasource: trees, query: harvest, time_column: day, groupby: tree, kind: bar}"
    text = (
        "datasources: {trees: {plugin: orchard, args: {trees: [Apple, Pear]}}}\n"
        f"views: {{v: {{plugin: plot, args: {args}}}}}\n"
    )

    (figure,) = figures(ran(tmp_path, text))

    assert isinstance(figure, Series)
    assert {line.name: sum(y or 0 for y in line.y) for line in figure.lines} == {"Apple": 28, "Pear": 56}
