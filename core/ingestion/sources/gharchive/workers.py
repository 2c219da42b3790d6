"""Worker processes over hourly files."""

from __future__ import annotations

import queue
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.base.errors import SourceUnreachable
from core.ingestion.sources.crew import Crew


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker handed over: rows of tables and people, or the end of a file."""

    head: dict[str, Any]
    tables: dict[str, tuple[bytes, list[str]]] = field(default_factory=dict)


class Workers(Crew[Answer]):
    """As many as there are cores, or files."""

    module = "core.ingestion.sources.gharchive.shard"

    def __init__(self, files: Iterable[Path], told: bytes) -> None:
        self._files: queue.SimpleQueue[Path] = queue.SimpleQueue()
        names = list(files)
        for name in names:
            self._files.put(name)
        self._told = told
        super().__init__(len(names))

    def answers(self) -> Iterator[Answer]:
        """Whatever comes, in no order; a worker's complaint is raised."""
        return (answer for answer in self.parts() if answer)

    def talk(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin
        process.stdin.write(self._told + b"\n")
        process.stdin.flush()
        while self._next(process):
            self._listened(process)

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
            self.put(
                Answer(head, {table: (process.stdout.read(size), columns) for table, (size, columns) in sizes.items()})
            )
            if "file" in head:
                return
        if not self._stopped.is_set():
            raise SourceUnreachable(f"A worker that read the archive ended with {process.wait()}. Read it once more.")
