"""What is drawn: each line of a chart as plain numbers, in order, and how far they reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from functools import partial

from core.documents import axes
from core.documents.drawing import times
from core.documents.drawing.numbers import FARTHEST
from core.documents.tables import positions
from core.figures import Line, Scalar, Series, Unit

Value = float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """One line. `xs` are seconds, numbers, or numbers of places."""

    name: str
    colour: str
    dashed: bool
    xs: list[float]
    ys: list[Value]
    low: list[Value]
    high: list[Value]


@dataclass(frozen=True, slots=True)
class Data:
    """A chart's curves, and how its x is to be read."""

    curves: list[Curve]
    places: list[Scalar]
    """Every x, once."""
    kind: str
    """temporal, quantitative, or nominal: named places."""
    zone: tzinfo
    stacked: bool
    factor: float
    """What values of the series are multiplied by: hours may be drawn in days."""


def read(series: Series, colours: list[str]) -> Data:
    """The numbers of a chart."""
    places = positions(series)
    kind = "nominal" if (kind := axes.x_kind(series)) == "ordinal" else kind
    zone = times.zone_of([x for x in places if isinstance(x, date)])
    named = {x: float(number) for number, x in enumerate(places)} if kind == "nominal" else {}
    factor = 1 / 24 if series.y.unit is Unit.HOURS and axes.in_days(series) else 1.0
    # Moments are not looked up: the two of an hour that comes twice are equal to Python.
    at = named.__getitem__ if named else partial(_number, kind=kind, zone=zone)
    curves = [_curve(line, colour, at, factor) for line, colour in zip(series.lines, colours, strict=True)]
    if kind != "nominal":
        curves = [_within(curve, *span(series, kind, zone)) for curve in curves]
    return Data(_stacked(curves) if stacks(series) else curves, places, kind, zone, stacks(series), factor)


def stacks(series: Series) -> bool:
    """Whether lines stand on each other. Areas with gaps do not: a gap would pull down what stands on it."""
    gaps = any(y is None for line in series.lines for y in line.y)
    return series.mark == "stacked_bar" or (series.mark == "area" and len(series.lines) > 1 and not gaps)


def span(series: Series, kind: str, zone: tzinfo) -> tuple[Value, Value]:
    """From where to where the style wants x to reach; None where it does not say."""
    style = series.style
    return (_number(style.x_from, kind, zone), _number(style.x_to, kind, zone)) if style else (None, None)


def _number(x: Scalar, kind: str, zone: tzinfo) -> Value:
    if kind == "temporal":
        return times.seconds(x, zone) if isinstance(x, date) else None
    return _settled(x, 1.0) if isinstance(x, (int, float)) else None


def _settled(value: Value, factor: float) -> Value:
    return None if value is None else max(-FARTHEST, min(FARTHEST, value * factor))


def _curve(line: Line, colour: str, at: Callable[[Scalar], Value], factor: float) -> Curve:
    """The line's points in the order of x."""
    count = len(line.x)
    low, high = (line.low or [None] * count), (line.high or [None] * count)
    rows = sorted(
        ((x, place) for place, one in enumerate(line.x[: len(line.y)]) if (x := at(one)) is not None),
        key=lambda row: row[0],
    )
    order = [place for _, place in rows]
    values = ([_settled(part[place] if place < len(part) else None, factor) for place in order]
              for part in (line.y, low, high))  # fmt: skip
    return Curve(line.name, colour, line.dashed, [x for x, _ in rows], *values)


def _within(curve: Curve, first: Value, last: Value) -> Curve:
    """The points that the wished span holds."""
    if first is None and last is None:
        return curve
    kept = [i for i, x in enumerate(curve.xs) if (first is None or x >= first) and (last is None or x <= last)]
    if len(kept) == len(curve.xs):
        return curve
    xs = [curve.xs[i] for i in kept]
    ys, low, high = ([part[i] for i in kept] for part in (curve.ys, curve.low, curve.high))
    return replace(curve, xs=xs, ys=ys, low=low, high=high)


def _stacked(curves: list[Curve]) -> list[Curve]:
    """Each curve on those before it: `low` is where it begins, `high` where it ends. Below zero they hang."""
    places = sorted({x for curve in curves for x in curve.xs})
    up, down = dict.fromkeys(places, 0.0), dict.fromkeys(places, 0.0)
    piled = []
    for curve in curves:
        known = dict(zip(curve.xs, curve.ys, strict=True))
        ys = [known.get(x) for x in places]
        sides = [up if (y or 0) >= 0 else down for y in ys]
        low = [side[x] for side, x in zip(sides, places, strict=True)]
        for side, x, y in zip(sides, places, ys, strict=True):
            side[x] += y or 0.0
        high = [side[x] for side, x in zip(sides, places, strict=True)]
        piled.append(replace(curve, xs=places, ys=ys, low=[*low], high=[*high]))
    return piled


def reach(data: Data) -> tuple[float, float]:
    """The lowest and the highest that is drawn, and zero."""
    known = [y for curve in data.curves for part in _drawn(data, curve) for y in part if y is not None]
    return min(known, default=0.0), max(known, default=0.0)


def _drawn(data: Data, curve: Curve) -> list[list[Value]]:
    return [curve.low, curve.high] if data.stacked else [curve.ys, curve.low, curve.high, [0.0]]


def across(data: Data) -> tuple[float, float]:
    """The first and the last x; a day or a unit around a single one."""
    known = [x for curve in data.curves for x in (curve.xs[:1] + curve.xs[-1:])]
    low, high = min(known, default=0.0), max(known, default=0.0)
    if low < high:
        return low, high
    room = times.DAY / 2 if data.kind == "temporal" else 0.5
    return low - room, high + room
