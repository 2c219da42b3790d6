"""Which paths a pattern means, fast: a literal beginning narrows a sorted list before anything is matched."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.base.errors import BadInput

LAST = "\U0010ffff"
_LITERAL = re.compile(r"[^*?\[\\]*")


class Paths:
    """Distinct paths in order."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.sorted = sorted(set(paths))

    def __len__(self) -> int:
        return len(self.sorted)

    def beginning(self, text: str) -> Sequence[str]:
        """Those that begin with these letters."""
        if not text:
            return self.sorted
        return self.sorted[bisect_left(self.sorted, text) : bisect_left(self.sorted, text + LAST)]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern as a .gitignore has it."""

    text: str
    regex: re.Pattern[str]
    literal: str
    """What every path begins with that it can match."""
    is_exclusion: bool = False
    files_only: bool = False
    """Whether a folder of that name does not bring what is below it."""

    @classmethod
    def of(cls, text: str, *, files_only: bool = False) -> Pattern | None:
        """The pattern; None where the text says nothing, as a comment does, or is damaged."""
        from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

        try:
            found = GitIgnoreSpecPattern(text)
        except ValueError:
            return None
        if found.include is None or found.regex is None:
            return None
        return cls(text, found.regex, _literal(text.removeprefix("!")), not found.include, files_only)

    def matched(self, paths: Paths) -> list[str]:
        """The paths that it means."""
        match = self.regex.match
        near = paths.beginning(self.literal)
        if not self.files_only:
            return [path for path in near if match(path)]
        return [path for path in near if (found := match(path)) and not found.groupdict().get("ps_d")]


def patterns(lines: Iterable[str]) -> list[Pattern]:
    """The patterns of these lines, comments and blank ones aside; BadInput at the first that is damaged."""
    found = []
    for line in lines:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        pattern = Pattern.of(text)
        if pattern is None:
            raise BadInput(
                f"'{text}' is no pattern. Write paths as in a .gitignore, such as services/billing/ or *.md."
            )
        found.append(pattern)
    return found


def meant(lines: Sequence[Pattern], paths: Paths) -> tuple[set[str], list[int]]:
    """The paths that these patterns mean together, the last that matches deciding, and how many each matches."""
    found: set[str] = set()
    hits = []
    for pattern in lines:
        matched = pattern.matched(paths)
        hits.append(len(matched))
        if pattern.is_exclusion:
            found.difference_update(matched)
        else:
            found.update(matched)
    return found, hits


def _literal(text: str) -> str:
    """The letters that an anchored pattern begins with; none where it may match at any depth."""
    anchored = "/" in text.rstrip("/")
    return _LITERAL.match(text.removeprefix("/"))[0] if anchored else ""  # type: ignore[index]
