"""Which lines of its parent a commit changed or removed, as git's own comparison has it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from core.ingestion.sources.git.command import failed, start
from core.ingestion.sources.git.rows import text

_DIFF = (
    "diff-tree", "--stdin", "-r", "-M", "-U0", "-p", "--no-ext-diff", "--no-textconv", "--no-color", "--no-relative",
    "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
_COMMIT = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\n")
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([abfnrtv\"\\]|[0-7]{3})")
_LETTERS = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


@dataclass(slots=True)
class Change:
    """One file of a commit."""

    before: bytes
    """Its name in the parent."""
    ranges: list[tuple[int, int]] = field(default_factory=list)
    """First line and number of lines there, in order."""


def changes(path: Path, shas: Sequence[str]) -> dict[str, dict[str, Change]]:
    """By commit and by the name that its row has: the new one, or the old one of what was removed."""
    process = start(path, *_DIFF, stdin=subprocess.PIPE)
    out, complaint = process.communicate("".join(f"{sha}\n" for sha in shas).encode())
    if process.returncode:
        raise failed(path, complaint.decode("utf-8", "replace"))
    return _parsed(BytesIO(out))


def _parsed(lines: Iterator[bytes]) -> dict[str, dict[str, Change]]:
    found: dict[str, dict[str, Change]] = {}
    current: dict[str, Change] = {}
    change, before = Change(b""), b""
    for line in lines:
        if line.startswith(b"--- "):
            before = _name(line[4:])
        elif line.startswith(b"+++ "):
            after = _name(line[4:])
            change = current[text(after or before)] = Change(before)
        elif hunk := _HUNK.match(line):
            first, count, added = (1 if one is None else int(one) for one in hunk.groups())
            if count:
                change.ranges.append((first, count))
            _skip(lines, count + added)
        elif _COMMIT.fullmatch(line):
            current = found[line.decode().strip()] = {}
    return found


def _skip(lines: Iterator[bytes], count: int) -> None:
    """Over a hunk's own lines, which may look like anything."""
    while count and (line := next(lines, b"")):
        count -= not line.startswith(b"\\")  # "\\ No newline at end of file" is nobody's line


def _name(raw: bytes) -> bytes:
    """The path of a header line; empty for a file that is not there."""
    raw = raw.rstrip(b"\n").removesuffix(b"\t")
    if raw == b"/dev/null":
        return b""
    if raw.startswith(b'"'):
        raw = _ESCAPE.sub(_letter, raw[1:-1])
    return raw[2:]


def _letter(found: re.Match[bytes]) -> bytes:
    code = found.group(1)
    return bytes([int(code, 8)]) if code.isdigit() else _LETTERS.get(code, code)
