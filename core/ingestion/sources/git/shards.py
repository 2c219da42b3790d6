"""Worker processes that parse, and the threads that keep each of them busy."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from core.base import machine
from core.ingestion.sources.git.command import failed

ROOT = Path(__file__).resolve().parents[4]
BATCH = 400
"""Commits of one order. Two orders must fit into a pipe (64 KiB) of 65-letter names, or git and its feeder would wait
for each other."""
RUN = 4
"""Orders in a row that one worker takes: git unpacks a commit's neighbours for less than strangers."""
MOST = 8


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


class Shards:
    """As many workers as there are cores; blocks come out of one queue that holds few, so memory stays small."""

    def __init__(self, workers: int = 0) -> None:
        count = workers or min(machine.cores(), MOST)
        self._processes = [_worker() for _ in range(count)]
        self._out: queue.Queue[Parsed | Exception | None] = queue.Queue(maxsize=2 * count)
        self._stopped = threading.Event()
        self._turn = threading.Lock()

    def parse(self, job: Job, orders: Iterator[bytes]) -> Iterator[Parsed | None]:
        """Blocks as they come, in no order; None every second without one. A worker's complaint is raised."""
        self._job, self._orders = job, orders
        for process in self._processes:
            threading.Thread(target=self._serve, args=(process,), daemon=True).start()
        running = len(self._processes)
        while running:
            try:
                came = self._out.get(timeout=1)
            except queue.Empty:
                yield None
                continue
            if isinstance(came, Exception):
                raise came
            if came is None:
                running -= 1
            else:
                yield came

    def close(self) -> None:
        """End the workers, however far they are."""
        self._stopped.set()
        for process in self._processes:
            process.kill()
            process.wait()
            # Whatever was still on its way to a dead worker is dropped with its pipe.
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):
                    stream and stream.close()

    def _runs(self) -> Iterator[bytes]:
        while True:
            with self._turn:
                run = list(islice(self._orders, RUN))
            yield from run or [b""]

    def _serve(self, process: subprocess.Popen[bytes]) -> None:
        try:
            self._converse(process)
            self._put(None)
        except Exception as error:  # carried to the thread that reads the blocks
            self._put(error)

    def _converse(self, process: subprocess.Popen[bytes]) -> None:
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
            self._put(Parsed(head, people, {table: process.stdout.read(size) for table, size in sizes.items()}))
            if head["done"]:
                _send(process, next(orders))
        if process.wait() and not self._stopped.is_set():
            raise failed(Path(self._job.path), f"fatal: a worker process ended with {process.returncode}")

    def _put(self, item: Parsed | Exception | None) -> None:
        while not self._stopped.is_set():
            try:
                self._out.put(item, timeout=0.5)
                return
            except queue.Full:
                continue


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


def _worker() -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "core.ingestion.sources.git.shard"]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, bufsize=1 << 20)
