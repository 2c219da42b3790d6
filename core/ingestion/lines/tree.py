"""The files that are there at the tip: how large and deep each is, and what it was called before."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.ingestion.lines.weighing import LARGEST, weighed
from core.ingestion.sources.git.attributes import Attributes
from core.ingestion.sources.git.command import failed, run, start
from core.ingestion.sources.git.languages import language
from core.ingestion.sources.git.rows import text

UNREAD = "unread"
"""Stands for the blob of a file that time did not suffice for: the next reading measures it."""
FILES = (b"100644", b"100755")
"""Modes of what holds text; links and submodules hold none."""


@dataclass(frozen=True, slots=True)
class File:
    """A row of `tree_files`."""

    path: str
    blob: str
    former: tuple[str, ...] = ()
    language: str = ""
    lines: int = 0
    complexity: int = 0
    known: bool = False
    generated: bool = False


def listed(path: Path, tip: str, attributes: Attributes) -> dict[str, tuple[File, int]]:
    """Every file by path, not measured yet, with its size in bytes."""
    found = {}
    for entry in run(path, "ls-tree", "-r", "-z", "-l", "--full-tree", tip).split(b"\0"):
        meta, _, raw = entry.partition(b"\t")
        words = meta.split()
        if len(words) == 4 and words[0] in FILES:
            name = text(raw)
            file = File(name, words[2].decode(), language=language(name), generated=attributes.generated(name))
            found[name] = file, int(words[3])
    return found


def changed(
    path: Path, there: Mapping[str, tuple[File, int]], known: Mapping[str, File], until: float
) -> Iterator[File]:
    """Files that differ from what is known, measured, as far as the time goes (by `time.monotonic`)."""
    fresh = [(file, size) for name, (file, size) in there.items() if not _same(file, known.get(name))]
    yield from (file for file, size in fresh if not _is_measured(file, size))
    wanted = [file for file, size in fresh if _is_measured(file, size)]
    for file, content in zip(wanted, _contents(path, [file.blob for file in wanted], until), strict=True):
        if content is None:
            yield replace(file, blob=UNREAD)
        elif weight := weighed(content):
            yield replace(file, lines=weight.lines, complexity=weight.complexity, known=True)
        else:
            yield file


def names_before(renames: Iterable[tuple[str, str]], there: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Names that files had before, from the renames, oldest first. A name that is another file's now is not one."""
    former: dict[str, list[str]] = {}
    for old, new in renames:
        if old != new:
            former.setdefault(new, []).extend([*former.pop(old, ()), old])
    now = set(there)
    return {
        name: tuple(dict.fromkeys(one for one in names if one not in now))
        for name, names in former.items()
        if name in now
    }


def _same(file: File, known: File | None) -> bool:
    return known is not None and (file.blob, file.former, file.generated, file.language) == (
        known.blob, known.former, known.generated, known.language,
    )  # fmt: skip


def _is_measured(file: File, size: int) -> bool:
    """Generated and vendored text is nobody's to understand, and what is too large would only be put aside."""
    return not file.generated and size <= LARGEST


def _contents(path: Path, blobs: Sequence[str], until: float) -> Iterator[bytes | None]:
    """The blobs' bytes by one process; None for those that are asked after the time is over."""
    if not blobs:
        return
    process = start(path, "cat-file", "--batch", stdin=subprocess.PIPE)
    assert process.stdin and process.stdout
    try:
        for blob in blobs:
            if time.monotonic() > until:
                yield None
                continue
            process.stdin.write(f"{blob}\n".encode())
            process.stdin.flush()
            head = process.stdout.readline().split()
            if len(head) != 3:
                raise failed(path, f"fatal: {blob} could not be read")
            yield process.stdout.read(int(head[2]) + 1)[:-1]
    finally:
        process.kill()
        process.communicate()
