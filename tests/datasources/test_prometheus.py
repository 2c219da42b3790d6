"""PromQL on a real Prometheus server, and the alerts that fired."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.base.errors import BadInput, SightlineError, SourceUnreachable
from core.base.fields import accepted
from core.base.period import Period
from core.datasources import Desk, Window
from core.datasources.kinds.prometheus import Prometheus
from core.figures import Series, State, Table
from core.views.making import Made, Wanted, make
from core.views.view import Face
from tests.servers import free_port
from tests.servers.prometheus import prometheus

START = datetime(2026, 3, 2, tzinfo=UTC)
END = datetime(2026, 3, 9, tzinfo=UTC)
WINDOW = Window(Period(START, END), "Europe/Berlin")


def _samples() -> list[str]:
    """load 1.0 on a and 2.0 on b at each full hour from the start to the end; alerts at quarters of an hour."""
    lines = ["# TYPE load gauge"]
    hours = [START + timedelta(hours=hour) for hour in range(7 * 24 + 1)]
    for host, value in (("a", 1.0), ("b", 2.0)):
        lines += [f'load{{host="{host}"}} {value} {at.timestamp():.0f}' for at in hours]
    lines += ["# TYPE ALERTS gauge"]
    for labels, spans in FIRED.items():
        for first, quarters in spans:
            for quarter in range(quarters):
                at = START + timedelta(hours=first, minutes=15 * quarter)
                # A sample is looked back on for 5 minutes: one a window keeps windows apart.
                lines.append(f'ALERTS{{alertstate="firing",{labels}}} 1 {at.timestamp():.0f}')
    return lines


FIRED = {
    'alertname="Down",severity="critical",instance="a:1"': [(10, 4), (30, 2)],
    'alertname="Slow",severity="warning",instance="a:1"': [(10.5, 4)],
    'alertname="Slow",severity="warning",instance="b:1"': [(12, 1)],
}
"""Labels → [(hours after the start, windows of 15 minutes)]."""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with prometheus(_samples()) as where:
        yield where


OPEN: list[Prometheus] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


def opened(host: str, **more: object) -> Prometheus:
    OPEN.append(Prometheus(accepted(Prometheus.Args, {"host": host, **more}, "prom"), WINDOW))
    return OPEN[-1]


def test_every_hour_of_the_window_is_there_and_the_end_belongs_to_the_next(host: str) -> None:
    table = opened(host).query("load").table

    assert table.column_names == ["time", "value", "__name__", "host"]
    assert table.num_rows == 2 * 7 * 24
    times = table.column("time").to_pylist()
    assert min(times) == START
    assert max(times) == END - timedelta(hours=1)
    assert str(times[0].tzinfo) == "Europe/Berlin"


def test_sums_are_those_of_the_samples(host: str) -> None:
    table = opened(host).query("sum(load)", step="1d").table

    assert table.column("value").to_pylist() == [3.0] * 7


def test_labels_become_columns_and_missing_ones_are_missing(host: str) -> None:
    table = opened(host).query("load or vector(7)", step="1d").table

    assert set(table.column("host").to_pylist()) == {"a", "b", None}


def test_a_query_that_finds_nothing_is_an_empty_table(host: str) -> None:
    assert opened(host).query("nothing_of_that_name").table.num_rows == 0


@pytest.mark.parametrize(
    ("query", "options", "error", "said"),
    [
        (
            "100 - (avg(load)",
            {},
            BadInput,
            "did not understand the question (400: 1:17: parse error: unclosed left parenthesis).",
        ),
        ("load", {"step": "1s"}, BadInput, "exceeded maximum resolution of 11,000 points"),
        ("load", {"stop": "1h"}, BadInput, "Prometheus takes no 'stop' in query_args; it takes step."),
    ],
)
def test_a_wrong_query_is_refused_with_the_servers_words(
    host: str, query: str, options: dict[str, str], error: type[SightlineError], said: str
) -> None:
    with pytest.raises(error) as raised:
        opened(host).query(query, **options)

    assert said in str(raised.value)


def test_a_server_that_is_not_there_is_named() -> None:
    port = free_port()

    with pytest.raises(SourceUnreachable, match=rf"127\.0\.0\.1:{port} did not answer"):
        opened(f"127.0.0.1:{port}").query("load")


@pytest.mark.parametrize("place", ["169.254.169.254", "http://169.254.169.254/latest", "[fd00:ec2::254]:80"])
def test_the_machines_own_metadata_is_out_of_reach(place: str) -> None:
    with pytest.raises(BadInput, match="which reports may not reach"):
        opened(place).query("load")


def test_it_says_what_it_reached(host: str) -> None:
    assert opened(host).check().startswith("Prometheus 2.")


def summary(host: str, **args: object) -> Made:
    desk = Desk(WINDOW, {"prometheus": lambda window: Prometheus(Prometheus.Args(host=host), window)})
    (made,) = make([Wanted(Face("alerts", "Alerts"), "prometheus.alert_summary", dict(args))], desk)
    desk.close()
    return made


def table_of(made: Made) -> Table:
    assert isinstance(made.figures[-1], Table), made.failure
    return made.figures[-1]


def test_alerts_are_counted_in_windows_the_longest_first(host: str) -> None:
    rows = table_of(summary(host)).rows

    # name, labels, times fired, windows, hours; instance is hidden, so both Slow are one: 10:30–11:30 and 12:00.
    assert [row[:5] for row in rows] == [
        ["Down", "severity=critical", 2, 6, 1.5],
        ["Slow", "severity=warning", 2, 5, 1.25],
    ]
    assert rows[0][5] == START + timedelta(hours=30, minutes=15)


def test_the_timeline_is_the_union_of_all_alerts(host: str) -> None:
    timeline = summary(host).figures[0]

    # Down 10:00–11:00 and Slow 10:30–11:30 join to 1.5 h; Slow at 12:00 is 15 min; Down at 30 h is 30 min.
    assert isinstance(timeline, Series)
    assert timeline.note == "Something was firing for 2 h 15 min."
    assert timeline.lines[0].x[0] == START + timedelta(hours=10)
    assert timeline.lines[0].x[3] == START + timedelta(hours=11, minutes=30)
    assert timeline.lines[0].y == [0.0, 1.0, 1.0, 0.0] * 3


@pytest.mark.parametrize(
    ("args", "names"),
    [
        ({"labels": {"severity": "critical"}}, ["Down"]),
        ({"labels": {"severity": "warning"}}, ["Slow"]),
        ({"labels": {"severity": "none"}}, []),
        ({"ignore_labels": {"severity": "critical"}}, ["Slow"]),
        ({"hide_labels": []}, ["Down", "Slow", "Slow"]),
        ({"hide_labels": ["severity", "instance"]}, ["Down", "Slow"]),
        ({"labels": None}, ["Down", "Slow"]),
    ],
)
def test_labels_choose_and_tell_alerts_apart(host: str, args: dict[str, object], names: list[str]) -> None:
    assert [row[0] for row in table_of(summary(host, **args)).rows] == names


def test_a_longer_window_counts_whole(host: str) -> None:
    rows = table_of(summary(host, resolution="1h", labels={"alertname": "Down"})).rows

    # Samples at 10:00 and 30:00 are those that fall on a full hour: two windows of an hour.
    assert rows[0][2:5] == [2, 2, 2.0]


def test_without_a_timeline_there_is_only_the_table(host: str) -> None:
    assert [figure.shape for figure in summary(host, show_timeline=False).figures] == ["table"]


def test_no_alert_is_said_and_not_drawn(host: str) -> None:
    made = summary(host, labels={"severity": "none"})

    assert [figure.shape for figure in made.figures] == ["table"]
    assert (table_of(made).state, table_of(made).state_text) == (State.MEASURED, "No alerts")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"resolution": "soon"}, "'resolution': 'soon' is no length of time. Write 5m, 15m or 1h."),
        ({"resolution": "0m"}, "'resolution': '0m' is no length of time. Write 5m, 15m or 1h."),
        ({"timeline_height": 0}, "'timeline_height' must be 4 or more, not '0'."),
        ({"label": {}}, "there is no argument named 'label'. Did you mean 'labels'?"),
        ({"datasource": "prom"}, "There is no datasource named 'prom' in this report. Did you mean 'prometheus'?"),
    ],
)
def test_wrong_arguments_are_named(host: str, args: dict[str, object], said: str) -> None:
    assert summary(host, **args).failure.endswith(said)
