"""What the gallery shows: each view of ours over answers written here, and the shapes that no view has."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from core.base.period import Period
from core.datasources.datasource import Answer, Datasource, DatasourceArgs
from core.datasources.desk import Desk
from core.datasources.tables import answered
from core.datasources.window import Window
from core.documents import Document, Section
from core.figures import Figure, Prose
from core.views.making import Wanted, make
from core.views.view import Face
from tests.documents import sample

START = datetime(2026, 3, 2, tzinfo=UTC)
WINDOW = Window(Period(START, START + timedelta(days=7)), "UTC", 7)
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Subject:
    """One entry of the gallery."""

    name: str
    title: str
    plugin: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Rows] = field(default_factory=dict)
    """By question; "" answers any."""
    shapes: tuple[Figure, ...] = ()
    columns: int = 6

    def document(self) -> Document:
        """A report of this alone."""
        figures = self.shapes or self.drawn()
        return Document(
            title=self.title,
            period_label="2 Mar 2026 – 8 Mar 2026",
            generated_at=START + timedelta(days=7, hours=6),
            sections=[Section(blocks=list(figures))],
        )

    def drawn(self) -> tuple[Figure, ...]:
        desk = Desk(WINDOW, {"db": lambda window: _Told(self.answers)})
        face = Face(self.name, self.title, columns=self.columns)
        (made,) = make([Wanted(face, self.plugin, {"datasource": "db", **self.args})], desk)
        assert not made.failure, made.failure
        return made.figures


class _Told(Datasource):
    """Answers that are written here."""

    key = "told"
    label = "Told"

    def __init__(self, answers: Mapping[str, Rows]) -> None:
        super().__init__(DatasourceArgs(), WINDOW)
        self.answers = answers

    def query(self, text: str, *, rows: int | None = None, **options: Any) -> Answer:
        found = list(self.answers.get(text, self.answers.get("", ())))
        return Answer(answered(found[:rows]).table, total=len(found))


def subjects() -> Iterator[Subject]:
    """Every entry, views first."""
    yield from _plots()
    yield Subject(
        "single_stat",
        "Sign-ups",
        "single_stat",
        {
            "query": "now",
            "comparison_query": "before",
            "comparison_type": "percent",
            "label": "{stat:,.0f} people",
            "link_url": "https://example.org",
        },
        {"now": [{"n": 1204}], "before": [{"n": 1071}]},
        columns=2,
    )
    rows = [
        {"Day": (START + timedelta(days=day)).date(), "Country": name, "Sign-ups": 12 * day + place, "Share": day / 4}
        for day in range(4)
        for place, name in enumerate(("Austria", "Chile", "Japan", "Kenya"), 5)
    ]
    yield Subject("table", "Sign-ups by country", "table", {"query": "t", "max_rows": 8}, {"": rows})
    yield Subject("alert_summary", "Critical alerts", "prometheus.alert_summary", {}, {"": list(_alerts())})
    yield Subject("build_summary", "Builds", "jenkins.build_summary", {}, {"": list(_builds())})
    yield Subject("engagement", "Posts", "twitter.engagement", {}, {"": list(_posts())})
    shapes: list[tuple[str, str, Sequence[Figure]]] = [
        ("numbers", "Numbers", sample.stats()),
        ("band", "A line with a band", [sample.band(), sample.area()]),
        ("bars", "Bars", [sample.bars(), sample.stacked()]),
        ("lying", "Bars that lie, and points", [sample.lying(), sample.points()]),
        ("heatmap", "A heat map", [sample.heat()]),
        ("units", "A table of several units", [sample.changes()]),
        ("network", "A network", [sample.network().model_copy(update={"columns": 6})]),
        ("prose", "Text", [_words()]),
        ("notices", "Notices, and what is missing", [sample.notice(), sample.empty()]),
    ]
    for name, title, figures in shapes:
        yield Subject(name, title, shapes=tuple(figures))


def _words() -> Prose:
    said = sample.prose()
    return said.model_copy(update={"markdown": said.markdown.partition("<script>")[0]})


def _plots() -> Iterator[Subject]:
    hours = [START + timedelta(hours=3 * step) for step in range(56)]
    load = [
        {"time": at, "value": 40 + 25 * math.sin(step / 4 + place) + 3 * place, "host": host}
        for step, at in enumerate(hours)
        for place, host in enumerate(("web-1", "web-2", "db-1"))
    ]
    yield Subject("plot_line", "Load", "plot", {"query": "q", "groupby": "host"}, {"": load})
    yield Subject("plot_area", "Load, stacked", "plot", {"query": "q", "groupby": "host", "stacked": True}, {"": load})
    days = [{"day": START + timedelta(days=day), "new": 12 + 5 * day % 17, "gone": 3 + 2 * day % 5} for day in range(7)]
    bars = {"query": "q", "kind": "bar", "time_column": "day", "bar_labels": True}
    yield Subject("plot_bar", "New and gone", "plot", bars, {"": days})
    yield Subject("plot_stacked", "New and gone, stacked", "plot", {**bars, "stacked": True}, {"": days})
    yield Subject(
        "plot_scatter", "Points", "plot", {"query": "q", "kind": "scatter", "groupby": "host"}, {"": load[::5]}
    )


def _alerts() -> Iterator[dict[str, Any]]:
    fired = (("DiskFull", "critical", 9, 14), ("HighLoad", "warning", 60, 7), ("DiskFull", "critical", 400, 5))
    for name, severity, start, length in fired:
        for step in range(length):
            at = START + timedelta(minutes=15 * (start + step))
            yield {"time": at, "value": 1.0, "alertname": name, "severity": severity, "instance": "web-1"}


def _builds() -> Iterator[dict[str, Any]]:
    jobs = (
        ("shop-app", "FAILURE", 0.4),
        ("pay-app", "SUCCESS", 1.0),
        ("docs", "UNSTABLE", 0.8),
        ("new-app", None, None),
    )
    for place, (name, status, health) in enumerate(jobs):
        for number in range(3 if status else 1):
            yield {
                "fullname": name,
                "job_url": f"https://ci.example.org/job/{name}/",
                "health": health,
                "number": 40 - number if status else None,
                "status": ("SUCCESS" if number else status) if status else None,
                "time": START + timedelta(days=5 - number, hours=place) if status else None,
                "url": f"https://ci.example.org/job/{name}/{40 - number}/",
            }


def _posts() -> Iterator[dict[str, Any]]:
    for day, (likes, text) in enumerate(
        ((12, "We are hiring"), (48, "Version 2 is out!"), (7, "Slides"), (21, "Thank you"))
    ):
        at = START + timedelta(days=day, hours=10)
        yield {
            "time": at,
            "text": text,
            "id": str(day),
            "like_count": likes,
            "reply_count": likes // 5,
            "retweet_count": likes // 3,
        }
