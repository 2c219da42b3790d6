"""CODEOWNERS as GitHub and as GitLab read it: which owners a path has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.components.matching import Paths, Pattern

PLACES = {
    "github": (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"),
    "gitlab": ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS", ".github/CODEOWNERS"),
}
"""Where each looks, the first that is there counting; the other's own place comes last."""
DIALECTS = tuple(PLACES)

_SECTION = re.compile(r"\^?\[(?P<name>[^\]]+)\](?:\[\d+\])?(?P<owners>(?:\s.*)?)$")
_WORD = re.compile(r"(?:\\.|[^\s\\])+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line that counts: a pattern with its owners, none of them meaning nobody."""

    line: int
    text: str
    section: str
    pattern: Pattern
    owners: tuple[str, ...]
    is_exclusion: bool = False
    """GitLab's `!`: what it matches has no owner in its section, whatever follows."""


@dataclass(frozen=True, slots=True)
class File:
    """What a CODEOWNERS says, in order, and the lines that say nothing."""

    entries: tuple[Entry, ...]
    unread: tuple[str, ...] = field(default=())
    """Lines that the host would skip too, as "12: !docs/"."""

    @property
    def owners(self) -> list[str]:
        """Every owner in the order of the first mention."""
        return list(dict.fromkeys(owner for entry in self.entries for owner in entry.owners))

    def owned(self, paths: Paths) -> dict[str, tuple[str, ...]]:
        """Owners by path: in each section the last line that matches decides; several sections add up."""
        found: dict[str, tuple[str, ...]] = {}
        for section in dict.fromkeys(entry.section for entry in self.entries):
            for path, owners in self._of_section(section, paths).items():
                if owners:
                    found[path] = tuple(dict.fromkeys((*found.get(path, ()), *owners)))
        return found

    def _of_section(self, section: str, paths: Paths) -> dict[str, tuple[str, ...]]:
        decided: dict[str, tuple[str, ...]] = {}
        excluded: set[str] = set()
        for entry in self.entries:
            if entry.section != section:
                continue
            matched = entry.pattern.matched(paths)
            if entry.is_exclusion:
                excluded.update(matched)
            else:
                decided.update(dict.fromkeys(matched, entry.owners))
        return {path: owners for path, owners in decided.items() if path not in excluded}


def dialect_of(content: str, where: str = "", url: str = "") -> str:
    """Whose rules hold: sections are GitLab's, and so is a file in .gitlab/ or of a host that is called so."""
    sections = any(_SECTION.match(line.strip()) for line in content.splitlines())
    return "gitlab" if sections or where.startswith(".gitlab/") or "gitlab" in url.casefold() else "github"


def read(content: str, dialect: str) -> File:
    """Every line of the file; what the host does not understand is told, not guessed."""
    entries: list[Entry] = []
    unread: list[str] = []
    section, inherited = "", ()  # type: tuple[str, tuple[str, ...]]
    for number, raw in enumerate(content.lstrip("\ufeff").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if dialect == "gitlab" and (head := _SECTION.match(line)):
            section, inherited = head["name"].strip().casefold(), _owners(_WORD.findall(head["owners"]))
            continue
        entry = _entry(number, line, section, inherited, dialect)
        if entry:
            entries.append(entry)
        else:
            unread.append(f"{number}: {line}")
    return File(tuple(entries), tuple(unread))


def differences(before: str, after: str) -> tuple[list[str], list[str]]:
    """Lines that came and lines that went, comments and blank ones aside."""
    old, new = _lines(before), _lines(after)
    return [line for line in new if line not in set(old)], [line for line in old if line not in set(new)]


def _lines(content: str) -> list[str]:
    found = (line.strip() for line in content.splitlines())
    return [line for line in found if line and not line.startswith("#")]


def _entry(number: int, line: str, section: str, inherited: tuple[str, ...], dialect: str) -> Entry | None:
    first, *rest = _WORD.findall(line)
    is_exclusion = first.startswith("!")
    if dialect == "github" and (is_exclusion or "[" in first):
        return None  # GitHub knows neither negation nor ranges, and skips the line
    pattern = _pattern(first.removeprefix("!"), dialect)
    if pattern is None:
        return None
    return Entry(number, line, section, pattern, _owners(rest) or inherited, is_exclusion)


def _pattern(text: str, dialect: str) -> Pattern | None:
    if dialect == "github":
        # A last part of one star means the files right there, unlike in a .gitignore.
        return Pattern.of(text, files_only=text.endswith("/*"))
    rooted = text if text.startswith("/") else f"/**/{text}"
    if rooted.endswith("/"):
        rooted += "**/*"
    return Pattern.of("*" if text == "*" else rooted, files_only=text != "*" and not rooted.endswith("**"))


def _owners(words: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for word in words:
        if word.startswith("#"):
            break
        if "@" in word:
            found.append(word)
    return tuple(dict.fromkeys(found))


def chosen(files: Sequence[tuple[str, str]], url: str = "") -> tuple[str, str] | None:
    """Of the files that are there, (path, content), the one that the host goes by."""
    there = dict(files)
    dialect = "gitlab" if "gitlab" in url.casefold() else "github"
    return next(((place, there[place]) for place in PLACES[dialect] if place in there), None)
