"""Marks of time at every scale: seconds to decades, on the clock of the chart's own zone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

DAY = 86_400

_SPANS = (1, 5, 15, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, DAY, 2 * DAY, 7 * DAY, 14 * DAY)
_MONTHS = (1, 2, 3, 6)
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
_DAILY, _MONTHLY, _OTHER = (1, 2, 4, 7, 14, 28), (1, 2, 3, 4, 6, 12, 24), (1, 2, 3, 4, 6, 8, 13)
"""Strides over evenly spaced data, so that marks stand where the data do."""
_MONDAY = datetime(1, 1, 1)  # noqa: DTZ001 - wall time


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark: where, what it says, and what a second line says where that changes."""

    at: float
    text: str
    below: str = ""


def zone_of(xs: list[date | datetime]) -> tzinfo:
    """The zone that the moments are in; UTC where they have none."""
    return next((x.tzinfo for x in xs if isinstance(x, datetime) and x.tzinfo), UTC)


def seconds(x: date | datetime, zone: tzinfo) -> float:
    """A place on the line of time. A date is its midnight, a moment without a zone is in the chart's."""
    if not isinstance(x, datetime):
        x = datetime.combine(x, time())
    return (x if x.tzinfo else x.replace(tzinfo=zone)).timestamp()


def ways(xs: list[date], low: float, high: float, zone: tzinfo, own: bool) -> Iterator[list[Tick]]:
    """Ways to mark [low, high] with these data, from close to wide; `own` allows marks at the data's own days."""
    if own and xs and not any(isinstance(x, datetime) and (x.hour, x.minute, x.second) != (0, 0, 0) for x in xs):
        for way in days([date(x.year, x.month, x.day) for x in xs], zone):
            yield [tick for tick in way if low <= tick.at <= high]
    yield from choices(low, high, zone)


def choices(low: float, high: float, zone: tzinfo) -> Iterator[list[Tick]]:
    """Ways to mark [low, high], from close to wide."""
    span = high - low
    for step in _SPANS:
        if span / step <= 60 and (step >= DAY or span < 4 * DAY):
            yield _worded(list(_clock(low, high, zone, step)), step)
    for months in (*_MONTHS, *(12 * years for years in _YEARS)):
        if span / (months * 30 * DAY) <= 60:
            yield _worded(list(_calendar(low, high, zone, months)), months * 30 * DAY)


def days(xs: list[date], zone: tzinfo) -> Iterator[list[Tick]]:
    """Ways to mark a few evenly spaced days at the days themselves; none if they are not that."""
    monthly = len(xs) > 1 and all(x.day == 1 for x in xs)
    steps = {1} if len(xs) == 1 else {(later - earlier).days for earlier, later in pairwise(xs)}
    if not monthly and len(steps) != 1:
        return
    step = 30 if monthly else steps.pop()
    for stride in _MONTHLY if monthly else _DAILY if step == 1 else _OTHER:
        if monthly or step * stride < 28 or len(xs) == 1:
            at = [datetime.combine(x, time(), zone) for x in xs[::stride]]
            yield _worded(at, step * stride * DAY)


def _clock(low: float, high: float, zone: tzinfo, step: int) -> Iterator[datetime]:
    """Moments at round times of the wall's clock; an hour that a clock change leaves out is left out."""
    wall = datetime.fromtimestamp(low, zone).replace(tzinfo=None)
    anchor = _MONDAY if step > DAY else datetime.combine(wall.date(), time())
    wall = anchor + timedelta(seconds=step) * int((wall - anchor).total_seconds() // step)
    last = -1.0
    while (at := wall.replace(tzinfo=zone).timestamp()) <= high:
        if at >= low and at > last:
            last = at
            yield datetime.fromtimestamp(at, zone)
        wall += timedelta(seconds=step)


def _calendar(low: float, high: float, zone: tzinfo, months: int) -> Iterator[datetime]:
    """First days of months, or of years."""
    first = datetime.fromtimestamp(low, zone)
    number = (first.year * 12 + first.month - 1) // months * months
    while number < 12 * 9999:
        if number >= 12:
            at = datetime(number // 12, number % 12 + 1, 1, tzinfo=zone)
            if at.timestamp() > high:
                return
            if at.timestamp() >= low:
                yield at
        number += months


def _worded(moments: list[datetime], step: int) -> list[Tick]:
    text, below = _words(moments, step)
    said = [below(moment) for moment in moments]
    shown = [now if number == 0 or now != said[number - 1] else "" for number, now in enumerate(said)]
    return [Tick(at.timestamp(), text(at), under) for at, under in zip(moments, shown, strict=True)]


Words = Callable[[datetime], str]


def _words(moments: list[datetime], step: int) -> tuple[Words, Words]:
    """What the marks say, and what stands below where it changes."""
    years = len({moment.year for moment in moments}) > 1
    if step < 60:
        return (lambda at: f"{at:%H:%M:%S}"), _day
    if step < DAY:
        return (lambda at: f"{at:%H:%M}"), _day
    if step < 28 * DAY:
        return (lambda at: f"{at.day} {at:%b}"), (lambda at: str(at.year) if years else "")
    if step < 360 * DAY:
        return (lambda at: f"{at:%b}"), (lambda at: str(at.year))
    return (lambda at: str(at.year)), (lambda at: "")


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b %Y}"
