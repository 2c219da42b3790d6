"""One number, with its difference to that of another question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field

from core.datasources.datasource import Answer, Query
from core.figures import Stat
from core.views.view import View, ViewArgs


class SingleStatArgs(ViewArgs):
    query: str
    query_args: dict[str, Any] = Field(default_factory=dict)
    label: str = "{stat}"
    link_url: str = ""
    comparison_query: str = ""
    comparison_query_args: dict[str, Any] = Field(default_factory=dict)
    comparison_type: Literal["raw", "percent"] = "raw"
    precision: int = Field(0, ge=0, le=12)


class SingleStat(View):
    key = "single_stat"
    label = "Single stat"
    about = "One number, and how it differs from another."
    Args = SingleStatArgs

    def queries(self) -> Iterable[Query]:
        yield self._query()

    def draw(self) -> Stat:
        value = summed(self.ask(self._query()))
        return Stat(value=value, text=f"{value:.{self.args.precision}f}")

    def _query(self) -> Query:
        return Query(self.args.datasource, self.args.query, self.args.query_args)


def summed(answer: Answer) -> float:
    """The sum of the second column, or of the first where there is but one."""
    column = answer.table.column(min(1, answer.table.num_columns - 1))
    return float(sum(value for value in column.to_pylist() if value is not None))
