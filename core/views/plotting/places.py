"""Days and hours between bars that no row speaks of: they keep their place, empty."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from core.figures import Line, Scalar

MOST = 400
"""Places that are kept at most; a longer row of bars shows those that there are."""


def with_empty(lines: list[Line], first: date, last: date) -> list[Line]:
    """Bars of evenly spaced times with the places that are missing; of days, all of [first, last)."""
    xs = lines[0].x if lines else []
    every = _every(xs, first, last)
    if len(every) == len(xs) or not every:
        return lines
    return [_spread(line, every) for line in lines]


def _spread(line: Line, every: list[Scalar]) -> Line:
    known = dict(zip(line.x, line.y, strict=True))
    return Line.model_construct(
        name=line.name, x=every, y=[known.get(x) for x in every], low=[], high=[], dashed=line.dashed
    )


def _every(xs: list[Scalar], first: date, last: date) -> list[Scalar]:
    times: list[Any] = [x for x in xs if isinstance(x, date)]
    if len(times) < 2 or len(times) != len(xs):
        return []
    step = min(after - before for before, after in pairwise(times))
    span = times[-1] - times[0]
    if not step or any((x - times[0]) % step for x in times) or span / step > MOST:
        return []
    begin, end = times[0], times[-1]
    if not isinstance(begin, datetime) and step == timedelta(days=1) and (last - first).days <= MOST:
        begin, end = min(begin, first), max(end, last - step)
    return [begin + step * number for number in range((end - begin) // step + 1)]
