"""What happens to a pull request once it is ready: reviews, answers, approval, merge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.demo.cast import CAST, TEAMS
from core.demo.changes import NEVER, Changes, Commits
from core.demo.stage import ACTORS, DAY, Flags, Floats, Indices, Moments, Stage

APPROVED, CHANGES_REQUESTED, COMMENTED = 0, 1, 2
STATES = ("approved", "changes_requested", "commented")


@dataclass(slots=True)
class Reviews:
    """One array element a review."""

    change: Indices
    reviewer: Indices
    at: Moments
    state: Indices
    comments: Indices


@dataclass(slots=True)
class Requests:
    """Who was asked for a review, and when."""

    change: Indices
    reviewer: Indices
    at: Moments


@dataclass(slots=True)
class Outcomes:
    """How each change ended; NEVER where it has not."""

    merged: Moments
    closed: Moments
    merged_by: Indices


def reviewed(stage: Stage, changes: Changes) -> tuple[Reviews, Requests, Commits, Outcomes]:
    """Play reviews and merges; the commits are those pushed after a review."""
    first, second = _reviewers(stage, changes)
    count = len(first)
    seen = stage.rng.random(count) > np.where(changes.author >= len(CAST), 0.1, 0.05)
    helped = seen & (stage.rng.random(count) < 0.34)
    at = _answer(stage, changes, first, changes.ready)
    state = _first_states(stage, changes)
    again = seen & (state != APPROVED)
    pushed, pushes = _pushed(stage, changes, at, again & (state == CHANGES_REQUESTED))
    approved = np.where(again, _after(stage, np.maximum(at, pushed), first, 1.4, 0.8), at)
    aside = np.maximum(_answer(stage, changes, second, changes.ready), changes.ready + 300)
    rows = [
        (np.flatnonzero(seen), first, at, state),
        (np.flatnonzero(again), first, approved, np.zeros(count, np.int64)),
        (np.flatnonzero(helped), second, aside, np.where(stage.rng.random(count) < 0.7, APPROVED, COMMENTED)),
    ]
    settled = np.where(seen, approved, changes.ready)
    settled = np.where(helped, np.maximum(settled, aside), settled)
    outcomes = _outcomes(stage, changes, first, seen, settled)
    asked = [(np.flatnonzero(seen), first), (np.flatnonzero(helped), second)]
    return _reviews(stage, rows, outcomes), _requests(changes, asked), pushes, outcomes


def _reviewers(stage: Stage, changes: Changes) -> tuple[Indices, Indices]:
    """The two likeliest reviewers of each change among those at work when it is ready."""
    day = np.clip(stage.day_of(changes.ready, changes.author), 0, stage.works.shape[1] - 1)
    liking = np.random.default_rng(11).random((ACTORS, ACTORS)) * 0.7
    asked = np.array([member.reviews for member in CAST])
    owners = np.array([TEAMS.index(member.team) for member in CAST])
    team = stage.team[changes.author, day]
    team = np.where(team < 0, stage.rng.integers(0, len(TEAMS), len(team)), team)
    appeal: Floats = stage.rng.random((len(day), len(CAST))) + liking[changes.author][:, : len(CAST)] + asked
    appeal += 0.75 * (stage.team[: len(CAST)].T[day] == team[:, None]) + 0.05 * (owners == team[:, None])
    appeal[~stage.works[: len(CAST)].T[day]] = -9
    people = changes.author < len(CAST)
    appeal[np.flatnonzero(people), changes.author[people]] = -99
    ranked = np.argsort(-appeal, axis=1)
    return ranked[:, 0], ranked[:, 1]


def _slowness(stage: Stage, changes: Changes) -> Floats:
    """How long answers take: everybody in the bad quarter, and Payments before it learnt better."""
    day = np.clip(stage.day_of(changes.ready, changes.author), 0, stage.works.shape[1] - 1)
    slow = 1 + 7 * stage.trouble[day]
    payments = stage.team[changes.author, day] == TEAMS.index("Payments")
    return slow * np.where(payments, np.interp(day + stage.before, [300, 520], [1.9, 0.7]), 1.0)


def _answer(stage: Stage, changes: Changes, reviewer: Indices, since: Moments) -> Moments:
    """When a reviewer first answers."""
    hours = stage.rng.lognormal(np.log(1.4), 0.95, len(since)) * _slowness(stage, changes)
    return np.maximum(stage.in_hours(since + (hours * 3600).astype(np.int64), reviewer), since + 240)


def _after(stage: Stage, since: Moments, actor: Indices, hours: float, spread: float) -> Moments:
    """Some hours later, when this actor works."""
    waits = (stage.rng.lognormal(np.log(hours), spread, len(since)) * 3600).astype(np.int64)
    return np.maximum(stage.in_hours(since + waits, actor), since + 120)


def _first_states(stage: Stage, changes: Changes) -> Indices:
    """Most are approved at once; fewer in the bad quarter."""
    drawn = stage.rng.random(len(changes.ready))
    good = 0.6 - 0.25 * stage.trouble[np.clip(changes.ready // DAY, 0, len(stage.trouble) - 1)]
    return np.where(drawn < good, APPROVED, np.where(drawn < 0.82, CHANGES_REQUESTED, COMMENTED))


def _pushed(stage: Stage, changes: Changes, since: Moments, wanted: Flags) -> tuple[Moments, Commits]:
    """Commits that answer a review: the last moment of each change (0 for none), and the rows."""
    last = np.zeros(len(since), np.int64)
    rows = np.flatnonzero(wanted & (changes.author < len(CAST)))
    pushes = 1 + stage.rng.poisson(0.5, len(rows))
    at = _after(stage, since[rows], changes.author[rows], 2.2, 0.8)
    numbers, moments, positions = [], [], []
    for turn in range(int(pushes.max(initial=0))):
        more = pushes > turn
        numbers.append(rows[more])
        moments.append(at[more] + turn * 1500)
        positions.append(np.full(int(more.sum()), 100 + turn))
        last[rows[more]] = at[more] + turn * 1500
    number, moment = np.concatenate(numbers), np.concatenate(moments)
    return last, Commits(number, changes.author[number], changes.repo[number], moment, np.concatenate(positions))


def _outcomes(stage: Stage, changes: Changes, reviewer: Indices, seen: Flags, settled: Moments) -> Outcomes:
    count = len(settled)
    bots = changes.author >= len(CAST)
    by_reviewer = bots | (stage.rng.random(count) < 0.22)
    merger = np.where(by_reviewer, reviewer, changes.author)
    merged = _after(stage, settled, merger, 0.9, 1.0)
    # Who is on a long leave does not merge: the reviewer does.
    absent = merged - settled > 9 * 86_400
    merger = np.where(absent, reviewer, merger)
    merged = np.where(absent, _after(stage, settled, reviewer, 0.9, 1.0), merged)
    fate = stage.rng.random(count)
    dropped = fate < np.where(bots, 0.16, 0.045)
    forgotten = (fate > 0.994) & ~bots
    closed = np.where(dropped, settled + stage.rng.integers(1, 12, count) * 86_400, merged)
    merged = np.where(dropped | forgotten, NEVER, merged)
    closed = np.where(forgotten, NEVER, closed)
    return Outcomes(merged, closed, np.where(merged < NEVER, merger, -1))


def _reviews(stage: Stage, rows: list[tuple[Indices, Indices, Moments, Indices]], outcomes: Outcomes) -> Reviews:
    change = np.concatenate([chosen for chosen, *_ in rows])
    reviewer, at, state = (np.concatenate([row[part][row[0]] for row in rows]) for part in (1, 2, 3))
    wordy = np.where(state == APPROVED, 0.55, 2.4)
    comments = stage.rng.poisson(wordy)
    happened = at < outcomes.closed[change]
    return Reviews(change[happened], reviewer[happened], at[happened], state[happened], comments[happened])


def _requests(changes: Changes, asked: list[tuple[Indices, Indices]]) -> Requests:
    change = np.concatenate([chosen for chosen, _ in asked])
    reviewer = np.concatenate([who[chosen] for chosen, who in asked])
    return Requests(change, reviewer, changes.ready[change] + 20)
