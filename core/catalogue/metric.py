"""What a metric is: one declaration that dashboards, reports, exports and "Explain" all read.

The kind decides how values roll up, and it is typed so that a wrong roll-up
cannot be written: only an `Additive` kind has parts that may be summed. A
quantile, a distinct count or a span of a longer time is asked for, never made
from those of shorter ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.base.registry import Registry
from core.figures import Better, Unit


@dataclass(frozen=True, slots=True)
class Parts:
    """What an additive value is made of; sums of parts are the parts of the sum."""

    numerator: float
    denominator: float
    n: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Adds `value` over rows."""

    value: str = "1"
    name: ClassVar[str] = "sum"
    is_additive: ClassVar[bool] = True

    def of(self, numerator: float, denominator: float) -> float | None:
        return numerator


@dataclass(frozen=True, slots=True)
class Ratio:
    """Sum of `numerator` over sum of `denominator`."""

    numerator: str
    denominator: str = "1"
    name: ClassVar[str] = "ratio"
    is_additive: ClassVar[bool] = True

    def of(self, numerator: float, denominator: float) -> float | None:
        return numerator / denominator if denominator else None


@dataclass(frozen=True, slots=True)
class Rate:
    """A ratio whose denominator is time: sum of `value` per `days` calendar days of the period.

    Days that are still to come are not counted.
    """

    value: str = "1"
    days: int = 1
    name: ClassVar[str] = "ratio"
    is_additive: ClassVar[bool] = True

    def of(self, numerator: float, denominator: float) -> float | None:
        return numerator / denominator if denominator else None


@dataclass(frozen=True, slots=True)
class Mean:
    """Sum of `value` over the count of rows where it is known."""

    value: str
    name: ClassVar[str] = "mean"
    is_additive: ClassVar[bool] = True

    def of(self, numerator: float, denominator: float) -> float | None:
        return numerator / denominator if denominator else None


@dataclass(frozen=True, slots=True)
class Quantile:
    """The `level` quantile of `value`, interpolated between its two neighbours. Recomputed from rows."""

    value: str
    level: float
    name: ClassVar[str] = "quantile"
    is_additive: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Distinct:
    """How many different `value`s there are. Recomputed from rows."""

    value: str
    name: ClassVar[str] = "distinct"
    is_additive: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Span:
    """A figure of all rows together, in `formula`, where `$kept` is the condition of a row that counts."""

    formula: str
    name: ClassVar[str] = "span"
    is_additive: ClassVar[bool] = False


Additive = Sum | Ratio | Rate | Mean
Kind = Additive | Quantile | Distinct | Span


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that the metric is about and yet does not count; how many is told with every value."""

    reason: str
    """Plural noun of the rows: "merges", "unreviewed pull requests"."""
    condition: str


@dataclass(frozen=True, slots=True)
class Aside:
    """Something to be told beside the value, counted over the rows that it was made of."""

    name: str
    amount: str = "1"
    """Summed: "1" counts rows."""
    condition: str = "1"
    is_left_out: bool = False
    """What rows that count lose, such as generated lines: told with what was left out."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number with a name. SQL parts speak of the columns of `fact` (see `core.catalogue.facts`)."""

    key: str
    label: str
    about: str
    """The definition, for a manager: what is counted, over what, and what is left out."""
    category: str
    unit: Unit
    better: Better
    kind: Kind
    fact: str
    needs: tuple[str, ...]
    """Collected facts (tables of the metrics store) without which it is `not_collected`."""
    where: str = "1"
    """Which rows of the fact the metric is about."""
    left_out: tuple[LeftOut, ...] = ()
    asides: tuple[Aside, ...] = ()
    counted: str = "1"
    """What `n` sums over the rows that count."""
    exact: bool = False
    """Needs what git alone cannot tell: opening times, draft state, comments."""
    zero_if_active: bool = False
    """Zero for whoever did anything in the period (committed, opened, merged or reviewed); else no data."""
    version: int = 1

    @property
    def formula(self) -> str:
        """The aggregation in one line, for "Explain"."""
        match self.kind:
            case Sum(value):
                text = _summed(value)
            case Ratio(numerator, denominator):
                text = f"{_summed(numerator)} / {_summed(denominator)}"
            case Rate(value, days):
                text = f"{_summed(value)} / (days / {days})"
            case Mean(value):
                text = f"mean({value})"
            case Quantile(value, level):
                text = f"p{level * 100:g}({value})"
            case Distinct(value):
                text = f"distinct({value})"
            case Span(formula):
                text = formula.replace("$kept", self.where)
        return text if self.where == "1" or isinstance(self.kind, Span) else f"{text} where {self.where}"


def _summed(value: str) -> str:
    return "count" if value == "1" else f"sum({value})"


METRICS: Registry[Metric] = Registry("metric", "sightline.metrics")


def roll_up(kind: Additive, parts: Sequence[Parts]) -> tuple[float | None, Parts]:
    """The value of the whole from its parts, which must not overlap.

    Parts of a `Rate` are pieces of time, those in which nothing happened too; of
    several subjects in one time add the values instead.
    """
    whole = Parts(
        sum(part.numerator for part in parts), sum(part.denominator for part in parts), sum(part.n for part in parts)
    )
    return (kind.of(whole.numerator, whole.denominator) if whole.n else None), whole
