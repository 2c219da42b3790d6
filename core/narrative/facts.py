"""What figures say, taken out of their shapes: each number once, with whose it is and where it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from core.figures import Better, State, Unit
from core.narration import Ground

Role = Literal["now", "before", "change", "point"]
Span = Literal["period", "past", "example"]
"""Whether a course is of the report's days, of the past up to their end, or drawn to show one week of it."""
_SUFFIX = {"now": "", "before": ", before", "change": ", change"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as some figure shows it."""

    block: str
    title: str
    metric: str
    """What it counts, by the name that the figure gives it."""
    subject: str
    """The team, repository or component that it is of; empty for all of them together."""
    role: Role
    value: float
    text: str
    unit: Unit
    when: str = ""
    """Of a point: the first day of its day, week or month, as in "2 Mar 2026"."""

    @property
    def ground(self) -> Ground:
        whose = f"{self.metric} of {self.subject}" if self.subject else self.metric
        suffix = f", {self.when}" if self.when else _SUFFIX.get(self.role, "")
        return Ground(block=self.block, title=self.title, about=f"{whose}{suffix}", number=self.text)


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric of one subject: now, before, and what came of it."""

    block: str
    title: str
    metric: str
    subject: str
    state: State = State.MEASURED
    now: Number | None = None
    before: Number | None = None
    change: Number | None = None
    good: bool | None = None
    """Whether the change is for the better; None where there is no better side."""
    same: bool = False
    """Compared, and the figure says that nothing changed."""
    enough: bool = False
    """Whether so many rows stand behind both sides that a change is no chance."""

    @property
    def missing(self) -> Ground:
        """What a sentence rests on that says it is not there."""
        return Ground(block=self.block, title=self.title, about=self.metric, number=self.state.value.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Course:
    """A metric over time."""

    block: str
    title: str
    metric: str
    subject: str
    grain: str
    """day, week or month."""
    points: tuple[Number, ...]
    """Where something was measured, oldest first, without those that hold only a part."""
    trend: int | None
    """1 rises, −1 falls, 0 neither; None where there are too few points to say."""
    span: Span = "period"
    better: Better = Better.NEITHER

    @property
    def good(self) -> bool | None:
        """Whether it goes the better way; None where it goes nowhere, or there is no better way."""
        if not self.trend or self.better is Better.NEITHER:
            return None
        return (self.trend > 0) is (self.better is Better.HIGHER)


@dataclass(frozen=True, slots=True)
class Ranking:
    """A metric of several subjects of one kind."""

    block: str
    title: str
    metric: str
    noun: str
    """Team, Repository or Component."""
    entries: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Unusual:
    """A week in which a metric left what is usual for it."""

    value: Number
    usual: Number
    difference: str
    """As it is shown, with its sign; empty where the usual is zero."""
    most: str
    """What moved most, as the figure says it."""
    good: bool | None


@dataclass(frozen=True)
class Facts:
    """All that some figures say, in reading order."""

    period: str = ""
    """As the document says it."""
    comparison: str = ""
    measures: list[Measure] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    rankings: list[Ranking] = field(default_factory=list)
    unusual: list[Unusual] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Every team, repository and component that is named, with what it is."""

    def numbers(self) -> Iterator[Number]:
        """Every number, those of measures first."""
        for one in self.measures:
            yield from (number for number in (one.now, one.before, one.change) if number)
        for course in self.courses:
            yield from course.points
        for ranking in self.rankings:
            yield from ranking.entries

    @property
    def metrics(self) -> list[str]:
        """Every metric that is named, each once."""
        told: list[Measure | Course | Ranking] = [*self.measures, *self.courses, *self.rankings]
        return list(dict.fromkeys(one.metric for one in told))
