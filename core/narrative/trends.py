"""Whether a course of numbers goes up or down, or only up and down: Mann and Kendall's test.

Of days it is the seasonal one (Hirsch, Slack and Smith 1982, "Techniques of trend analysis for monthly water quality
data", Water Resources Research 18): each weekday is compared with itself alone, so a quiet weekend is no fall.
The library pymannkendall has both tests, with the same results, and asks for scipy.stats, which takes longer to import
than a report's figures to make.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise
from math import sqrt
from statistics import median

LEAST_POINTS = 6
"""Of fewer points no trend is told, whatever they look like."""
LEAST_DAYS = 28
"""Days from the first to the last: four of each weekday. Half of them must have been measured."""
SURE = 1.96
"""So many standard deviations from chance: five times in a hundred it would still be chance."""
LIKELY = 1.28
"""The same, ten times in a hundred and to one side."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)
Point = tuple[date, float]


def way_of(points: Sequence[Point]) -> int | None:
    """How a course goes as a whole: by weekday if it is one of days."""
    is_daily = any(later[0] - earlier[0] == DAY for earlier, later in pairwise(points))
    return trend_of_days(points) if is_daily else trend([value for _, value in points])


def trend(values: Sequence[float]) -> int | None:
    """1 if they rise, −1 if they fall, 0 if neither can be told from chance, None if there are too few."""
    if len(values) < LEAST_POINTS:
        return None
    return _way(_away([values]), SURE)


def trend_of_days(points: Sequence[Point]) -> int | None:
    """The same of days, weekday against weekday; a day that was not measured is left out.

    Days of one week go together (a feast, a release), which the test does not know. So no single week may make the
    trend: without whichever of them, the others must still lean that way.
    """
    if len(points) * 2 < LEAST_DAYS or points[-1][0] - points[0][0] < timedelta(days=LEAST_DAYS - 1):
        return None
    way = _way(_away(_by_weekday(points)), SURE)
    if not way or _step(points) * way <= 0:
        return 0
    weeks = {_monday(day) for day, _ in points}
    rests = ([one for one in points if _monday(one[0]) != week] for week in weeks)
    return way if all(_way(_away(_by_weekday(rest)), LIKELY) == way for rest in rests) else 0


def _away(seasons: Iterable[Sequence[float]]) -> float:
    """How many standard deviations the order of all seasons is away from chance; the sign says which way."""
    score = spread = 0.0
    for values in seasons:
        score += sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))
        spread += _variance(values)
    if not score or not spread:
        return 0.0
    return (score - 1 if score > 0 else score + 1) / sqrt(spread)


def _way(away: float, sure: float) -> int:
    return 0 if abs(away) < sure else 1 if away > 0 else -1


def _variance(values: Sequence[float]) -> float:
    """Of the score where order is chance; values that come more than once make it smaller."""
    ties = sum(count * (count - 1) * (2 * count + 5) for count in Counter(values).values())
    n = len(values)
    return (n * (n - 1) * (2 * n + 5) - ties) / 18


def _step(points: Sequence[Point]) -> float:
    """Sen's slope of the seasons: the median step in a week, from a weekday to any later one of its name."""
    pairs = (pair for season in _seasons(points) for pair in combinations(season, 2))
    return median((later[1] - earlier[1]) / ((later[0] - earlier[0]) / WEEK) for earlier, later in pairs)


def _by_weekday(points: Sequence[Point]) -> list[list[float]]:
    return [[value for _, value in season] for season in _seasons(points)]


def _seasons(points: Sequence[Point]) -> list[list[Point]]:
    return [[one for one in points if one[0].weekday() == weekday] for weekday in range(7)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
