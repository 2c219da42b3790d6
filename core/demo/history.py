"""The whole play: everything that happens in the demo's eighteen months and after, as arrays.

Each chapter is drawn to its end before anything is written down. What has
happened up to a day is cut out of it then (`pen`), so that a later day adds to
the days before it and changes none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

import numpy as np

from core.demo import changes as work
from core.demo import files as tree
from core.demo import releases, reviews, words
from core.demo.cast import CAST, REPOS
from core.demo.changes import NEVER, Changes, Commits
from core.demo.files import Files
from core.demo.releases import Deployments, Incidents
from core.demo.reviews import Outcomes, Requests, Reviews
from core.demo.stage import DAY, SEED, Indices, Moments, Stage, begins, stage

ISSUE_KINDS = ("bug", "feature", "task")


@dataclass(slots=True)
class Tickets:
    repo: Indices
    author: Indices
    assignee: Indices
    opened: Moments
    closed: Moments
    kind: Indices


@dataclass(slots=True)
class History:
    """What happened. Indices point into the arrays beside."""

    stage: Stage
    changes: Changes
    commits: Commits
    shas: list[str]
    files: Files
    merge_shas: list[str]
    """By change; empty if it was not merged."""
    reviews: Reviews
    requests: Requests
    outcomes: Outcomes
    deployments: Deployments
    incidents: Incidents
    creators: Indices
    tickets: Tickets
    numbers: Indices
    """Of changes."""
    ticket_numbers: Indices
    kinds: Indices
    titles: list[str]


def played(beginning: date, until: date) -> list[History]:
    """Every chapter that begins before `until`, oldest first: the same for the same beginning, always."""
    chapters: list[History] = []
    numbered = np.zeros(len(REPOS), np.int64)
    while begins(len(chapters)) < (until - beginning).days:
        chapters.append(_played(stage(beginning, len(chapters)), numbered))
        of_chapter = np.concatenate([chapters[-1].changes.repo, chapters[-1].tickets.repo])
        numbered = numbered + np.bincount(of_chapter, minlength=len(REPOS))
    return chapters


def _played(scene: Stage, numbered: Indices) -> History:
    """One chapter. `numbered` are the numbers that earlier ones gave away, by repository."""
    changes, commits = work.begun(scene)
    seen, asked, pushes, outcomes = reviews.reviewed(scene, changes)
    whole = _in_order(scene, [commits, pushes, work.straight(scene)])
    deployments = releases.released(scene, changes, outcomes)
    tickets = _tickets(scene)
    numbers, ticket_numbers = _numbers(changes, tickets, numbered)
    kinds = words.kinds(scene.rng, len(changes.repo))
    titles = words.titles(scene.rng, changes.repo, kinds)
    bots = np.flatnonzero(changes.author >= len(CAST))
    for change, title in zip(bots, words.updates(scene.rng, len(bots)), strict=True):
        titles[change] = title
    kinds[bots] = words.KINDS.index("chore")
    return History(
        scene, changes, whole, _shas(scene, "commit", whole.at), tree.touched(scene, whole),
        _merge_shas(scene, outcomes), seen, asked, outcomes, deployments, releases.incidents(scene, deployments),
        releases.creators(scene, deployments, outcomes), tickets, numbers, ticket_numbers, kinds, titles,
    )  # fmt: skip


def _in_order(scene: Stage, parts: list[Commits]) -> Commits:
    """All commits, oldest first."""
    whole = Commits(*(np.concatenate([getattr(part, name) for part in parts]) for name in Commits.__slots__))
    order = np.lexsort((whole.position, whole.author, whole.repo, whole.at))
    order = order[whole.at[order] >= 0]
    return Commits(*(getattr(whole, name)[order] for name in Commits.__slots__))


def _tickets(scene: Stage) -> Tickets:
    rng = scene.rng
    size = np.array([0.2 if repo.quiet else 0.5 + repo.releases_a_week / 12 for repo in REPOS])
    counts = rng.poisson(np.outer(size, 1 + 0.8 * scene.trouble[: scene.span]) * 0.55)
    repo, day = (np.repeat(axis, counts[np.nonzero(counts)]) for axis in np.nonzero(counts))
    opened = day * DAY + rng.integers(6 * 3600, 20 * 3600, len(day))
    busy = scene.works[: len(CAST)].T[day] * rng.random((len(day), len(CAST)))
    ranked = np.argsort(-busy, axis=1)
    closed = opened + (rng.lognormal(np.log(6), 1.2, len(day)) * DAY).astype(np.int64) + 900
    closed = np.where(rng.random(len(day)) < 0.9, closed, NEVER)
    kind = rng.choice(3, len(day), p=[0.45, 0.3, 0.25])
    return Tickets(repo, ranked[:, 0], ranked[:, 1], opened, closed, kind)


def _numbers(changes: Changes, tickets: Tickets, given: Indices) -> tuple[Indices, Indices]:
    """Pull requests and issues of a repository share one row of numbers, in order of opening."""
    repo = np.concatenate([changes.repo, tickets.repo])
    opened = np.concatenate([changes.opened, tickets.opened])
    order = np.lexsort((opened, repo))
    starts = np.searchsorted(repo[order], np.arange(len(REPOS)))
    numbers = np.empty(len(repo), np.int64)
    numbers[order] = np.arange(len(repo)) - starts[repo[order]] + 1 + given[repo[order]]
    return numbers[: len(changes.repo)], numbers[len(changes.repo) :]


def _shas(scene: Stage, what: str, moments: Moments) -> list[str]:
    return [
        blake2b(f"{SEED}:{what}:{scene.chapter}:{number}:{at}".encode(), digest_size=20).hexdigest()
        for number, at in enumerate(moments.tolist())
    ]


def _merge_shas(scene: Stage, outcomes: Outcomes) -> list[str]:
    shas = _shas(scene, "merge", outcomes.merged)
    return [sha if at < NEVER else "" for sha, at in zip(shas, outcomes.merged.tolist(), strict=True)]
