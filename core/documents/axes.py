"""The sides of a chart: which kind each is, what its ticks say, and in which order named places stand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from core.documents.drawing import numbers, times
from core.documents.tables import positions
from core.documents.wording import wrapped
from core.figures import Scalar, Series, SeriesStyle, Unit

Spec = dict[str, Any]
APART = 5
"""Pixels between two labels; of those that would stand closer some are left out."""


def x_kind(series: Series) -> str:
    """How x is drawn. Bars and maps stand on named places, even when those are dates."""
    if series.mark in ("bar", "stacked_bar", "horizontal_bar", "heatmap"):
        return "nominal"
    return series.x.kind


def place(series: Series, x: Scalar) -> Any:
    """An x as the chart's data carry it. Dates are read as they stand, in whatever zone the browser is."""
    kind = x_kind(series)
    if kind == "temporal" and isinstance(x, datetime):
        return x.replace(tzinfo=UTC)
    if kind == "temporal" and isinstance(x, date):
        return datetime(x.year, x.month, x.day, tzinfo=UTC)
    if kind == "quantitative":
        return x
    return x.isoformat() if isinstance(x, (date, datetime)) else "–" if x is None else str(x)


def in_days(series: Series) -> bool:
    """Whether a chart of hours is better read in days."""
    return _largest(series) >= 72


def _largest(series: Series) -> float:
    drawn = (abs(y) for line in series.lines for y in line.y if y is not None)
    return max(max(drawn, default=0.0), *(abs(y) for y in spanned(series)), 0.0)


def spanned(series: Series) -> list[float]:
    """What the axis of values spans at least."""
    style = series.style
    return [y for y in (style.y_from, style.y_to) if y is not None] if style else []


def sized(series: Series, value: float | None) -> float | None:
    """A value as it is drawn: hours above three days in days, as their text says them."""
    if value is None:
        return None
    return float(value) / 24 if series.y.unit is Unit.HOURS and in_days(series) else float(value)


def value_axis(series: Series, *, stacked: bool = False) -> Spec:
    unit, largest = series.y.unit, max(map(abs, reach(series, stacked=stacked)))
    axis: Spec = {"title": series.y.label or None, "labelLimit": 0, "labelSeparation": APART}
    match unit:
        case Unit.RATIO:
            return axis | {"labelExpr": _number_words(largest * 100, "datum.value * 100", "%")}
        case Unit.HOURS:
            return axis | {"labelExpr": _number_words(largest, after="d" if in_days(series) else "h")}
        case Unit.DAYS:
            return axis | {"labelExpr": _number_words(largest, after="d")}
        case Unit.COUNT | Unit.LINES:
            return axis | {"labelExpr": _number_words(largest), "tickMinStep": 1}
        case _:
            return axis | {"labelExpr": _number_words(largest)}


def _number_words(largest: float, number: str = "datum.value", after: str = "") -> str:
    """How the browser says the numbers of a scale: as `numbers.said` does for files."""
    said = f"format({number}, '{_digits(largest)}')"
    for size, letter in reversed(numbers.SIZES) if largest > numbers.IN_FULL else ():
        said = f"abs({number}) >= {size:.0f} ? format({number} / {size:.0f}, ',.3~f') + ' {letter}' : {said}"
    return f"({said}) + ' {after}'" if after else said


def _digits(largest: float) -> str:
    """ "12,000", "0.25", and "0.004" for the small."""
    return ",.2~f" if largest >= 0.1 else ".2~g"


def value(series: Series, field: str = "y", **more: Any) -> Spec:
    stacked = more.get("stack") == "zero"
    return {
        "field": field,
        "type": "quantitative",
        "axis": value_axis(series, stacked=stacked),
        "scale": {"zero": True, "nice": True, "domain": reach(series, stacked=stacked)},
    } | more


def reach(series: Series, *, stacked: bool = False) -> list[float]:
    """From where to where values go, with zero.

    Said in the specification: a page draws it before its data arrive, and a scale that
    must look for its ends in nothing complains in the browser's console.
    """
    lines = _piles(series) if stacked else [v for line in series.lines for v in (*line.y, *line.low, *line.high)]
    found = [*lines, *spanned(series), *(mark.y for mark in series.style.marks)] if series.style else lines
    known = [v for v in (sized(series, value) for value in found) if v is not None]
    low, high = headroom(series, min([0.0, *known]), max([0.0, *known]))
    return [low, high if high > low else 1.0]


CROWD = 10
"""More bars than this may have their values written upright, which takes more room beyond them."""


def headroom(series: Series, low: float, high: float) -> tuple[float, float]:
    """How far values reach, with room for the words on them."""
    style = series.style or SeriesStyle()
    room = 0.08 if style.marks else 0.0
    if style.bar_labels and series.mark == "bar":
        room = max(room, 0.2 if crowded(series) else 0.08)
    room *= high - low
    return (low - room if low < 0 else low), (high + room if high > 0 else high)


def crowded(series: Series) -> bool:
    """Whether there are many bars."""
    return sum(len(line.x) for line in series.lines) > CROWD


