"""The first rows of what a query returned, each column in its own kind."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from core.datasources.datasource import Answer, Query
from core.figures import Table
from core.views.asking import AskingArgs, AskingView, Labels, sentences
from core.views.columns import columns


class TableArgs(AskingArgs):
    max_rows: int = Field(10, ge=1, le=100_000, description="Rows that are shown at most.")
    label_map: Labels = Field({}, description="Columns by name, and what they are called instead.")


class TableView(AskingView):
    key = "table"
    label = "Table"
    about = "The first rows of a query's answer, and how many there are in all."
    Args = TableArgs

    def queries(self) -> Iterable[Query]:
        yield self.question()

    def question(self) -> Query:
        return Query(self.args.datasource, self.args.query, self.args.query_args, rows=self.args.max_rows)

    def draw(self) -> Table:
        return self.tabled(self.ask(self.question()))

    def tabled(self, answer: Answer) -> Table:
        """The first rows of an answer."""
        shown = answer.table.slice(0, self.args.max_rows)
        found, cells = columns(shown, self.window)
        cols = [col.model_copy(update={"label": self.args.label_map.get(col.label, col.label)}) for col in found]
        whole = max(answer.rows, answer.total or 0)
        return Table(
            cols=cols,
            rows=[list(row) for row in zip(*cells, strict=True)],
            total_rows=whole if whole > shown.num_rows else None,
            state_text="" if shown.num_rows else "No rows.",
            note=sentences(answer.note),
        )
