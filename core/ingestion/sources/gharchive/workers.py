"""Worker processes over hourly files, and the threads that listen to them; little is held between."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.base.errors import SourceUnreachable

ROOT = Path(__file__).resolve().parents[4]
MOST = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker handed over: rows of tables and people, or the end of a file."""

    head: dict[str, Any]
    tables: dict[str, tuple[bytes, list[str]]] = field(default_factory=dict)


class Workers:
    """As many as there are cores, or files."""

    def __init__(self, files: Iterable[Path], told: bytes) -> None:
        self._files: queue.SimpleQueue[Path] = queue.SimpleQueue()
        names = list(files)
        for name in names:
            self._files.put(name)
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
        self._processes = [_started(told) for _ in range(min(cores, MOST, len(names)))]
        self._out: queue.Queue[Answer | Exception | None] = queue.Queue(maxsize=2 * len(self._processes))
        self._stopped = threading.Event()

    def answers(self) -> Iterator[Answer]:
        """Whatever comes, in no order; a worker's complaint is raised."""
        for process in self._processes:
            threading.Thread(target=self._served, args=(process,), daemon=True).start()
        running = len(self._processes)
        while running:
            came = self._out.get()
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
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):
                    stream and stream.close()

    def _served(self, process: subprocess.Popen[bytes]) -> None:
        try:
            while self._next(process):
                self._listened(process)
            self._put(None)
        except Exception as error:  # carried to the thread that reads
            self._put(error)

    def _next(self, process: subprocess.Popen[bytes]) -> bool:
        assert process.stdin
        try:
            name = self._files.get_nowait()
        except queue.Empty:
            process.stdin.close()
            return False
        process.stdin.write(f"{name}\n".encode())
        process.stdin.flush()
        return True

    def _listened(self, process: subprocess.Popen[bytes]) -> None:
        """Pass on what a worker says of one file."""
        import orjson

        assert process.stdout
        while line := process.stdout.readline():
            head = orjson.loads(line)
            if "complaint" in head:
                raise SourceUnreachable(head["complaint"])
            sizes = head.pop("tables", {})
            self._put(
                Answer(head, {table: (process.stdout.read(size), columns) for table, (size, columns) in sizes.items()})
            )
            if "file" in head:
                return
        if not self._stopped.is_set():
            raise SourceUnreachable(f"A worker that read the archive ended with {process.wait()}. Read it once more.")

    def _put(self, item: Answer | Exception | None) -> None:
        while not self._stopped.is_set():
            try:
                self._out.put(item, timeout=0.5)
                return
            except queue.Full:
                continue


def _started(told: bytes) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "core.ingestion.sources.gharchive.shard"]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, bufsize=1 << 20)
    assert process.stdin
    process.stdin.write(told + b"\n")
    process.stdin.flush()
    return process
