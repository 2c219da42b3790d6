"""The worker process: one git, one parser. `python -m core.ingestion.sources.git.shard`, spoken to by `shards`.

It is told a frame as one JSON line, then batches: a line with their length and
that many lines `sha` or `sha number`. It answers each with blocks: a JSON line
with the size of each table's lines, then the lines. A batch's last block says so.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from core.ingestion.sources.git.attributes import Attributes
from core.ingestion.sources.git.command import Broken, start
from core.ingestion.sources.git.mailmap import Mailmap
from core.ingestion.sources.git.rows import LATEST, Block, Entry, Frame, commit, text

FIELDS = 9
FORMAT = "--format=%H%x00%P%x00%aN%x00%aE%x00%ad%x00%cN%x00%cE%x00%cd%x00%B%x00"
DIFF = (
    "diff-tree", "--stdin", "--always", "--root", "-r", "-M", "--numstat", "-z", "--date=raw",
    "--encoding=UTF-8", "--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", FORMAT,
)  # fmt: skip
LARGE = 50_000
"""Files after which a block is handed over in the middle of a batch, so that memory stays small."""

_NUMSTAT = re.compile(rb"\n?(?:(\d+)|-)\t(?:(\d+)|-)\t(.*)", re.DOTALL)


class Git:
    """A long-lived `git diff-tree` that is fed commits and read token by token.

    It echoes a line that names no object, so a random one marks where a batch ends.
    """

    def __init__(self, path: Path) -> None:
        self.errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self.process = start(path, *DIFF, stdin=subprocess.PIPE, stderr=self.errors)
        self.mark = f".end-{secrets.token_hex(8)}\n".encode()
        self.tokens = self._tokens()
        self.held = b""

    def feed(self, shas: list[bytes]) -> None:
        assert self.process.stdin
        try:
            self.process.stdin.write(b"\n".join(shas) + b"\n" + self.mark)
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Broken(self.complaint()) from None

    def record(self) -> bytes:
        """The next commit's sha, or nothing at a batch's end."""
        token, self.held = self.held, b""
        while not token or token == b"\n":
            token = next(self.tokens)
        if token.startswith(self.mark):
            self.held = token[len(self.mark) :]
            return b""
        return token

    def complaint(self) -> str:
        self.process.wait()
        self.errors.seek(0)
        return self.errors.read(100_000).decode("utf-8", "replace")

    def _tokens(self) -> Iterator[bytes]:
        assert self.process.stdout
        source, rest = self.process.stdout.fileno(), b""
        while chunk := os.read(source, 1 << 20):
            parts = (rest + chunk).split(b"\0")
            rest = parts.pop()
            yield from parts
            if rest == self.mark:
                yield rest
                rest = b""
        raise Broken(self.complaint())


def main() -> int:
    """Answer batches until there are no more; a complaint of git ends it too."""
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    told = json.loads(orders.readline())
    frame = Frame(
        attributes=Attributes([(pattern, verdict) for pattern, verdict in told.pop("rules")]),
        boundary=frozenset(told.pop("boundary")),
        mapped=Mailmap(Path(told["path"])),
        **{name: told[name] for name in ("workspace_id", "repo_id", "version", "now", "branch")},
    )
    try:
        _serve(Git(Path(told["path"])), frame, orders, answers)
    except Broken as broken:
        _answer(answers, {"complaint": str(broken)}, {})
    return 0


def _serve(git: Git, frame: Frame, orders: IO[bytes], answers: IO[bytes]) -> None:
    # Git always has the next batch already while this one is parsed.
    waiting = [batch] if (batch := _ordered(orders)) else []
    for batch in waiting:
        git.feed(list(batch))
    while waiting:
        if following := _ordered(orders):
            git.feed(list(following))
            waiting.append(following)
        for block, done in parsed(git, frame, waiting.pop(0)):
            _hand_over(answers, block, done)


def _ordered(orders: IO[bytes]) -> dict[bytes, int]:
    """The next batch: sha to the pull request that brought it, 0 if none, below zero if it ended that itself."""
    length = orders.readline()
    batch: dict[bytes, int] = {}
    for _ in range(int(length or 0)):
        sha, _, number = orders.readline().rstrip(b"\n").partition(b" ")
        batch[sha] = int(number or 0)
    return batch


def parsed(git: Git, frame: Frame, batch: dict[bytes, int]) -> Iterator[tuple[Block, bool]]:
    """Blocks of one batch, the last with True; Broken if git said nothing of one of its commits."""
    block, left = Block(), dict(batch)
    while sha := git.record():
        tokens = git.tokens
        fields = [sha, *(next(tokens) for _ in range(FIELDS - 1))]
        commit(block, frame, fields, _entries(git), left.pop(sha, 0))
        if len(block.lines["commit_files"]) >= LARGE:
            yield block, False
            block = Block()
    if left:
        raise Broken(f"fatal: {next(iter(left)).decode()} could not be read")
    yield block, True


def _entries(git: Git) -> list[Entry]:
    found: list[Entry] = []
    tokens, match = git.tokens, _NUMSTAT.match
    for token in tokens:
        if seen := match(token):
            added, removed, path = seen.groups()
            old = b""
            if not path:
                old, path = next(tokens), next(tokens)
            found.append(Entry(text(path), text(old), -1 if added is None else int(added), int(removed or 0)))
        elif token and token != b"\n":
            git.held = token
            break
    return found


def _hand_over(answers: IO[bytes], block: Block, done: bool) -> None:
    tables = {table: "".join(lines).encode("utf-8", "replace") for table, lines in block.lines.items()}
    first = block.first_at if block.commits else LATEST
    head = {
        "done": done, "commits": block.commits, "files": block.files, "suspect": block.suspect, "first_at": first,
        "last_at": block.last_at, "people": sorted(block.people),
        "sizes": {table: len(content) for table, content in tables.items() if content},
    }  # fmt: skip
    _answer(answers, head, tables)


def _answer(answers: IO[bytes], head: dict[str, object], tables: dict[str, bytes]) -> None:
    answers.write(json.dumps(head).encode() + b"\n")
    answers.writelines(content for content in tables.values() if content)
    answers.flush()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BrokenPipeError, KeyboardInterrupt):
        # Whoever asked is gone: there is nobody left to tell, and nothing to put right.
        os._exit(1)
