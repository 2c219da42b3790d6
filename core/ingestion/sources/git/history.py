"""The commits to read, newest first, and which pull request brought each."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from threading import Thread

from core.ingestion.sources.git.command import failed, start
from core.ingestion.sources.git.message import pull_request, split
from core.ingestion.sources.git.rows import text

Parents = dict[bytes, list[bytes]]
"""Each commit's parents, in git's newest-first order."""


class History:
    """Reads the graph in two git processes at once: all commits, and the messages of merges."""

    def __init__(self, path: Path, tip: str, without: str = "", since: str = "") -> None:
        self.path = path
        self.tip = tip.encode()
        span = [tip, *([f"^{without}"] if without else []), *([f"--since={since}T00:00:00Z"] if since else [])]
        self._graph = start(path, "rev-list", "--parents", *span, "--")
        merges = ("--merges", "-z", "--no-show-signature", "--encoding=UTF-8", "--format=%H%x00%P%x00%B")
        self._merges = start(path, "log", *merges, *span, "--")
        self._numbers: dict[bytes, int] = {}
        self._reading = Thread(target=self._read_merges, daemon=True)
        self._reading.start()

    def read(self) -> tuple[Parents, dict[bytes, int]]:
        """The commits with their parents, and the pull request of those that a merge brought in."""
        assert self._graph.stdout
        parents: Parents = {}
        for line in self._graph.stdout:
            sha, *rest = line.split()
            parents[sha] = rest
        self._ended(self._graph)
        self._reading.join()
        self._ended(self._merges)
        return parents, brought(parents, self.tip, self._numbers) if self._numbers else {}

    def _read_merges(self) -> None:
        for sha, _, message in _triples(self._merges):
            subject, body = split(text(message))
            if pull := pull_request(subject, body, is_merge=True):
                self._numbers[sha] = pull.number

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


def brought(parents: Parents, tip: bytes, numbers: Mapping[bytes, int]) -> dict[bytes, int]:
    """Which numbered merge brought each commit in: the innermost, oldest merges first.

    A merge M brings what its further parents reach and its first parent does not.
    The first-parent chain is walked from its old end, so "not reached yet" is that.
    """
    owner: dict[bytes, int] = {}
    seen: set[bytes] = set()
    ahead: list[tuple[bytes, int]] = [(tip, 0)]
    while ahead:
        sha, number = ahead.pop()
        sides: list[tuple[bytes, int]] = []
        while sha in parents and sha not in seen:
            seen.add(sha)
            if number:
                owner[sha] = number
            first, *others = parents[sha] or [b""]
            sides += [(other, numbers.get(sha, number)) for other in others]
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
