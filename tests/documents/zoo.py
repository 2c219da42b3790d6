"""Charts of every size and scale: seconds to decades, tiny to huge numbers, few to very many names and lines."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.figures import Axis, Line, PointMark, Series, SeriesStyle, Unit

VIENNA = ZoneInfo("Europe/Vienna")
BEGAN = datetime(2026, 3, 27, 8, 7, tzinfo=UTC)
SPANS = {
    "seconds": (timedelta(seconds=2), 60),
    "minutes": (timedelta(seconds=30), 60),
    "hours": (timedelta(minutes=5), 90),
    "a day": (timedelta(minutes=30), 72),
    "over the clock change": (timedelta(hours=1), 96),
    "a month": (timedelta(hours=6), 120),
    "a quarter": (timedelta(days=1), 92),
    "a year": (timedelta(days=3), 130),
    "years": (timedelta(days=20), 120),
    "decades": (timedelta(days=200), 120),
    "centuries": (timedelta(days=3000), 120),
}
WEEK = [date(2026, 3, day) for day in range(2, 9)]


def walk(count: int, start: float = 50.0, step: float = 4.0, seed: int = 3) -> list[float | None]:
    """A line that wanders and never falls below zero."""
    dice, value, found = random.Random(seed), start, []
    for _ in range(count):
        value = max(0.0, value + dice.uniform(-step, step))
        found.append(value)
    return list(found)


def timed(step: timedelta, count: int) -> Series:
    moments = [(BEGAN + step * number).astimezone(VIENNA) for number in range(count)]
    return Series(y=Axis(label="Load"), lines=[Line(name="a", x=list(moments), y=walk(count))])


def daily(values: list[float | None], **more: object) -> Series:
    days = [date(2026, 3, 1) + timedelta(days=number) for number in range(len(values))]
    return Series.model_validate({"lines": [Line(name="a", x=list(days), y=values)], **more})


def named(names: list[str], mark: str = "bar", **more: object) -> Series:
    fields = {"mark": mark, "x": Axis(kind="nominal", label="Team"), "y": Axis(unit=Unit.COUNT, label="Sign-ups")}
    return Series.model_validate({**fields, "lines": [Line(name="a", x=list(names), y=walk(len(names)))], **more})


def several(mark: str, names: list[str], **more: object) -> Series:
    lines = [Line(name=name, x=list(WEEK), y=walk(7, seed=number)) for number, name in enumerate(names)]
    return Series.model_validate({"mark": mark, "lines": lines, **more})


def hosts(count: int) -> Series:
    moments = [(BEGAN + timedelta(minutes=10 * number)).astimezone(VIENNA) for number in range(300)]
    lines = [Line(name=f"host-{n:02}.example.org", x=list(moments), y=walk(300, seed=n)) for n in range(count)]
    return Series(lines=lines)


def scattered() -> Series:
    dice = random.Random(1)
    moments = [(BEGAN + timedelta(minutes=dice.randrange(9000))).astimezone(VIENNA) for _ in range(200)]
    lines = [Line(name=name, x=list(moments), y=walk(200, seed=len(name))) for name in ("likes", "replies")]
    marks = [
        PointMark(x=moments[0], y=90, text="The most liked of all: we have shipped"),
        PointMark(x=moments[0], y=88, text="Another one, close by"),
        PointMark(x=moments[1], y=0, text="None"),
    ]
    return Series(mark="point", lines=lines, style=SeriesStyle(marks=marks))


LABELLED = SeriesStyle(bar_labels=True)

ZOO: dict[str, Series] = {
    **{name: timed(*span) for name, span in SPANS.items()},
    "months": Series(
        lines=[Line(name="a", x=[date(2024 + m // 12, m % 12 + 1, 1) for m in range(20)], y=walk(20, 1200, 100))]
    ),
    "weeks": Series(lines=[Line(name="a", x=[date(2025, 3, 3) + timedelta(weeks=i) for i in range(53)], y=walk(53))]),
    "one": daily([5.0]),
    "zeros": daily([0.0, 0.0], y=Axis(unit=Unit.COUNT)),
    "no values": daily([None, None]),
    "tiny": daily([3e-6, 3.1e-6, 2.9e-6]),
    "huge": daily([3e9, 2e9, 4.2e9]),
    "beyond all": daily([1e308, -1e308, 3.0]),
    "hours of work": daily(walk(28, 30, 3), y=Axis(unit=Unit.HOURS, label="Lead time")),
    "shares": daily([0.007, 0.013, 0.0092], y=Axis(unit=Unit.RATIO)),
    "below zero": named(list("abcdef"), lines=[Line(name="a", x=list("abcdef"), y=[5, -3, 2, -8, 1, 0])],
                        style=LABELLED),
    "names": named(["Platform engineering", "Mobile applications", "Data science and insight", "Sales"],
                   style=LABELLED),
    "many names": named([f"service-{number:02}-of-the-backend" for number in range(24)]),
    "very many names": named([f"host{number:03}" for number in range(150)]),
    "hourly bars": Series(mark="bar", lines=[
        Line(name="a", x=[BEGAN.replace(minute=0) + timedelta(hours=i) for i in range(48)], y=walk(48))]),
    "more bars than pixels": Series(mark="bar", x=Axis(kind="quantitative"),
                                    lines=[Line(name="a", x=list(range(3000)), y=walk(3000))]),
    "daily bars": several("bar", ["a"], style=LABELLED),
    "groups": several("bar", ["Vienna", "Graz", "Linz", "Salzburg"], style=LABELLED),
    "stack": several("stacked_bar", [f"Country {number}" for number in range(12)], style=LABELLED),
    "stacked lines": several("area", ["cpu", "io", "idle"]),
    "turned": several("line", ["a", "b"], style=SeriesStyle(tick_angle=90)),
    "leaning to the right": several("bar", ["a", "b"], style=SeriesStyle(tick_angle=-45)),
    "large letters": several("line", ["a", "b"], style=SeriesStyle(font_size=20)),
    "without a scale": several("area", ["a"], style=SeriesStyle(value_axis=False, height=50)),
    "twenty lines": hosts(20),
    "long names": several("line", ["x" * 150, "short", "名前" * 20]),
    "points": scattered(),
    "nothing at all": Series(),
}  # fmt: skip
