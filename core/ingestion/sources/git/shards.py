"""Worker processes that parse, each kept busy."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from core.ingestion.sources.crew import Crew
from core.ingestion.sources.git.command import failed

BATCH = 400
"""Commits of one order. Two orders must fit into a pipe (64 KiB) of 65-letter names, or git and its feeder would wait
for each other."""
RUN = 4
"""Orders in a row that one worker takes: git unpacks a commit's neighbours for less than strangers."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is told once."""

    path: str
    workspace_id: str
    repo_id: str
    version: int
    now: int
    branch: str
    rules: list[tuple[str, bool]]
    boundary: list[str]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A block as it came back."""

    head: dict[str, int]
    people: list[tuple[str, str]]
    tables: dict[str, bytes]


class Shards(Crew[Parsed]):
    """As many workers as there are cores; blocks come out of one queue that holds few, so memory stays small."""

    module = "core.ingestion.sources.git.shard"

    def __init__(self) -> None:
        self._turn = threading.Lock()
        super().__init__()

    def parse(self, job: Job, orders: Iterator[bytes]) -> Iterator[Parsed | None]:
        """Blocks as they come, in no order; None every second without one. A worker's complaint is raised."""
        self._job, self._orders = job, orders
        yield from self.parts(every_s=1)

    def talk(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(asdict(self._job)).encode() + b"\n")
        orders = self._runs()
        # A second order is always on its way, so that git has one to go on with while a block is parsed.
        for _ in range(2):
            _send(process, next(orders))
        while line := process.stdout.readline():
            head = json.loads(line)
            if "complaint" in head:
                raise failed(Path(self._job.path), head["complaint"])
            sizes, people = head.pop("sizes"), [(email, name) for email, name in head.pop("people")]
            self.put(Parsed(head, people, {table: process.stdout.read(size) for table, size in sizes.items()}))
            if head["done"]:
                _send(process, next(orders))
        if process.wait() and not self._stopped.is_set():
            raise failed(Path(self._job.path), f"fatal: a worker process ended with {process.returncode}")

    def _runs(self) -> Iterator[bytes]:
        while True:
            with self._turn:
                run = list(islice(self._orders, RUN))
            yield from run or [b""]


def _send(process: subprocess.Popen[bytes], order: bytes) -> None:
    assert process.stdin
    if process.stdin.closed:
        return
    try:
        if order:
            process.stdin.write(order)
            process.stdin.flush()
        else:
            process.stdin.close()
    except BrokenPipeError:
        return  # its last words, read next, say why
