"""Which files each commit touched, and how many lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from core.demo.cast import CAST, REPOS
from core.demo.changes import Commits
from core.demo.stage import Flags, Indices, Stage

WORDS = (
    "service", "store", "client", "handlers", "models", "routes", "session", "config", "errors", "worker", "queue",
    "parser", "events", "cache", "views", "helpers_test", "limits", "schema", "batch", "report",
)  # fmt: skip
LOCKS = {"Go": "go.sum", "Python": "uv.lock", "TypeScript": "package-lock.json", "Kotlin": "gradle.lockfile",
         "Swift": "Package.resolved", "HCL": ".terraform.lock.hcl"}  # fmt: skip
PICTURE = "assets/illustration.png"
FILES_AN_AREA = len(WORDS)
MOST_FILES = 9


@dataclass(slots=True)
class Files:
    """One array element a file of a commit."""

    commit: Indices
    path: Indices
    """Index into `pool()`."""
    additions: Indices
    deletions: Indices
    generated: Flags
    binary: Flags


@cache
def pool() -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]]:
    """Every path, its language, and where each repository's paths begin: areas, then the lock file, then a picture."""
    paths: list[str] = []
    languages: list[str] = []
    begins: list[int] = []
    for number, repo in enumerate(REPOS):
        begins.append(len(paths))
        for area_number, area in enumerate(repo.areas):
            for word_number, word in enumerate(WORDS):
                # Most files are of the first language; others come in by a fixed pattern.
                draw = (number * 31 + area_number * 17 + word_number * 7) % 10
                pick = 0 if draw < 7 else min(draw - 6, len(repo.languages) - 1)
                language, suffix = repo.languages[pick]
                paths.append(f"{area}/{word}.{suffix}")
                languages.append(language)
        paths += [LOCKS.get(repo.languages[0][0], "dependencies.lock"), PICTURE]
        languages += ["", ""]
    return tuple(paths), tuple(languages), tuple(begins)


def touched(stage: Stage, commits: Commits) -> Files:
    """Files of every commit; an author keeps to some areas and comes back to some files."""
    rng, count = stage.rng, len(commits.at)
    bots = commits.author >= len(CAST)
    many = np.where(bots, 1, np.minimum(rng.geometric(0.42, count), MOST_FILES))
    commit = np.repeat(np.arange(count), many)
    repo, author = commits.repo[commit], commits.author[commit]
    areas = np.array([len(one.areas) for one in REPOS])[repo]
    home = (author * 5 + repo * 3) % areas
    area = np.where(rng.random(len(commit)) < 0.7, home, rng.integers(0, 60, len(commit)) % areas)
    word = np.floor(FILES_AN_AREA * rng.random(len(commit)) ** 1.8).astype(np.int64)
    begin = np.array(pool()[2])[repo]
    path = begin + area * FILES_AN_AREA + word
    drawn = rng.random(len(commit))
    lock, picture = (drawn < 0.025) | bots[commit], (drawn > 0.99) & ~bots[commit]
    path = np.where(lock, begin + areas * FILES_AN_AREA, np.where(picture, begin + areas * FILES_AN_AREA + 1, path))
    once = np.unique(commit * 100_000 + path, return_index=True)[1]
    size = np.where(lock, 6.0, 1.0)
    additions = (rng.lognormal(np.log(9), 1.15, len(commit)) * size).astype(np.int64)
    deletions = (rng.lognormal(np.log(3.5), 1.2, len(commit)) * size).astype(np.int64)
    files = Files(commit, path, np.where(picture, 0, additions), np.where(picture, 0, deletions), lock, picture)
    return Files(*(getattr(files, name)[once] for name in Files.__slots__))


def per_commit(files: Files, values: Indices, count: int, only: Flags | None = None) -> Indices:
    """Sums by commit."""
    weights = values * (only if only is not None else 1)
    return np.bincount(files.commit, weights=weights, minlength=count).astype(np.int64)
