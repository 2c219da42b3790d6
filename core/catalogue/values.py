"""Answers: values with their state, in an order that tables and charts can use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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

    def only(self, keys: Sequence[str]) -> Measured:
        """The answer for these metrics alone: what was asked along with them is not where they come from."""
        if set(keys) == set(self.keys):
            return self
        found = {slot: value for slot, value in self.found.items() if slot[0] in keys}
        origins = [told for told in (_told_of(origin, keys, found) for origin in self.provenance) if told.metrics]
        return replace(self, keys=tuple(k for k in self.keys if k in keys), found=found, provenance=origins)

    @property
    def values(self) -> list[Value]:
        """Every value, by metric in the order asked, then by group."""
        order = {key: index for index, key in enumerate(self.keys)}
        return sorted(self.found.values(), key=lambda value: (order[value.metric], value.group))

    def of(self, metric: str) -> Iterator[Value]:
        """The values of one metric, by group."""
        mine = (value for (key, _), value in self.found.items() if key == metric)
        return iter(sorted(mine, key=lambda value: value.group))

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


def rows_behind(found: Mapping[tuple[str, Group], Value], keys: Iterable[str]) -> int:
    """Rows that all groups together were told from; of several metrics, the one that needed most."""
    return max((sum(value.n for (metric, _), value in found.items() if metric == key) for key in keys), default=0)


def _told_of(origin: Provenance, keys: Sequence[str], found: Mapping[tuple[str, Group], Value]) -> Provenance:
    """What an origin says of some of its metrics."""
    named = [name.partition("@")[0] for name in origin.metrics]
    kept = [number for number, key in enumerate(named) if key in keys]
    mine = [named[number] for number in kept]
    return origin.model_copy(
        update={
            "metrics": [origin.metrics[number] for number in kept],
            "definitions": [origin.definitions[number] for number in kept],
            "facts": sorted({need for key in mine for need in METRICS.get(key).needs}),
            "rows": rows_behind(found, mine),
        }
    )
