"""A small report on its way out."""

from __future__ import annotations

from datetime import UTC, date, datetime

from core.delivery.outputs.output import Parcel
from core.documents import Document, Section
from core.figures import Axis, Blob, Column, Figure, Line, Notice, Prose, Series, Stat, Table, Unit

NOW = datetime(2026, 3, 9, 6, 30, tzinfo=UTC)
ID = "2026-03-02_2026-03-09_ops-report-uber-all"
SLUG = "ops-report-uber-all"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def figures() -> list[Figure]:
    days = [date(2026, 3, 2 + day) for day in range(7)]
    return [
        Stat(key="total", title="Sign-ups", value=1204, text="1,204", unit=Unit.COUNT, columns=2),
        Series(
            key="load",
            title="Load",
            columns=4,
            link="https://grafana.example.org/d/1?a=1&b=2",
            y=Axis(label="Percent"),
            lines=[Line(name="web-1", x=list(days), y=[12.0, 14, 11, None, 30, 28, 19])],
        ),
        Table(
            key="jobs",
            title="Jobs",
            columns=6,
            cols=[Column(key="job", label="Job"), Column(key="runs", label="Runs", kind="integer")],
            rows=[["build <b>", 12], ["deploy & roll", 3]],
        ),
        Prose(
            key="words",
            title="In short",
            markdown="All **well** & _calm_.\n\n- one\n- [two](https://example.org/2)",
            blobs=[Blob.of("map.png", PIXEL, title="Map")],
        ),
        Notice(key="late", title="Incidents", level="warning", text="PagerDuty did not answer."),
    ]


def parcel(*shown: Figure, title: str = "Ops report: Über <all>") -> Parcel:
    document = Document(
        title=title,
        subtitle="Every Monday",
        period_label="2 Mar 2026 – 8 Mar 2026",
        time_zone="Europe/Vienna",
        generated_at=NOW,
        sections=[Section(blocks=list(shown) or figures())],
    )
    return Parcel(document, date(2026, 3, 2), date(2026, 3, 9))
