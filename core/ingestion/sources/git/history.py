"""The commits to read, newest first, and which pull request brought each.

A merge without a number ended one too if it brought a topic into the trunk, or into the
branch that is read, and is on the line of first parents. A merge into any other branch did
not, nor one with what the branch's remote, its trunk or an older version had meanwhile.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from threading import Thread

from core.base.pulls import own_number
from core.ingestion.sources.git.command import failed, start
from core.ingestion.sources.git.message import branches, pull_request, split
from core.ingestion.sources.git.rows import text

Parents = dict[bytes, list[bytes]]
"""Each commit's parents, in git's newest-first order."""

TRUNKS = frozenset({"main", "master", "trunk"})
"""What the branch that all others come from is called; a repository may have called it by two of these in turn."""

_LASTING = re.compile(
    r"(v?\d+(\.(\d+|x))+|\d+\.x|v\d+)([-_].*)?|(dev|devel|develop|development|next|staging|production|prod)"
    r"|(stable|maint|maintenance|releases?|support)([-_/].*)?|.*[-_](stable|maintenance)",
    re.IGNORECASE,
)
"""Branches that go on beside the trunk: 2.3.x, stable, develop, release/1.0. Merging one ends no pull request."""


@dataclass
class Told:
    """What the messages of merges tell."""

    numbers: dict[bytes, int] = field(default_factory=dict)
    """Pull requests by the merge that ended them."""
    joined: set[bytes] = field(default_factory=set)
    """Merges of another branch into the trunk or the branch that is read, without a number: if they are on it."""
    itself: set[bytes] = field(default_factory=set)
    """Merges of the branch with what somebody else had of it."""

    def __bool__(self) -> bool:
        return bool(self.numbers or self.joined)

    def hear(self, sha: bytes, head: str, base: str, branch: str) -> None:
        """Take one merge of `head` into `base` for what it is to whoever reads `branch`.

        Git says no base where it is the trunk, so "Merge branch 'main'" is what a pull of the trunk leaves.
        """
        into_trunk = not base or base in TRUNKS
        if head == branch or (head in TRUNKS and (into_trunk or branch in TRUNKS)):
            self.itself.add(sha)
        elif head not in TRUNKS and (into_trunk or base == branch) and not _LASTING.fullmatch(head):
            self.joined.add(sha)


class History:
    """Reads the graph in two git processes at once: all commits, and the messages of merges."""

    def __init__(self, path: Path, tip: str, branch: str, without: str = "", since: str = "") -> None:
        self.path = path
        self.tip, self.branch = tip.encode(), branch.removeprefix("origin/")
        span = [tip, *([f"^{without}"] if without else []), *([f"--since={since}T00:00:00Z"] if since else [])]
        self._graph = start(path, "rev-list", "--parents", *span, "--")
        merges = ("--merges", "-z", "--no-show-signature", "--encoding=UTF-8", "--format=%H%x00%P%x00%B")
        self._merges = start(path, "log", *merges, *span, "--")
        self._told = Told()
        self._reading = Thread(target=self._read_merges, daemon=True)
        self._reading.start()

    def read(self) -> tuple[Parents, dict[bytes, int]]:
        """The commits with their parents, and the pull request of those that a merge brought in.

        A merge that ended one without telling its number has that number below zero.
        """
        assert self._graph.stdout
        parents: Parents = {}
        for line in self._graph.stdout:
            sha, *rest = line.split()
            parents[sha] = rest
        self._ended(self._graph)
        self._reading.join()
        self._ended(self._merges)
        return parents, brought(parents, self.tip, self._told) if self._told else {}

    def _read_merges(self) -> None:
        for sha, _, message in _triples(self._merges):
            subject, body = split(text(message))
            if pull := pull_request(subject, body, is_merge=True):
                self._told.numbers[sha] = pull.number
            elif named := branches(subject):
                self._told.hear(sha, *named, self.branch)

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr and process.stdout
        with process.stderr, process.stdout:
            complaint = process.stderr.read()
        if process.wait():
            raise failed(self.path, complaint.decode("utf-8", "replace"))


def _triples(process: subprocess.Popen[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    assert process.stdout
    rest, tokens = b"", []
    while chunk := process.stdout.read(1 << 18):
        *whole, rest = (rest + chunk).split(b"\0")
        tokens += whole
        ready = len(tokens) // 3 * 3
        yield from zip(*[iter(tokens[:ready])] * 3, strict=True)
        del tokens[:ready]
    if rest and len(tokens) == 2:
        yield tokens[0], tokens[1], rest


def brought(parents: Parents, tip: bytes, told: Told) -> dict[bytes, int]:
    """Which merge brought each commit in: the innermost, oldest merges first.

    A merge M brings what its further parents reach and its first parent does not.
    The first-parent chain is walked from its old end, so "not reached yet" is that.
    The branch itself is its first parents, and what it was merged with of its own.
    """
    owner: dict[bytes, int] = {}
    seen: set[bytes] = set()
    ahead: list[tuple[bytes, int, bool]] = [(tip, 0, True)]
    while ahead:
        sha, number, on_branch = ahead.pop()
        sides: list[tuple[bytes, int, bool]] = []
        while sha in parents and sha not in seen:
            seen.add(sha)
            if number:
                owner[sha] = number
            first, *others = parents[sha] or [b""]
            inner = told.numbers.get(sha, number)
            if on_branch and sha in told.joined:
                inner = own_number(sha)
                owner[sha] = -inner
            sides += [(other, inner, on_branch and sha in told.itself) for other in others]
            sha = first
        ahead += sides
    return owner


def is_straight(parents: Parents, tip: bytes, base: bytes) -> bool:
    """Whether the first-parent chain from `tip` comes down on `base`: then no older commit gets another number."""
    sha = tip
    while sha in parents:
        if not parents[sha]:
            return False
        sha = parents[sha][0]
    return sha == base


def batches(shas: Iterator[bytes], numbers: Mapping[bytes, int], size: int) -> Iterator[bytes]:
    """Orders for a worker process: how many commits, and the lines that name them."""
    while chosen := list(islice(shas, size)):
        lines = [b"%s %d" % (sha, number) if (number := numbers.get(sha)) else sha for sha in chosen]
        yield b"%d\n%s\n" % (len(chosen), b"\n".join(lines))
