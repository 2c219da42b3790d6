"""A piece of reading: the files at the tip, then commits from the oldest that nobody has looked at yet."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from core.context import Context
from core.ingestion.kind import Progress
from core.ingestion.lines import tree
from core.ingestion.lines.ages import REWORK_DAYS, Age, ages
from core.ingestion.lines.hunks import Change, changes
from core.ingestion.lines.keeping import Commit, Kept, Touched
from core.ingestion.sources.git.attributes import Attributes
from core.ingestion.sources.git.repository import Repository, opened
from core.people.identities import identity_id

BATCH = 200
"""Commits that are asked about, and kept, at once."""
TREE_SHARE = 0.5
"""Of a piece's time that the files at the tip may take."""
REWORK_S = REWORK_DAYS * 86_400

Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read of a repository, and how long."""

    repo_id: str
    path: str
    tip: str
    since: datetime | None
    """The first moment whose commits are looked at; None for none."""
    until: float
    """By `time.monotonic`."""
    stop: Stop
    """Whether to end early, with what there is."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a piece brought."""

    commits: int
    files: int
    is_changed: bool
    is_tree_read: bool
    left: int
    """Commits that are still to be looked at."""
    oldest: datetime | None
    """When the first of those was authored."""
    reaches_back: bool
    """Whether the history begins before what is looked at."""

    @property
    def is_complete(self) -> bool:
        return self.is_tree_read and not self.left


def read(ctx: Context, wanted: Wanted, progress: Progress) -> Brought:
    """Read on from where the last piece ended."""
    kept, repository = Kept(ctx, wanted.repo_id), opened(wanted.path)
    changed = kept.follow()
    progress(0.0, "Files that are there")
    files, is_tree_read = _tree(kept, repository, wanted)
    commits = sum(_seen(kept, repository, wanted, progress)) if wanted.since else 0
    left, oldest = kept.unseen(wanted.since) if wanted.since else (0, None)
    return Brought(
        commits, files, bool(changed or files or commits), is_tree_read, left, oldest,
        reaches_back=bool(wanted.since and kept.older(wanted.since)),
    )  # fmt: skip


def _tree(kept: Kept, repository: Repository, wanted: Wanted) -> tuple[int, bool]:
    """How many files changed, and whether all of them were measured."""
    there = tree.listed(repository.path, wanted.tip, Attributes(repository.rules(wanted.tip)))
    former = tree.names_before(kept.renames(), there)
    there = {name: (_called(file, former.get(name, ())), size) for name, (file, size) in there.items()}
    known = kept.files()
    now = monotonic()
    until = now + max(wanted.until - now, 0) * TREE_SHARE
    measured = list(tree.changed(repository.path, there, known, until))
    rows = [_file_row(file) for file in measured]
    rows += [_file_row(file) | {"deleted": 1} for name, file in known.items() if name not in there]
    kept.put("tree_files", rows)
    return len(rows), all(file.blob != tree.UNREAD for file in measured)


def _called(file: tree.File, former: tuple[str, ...]) -> tree.File:
    return replace(file, former=former) if former else file


def _file_row(file: tree.File) -> dict[str, Any]:
    return {
        "path": file.path, "blob": file.blob, "former": list(file.former), "language": file.language,
        "lines": file.lines, "complexity": file.complexity, "known": int(file.known), "generated": int(file.generated),
    }  # fmt: skip


def _seen(kept: Kept, repository: Repository, wanted: Wanted, progress: Progress) -> Iterator[int]:
    """How many commits each batch looked at."""
    assert wanted.since
    left, _ = kept.unseen(wanted.since)
    whole, done = max(left, 1), 0
    while batch := kept.next(wanted.since, BATCH):
        looked = _batch(kept, repository, batch, wanted)
        done += looked
        progress(done / whole, f"{done:,} of {whole:,} commits")
        yield looked
        if wanted.stop():
            return


def _batch(kept: Kept, repository: Repository, batch: Sequence[Commit], wanted: Wanted) -> int:
    """Commits looked at until it was time to stop: one at least, so that there is an end."""
    touched = kept.touched(batch)
    last = max(max(one.authored_at, one.committed_at) for one in batch)
    moments = kept.moments(min(one.authored_at for one in batch) - REWORK_S, last)
    young = {one.sha: [file for file in touched.get(one.sha, ()) if _may_be_young(one, file, moments)] for one in batch}
    found = changes(repository.path, [sha for sha, files in young.items() if files]) if any(young.values()) else {}
    boundary, rows, looked = frozenset(repository.boundary()), list[dict[str, Any]](), 0
    for one in batch:
        rows += _rows(repository.path, one, touched.get(one.sha, ()), young[one.sha], found.get(one.sha, {}), boundary)
        looked += 1
        if wanted.stop():
            break
    kept.put("line_changes", rows)
    return looked


def _may_be_young(commit: Commit, file: Touched, moments: dict[str, list[int]]) -> bool:
    """Whether anything else touched the file in the days before: only then git need be asked how old its lines are."""
    known = moments.get(file.before, [])
    begin = bisect_left(known, commit.authored_at - REWORK_S)
    end = bisect_right(known, max(commit.committed_at, commit.authored_at))
    itself = 1 if file.before == file.path else 0
    return end - begin > itself


def _rows(
    path: Path, commit: Commit, touched: Sequence[Touched], young: Sequence[Touched], found: dict[str, Change],
    boundary: frozenset[str],
) -> list[dict[str, Any]]:  # fmt: skip
    rows = [] if touched else [_row(commit, "")]
    asked = {file.path for file in young}
    for file in touched:
        if file.path not in asked:
            rows.append(_row(commit, file.path, lines=file.lines))
        elif change := found.get(file.path):
            since = commit.authored_at - REWORK_S
            rows += _of_ages(commit, file.path, ages(path, commit.sha, change.before, change.ranges, since), boundary)
        else:
            rows.append(_row(commit, file.path, unknown=file.lines))
    return rows


def _of_ages(commit: Commit, path: str, found: Sequence[Age], boundary: frozenset[str]) -> list[dict[str, Any]]:
    """A row of what is old or not known, and one for each commit of the days before."""
    rows, old, unknown = list[dict[str, Any]](), 0, 0
    for age in found:
        if age.is_old or age.at < commit.authored_at - REWORK_S:
            old += age.lines
        elif age.sha in boundary:
            unknown += age.lines
        else:
            who = {"previous_sha": age.sha, "previous_at": age.at, "previous_id": identity_id(age.email, age.name)}
            rows.append(_row(commit, path, lines=age.lines, **who))
    return [_row(commit, path, lines=old, unknown=unknown), *rows] if old or unknown or not rows else rows


def _row(commit: Commit, path: str, **given: Any) -> dict[str, Any]:
    return {
        "sha": commit.sha, "path": path, "previous_sha": "", "previous_id": 0, "previous_at": 0,
        "author_id": commit.author_id, "authored_at": commit.authored_at, "lines": 0, "unknown": 0,
    } | given  # fmt: skip


def begin(now: datetime, days: int) -> datetime | None:
    """The first moment whose commits are looked at."""
    return now - timedelta(days=days) if days else None