def _piles(series: Series) -> list[float | None]:
    """The heights of stacks: at each x what lies above zero, and what below."""
    above: dict[Scalar, float] = {}
    below: dict[Scalar, float] = {}
    for line in series.lines:
        for x, y in zip(line.x, line.y, strict=False):
            side = above if (y or 0.0) > 0 else below
            side[x] = side.get(x, 0.0) + (y or 0.0)
    return [*above.values(), *below.values()]


def time_or_place(series: Series) -> Spec:
    title = series.x.label or None
    if x_kind(series) == "temporal":
        axis = {"title": title, "grid": False, "labelOverlap": True, "labelFlush": True} | _ticks(series)
        return {"field": "x", "type": "temporal", "scale": {"type": "utc"} | _across(series), "axis": axis}
    if x_kind(series) == "quantitative":
        return {
            "field": "x",
            "type": "quantitative",
            "scale": {"zero": False, "nice": True} | _across(series),
            "axis": {"title": title, "labelExpr": _number_words(_farthest(series))},
        }
    return places(series)


def _across(series: Series) -> Spec:
    """From where to where x goes: as the style says, else from the first to the last."""
    style = series.style or SeriesStyle()
    wanted = date if x_kind(series) == "temporal" else (int, float)
    found = [*positions(series), *(mark.x for mark in style.marks)]
    at = [place(series, x) for x in found if isinstance(x, wanted)]
    first, last = (place(series, x) if isinstance(x, wanted) else None for x in (style.x_from, style.x_to))
    if not at and (first is None or last is None):
        return {}
    return {"domain": [_said(min(at) if first is None else first), _said(max(at) if last is None else last)]}


def _said(at: Any) -> Any:
    """Moments as text: in the browser a number among the values of a time axis draws no label."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if isinstance(at, datetime) else at


def _farthest(series: Series) -> float:
    return max((abs(x) for x in positions(series) if isinstance(x, (int, float))), default=0.0)


TICKS = 8


def _ticks(series: Series) -> Spec:
    """The marks that a drawing of the same chart in a file has; where data stand evenly, at the data's own days."""
    style = series.style or SeriesStyle()
    days = [place(series, x) for x in positions(series) if isinstance(x, date)]
    ends = [place(series, x) for x in (style.x_from, style.x_to) if isinstance(x, date)]
    if not days:
        return {}
    low, high = ((ends or days)[0], (ends or days)[-1]) if len(ends) != 1 else (min(*ends, *days), max(*ends, *days))
    ways = times.ways(days, low.timestamp(), high.timestamp(), UTC, own=not ends)
    marks: list[times.Tick] = next((way for way in ways if 0 < len(way) <= TICKS), [])
    said = {f"{mark.at * 1000:.0f}": [mark.text, mark.below] if mark.below else mark.text for mark in marks}
    return {
        "values": [_said(datetime.fromtimestamp(mark.at, UTC)) for mark in marks],
        "labelExpr": f"({json.dumps(said)})[toString(+datum.value)]",
    }


def places(series: Series, **more: Any) -> Spec:
    """Named places in the order given, with texts that are not cut."""
    xs = positions(series)
    dates = bool(xs) and isinstance(xs[0], date)
    words = {"labelExpr": _date_words(xs)} if dates else {"labelExpr": LINES}
    axis = {
        "title": series.x.label or None,
        "labelAngle": 0 if dates or _short(xs) else -30,
        "labelOverlap": dates or len(xs) > 16,
        "labelSeparation": APART,
        "labelLimit": 0,
        "labelFlush": False,
        "grid": False,
        "ticks": False,
        "domain": True,
    } | words
    return {"field": "x", "type": "nominal", "sort": [place(series, x) for x in xs], "axis": axis | more}


ROWS: Spec = {"labelLimit": 0, "labelOverlap": False, "labelFlush": False, "ticks": False, "domain": False}
"""Names of rows: each is shown, whole."""

LINES = "split(datum.label, '\\n')"


def _short(xs: list[Scalar]) -> bool:
    return sum(len(str(x)) for x in xs) <= 80


def _date_words(xs: list[Scalar]) -> str:
    return f"utcFormat(toDate(datum.label), '{_date_format(xs)}')"


def _date_format(xs: list[Scalar]) -> str:
    """As short as tells the days apart: years, months, days, or moments of a day."""
    days = [x for x in xs if isinstance(x, date)]
    if any(isinstance(x, datetime) and (x.hour, x.minute) != (0, 0) for x in days):
        return "%-d %b %H:%M"
    if len(days) > 1 and all(x.day == 1 for x in days):
        return "%Y" if all(x.month == 1 for x in days) else "%b %y"
    return "%-d %b"


def band_texts(series: Series) -> list[str]:
    """What stands below each named place, in order."""
    xs = positions(series)
    form = _date_format(xs).replace("%-d", "{0.day}") if xs and isinstance(xs[0], date) else ""
    return [x.strftime(form).format(x) if form and isinstance(x, date) else _name(x) for x in xs]


def _name(x: Scalar) -> str:
    if isinstance(x, float) and x == int(x):
        return str(int(x))
    return "–" if x is None else wrapped(str(x))
