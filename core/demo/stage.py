"""The stage that everything is played on: days, zones, who is there when, and the one source of chance.

Moments are whole seconds since the first day's midnight (UTC), in numpy arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from core.demo.cast import AUTOMATA, BAD_QUARTER, CAST, COUNTRIES, REORG_DAY, SPAN_DAYS, TEAMS
from core.people.calendars import holidays_of

SEED = 20_260
DAY = 86_400
AHEAD_DAYS = 60
"""Days drawn past the end: what is still open there has not happened yet."""
GRID = SPAN_DAYS + AHEAD_DAYS
END = SPAN_DAYS * DAY
"""Nothing at or after this moment has happened."""
NINE, SEVEN_PM = 9 * 60, 19 * 60

Moments = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

ACTORS = len(CAST) + len(AUTOMATA)
"""People come first, then what is automatic."""
DEPENDABOT, RENOVATE, RELEASES = len(CAST), len(CAST) + 1, len(CAST) + 2


@dataclass(frozen=True, slots=True)
class Stage:
    """Grids are actor × day."""

    first_day: date
    rng: np.random.Generator
    weekday: Indices
    """1 Monday … 7 Sunday, by day."""
    offset: Indices
    """Minutes east of UTC, at noon."""
    present: Flags
    """Between joining and leaving."""
    away: Flags
    """Leave or public holiday."""
    works: Flags
    """Present, a working weekday, and not away."""
    next_work: Indices
    """The first day, this one or later, on which the actor works."""
    team: Indices
    trouble: Floats
    """By day: 0 as always, 1 in the middle of the bad quarter."""
    leaves: tuple[tuple[int, int, int, str], ...]
    """Person, first day, last day, reason."""

    @property
    def end(self) -> int:
        """Nothing at or after this moment has happened."""
        return END

    @property
    def base(self) -> int:
        """Unix time of the first day."""
        return int(datetime.combine(self.first_day, time.min, UTC).timestamp())

    def day_of(self, moments: Moments, actors: Indices) -> Indices:
        """The actor's local day, inside the grid."""
        rough = np.clip(moments // DAY, 0, GRID - 1)
        local: Moments = moments + self.offset[actors, rough] * 60
        return np.clip(local // DAY, 0, GRID - 1)

    def at(self, actors: Indices, days: Indices, minutes: Floats | Indices) -> Moments:
        """The moment of a local day and minute."""
        seconds = (minutes * 60).astype(np.int64) + self.rng.integers(0, 60, len(days))
        moments: Moments = days * DAY + seconds - self.offset[actors, np.clip(days, 0, GRID - 1)] * 60
        return moments

    def in_hours(self, moments: Moments, actors: Indices) -> Moments:
        """The same moment if the actor works then, else soon after they begin again. Automata always work."""
        days = self.day_of(moments, actors)
        minute = (moments + self.offset[actors, days] * 60 - days * DAY) / 60
        start = np.where(minute > SEVEN_PM, days + 1, days)
        working = self.next_work[actors, np.clip(start, 0, GRID - 1)]
        late = (working != days) | (minute < NINE - 30)
        morning = self.at(actors, working, NINE - 25 + self.rng.gamma(1.6, 65, len(moments)).clip(0, 420))
        return np.where(late & (actors < len(CAST)), np.maximum(morning, moments), moments)


def stage(anchor: date) -> Stage:
    """The stage of the span that ends the day before `anchor`."""
    rng = np.random.default_rng(SEED)
    first = anchor - timedelta(days=SPAN_DAYS)
    weekday = np.array([(first + timedelta(days=d)).isoweekday() for d in range(GRID)])
    days = np.arange(GRID)
    present = np.ones((ACTORS, GRID), bool)
    team = np.full((ACTORS, GRID), -1)
    for index, member in enumerate(CAST):
        present[index] = (days >= member.joined) & (days < member.left)
        after = TEAMS.index(member.moves_to or member.team)
        team[index] = np.where(days < REORG_DAY, TEAMS.index(member.team), after)
    leaves = _leaves(rng, weekday)
    away = _away(first, leaves)
    works = present & ~away
    works[: len(CAST)] &= weekday <= 5
    middle = sum(BAD_QUARTER) / 2
    trouble = np.clip(1.6 * (1 - np.abs(days - middle) / ((BAD_QUARTER[1] - BAD_QUARTER[0]) / 2)), 0, 1)
    return Stage(first, rng, weekday, _offsets(first), present, away, works, _next_work(works), team, trouble, leaves)


def _offsets(first: date) -> Indices:
    noons = [datetime.combine(first + timedelta(days=d), time(12), UTC) for d in range(GRID)]
    by_zone = {}
    for zone in COUNTRIES:
        there = ZoneInfo(zone)
        shifts = [noon.astimezone(there).utcoffset() or timedelta() for noon in noons]
        by_zone[zone] = np.array([int(shift.total_seconds()) // 60 for shift in shifts])
    grid = np.zeros((ACTORS, GRID), np.int64)
    for index, member in enumerate(CAST):
        grid[index] = by_zone[member.zone]
    return grid


def _leaves(rng: np.random.Generator, weekday: Indices) -> tuple[tuple[int, int, int, str], ...]:
    """A fortnight or a week off every half year, and the long leaves."""
    spans = []
    for index, member in enumerate(CAST):
        for half in range(3):
            start = int(rng.integers(half * 183 + 5, half * 183 + 150))
            start += (8 - int(weekday[start])) % 7
            length = int(rng.choice([5, 5, 12]))
            if member.joined + 30 < start and start + length < min(member.left, SPAN_DAYS - 6):
                spans.append((index, start, start + length - 1, "leave"))
        if member.long_leave:
            spans.append((index, *member.long_leave, "parental leave"))
    return tuple(spans)


def _away(first: date, leaves: tuple[tuple[int, int, int, str], ...]) -> Flags:
    away = np.zeros((ACTORS, GRID), bool)
    last = first + timedelta(days=GRID)
    for index, member in enumerate(CAST):
        for day in holidays_of(COUNTRIES[member.zone], first.year, last.year):
            if 0 <= (day - first).days < GRID:
                away[index, (day - first).days] = True
    for index, start, end, _ in leaves:
        away[index, start : end + 1] = True
    return away


def _next_work(works: Flags) -> Indices:
    nexts = np.full(works.shape, GRID - 1, np.int64)
    following = np.full(len(works), GRID - 1, np.int64)
    for day in range(GRID - 1, -1, -1):
        following = np.where(works[:, day], day, following)
        nexts[:, day] = following
    return nexts
