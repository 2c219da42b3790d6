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
CHAPTER_DAYS = 182
"""Length of every chapter after the first one."""
AHEAD_DAYS = 60
"""Days drawn past a chapter's end: what has begun in it goes on there."""
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

    chapter: int
    first_day: date
    """Of this chapter."""
    before: int
    """Days of all chapters before it; the cast counts its days from the first chapter's first."""
    span: int
    """Days on which something may begin."""
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
    def grid(self) -> int:
        """Days drawn."""
        return self.span + AHEAD_DAYS

    @property
    def base(self) -> int:
        """Unix time of the first day."""
        return int(datetime.combine(self.first_day, time.min, UTC).timestamp())

    def day_of(self, moments: Moments, actors: Indices) -> Indices:
        """The actor's local day, inside the grid."""
        rough = np.clip(moments // DAY, 0, self.grid - 1)
        local: Moments = moments + self.offset[actors, rough] * 60
        return np.clip(local // DAY, 0, self.grid - 1)

    def at(self, actors: Indices, days: Indices, minutes: Floats | Indices) -> Moments:
        """The moment of a local day and minute."""
        seconds = (minutes * 60).astype(np.int64) + self.rng.integers(0, 60, len(days))
        moments: Moments = days * DAY + seconds - self.offset[actors, np.clip(days, 0, self.grid - 1)] * 60
        return moments

    def in_hours(self, moments: Moments, actors: Indices) -> Moments:
        """The same moment if the actor works then, else soon after they begin again. Automata always work."""
        days = self.day_of(moments, actors)
        minute = (moments + self.offset[actors, days] * 60 - days * DAY) / 60
        start = np.where(minute > SEVEN_PM, days + 1, days)
        working = self.next_work[actors, np.clip(start, 0, self.grid - 1)]
        late = (working != days) | (minute < NINE - 30)
        morning = self.at(actors, working, NINE - 25 + self.rng.gamma(1.6, 65, len(moments)).clip(0, 420))
        return np.where(late & (actors < len(CAST)), np.maximum(morning, moments), moments)


def begins(chapter: int) -> int:
    """The day, counted from the first chapter's first, on which a chapter begins."""
    return SPAN_DAYS + (chapter - 1) * CHAPTER_DAYS if chapter else 0


def stage(beginning: date, chapter: int = 0) -> Stage:
    """The stage of one chapter of the play that begins on `beginning`: the same for the same two, always."""
    rng = np.random.default_rng([SEED, chapter])
    before, span = begins(chapter), begins(chapter + 1) - begins(chapter)
    first, grid = beginning + timedelta(days=before), span + AHEAD_DAYS
    weekday = np.array([(first + timedelta(days=d)).isoweekday() for d in range(grid)])
    days = np.arange(grid) + before
    present = np.ones((ACTORS, grid), bool)
    team = np.full((ACTORS, grid), -1)
    for index, member in enumerate(CAST):
        present[index] = (days >= member.joined) & (days < member.left)
        after = TEAMS.index(member.moves_to or member.team)
        team[index] = np.where(days < REORG_DAY, TEAMS.index(member.team), after)
    leaves = _leaves(rng, weekday, before, span)
    away = _away(first, leaves, grid)
    works = present & ~away
    works[: len(CAST)] &= weekday <= 5
    middle = sum(BAD_QUARTER) / 2
    trouble = np.clip(1.6 * (1 - np.abs(days - middle) / ((BAD_QUARTER[1] - BAD_QUARTER[0]) / 2)), 0, 1)
    return Stage(
        chapter, first, before, span, rng, weekday, _offsets(first, grid), present, away, works, _next_work(works),
        team, trouble, leaves,
    )  # fmt: skip


def _offsets(first: date, days: int) -> Indices:
    noons = [datetime.combine(first + timedelta(days=d), time(12), UTC) for d in range(days)]
    by_zone = {}
    for zone in COUNTRIES:
        there = ZoneInfo(zone)
        shifts = [noon.astimezone(there).utcoffset() or timedelta() for noon in noons]
        by_zone[zone] = np.array([int(shift.total_seconds()) // 60 for shift in shifts])
    grid = np.zeros((ACTORS, days), np.int64)
    for index, member in enumerate(CAST):
        grid[index] = by_zone[member.zone]
    return grid


def _leaves(
    rng: np.random.Generator, weekday: Indices, before: int, span: int
) -> tuple[tuple[int, int, int, str], ...]:
    """A fortnight or a week off every half year, and the long leaves."""
    spans = []
    for index, member in enumerate(CAST):
        for half in range(round(span / 183)):
            start = int(rng.integers(half * 183 + 5, half * 183 + 150))
            start += (8 - int(weekday[start])) % 7
            length = int(rng.choice([5, 5, 12]))
            if member.joined + 30 < before + start and start + length < min(member.left - before, span - 6):
                spans.append((index, start, start + length - 1, "leave"))
        if member.long_leave and before == 0:
            spans.append((index, *member.long_leave, "parental leave"))
    return tuple(spans)


def _away(first: date, leaves: tuple[tuple[int, int, int, str], ...], days: int) -> Flags:
    away = np.zeros((ACTORS, days), bool)
    last = first + timedelta(days=days)
    for index, member in enumerate(CAST):
        for day in holidays_of(COUNTRIES[member.zone], first.year, last.year):
            if 0 <= (day - first).days < days:
                away[index, (day - first).days] = True
    for index, start, end, _ in leaves:
        away[index, start : end + 1] = True
    return away


def _next_work(works: Flags) -> Indices:
    last = works.shape[1] - 1
    nexts = np.full(works.shape, last, np.int64)
    following = np.full(len(works), last, np.int64)
    for day in range(last, -1, -1):
        following = np.where(works[:, day], day, following)
        nexts[:, day] = following
    return nexts
