"""What a clone would tell of the demo's lines: how old those were that were changed, and how deep files are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from core.demo import files as tree
from core.demo.history import History
from core.demo.identities import Known
from core.demo.pen import Pages, Pen
from core.demo.stage import DAY, Indices, Moments

REWORK_DAYS = 21
FACTS = ("line_changes", "tree_files")


class LinesPen(Pen):
    """Lines and files. Its chance is its own, so that it changes nothing else."""

    def __init__(self, history: History, known: Known, pages: Pages, commit_ids: Indices) -> None:
        super().__init__(history, known, pages)
        self.rng = np.random.default_rng([98, history.stage.chapter])
        self.commit_ids = commit_ids

    def changes(self) -> pa.Table:
        """Of each file that a commit changed: lines of the last commit before it, and lines that are older."""
        f, at = self.h.files, self.h.commits.at[self.h.files.commit]
        before = _before(f.path, at)
        gap = np.where(before >= 0, at - at[before], DAY * 999)
        own = self.h.commits.author[f.commit] == self.h.commits.author[f.commit[before]]
        # What one writes again is mostly what one has just written; the middle of the bad quarter has most of it.
        trouble = self.h.stage.trouble[np.clip(at // DAY, 0, self.h.stage.grid - 1)]
        share = self.rng.beta(1.2, 3.0, len(at)) * np.where(own, 1.0, 0.55) * (1 + trouble)
        young = np.where(gap <= REWORK_DAYS * DAY, np.floor(f.deletions * np.minimum(share, 1.0)), 0).astype(np.int64)
        by_hand = ~f.generated & ~f.binary & (f.deletions > 0)
        old_rows, young_rows = np.flatnonzero(by_hand & (f.deletions > young)), np.flatnonzero(by_hand & (young > 0))
        rows = np.concatenate([old_rows, young_rows])
        is_young = np.arange(len(rows)) >= len(old_rows)
        previous = f.commit[before[rows]]
        columns = {
            "repo_id": self._repos(self.h.commits.repo[f.commit[rows]]),
            "sha": pa.array(self.h.shas).take(pa.array(f.commit[rows])),
            "path": pa.array(tree.pool()[0]).take(pa.array(f.path[rows])),
            "previous_sha": pa.array(self.h.shas).take(pa.array(previous, mask=~is_young)).fill_null(""),
            "previous_id": np.where(is_young, self.commit_ids[previous], np.uint64(0)),
            "previous_at": self._moments(np.where(is_young, self.h.commits.at[previous], at[rows])),
            "author_id": self.commit_ids[f.commit[rows]],
            "authored_at": self._moments(at[rows]),
            "lines": np.where(is_young, young[rows], f.deletions[rows] - young[rows]),
            "unknown": np.zeros(len(rows), np.int64),
            "source": ["demo"] * len(rows),
        }
        return self._table(columns, at[rows])

    def files(self) -> pa.Table:
        """The files that are there: those that change more are the longer and deeper ones, but not all of them."""
        paths, languages, begins = tree.pool()
        rng, count = np.random.default_rng(99), len(paths)
        repo = np.searchsorted(np.array(begins), np.arange(count), side="right") - 1
        word = (np.arange(count) - np.array(begins)[repo]) % tree.FILES_AN_AREA
        lines = (rng.lognormal(np.log(160), 0.7, count) * (1.6 - word / tree.FILES_AN_AREA)).astype(np.int64) + 8
        depth = rng.gamma(6.0, 0.22, count)
        generated = np.array([path in tree.LOCKS.values() or path.endswith(".lock") for path in paths])
        binary = np.array([path == tree.PICTURE for path in paths])
        known = ~generated & ~binary
        columns = {
            "repo_id": self._repos(repo),
            "path": list(paths),
            "blob": [""] * count,
            "former": pa.array([[]] * count, pa.list_(pa.string())),
            "language": list(languages),
            "lines": np.where(known, lines, 0),
            "complexity": np.where(known, (lines * (1 + depth)).astype(np.int64), 0),
            "known": known.astype(np.uint8),
            "generated": generated.astype(np.uint8),
            "source": ["demo"] * count,
        }
        return self._table(columns, np.full(count, self.since))


def _before(path: Indices, at: Moments) -> Indices:
    """Of each touch of a file, the place of the touch before it; -1 for the first."""
    order = np.lexsort((np.arange(len(at)), at, path))
    before = np.full(len(at), -1)
    same = path[order][1:] == path[order][:-1]
    before[order[1:][same]] = order[:-1][same]
    return before
