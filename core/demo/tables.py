"""The play written down: arrays become the rows of the fact tables."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from core.demo import files as tree
from core.demo import words
from core.demo.cast import CAST
from core.demo.changes import NEVER
from core.demo.history import History
from core.demo.identities import Known
from core.demo.lines import LinesPen
from core.demo.operations import OperationsPen
from core.demo.pen import Pages, Pen
from core.demo.reviews import APPROVED, STATES
from core.demo.stage import DAY, Flags, Indices, Moments


def tables(history: History, known: Known, pages: Pages) -> dict[str, pa.Table]:
    """Every fact table of a chapter by name."""
    code, around = CodePen(history, known, pages), OperationsPen(history, known, pages)
    lines = LinesPen(history, known, pages, code.commit_ids)
    return {
        "commits": code.commits(),
        "commit_files": code.commit_files(),
        "pull_requests": code.pull_requests(),
        "pr_commits": code.pr_commits(),
        "reviews": code.reviews(),
        "review_comments": code.review_comments(),
        "review_requests": code.review_requests(),
        "issues": around.issues(),
        "deployments": around.deployments(),
        "incidents": around.incidents(),
        "line_changes": lines.changes(),
        "tree_files": lines.files(),
    }


class CodePen(Pen):
    """Commits, pull requests and reviews."""

    def __init__(self, history: History, known: Known, pages: Pages) -> None:
        super().__init__(history, known, pages)
        day = history.commits.at // DAY + history.stage.before
        self.commit_ids = known.of_commits(self.rng, history.commits.author, day)

    def commits(self) -> pa.Table:
        h, c = self.h, self.h.commits
        merged = np.flatnonzero(h.outcomes.merged < NEVER)
        count, merges = len(c.at), len(merged)
        by = h.outcomes.merged_by[merged]
        at = np.concatenate([c.at, h.outcomes.merged[merged]])
        who = np.concatenate([c.author, by])
        ids = np.concatenate([self.commit_ids, self.known.ids[by]])
        sums = [tree.per_commit(h.files, v, count) for v in (h.files.additions, h.files.deletions)]
        made = [tree.per_commit(h.files, v, count, h.files.generated) for v in (h.files.additions, h.files.deletions)]
        ones = np.ones(len(h.files.commit), np.int64)
        subjects, kinds, breaking = self._subjects()
        nothing = np.zeros(merges, np.int64)
        columns = {
            "repo_id": self._repos(np.concatenate([c.repo, h.changes.repo[merged]])),
            "sha": h.shas + [h.merge_shas[i] for i in merged],
            "author_id": ids,
            "author_name": self.known.names_of(ids),
            "author_email": self.known.emails_of(ids),
            "committer_id": ids,
            "authored_at": self._moments(at),
            "author_offset": h.stage.offset[who, h.stage.day_of(at, who)].astype(np.int16),
            "committed_at": self._moments(at),
            "parents": np.concatenate([np.ones(count, np.uint8), np.full(merges, 2, np.uint8)]),
            "is_merge": np.concatenate([np.zeros(count, np.uint8), np.ones(merges, np.uint8)]),
            "additions": np.concatenate([sums[0], nothing]),
            "deletions": np.concatenate([sums[1], nothing]),
            "files": np.concatenate([tree.per_commit(h.files, ones, count), nothing]),
            "generated_additions": np.concatenate([made[0], nothing]),
            "generated_deletions": np.concatenate([made[1], nothing]),
            "generated_files": np.concatenate([tree.per_commit(h.files, ones, count, h.files.generated), nothing]),
            "co_author_ids": self._co_authors() + [[]] * merges,
            "reviewer_ids": pa.array([[]] * (count + merges), pa.list_(pa.uint64())),
            "subject": subjects + self._merge_subjects(merged),
            "kind": kinds + [""] * merges,
            "breaking": np.concatenate([breaking, np.zeros(merges, np.uint8)]),
            "reverts": [""] * (count + merges),
            "pr_number": np.concatenate([np.zeros(count, np.int64), h.numbers[merged]]),
        }
        return self._table(columns, at)

    def commit_files(self) -> pa.Table:
        h, f = self.h, self.h.files
        paths, languages, _ = tree.pool()
        columns = {
            "repo_id": self._repos(h.commits.repo[f.commit]),
            "sha": pa.array(h.shas).take(pa.array(f.commit)),
            "path": pa.array(paths).take(pa.array(f.path)),
            "old_path": [""] * len(f.commit),
            "author_id": self.commit_ids[f.commit],
            "authored_at": self._moments(h.commits.at[f.commit]),
            "language": pa.array(languages).take(pa.array(f.path)),
            "additions": f.additions,
            "deletions": f.deletions,
            "is_binary": f.binary.astype(np.uint8),
            "generated": f.generated.astype(np.uint8),
        }
        return self._table(columns, h.commits.at[f.commit])

    def pull_requests(self) -> pa.Table:
        h, c, o = self.h, self.h.changes, self.h.outcomes
        shown = self._shown()
        mine = (h.commits.change >= 0) & self._happened(shown)
        change = h.commits.change[mine]
        newest = np.zeros(len(c.repo), np.int64)
        np.maximum.at(newest, change, shown[mine])
        merged = self._happened(o.merged)
        sums = {
            name: np.bincount(change, tree.per_commit(h.files, values, len(mine))[mine], len(c.repo)).astype(np.int64)
            for name, values in (("additions", h.files.additions), ("deletions", h.files.deletions),
                                 ("files", np.ones(len(h.files.commit), np.int64)))
        }  # fmt: skip
        state = np.where(merged, "merged", np.where(self._happened(o.closed), "closed", "open"))
        columns = {
            "repo_id": self._repos(c.repo),
            "number": h.numbers,
            "title": h.titles,
            "author_id": self.known.ids[c.author],
            "state": pa.array(state.tolist()),
            "is_draft": (c.draft & ~self._happened(c.ready)).astype(np.uint8),
            "opened_at": self._moments(c.opened),
            "ready_at": self._moments(c.ready),
            "first_commit_at": self._moments(c.begun),
            "merged_at": self._moments(o.merged),
            "closed_at": self._moments(o.closed),
            "merged_by_id": np.where(merged, self.known.ids[o.merged_by], np.uint64(0)),
            "base_branch": ["main"] * len(c.repo),
            "head_branch": [f"{words.KINDS[k]}/{t.lower().replace(' ', '-')[:40]}"
                            for k, t in zip(h.kinds, h.titles, strict=True)],
            "merge_sha": [sha if one else "" for sha, one in zip(h.merge_shas, merged, strict=True)],
            **sums,
            "commits": np.bincount(change, minlength=len(c.repo)),
            "labels": self._labels(),
            "url": self._urls(c.repo, h.numbers, "pull"),
            "source": ["demo"] * len(c.repo),
            "approximate": np.zeros(len(c.repo), np.uint8),
        }  # fmt: skip
        return self._table(columns, c.opened, c.ready, o.merged, o.closed, newest)

    def pr_commits(self) -> pa.Table:
        c = self.h.commits
        rows = np.flatnonzero(c.change >= 0)
        columns = {
            "repo_id": self._repos(c.repo[rows]),
            "pr_number": self.h.numbers[c.change[rows]],
            "sha": pa.array(self.h.shas).take(pa.array(rows)),
            "author_id": self.commit_ids[rows],
            "authored_at": self._moments(c.at[rows]),
            "pushed_at": self._moments(self._pushed()[rows]),
            "source": ["demo"] * len(rows),
        }
        return self._table(columns, self._shown()[rows])

    def reviews(self) -> pa.Table:
        r = self.h.reviews
        length = self.rng.lognormal(np.log(60), 0.9, len(r.at)) * (r.state != APPROVED) + r.comments * 20
        columns = {
            "repo_id": self._repos(self.h.changes.repo[r.change]),
            "pr_number": self.h.numbers[r.change],
            "review_key": [f"r{i}" for i in range(len(r.at))],
            "reviewer_id": self.known.ids[r.reviewer],
            "state": pa.array([STATES[s] for s in r.state]),
            "submitted_at": self._moments(r.at),
            "comments": r.comments,
            "body_length": length.astype(np.int64),
            "source": ["demo"] * len(r.at),
            "approximate": np.zeros(len(r.at), np.uint8),
        }
        return self._table(columns, r.at)

    def review_comments(self) -> pa.Table:
        """Comments of reviews, and the author's answer to some."""
        h, r = self.h, self.h.reviews
        review = np.repeat(np.arange(len(r.at)), r.comments)
        answered = np.flatnonzero(self.rng.random(len(review)) < 0.3)
        at = r.at[review[answered]] + self.rng.integers(300, 5400, len(answered))
        in_time = at < h.outcomes.closed[r.change[review[answered]]]
        in_time &= h.changes.author[r.change[review[answered]]] < len(CAST)
        answered, at = answered[in_time], at[in_time]
        change = np.concatenate([r.change[review], r.change[review[answered]]])
        who = np.concatenate([r.reviewer[review], h.changes.author[r.change[review[answered]]]])
        begin = np.array(tree.pool()[2])[h.changes.repo[change]]
        said = np.concatenate([r.at[review], at])
        columns = {
            "repo_id": self._repos(h.changes.repo[change]),
            "pr_number": h.numbers[change],
            "comment_key": [f"c{i}" for i in range(len(change))],
            "author_id": self.known.ids[who],
            "created_at": self._moments(said),
            "path": pa.array(tree.pool()[0]).take(pa.array(begin + self.rng.integers(0, 40, len(change)))),
            "body_length": self.rng.lognormal(np.log(90), 0.8, len(change)).astype(np.int64),
            "in_reply_to": [""] * len(review) + [f"c{i}" for i in answered],
            "source": ["demo"] * len(change),
        }
        return self._table(columns, said)

    def review_requests(self) -> pa.Table:
        r = self.h.requests
        columns = {
            "repo_id": self._repos(self.h.changes.repo[r.change]),
            "pr_number": self.h.numbers[r.change],
            "reviewer_id": self.known.ids[r.reviewer],
            "requested_at": self._moments(r.at),
            "source": ["demo"] * len(r.at),
        }
        return self._table(columns, r.at)

    def _pushed(self) -> Moments:
        """What is there at the opening was pushed with it; what comes later, a moment after it was made."""
        c = self.h.commits
        opened = self.h.changes.opened[c.change]
        return np.where(c.position < 100, np.maximum(c.at + 60, opened - 60), c.at + 60)

    def _shown(self) -> Moments:
        """From when on a commit stands in its pull request."""
        return np.maximum(self._pushed(), self.h.changes.opened[self.h.commits.change])

    def _subjects(self) -> tuple[list[str], list[str], Flags]:
        h, c = self.h, self.h.commits
        own = words.kinds(self.rng, len(c.at))
        titles, scopes = words.titles(self.rng, c.repo, own), words.scopes(self.rng, c.repo)
        answers = words.drawn(self.rng, words.ANSWERS, len(c.at))
        kind = np.where((c.change >= 0) & (c.position == 0), h.kinds[c.change], own)
        breaking = (self.rng.random(len(c.at)) < 0.006) & (kind == 0)
        subjects = []
        for i, (change, position, k) in enumerate(zip(c.change, c.position, kind, strict=True)):
            text = h.titles[change] if change >= 0 and position == 0 else answers[i] if position >= 100 else titles[i]
            if c.author[i] >= len(CAST):
                text = h.titles[change] if change >= 0 else f"Release {1 + i // 4000}.{i % 4000}"
            mark = "!" if breaking[i] else ""
            subjects.append(f"{words.KINDS[k]}({scopes[i]}){mark}: {text[0].lower()}{text[1:]}")
        return subjects, [words.KINDS[k] for k in kind], breaking.astype(np.uint8)

    def _merge_subjects(self, merged: Indices) -> list[str]:
        h = self.h
        branches = [f"{self.known.logins[h.changes.author[i]]}/{words.KINDS[h.kinds[i]]}" for i in merged]
        return [f"Merge pull request #{h.numbers[i]} from {branch}" for i, branch in zip(merged, branches, strict=True)]

    def _co_authors(self) -> list[list[int]]:
        """Somebody of the same cast, now and then."""
        c = self.h.commits
        other = self.rng.integers(0, len(CAST), len(c.at))
        shared = (self.rng.random(len(c.at)) < 0.03) & (other != c.author) & (c.author < len(CAST))
        shared &= self.h.stage.present[other, np.minimum(c.at // DAY, self.h.stage.grid - 1)]
        ids = self.known.ids[other].tolist()
        return [[ids[i]] if both else [] for i, both in enumerate(shared)]

    def _labels(self) -> list[list[str]]:
        bots = self.h.changes.author >= len(CAST)
        return [
            ["dependencies"] if bot else ["bug"] if words.KINDS[k] == "fix" else []
            for bot, k in zip(bots, self.h.kinds, strict=True)
        ]
