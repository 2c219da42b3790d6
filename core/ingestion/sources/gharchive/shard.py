"""A worker process: takes names of files, gives back blocks of rows as the store takes them, and who was seen.

Each answer is a line of JSON that tells the sizes of what follows it; the last one of a file counts its events.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import orjson
import pyarrow as pa

from core.base.errors import SightlineError
from core.ingestion.sources.gharchive import files
from core.ingestion.sources.gharchive.events import WANTED, Event, Gathered, seconds
from core.ingestion.sources.gharchive.repositories import Repositories
from core.ingestion.staging import arrow_type

LARGE = 20_000
"""Rows after which a block is handed over."""

_HEAD = re.compile(rb'"type"\s*:\s*"(\w+)"')
_REPO = re.compile(rb'"repo"\s*:\s*\{\s*"id"\s*:\s*\d+\s*,\s*"name"\s*:\s*"([^"\\]+)"')


@dataclass(slots=True)
class Worker:
    """What one process is told, and what it holds."""

    repositories: Repositories
    source: str
    workspace_id: str
    wanted: frozenset[str]
    """Kinds of events."""
    types: dict[str, dict[str, str]]
    """Columns of each table with their types, in the store's order: their places are the bits of `_given`."""
    held: Gathered = field(default_factory=Gathered)
    tally: Counter[str] = field(default_factory=Counter)

    def line(self, line: bytes) -> None:
        """Take one event, unless it is of another kind or of another repository."""
        kind = _HEAD.search(line, 0, 200)
        if kind and kind.group(1).decode() not in self.wanted:
            return
        named = None if self.repositories.takes_all else _REPO.search(line)
        if named and self.repositories.id_of(named.group(1).decode()) is None:
            return
        try:
            told = orjson.loads(line)
        except orjson.JSONDecodeError:
            self.tally["unreadable"] += 1
            return
        self._event(told)

    def _event(self, told: dict[str, Any]) -> None:
        take = WANTED.get(told["type"]) if told.get("type") in self.wanted else None
        repo = self.repositories.id_of((told.get("repo") or {}).get("name", ""))
        at = seconds(told.get("created_at"))
        if take is None or repo is None or at is None:
            return
        self.tally["taken"] += 1
        try:
            take(Event(self.held, repo, at, told.get("actor") or {}, told.get("payload") or {}))
        except (KeyError, TypeError, ValueError, AttributeError):
            self.tally["unreadable"] += 1

    def handed(self, answers: IO[bytes]) -> None:
        """Give away what is held."""
        blocks = {table: self._block(table, rows) for table, rows in self.held.rows.items() if rows}
        people = [[*who, s.is_bot, s.first_at, s.last_at, s.count] for who, s in self.held.people.items()]
        sizes = {table: [len(block), columns] for table, (block, columns) in blocks.items()}
        head = {"tables": sizes, "people": people, "repositories": self.repositories.taken()}
        answers.write(orjson.dumps(head) + b"\n")
        answers.writelines(block for block, _ in blocks.values())
        answers.flush()
        self.held = Gathered()

    def _block(self, table: str, rows: list[dict[str, Any]]) -> tuple[bytes, list[str]]:
        kinds = self.types[table]
        bits = {name: 1 << place for place, name in enumerate(kinds)}
        always = bits["source"] | bits["deleted"] | bits.get("approximate", 0)
        masks: dict[tuple[str, ...], int] = {}
        given = []
        for row in rows:
            names = tuple(row)
            if names not in masks:
                masks[names] = always | sum(bits.get(name, 0) for name in names)
            given.append(masks[names])
        columns = sorted({name for names in masks for name in names if name in kinds} - {"repo_id"})
        made = {
            "workspace_id": pa.array([self.workspace_id] * len(rows), pa.string()),
            "repo_id": pa.array([row["repo_id"] for row in rows], pa.string()),
            "source": pa.array([self.source] * len(rows), pa.string()),
            "_given": pa.array(given, pa.uint64()),
            "_order": pa.array([row["_order"] for row in rows], pa.uint64()),
        }
        for name in columns:
            kind, empty = arrow_type(kinds[name])
            made[name] = pa.array([row.get(name, empty) for row in rows], kind)
        out, block = io.BytesIO(), pa.table(made)
        with pa.ipc.new_stream(out, block.schema) as stream:
            stream.write_table(block)
        return out.getvalue(), [name for name in made if name != "workspace_id"]


def main() -> int:
    """Answer for files until there are no more."""
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    told = json.loads(orders.readline())
    repositories = Repositories(told["patterns"], told["known"], told["workspace_id"])
    wanted = frozenset(WANTED) - (frozenset() if told["commits"] else {"PushEvent"})
    worker = Worker(repositories, told["source"], told["workspace_id"], wanted, told["types"])
    while name := orders.readline().rstrip(b"\n").decode():
        try:
            _read(worker, Path(name), answers)
        except (SightlineError, OSError) as error:
            answers.write(orjson.dumps({"complaint": getattr(error, "message", str(error))}) + b"\n")
            answers.flush()
            return 0
    return 0


def _read(worker: Worker, path: Path, answers: IO[bytes]) -> None:
    events = 0
    for lines in files.lines(path):
        for line in lines:
            if line:
                events += 1
                worker.line(line)
        if worker.held.count >= LARGE or len(worker.held.people) >= LARGE:
            worker.handed(answers)
    worker.handed(answers)
    answers.write(orjson.dumps({"file": path.name, "events": events, **worker.tally}) + b"\n")
    answers.flush()
    worker.tally = Counter()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(1)
