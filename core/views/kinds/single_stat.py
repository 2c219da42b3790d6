"""One number, with its difference to that of another question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, field_validator

from core.base.errors import BadInput
from core.datasources.datasource import Answer, Query
from core.figures import Better, Change, Stat, State
from core.views import label as labels
from core.views.asking import Address, AskingArgs, AskingView, sentences
from core.views.plotting.strands import is_numeric

if TYPE_CHECKING:
    import pyarrow as pa


class SingleStatArgs(AskingArgs):
    label: str = Field("{stat}", description="What is shown; {stat} is the number, {stat:,.1f} in a format of yours.")
    link_url: Address = Field("", description="Where a click leads.")
    comparison_query: str = Field("", description="Asks for the number to compare with.")
    comparison_query_args: dict[str, Any] = Field({}, description="More that the datasource understands.")
    comparison_type: Literal["raw", "percent"] = Field("raw", description="How the difference is told.")
    comparison_label: str = Field("", description="When that was: the day before.")
    better: Better = Field(Better.NEITHER, description="Which way is good: higher, lower or neither.")
    flag_at: float | None = Field(
        None, gt=0, le=100, description="Flags a number that is further from the compared one: 0.3 is 30 %."
    )
    precision: int = Field(0, le=12, description="Decimals; ties round to even.")

    @field_validator("precision")
    @classmethod
    def _no_less(cls, decimals: int) -> int:
        return max(0, decimals)

    @field_validator("label")
    @classmethod
    def _writable(cls, label: str) -> str:
        labels.written(label, 0, 0)
        return label


@dataclass(frozen=True, slots=True)
class Sum:
    """What a query's answer comes to; `missing` says why there is no number, if there is none."""

    value: int | float
    missing: str = ""


class SingleStat(AskingView):
    key = "single_stat"
    label = "Single stat"
    about = "One number, and how it differs from another."
    Args = SingleStatArgs

    def question(self) -> Query:
        return replace(super().question(), sums=True)

    def queries(self) -> Iterable[Query]:
        yield self.question()
        if self.args.comparison_query:
            yield self._comparison()

    def draw(self) -> Stat:
        answer = self.ask(self.question())
        found = summed(answer, "The query")
        change, why = self._compared(found) if self.args.comparison_query else (None, "")
        text, html = labels.shown(self.args.label, found.value, self.args.precision)
        return Stat(
            value=found.value,
            text=text,
            html=html,
            link=self.args.link_url,
            better=self.args.better,
            state=State.NO_DATA if found.missing else State.MEASURED,
            state_text=found.missing and f"{found.missing}.",
            change=change,
            note=sentences(why, answer.note),
        )

    def _comparison(self) -> Query:
        return Query(self.args.datasource, self.args.comparison_query, self.args.comparison_query_args, sums=True)

    def _compared(self, found: Sum) -> tuple[Change | None, str]:
        """The difference and its flag, or why there is none."""
        before = summed(self.ask(self._comparison()), "The comparison query")
        if missing := before.missing or found.missing:
            which = "comparison query" if before.missing else "query"
            return None, f"Not compared: {missing.replace('query', which, 1)}"
        delta = found.value - before.value
        decimals = partial(labels.said, decimals=self.args.precision)
        versus = ", ".join(filter(None, (f"vs {decimals(before.value)}", self.args.comparison_label)))
        good = None if not delta or self.args.better is Better.NEITHER else (delta > 0) is self._rising_is_good
        if self.args.comparison_type == "raw":
            text = _signed(decimals(delta))
            return Change(value=delta, relative=False, text=text, good=good, versus=versus), self._flag(delta, before)
        if before.value == 0:
            return None, "No percentage: the number to compare with is 0"
        share = delta / abs(before.value)
        text = _signed(labels.said(share * 100, 1), " %")
        return Change(value=share, text=text, good=good, versus=versus), self._flag(delta, before)

    @property
    def _rising_is_good(self) -> bool:
        return self.args.better is Better.HIGHER

    def _flag(self, delta: float, before: Sum) -> str:
        """Says that the number moved further than is usual; from zero nothing can be told."""
        least = self.args.flag_at
        if least is None or not before.value or abs(delta) <= least * abs(before.value):
            return ""
        return f"Flagged: it changed by more than {labels.said(least * 100, 0)} %"


def _signed(digits: str, unit: str = "") -> str:
    if not digits.strip("−0."):
        return "no change"
    return f"{'' if digits[0] == '−' else '+'}{digits}{unit}"


def summed(answer: Answer, what: str = "The query") -> Sum:
    """The sum of the second column, or of the first where there is but one."""
    table = answer.table
    if not table.num_columns or not table.num_rows:
        return Sum(0, "the query returned no rows")
    place = min(1, table.num_columns - 1)
    name, column = table.column_names[place], table.column(place)
    if column.null_count == len(column):
        return Sum(0, "the query returned no value")
    if is_numeric(column.type):
        return Sum(_total(column))
    return Sum(sum(_number(value, name, what) for value in column.to_pylist() if value is not None))


def _total(column: pa.ChunkedArray) -> int | float:
    """The sum of numbers: whole ones exactly."""
    import numpy as np

    values = column.to_numpy()
    return sum(values.tolist()) if values.dtype.kind in "iu" else float(np.nansum(values))


def _number(value: Any, name: str, what: str) -> int | float:
    """A value as a number, also one written as text; NaN counts nothing."""
    try:
        number = value if isinstance(value, int) else float(value)
    except (TypeError, ValueError):
        shown = str(value)[:40]
        raise BadInput(
            f"{what} returned '{shown}' in the column '{name}' where a number is needed."
            " Select the number alone, or as the second column."
        ) from None
    return 0.0 if number != number else number  # noqa: PLR0124 - NaN differs from itself
