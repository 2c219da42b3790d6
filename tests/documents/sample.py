"""A rich document with every shape, every state, and text that tries to do harm."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from core.documents.document import Document, Section
from core.figures import (
    Axis,
    Better,
    Cell,
    Change,
    Column,
    Edge,
    Explain,
    Figure,
    Line,
    Network,
    Node,
    Notice,
    Prose,
    Provenance,
    Quantity,
    Series,
    Stat,
    State,
    Table,
    Unit,
    change_between,
    number_text,
)
from core.widgets.finish import difference

NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
DAYS = [date(2026, 2, 9) + timedelta(days=i) for i in range(28)]
WEEKS = [date(2025, 12, 1) + timedelta(weeks=i) for i in range(12)]
HARM = '=HYPERLINK("http://evil.example","<script>alert(\'x\')</script>")'


def origin(metric: str) -> Provenance:
    return Provenance(
        metrics=[f"{metric}@1"],
        definitions=["Commits: What somebody added to a history, definitionally. Formula: count"],
        facts=["commits"],
        query_hash="9f2c1e5b7a3d4c6e8f00112233445566778899aabbccddeeff00112233445566",
        query="SELECT count() FROM commits WHERE workspace_id = {workspace:UUID}",
        parameters={"workspace": "acme", "first": "2026-02-09"},
        watermark=NOW - timedelta(hours=2),
        rows=1204,
        excluded={"bots": 31, "merges": 12},
        duration_ms=12.5,
        asked_at=NOW,
    )


def stat(
    title: str, value: float | None, unit: Unit, better: Better, before: float | None = None, **more: object
) -> Stat:
    change: Change | None = change_between(value, before, unit, better, f"vs {number_text(before, unit)}")
    fields = {
        "title": title,
        "value": value,
        "text": number_text(value, unit),
        "unit": unit,
        "better": better,
        "n": 204,
    }
    return Stat.model_validate(fields | {"change": change, "columns": 2, "key": title, **more})


def stats() -> list[Figure]:
    spark: list[float | None] = [12, 14, 9, None, 17, 21, 19, 24]
    asked = Explain(metric="commits_count", period_start=NOW - timedelta(days=28), period_end=NOW)
    return [
        stat("Commits", 1204, Unit.COUNT, Better.HIGHER, 1071, spark=spark, explain=asked,
             provenance=[origin("commits_count")]),
        stat("Lead time for changes", 12.4, Unit.HOURS, Better.LOWER, 11.2, spark=[9.0, 10.5, 11.0, 12.4]),
        stat("Change failure rate", 0.37, Unit.RATIO, Better.LOWER, 0.41,
             note="204 deployments; 12 rollbacks left out."),
        stat("Lines changed", -318.5, Unit.LINES, Better.NEITHER, -200),
        stat("Pull requests merged", None, Unit.COUNT, Better.HIGHER, state=State.NOT_COLLECTED,
             state_text="connect GitHub or GitLab in Sources."),
        stat("Incidents", 0, Unit.COUNT, Better.LOWER, 0, state=State.STALE, state_text="last synced on 2 Mar 2026."),
    ]  # fmt: skip


def trend() -> Series:
    now: list[float | None] = [float(20 + (i * 7) % 11) for i in range(28)]
    now[9] = now[10] = now[12] = None
    return Series(
        key="trend",
        title="Commits a day",
        description="Merges and bots left out.",
        note="9 and 10 March are missing: the source was not reachable.",
        mark="line",
        y=Axis(label="Commits", unit=Unit.COUNT),
        lines=[
            Line(name="This period", x=list(DAYS), y=now),
            Line(name="Period before", x=list(DAYS), y=[float(18 + (i * 5) % 9) for i in range(28)], dashed=True),
        ],
        provenance=[origin("commits_count")],
    )


def band() -> Series:
    middle: list[float | None] = [40.0, 52.5, 61.0, None, 90.0, 96.0, 80.25, 71.0, 75.0, 66.0, 58.0, 49.0]
    return Series(
        key="band",
        title="Lead time, middle half",
        mark="line",
        y=Axis(label="Time", unit=Unit.HOURS),
        columns=3,
        lines=[
            Line(
                name="Median",
                x=list(WEEKS),
                y=middle,
                low=[None if y is None else y * 0.6 for y in middle],
                high=[None if y is None else y * 1.7 for y in middle],
            )
        ],
    )


def area() -> Series:
    return Series(
        key="area",
        title="Share of work by kind",
        mark="area",
        y=Axis(label="Share", unit=Unit.RATIO),
        columns=3,
        lines=[
            Line(name="Features", x=list(WEEKS), y=[0.5 + 0.01 * i for i in range(12)]),
            Line(name="Repairs", x=list(WEEKS), y=[0.3 - 0.01 * i for i in range(12)]),
            Line(name="Chores", x=list(WEEKS), y=[0.2] * 12),
        ],
    )


def bars() -> Series:
    return Series(
        key="bars",
        title="Reviews a week by team",
        mark="bar",
        y=Axis(label="Reviews", unit=Unit.COUNT),
        columns=3,
        lines=[
            Line(name="Platform", x=list(WEEKS[:6]), y=[12, 9, None, 14, 0, 11]),
            Line(name="Mobile – Ελλάς", x=list(WEEKS[:6]), y=[5, 8, 7, 6, 9, 12]),
        ],
    )


def stacked() -> Series:
    teams = ["Platform", "Mobile", "Data", "Web"]
    return Series(
        key="stacked",
        title="Lines by team and language",
        mark="stacked_bar",
        x=Axis(kind="nominal", label="Team"),
        y=Axis(label="Lines", unit=Unit.LINES),
        columns=3,
        lines=[
            Line(name="Python", x=list(teams), y=[12000, 3400, 22000, 800]),
            Line(name="TypeScript", x=list(teams), y=[800, 14500, 300, 19000]),
        ],
    )


def lying() -> Series:
    names = [
        "src/payments/reconciliation/nightly_settlement_of_partner_accounts.py",
        "Отчёт/итоги.py",
        "api.py",
        "web/app.ts",
    ]
    return Series(
        key="lying",
        title="Files changed most",
        mark="horizontal_bar",
        x=Axis(kind="nominal", label="File"),
        y=Axis(label="Changes", unit=Unit.COUNT),
        columns=3,
        lines=[Line(name="Changes", x=list(names), y=[90, 61, 44, 12])],
    )


def points() -> Series:
    return Series(
        key="points",
        title="Size and review time",
        mark="point",
        x=Axis(kind="quantitative", label="Lines changed", unit=Unit.LINES),
        y=Axis(label="Review time", unit=Unit.HOURS),
        columns=3,
        lines=[Line(name="Pull requests", x=[10, 40, 90, 200, 450, 700, 1200], y=[1.5, 2, 5, 7.5, 20, 19, 44])],
    )


def heat() -> Series:
    hours = [f"{hour:02}" for hour in range(24)]
    week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    return Series(
        key="heat",
        title="When commits are made",
        mark="heatmap",
        x=Axis(kind="ordinal", label="Hour"),
        y=Axis(unit=Unit.COUNT),
        lines=[
            Line(
                name=day,
                x=list(hours),
                y=[
                    None if row > 4 and hour < 6 else float(max(0, 10 - abs(hour - 13)) * (5 - row // 5 * 4))
                    for hour in range(24)
                ],
            )
            for row, day in enumerate(week)
        ],
    )


def empty() -> Series:
    return Series(
        key="empty",
        title="Deployments",
        columns=3,
        state=State.NOT_COLLECTED,
        state_text="connect a source of deployments in Sources.",
    )


def people(count: int = 3) -> Table:
    names = ["Zoë Müller", "Łukasz Żak", HARM, "Ιωάννης", "Дмитрий", "@mention", "-1+1", "\t=1+1"]
    return Table(
        key="people",
        title="People",
        description="Most commits first.",
        cols=[
            Column(key="name", label="Person"),
            Column(key="commits", label="Commits", kind="integer"),
            Column(key="mean", label="Lines a commit", kind="decimal", decimals=2),
            Column(key="share", label="Share", kind="percent"),
            Column(key="time", label="Lead time", kind="hours"),
            Column(key="first", label="First commit", kind="date"),
            Column(key="last", label="Last seen", kind="moment"),
            Column(key="page", label="Page", kind="link"),
            Column(key="state", label="State", kind="state"),
        ],
        rows=[
            [
                names[i % len(names)],
                1204 - i,
                round(-3.25 + i * 1.5, 2),
                None if i == 1 else 0.37,
                0.5 if i == 0 else 12.4 + i,
                date(2026, 2, 9 + i % 18),
                datetime(2026, 3, 1 + i % 28, 14, 5, tzinfo=UTC),
                "https://example.org/p/1" if i % 2 else "javascript:alert(1)",
                "measured" if i else "not_collected",
            ]
            for i in range(count)
        ],
        total_rows=max(count, 40),
        provenance=[origin("commits_count")],
    )


def changes() -> Table:
    """Metrics of every unit below each other, now and before, changes relative, absolute and none, one missing."""
    some: list[tuple[str, Unit, float | None, float | None]] = [
        ("Commits", Unit.COUNT, 6, 25),
        ("Reviews per pull request", Unit.COUNT, 2.25, 2.0),
        ("Lines", Unit.LINES, -318, 1204),
        ("Cycle time", Unit.HOURS, 12.4, 11.2),
        ("Streak", Unit.DAYS, 3, 2.5),
        ("Weekend commits", Unit.RATIO, 0.0244, 0.37),
        ("Merged but not deployed", Unit.RATIO, 0.024, 0.0),
        ("Focus", Unit.SCORE, 0.62, 0.62),
        ("Deployments", Unit.PER_DAY, 1.25, 0.0),
        ("Throughput", Unit.PER_WEEK, 3.1, 2.9),
        ("Index", Unit.NUMBER, 104.5, 99.25),
        ("Recovery time", Unit.HOURS, None, 4.0),
    ]
    return Table(
        key="changes",
        title="What changed",
        cols=[
            Column(key="metric", label="Metric"),
            *(Column(key=key, label=key.title(), kind="quantity") for key in ("now", "before", "change")),
            Column(key="remark", label="Remark"),
        ],
        rows=[_changed(name, unit, now, before) for name, unit, now, before in some],
    )


def _changed(name: str, unit: Unit, now: float | None, before: float | None) -> list[Cell]:
    known = [quantity(value, unit) for value in (now, before)]
    change = difference(change_between(now, before, unit, Better.NEITHER), unit)
    return [name, *known, change, None if now is not None else "No data: nothing failed."]


def quantity(value: float | None, unit: Unit) -> Quantity:
    state = State.NO_DATA if value is None else State.MEASURED
    return Quantity(value=value, text=number_text(value, unit), unit=unit, state=state)


def network() -> Network:
    return Network(
        key="net",
        title="Who reviews whom",
        columns=3,
        nodes=[
            Node(id="a", label="Zoë Müller", group="Platform", size=8),
            Node(id="b", label="Дмитрий", group="Mobile", size=5),
            Node(id="c", label="Ιωάννης", group="Mobile", size=3),
        ],
        edges=[Edge(source="a", target="b", weight=12), Edge(source="b", target="c", weight=4.5, label="mentor")],
    )


def prose() -> Prose:
    return Prose(
        key="prose",
        title="In short",
        markdown=(
            "Commits rose by **12 %**, and *lead time* too: Отчёт, Ελλάς.\n\n"
            "- one point\n- another, with `code` and [a link](https://example.org)\n\n1. first\n2. second\n\n"
            "| Team | Commits |\n|---|---:|\n| Platform | 12 |\n\n"
            "> A remark.\n\n<script>alert('x')</script> [bad](javascript:alert(1)) <img src=x onerror=alert(1)>\n"
        ),
    )


def notice() -> Notice:
    return Notice(
        key="failed", title="Incidents", level="error", text="PagerDuty refused the token. Create a new one in Sources."
    )


def document(is_demo: bool = False, rows: int = 3) -> Document:
    charts: list[Figure] = [trend(), band(), area(), bars(), stacked(), lying(), points(), heat(), empty()]
    return Document(
        title="Engineering, every month",
        subtitle="Platform and Mobile",
        workspace="Acme",
        is_demo=is_demo,
        period_label="9 Feb 2026 – 8 Mar 2026",
        comparison_label="12 Jan 2026 – 8 Feb 2026",
        time_zone="Europe/Vienna",
        audience="Managers",
        filters=["Team: Platform", "Team: Mobile"],
        author="Zoë Müller",
        generated_at=NOW,
        watermark=NOW - timedelta(hours=2),
        notices=[Notice(level="warning", text="One of twelve blocks failed; its place says why.")],
        sections=[
            Section(title="Overview", intro="What changed since the **period before**.", blocks=[prose(), *stats()]),
            Section(title="Charts", blocks=charts),
            Section(title="Tables <b>&</b> others", blocks=[people(rows), changes(), network(), notice()]),
        ],
    )


def every_figure() -> list[Figure]:
    """One of each shape, and each chart mark."""
    shapes: list[Figure] = [*stats(), trend(), band(), area(), bars(), stacked(), lying(), points(), heat(), empty()]
    return [*shapes, people(), changes(), network(), prose(), notice()]
