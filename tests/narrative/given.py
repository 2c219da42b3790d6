"""A report's figures made by hand: every number of the tests is one of these."""

from __future__ import annotations

from datetime import date, timedelta

from core.figures import (
    Axis,
    Better,
    Change,
    Column,
    Figure,
    Line,
    Provenance,
    Quantity,
    Series,
    Stat,
    State,
    Table,
    Unit,
)

PERIOD, BEFORE = "1 Mar 2026 – 28 Mar 2026", "1 Feb 2026 – 28 Feb 2026"


def stat(
    key: str, title: str, value: float | None, text: str, unit: Unit, change: Change | None = None, n: int = 100,
    better: Better = Better.NEITHER, state: State = State.MEASURED,
) -> Stat:  # fmt: skip
    return Stat(key=key, title=title, value=value, text=text, unit=unit, better=better, state=state, n=n, change=change)


def change(value: float, text: str, before: str, good: bool | None = None, *, relative: bool = True) -> Change:
    return Change(value=value, text=text, good=good, relative=relative, versus=f"vs {before} in 1 Feb – 28 Feb")


def weekly(key: str, metric: str, values: list[float | None], unit: Unit = Unit.COUNT) -> Series:
    weeks = [date(2026, 1, 5) + timedelta(weeks=number) for number in range(len(values))]
    return Series(
        key=key, title=metric, x=Axis(kind="temporal", label="Week"), y=Axis(label=metric, unit=unit),
        lines=[Line(name="This period", x=list(weeks), y=values)],
    )  # fmt: skip


def by_team(key: str, metric: str, values: dict[str, float], unit: Unit = Unit.COUNT, noun: str = "Team") -> Series:
    return Series(
        key=key, title=f"{metric} by {noun.lower()}", mark="horizontal_bar", x=Axis(kind="nominal", label=noun),
        y=Axis(label=metric, unit=unit), lines=[Line(name=metric, x=list(values), y=list(values.values()))],
    )  # fmt: skip


def changed(rows: list[tuple[str, str, tuple[float, str], tuple[float, str], tuple[float, str], str]]) -> Table:
    """A table of what changed by team: metric, team, now, before, change, verdict."""
    cols = [Column(key="metric", label="Metric"), Column(key="team", label="Team")]
    cols += [Column(key=key, label=key.title(), kind="quantity") for key in ("now", "before", "change")]
    cells = [
        [metric, team, *(Quantity(value=one[0], text=one[1], unit=unit) for one, unit in
         zip((now, before, by), (Unit.COUNT, Unit.COUNT, Unit.RATIO), strict=True)), verdict]
        for metric, team, now, before, by, verdict in rows
    ]  # fmt: skip
    return Table.model_validate(
        {
            "key": "s2b1",
            "title": "What changed",
            "cols": [*cols, Column(key="verdict", label="Verdict")],
            "rows": cells,
            "provenance": [Provenance(block="changes.top")],
        }
    )


def figures() -> list[Figure]:
    """Commits up, lead time worse, a share up by points, one that stays, one without data, courses and teams."""
    return [
        stat("s1b1", "Commits", 120, "120", Unit.COUNT, change(0.2, "+20 %", "100"), 120),
        stat("s1b2", "Lead time for changes", 12.4, "12.4 h", Unit.HOURS, change(0.3051, "+31 %", "9.5 h", False), 40,
             Better.LOWER),
        stat("s1b3", "Deployments", 30, "30", Unit.COUNT, change(-0.25, "−25 %", "40", False), 30, Better.HIGHER),
        stat("s1b4", "Pull requests merged", 50, "50", Unit.COUNT, change(0.25, "+25 %", "40", True), 50,
             Better.HIGHER),
        stat("s1b5", "Rework", 0.08, "8 %", Unit.RATIO, change(0.0, "no change", "8 %"), 200, Better.LOWER),
        stat("s1b6", "Change failure rate", None, "–", Unit.RATIO, state=State.NOT_COLLECTED),
        stat("s1b7", "Weekend commits", 0.02, "2 %", Unit.RATIO, change(1.0, "+100 %", "1 %", False), 100,
             Better.LOWER),
        changed([("Commits", "Atlas", (80, "80"), (50, "50"), (0.6, "+60 %"), "Neutral")]),
        weekly("s3b1", "Commits", [10, 12, 15, 19, 22, 27, 30]),
        weekly("s3b2", "Deployments", [8, 7, 9, 8]),
        weekly("s3b3", "Reviews given", [5, 9, 4, 8, 5, 9, 4]),
        by_team("s4b1", "Commits", {"Atlas": 80, "Borealis": 30, "Cirrus": 10}),
    ]  # fmt: skip
