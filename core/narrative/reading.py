"""Figures to facts. Rows about persons are passed over: whoever wants to see those looks at the figure itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from core.documents import wording
from core.figures import Figure, Series, Stat, State, Table, Unit, number_text
from core.narrative.facts import Course, Facts, Number, Ranking, Span
from core.narrative.stats import measure_of, past_of
from core.narrative.tables import measures_of, unusual_of
from core.narrative.trends import way_of

SUBJECTS = ("Team", "Repository", "Component")
EXAMPLE = "anomalies.history"
"""The widget that draws half a year to show one week of it."""
WAYS = {"up": 1, "down": -1, "level": 0}
_TIMED = ("line", "area", "bar")


def read(figures: Iterable[Figure], period: str = "", comparison: str = "") -> Facts:
    """All that the figures say of the whole, and of its teams, repositories and components."""
    facts = Facts(period, comparison)
    for figure in figures:
        match figure:
            case Stat():
                facts.measures.append(measure_of(figure))
                facts.courses.extend(past_of(figure))
            case Series():
                facts.courses.extend(_courses(figure))
                facts.rankings.extend(_rankings(figure))
            case Table():
                facts.measures.extend(measures_of(figure))
                facts.unusual.extend(unusual_of(figure))
    facts.names.update(_names(facts))
    return facts


def _names(facts: Facts) -> Iterator[tuple[str, str]]:
    for ranking in facts.rankings:
        yield from ((one.subject, ranking.noun) for one in ranking.entries)
    for measure in facts.measures:
        if measure.subject:
            yield measure.subject, "subject"


def _courses(series: Series) -> Iterator[Course]:
    """The line of a chart of one metric over time; charts with a line for each of several things say it better."""
    solid = [line for line in series.lines if not line.dashed]
    if series.x.kind != "temporal" or series.mark not in _TIMED or len(solid) != 1:
        return
    parts = {*series.partial}
    places = [
        (x, y)
        for x, y in zip(solid[0].x, solid[0].y, strict=True)
        if y is not None and isinstance(x, date) and x not in parts
    ]
    metric = series.y.label or series.title
    points = tuple(
        Number(series.key, series.title, metric, "", "point", y, number_text(y, series.y.unit), series.y.unit, _day(x))
        for x, y in places
    )
    span: Span = "example" if any(one.block == EXAMPLE for one in series.provenance) else "period"
    if points:
        way = WAYS[series.course] if series.course else way_of([(_date(x), y) for x, y in places])
        grain = series.x.label.lower() or "day"
        yield Course(series.key, series.title, metric, "", grain, points, way, span, series.better)


def _date(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _day(moment: object) -> str:
    assert isinstance(moment, date)
    return wording.date_text(moment)


def _rankings(series: Series) -> Iterator[Ranking]:
    if series.x.kind != "nominal" or series.x.label not in SUBJECTS or len(series.lines) != 1:
        return
    if series.state is not State.MEASURED:
        return
    metric, unit = series.y.label or series.title, series.y.unit
    line = series.lines[0]
    entries = tuple(
        _entry(series, metric, unit, str(x), y) for x, y in zip(line.x, line.y, strict=True) if y is not None
    )
    if entries:
        yield Ranking(series.key, series.title, metric, series.x.label, entries)


def _entry(series: Series, metric: str, unit: Unit, name: str, value: float) -> Number:
    return Number(series.key, series.title, metric, name, "now", value, number_text(value, unit), unit)
