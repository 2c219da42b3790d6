"""Pull requests, their commits, and the commits that go straight to the main branch."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from core.demo.cast import AUTOMATA, CAST, QUIET_FROM, REPOS, TEAMS
from core.demo.stage import ACTORS, DAY, DEPENDABOT, RELEASES, RENOVATE, Flags, Floats, Indices, Moments, Stage

STARTED_A_DAY = 0.46
"""Pull requests that somebody of pace 1 begins on a working day."""
NEVER = np.iinfo(np.int64).max // 4
"""The moment of what does not happen."""
MOST_COMMITS = 9


@dataclass(slots=True)
class Changes:
    """Pull requests; one array element each."""

    author: Indices
    repo: Indices
    begun: Moments
    """First commit."""
    opened: Moments
    ready: Moments
    draft: Flags
    ahead: Indices
    """Commits before it was opened."""

    def only(self, chosen: Flags | Indices) -> Changes:
        return Changes(*(getattr(self, field.name)[chosen] for field in fields(self)))


@dataclass(slots=True)
class Commits:
    """Commits without merges; `change` is -1 for those straight to the main branch."""

    change: Indices
    author: Indices
    repo: Indices
    at: Moments
    position: Indices
    """0 for a change's first commit, 100 and more for those after a review."""


def begun(stage: Stage) -> tuple[Changes, Commits]:
    """Everything that people and bots began, with the commits made before opening."""
    author, at = _starts(stage, _rates(stage))
    bot, bot_at = _bot_starts(stage)
    author, at = np.concatenate([author, bot]), np.concatenate([at, bot_at])
    repo = _repositories(stage, author, at)
    ahead = np.minimum(1 + stage.rng.poisson(1.3, len(at)), MOST_COMMITS)
    ahead[author >= len(CAST)] = 1
    times = _commit_times(stage, author, at, ahead)
    last = times[np.arange(len(at)), ahead - 1]
    opened = last + stage.rng.integers(3 * 60, 45 * 60, len(at))
    draft = (stage.rng.random(len(at)) < 0.14) & (author < len(CAST))
    waits = (stage.rng.lognormal(np.log(9), 0.7, len(at)) * 3600).astype(np.int64)
    ready = np.where(draft, stage.in_hours(opened + waits, author), opened)
    changes = Changes(author, repo, times[:, 0], opened, ready, draft, ahead)
    kept = np.flatnonzero(times[:, 0] >= 0)
    return changes.only(kept), _commits(changes, times, kept)


def straight(stage: Stage) -> Commits:
    """Commits without a pull request: small mends, releases, work at night in a crisis."""
    rates = 0.05 * (1 + 2 * stage.trouble)[None, :] * stage.works
    rates[RELEASES] = 0
    author, at = _starts(stage, rates)
    repo = _repositories(stage, author, at)
    weekly = np.flatnonzero(stage.weekday[: stage.span] == 4)
    released = np.array([i for i, repo in enumerate(REPOS) if repo.releases_a_week and not repo.quiet][:6])
    release_at = np.add.outer(weekly * DAY + 13 * 3600, released * 97).ravel()
    author = np.concatenate([author, np.full(len(release_at), RELEASES)])
    at = np.concatenate([at, release_at])
    repo = np.concatenate([repo, np.tile(released, len(weekly))])
    return Commits(np.full(len(at), -1), author, repo, at, np.zeros(len(at), np.int64))


def _rates(stage: Stage) -> Floats:
    """Expected pull requests begun, actor × day."""
    pace = np.zeros(ACTORS)
    pace[: len(CAST)] = [member.pace for member in CAST]
    weekend = np.zeros(ACTORS)
    weekend[: len(CAST)] = [member.weekend for member in CAST]
    weekdays = stage.works * pace[:, None] * STARTED_A_DAY * (1 - 0.3 * stage.trouble)
    free = stage.present & ~stage.away & (stage.weekday >= 6)
    rates: Floats = weekdays + free * weekend[:, None] * (1 + 2 * stage.trouble)
    rates[len(CAST) :] = 0
    return rates


def _starts(stage: Stage, rates: Floats) -> tuple[Indices, Moments]:
    """Who begins when: local working hours for most, late at night for the owls."""
    counts = stage.rng.poisson(rates[:, : stage.span])
    author, day = (np.repeat(axis, counts[np.nonzero(counts)]) for axis in np.nonzero(counts))
    night = np.array([member.night for member in CAST] + [0.0] * len(AUTOMATA))[author]
    late = stage.rng.random(len(day)) < night * (1 + stage.trouble[day])
    hours = np.where(
        stage.rng.random(len(day)) < 0.55, stage.rng.normal(10.4, 1.0, len(day)), stage.rng.normal(14.8, 1.5, len(day))
    )
    minutes = np.where(late, stage.rng.uniform(22.1, 25.5, len(day)), hours.clip(7.5, 20.5)) * 60
    return author, stage.at(author, day, minutes)


def _bot_starts(stage: Stage) -> tuple[Indices, Moments]:
    """Dependency updates: early on Mondays, and now and then in the week."""
    counts = np.where(stage.weekday[: stage.span] == 1, 3.2, 0.25)
    day = np.repeat(np.arange(stage.span), stage.rng.poisson(counts))
    author = np.where(stage.rng.random(len(day)) < 0.75, DEPENDABOT, RENOVATE)
    return author, day * DAY + 5 * 3600 + stage.rng.integers(0, 7200, len(day))


def _repositories(stage: Stage, author: Indices, at: Moments) -> Indices:
    """Where each change belongs: by the author's team that day and their own habits."""
    shares = np.array([[repo.teams.get(team, 0.0) for repo in REPOS] for team in TEAMS])
    habits = np.random.default_rng(7).gamma(1.1, 1, (ACTORS, len(REPOS)))
    day = np.clip(at // DAY, 0, stage.span - 1)
    weights = shares[stage.team[author, day]] * habits[author]
    weights[author >= len(CAST)] = [0.0 if repo.quiet else 1.0 for repo in REPOS]
    quiet = np.array([repo.quiet for repo in REPOS])
    weights[np.ix_(day + stage.before >= QUIET_FROM, quiet)] = 0
    reached = np.cumsum(weights, axis=1)
    drawn = stage.rng.random(len(at))[:, None] * reached[:, -1:]
    chosen: Indices = np.argmax(reached > drawn, axis=1)
    return chosen


def _commit_times(stage: Stage, author: Indices, at: Moments, ahead: Indices) -> Moments:
    """Moments of the commits before opening: more the same day, or the next time the author works."""
    times = np.full((len(at), MOST_COMMITS), NEVER)
    times[:, 0] = at
    for position in range(1, int(ahead.max(initial=1))):
        rows = np.flatnonzero(ahead > position)
        before, who = times[rows, position - 1], author[rows]
        soon = before + stage.rng.integers(12 * 60, 150 * 60, len(rows))
        later = stage.in_hours(before + 12 * 3600, who)
        stays = stage.rng.random(len(rows)) < 0.68
        following = np.where(stays, np.where(stage.rng.random(len(rows)) < 0.9, stage.in_hours(soon, who), soon), later)
        times[rows, position] = np.maximum(following, before + 60)
    return times


def _commits(changes: Changes, times: Moments, kept: Indices) -> Commits:
    """Rows of commits, their change counted among those kept."""
    number, position = np.nonzero(times[kept] < NEVER)
    rows = kept[number]
    return Commits(number, changes.author[rows], changes.repo[rows], times[rows, position], position)
