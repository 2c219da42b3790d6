"""What is wrong with a report file: a sentence with its place, and a file that cannot be run for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from core.base.errors import BadInput

Level = Literal["error", "warning"]
MOST_TOLD = 20
"""Problems beyond these are counted: nobody reads further before mending the first."""


class Place(NamedTuple):
    """Where something stands; lines and columns are counted from 1."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or that a careful author would not leave so."""

    level: Level
    sentence: str
    place: Place
    path: str = ""
    """Keys that lead there: "views.signups.args.kind"."""

    def __str__(self) -> str:
        file, line, column = self.place
        word = "warning: " if self.level == "warning" else ""
        return f"{file}:{line}:{column}: {word}{self.sentence}"

    def facts(self) -> dict[str, object]:
        """For machines."""
        place = self.place._asdict()
        return {"level": self.level, "sentence": self.sentence, **place, "path": self.path}


@dataclass(slots=True)
class Findings:
    """The problems of a report, in the order they were found."""

    problems: list[Problem] = field(default_factory=list)

    def warn(self, sentence: str, place: Place, path: str = "") -> None:
        self.problems.append(Problem("warning", sentence, place, path))

    def blame(self, sentence: str, place: Place, path: str = "") -> None:
        self.problems.append(Problem("error", sentence, place, path))

    @property
    def errors(self) -> list[Problem]:
        return [one for one in self.problems if one.level == "error"]

    @property
    def warnings(self) -> list[Problem]:
        return [one for one in self.problems if one.level == "warning"]


class BadFile(BadInput):
    """A report file that cannot be run; `problems` has all that was found in it, warnings too."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(told([one for one in self.problems if one.level == "error"])))


def told(problems: list[Problem]) -> list[str]:
    """A line each, and how many more there are beyond the first few."""
    lines = [str(one) for one in problems[:MOST_TOLD]]
    rest = len(problems) - MOST_TOLD
    return [*lines, f"… and {rest:,} more."] if rest > 0 else lines
