"""Worker processes of this program, and the threads that listen to them; little is held between."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

from core.base import machine

ROOT = Path(__file__).resolve().parents[3]
MOST = 8
Part = TypeVar("Part")


class Crew(ABC, Generic[Part]):
    """Processes that run one module, as many as there are cores; what they hand over comes out of one short queue."""

    module: str

    def __init__(self, most: int = MOST) -> None:
        count = min(machine.cores(), MOST, most)
        self._processes = [self._started() for _ in range(count)]
        self._out: queue.Queue[Part | Exception | None] = queue.Queue(maxsize=2 * count)
        self._stopped = threading.Event()

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

    def parts(self, every_s: float | None = None) -> Iterator[Part | None]:
        """Parts as they come, in no order; None whenever `every_s` went by without one. A complaint is raised."""
        for process in self._processes:
            threading.Thread(target=self._served, args=(process,), daemon=True).start()
        running = len(self._processes)
        while running:
            try:
                came = self._out.get(timeout=every_s)
            except queue.Empty:
                yield None
                continue
            if isinstance(came, Exception):
                raise came
            if came is None:
                running -= 1
            else:
                yield came

    @abstractmethod
    def talk(self, process: subprocess.Popen[bytes]) -> None:
        """Say to one worker what there is to do and `put` what it hands over, until all is done."""

    def put(self, part: Part | Exception | None) -> None:
        """Hand a part to whoever reads, as soon as there is room; nothing once the crew was stopped."""
        while not self._stopped.is_set():
            try:
                self._out.put(part, timeout=0.5)
                return
            except queue.Full:
                continue

    def _served(self, process: subprocess.Popen[bytes]) -> None:
        try:
            self.talk(process)
            self.put(None)
        except Exception as error:  # carried to the thread that reads
            self.put(error)

    def _started(self) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", self.module]
        return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, bufsize=1 << 20)
