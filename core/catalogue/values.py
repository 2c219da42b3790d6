"""Answers: values with their state, in an order that tables and charts can use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from core.catalogue.metric import METRICS
from core.figures import Provenance, State

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """One number, or why there is none."""

    metric: str
    group: Group
    """One text for each of `by`: ids, ISO dates of a bucket's first day, hours of the week from Monday 0 to 167."""
    value: float | None
    n: int
    """Rows behind it."""
    state: State
    state_text: str = ""
    """For a state other than measured: why, and what to do."""
    numerator: float | None = None
    denominator: float | None = None
    excluded: dict[str, int] = field(default_factory=dict)
    """Rows left out, by reason."""
    asides: dict[str, float] = field(default_factory=dict)
    """To be told beside the value: "days with one commit", "reviews received"."""


@dataclass
class Measured:
    """The answer to one question."""

    by: tuple[str, ...]
    keys: tuple[str, ...]
    found: dict[tuple[str, Group], Value]
    missing: Callable[[str, Group], Value] = field(repr=False)
    """Makes the value of a group that has none."""
    provenance: list[Provenance] = field(default_factory=list)
    watermark: datetime | None = None
    """What was asked for is complete up to here; None if nothing feeds it."""
    excluded: dict[str, int] = field(default_factory=dict)
    """Rows left out in all groups together, by reason; the most that any one metric left out."""

    @property
    def values(self) -> list[Value]:
        """Every value, by metric in the order asked, then by group."""
        order = {key: index for index, key in enumerate(self.keys)}
        return sorted(self.found.values(), key=lambda value: (order[value.metric], value.group))

    def of(self, metric: str) -> Iterator[Value]:
        """The values of one metric, by group."""
        return (value for value in self.values if value.metric == metric)

    def get(self, metric: str, *group: str) -> Value:
        """The value of a metric and group; one that says why there is none if it is absent."""
        if found := self.found.get((metric, group)):
            return found
        METRICS.get(metric)
        return self.missing(metric, group)

    @property
    def groups(self) -> list[Group]:
        """Every group that has a value."""
        return sorted({group for _, group in self.found})
