"""A view with templates and a picture of its own."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from core.datasources.datasource import Query
from core.figures import Blob, Prose
from core.views.templates import templated
from core.views.view import View, ViewArgs


class CardArgs(ViewArgs):
    datasource: str = Field(min_length=1, description="Id of the datasource to ask.")
    query: str = Field("harvest", description="What to ask it.")
    colour: str = Field("#2e7d32", description="Of the bars.")


class Card(View):
    key = "orchard.card"
    label = "Harvest card"
    about = "How much each tree bore, as a card."
    Args = CardArgs

    def queries(self) -> Iterable[Query]:
        yield Query(self.args.datasource, self.args.query)

    def draw(self) -> Prose:
        answer = self.ask(Query(self.args.datasource, self.args.query))
        kilos: dict[str, int] = {}
        for row in answer.table.to_pylist():
            kilos[row["tree"]] = kilos.get(row["tree"], 0) + row["kilos"]
        picture = Blob.of("bars.svg", self._bars(list(kilos.values())).encode(), "image/svg+xml", "Kilos a tree")
        return templated(self, "card", {"kilos": kilos, "most": max(kilos.values(), default=0)}, [picture])

    def _bars(self, values: list[int]) -> str:
        most = max(values, default=1)
        bars = "".join(
            f'<rect x="{place * 44 + 4}" y="{60 - value / most * 56:.0f}" width="36" height="{value / most * 56:.0f}"'
            f' fill="{self.args.colour}"/>'
            for place, value in enumerate(values)
        )
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="{len(values) * 44}" height="64">{bars}</svg>'
