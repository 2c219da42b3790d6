"""Who wrote lines that a commit changed, and when: `git blame`, no further back than matters."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.ingestion.sources.git.command import run
from core.ingestion.sources.git.rows import text

REWORK_DAYS = 21
"""Lines that are changed within so many days after they were written are rework."""
MOST_RANGES = 200
"""More are not named one by one: a command's length has its limits, and the whole file is asked."""

_GROUP = re.compile(rb"([0-9a-f]{40}(?:[0-9a-f]{24})?) (\d+) (\d+) (\d+)")


@dataclass(frozen=True, slots=True)
class Age:
    """Lines of one commit among those that were changed."""

    sha: str
    at: int
    """When it was authored."""
    name: str
    email: str
    lines: int
    is_old: bool
    """Committed before the days that were looked at."""


def ages(path: Path, sha: str, before: bytes, ranges: Sequence[tuple[int, int]], since: int) -> list[Age]:
    """The commits, as many as there are, that wrote these lines of the parent's file."""
    named = [word for first, count in ranges for word in ("-L", f"{first},{first + count - 1}")]
    words = named if len(ranges) <= MOST_RANGES else []
    out = run(
        path, "blame", "--incremental", "--root", "--no-textconv", f"--max-age={max(since, 0)}", *words, f"{sha}^",
        "--", os.fsdecode(before),
    )  # fmt: skip
    found: dict[str, Age] = {}
    current, told = "", dict[bytes, bytes]()
    for line in out.split(b"\n"):
        if group := _GROUP.fullmatch(line):
            current, told = group[1].decode(), {}
            inside = _inside(int(group[3]), int(group[4]), ranges)
            if current in found:
                found[current] = replace(found[current], lines=found[current].lines + inside)
            else:
                found[current] = Age(current, 0, "", "", inside, is_old=False)
        elif line.startswith(b"filename ") and b"author-time" in told:
            found[current] = _told(found[current], told)
        else:
            word, _, rest = line.partition(b" ")
            told[word] = rest
    return [age for age in found.values() if age.lines]


def _told(age: Age, told: dict[bytes, bytes]) -> Age:
    """With what git says of a commit at its first mention."""
    email = text(told[b"author-mail"]).strip("<>")
    return replace(
        age, at=int(told[b"author-time"]), name=text(told[b"author"]), email=email, is_old=b"boundary" in told
    )


def _inside(first: int, count: int, ranges: Sequence[tuple[int, int]]) -> int:
    """How many of `count` lines from `first` on lie in the ranges."""
    return sum(max(0, min(first + count, start + length) - max(first, start)) for start, length in ranges)
