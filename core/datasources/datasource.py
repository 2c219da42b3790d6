"""What a datasource is: settings in, then queries in and tables out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict

from core.base.errors import BadInput
from core.datasources.window import Window

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Query:
    """One question to one datasource. Equal questions are asked once in a report, however many views ask them."""

    datasource: str
    """Id under which the report declares the datasource."""
    text: str
    options: Mapping[str, Any] = field(default_factory=dict)
    """`query_args` of the view: what the kind of datasource understands."""
    rows: int | None = None
    """How many rows the view will show; None for all. A datasource that can counts the rest instead of fetching it."""
    sums: bool = False
    """Whether the view shows only the sum of the second column, or of the first where there is but one.

    A datasource that can adds up instead of fetching: its answer then has one row, or none if there was none.
    """

    @property
    def key(self) -> tuple[str, str, str]:
        """The same for queries that differ at most in what is shown of their rows."""
        return self.datasource, self.text, json.dumps(self.options, sort_keys=True, default=str)


@dataclass(frozen=True, slots=True)
class Answer:
    """A table, and what must be told of it."""

    table: pa.Table
    total: int | None = None
    """Rows there are in all, where only the first were fetched; None if unknown or if all are here."""
    note: str = ""
    """What a reader must know: rows cut at a limit, a result that is not complete."""
    statement: str = ""
    """What was really asked, after tokens were replaced. Never a secret."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    individual: bool = False
    """Whether it shows individuals' numbers, which not every reader may see."""
    whose: tuple[Sequence[str], Sequence[str]] = ((), ())
    """The people, and the teams, that an individual answer is narrowed to; empty for everybody."""

    @property
    def rows(self) -> int:
        return int(self.table.num_rows)


def refuse(options: Mapping[str, Any], label: str, takes: str) -> None:
    """Return quietly if no option is left over; BadInput that names the first that the kind does not take."""
    if options:
        raise BadInput(f"{label} takes no '{next(iter(options))}' in query_args; it takes {takes or 'nothing'}.")


class DatasourceArgs(BaseModel):
    """Settings of a datasource, as `args` of a report file or as a saved connection. Secrets are SecretStr."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Datasource:
    """A kind of datasource; an instance is one of them, opened for one report.

    `query` may return an Arrow table, a pandas data frame, a list of dicts, or an
    `Answer` of its own. It is called from several threads at once unless `parallel`
    is 1. Raise `SourceUnreachable` when the other side does not answer or refuses,
    `BadInput` when the query or its options are wrong.
    """

    key: ClassVar[str]
    label: ClassVar[str]
    Args: ClassVar[type[DatasourceArgs]] = DatasourceArgs
    parallel: int = 4
    """Queries that may be under way at once."""
    adds_up: ClassVar[bool] = False
    """Whether `query` understands `sums`."""
    needs_house: ClassVar[bool] = False
    """Whether it reads this installation's own stores; `self.house()` then gives a context of them."""
    house: Callable[[], Any]

    def __init__(self, args: Any, window: Window) -> None:
        self.args = args
        self.window = window

    def query(self, text: str, *, rows: int | None = None, **options: Any) -> Any:
        """Answer `text`. With `rows`, no more than that many are needed, and `Answer.total` should count them all."""
        raise NotImplementedError

    def check(self) -> str:
        """Return one sentence of what was reached; SourceUnreachable if it cannot be."""
        raise NotImplementedError

    def schema(self) -> list[tuple[str, str, str]]:
        """(table, column, type) of what can be asked; empty where the kind has no such thing."""
        return []

    def close(self) -> None:
        """Give back what it holds."""
