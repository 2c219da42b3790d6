"""How much one GraphQL request may ask, measured before it is looked at any further.

A fragment is measured once however often it is used, so that fragments within fragments cost nothing to measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    SelectionSetNode,
    VariableNode,
)

from core.base.errors import BadInput

MOST_TOKENS = 2_000
MOST_DEPTH = 12
MOST_ALIASES = 20
MOST_COST = 20_000
PAGES = frozenset({
    "savedReports", "reportRuns", "exportJobs", "schedules", "reportVersions", "reportQuestions", "reportTemplates",
    "scheduleCalendar", "deliveries",
})  # fmt: skip
USUAL_LIMIT = 50
DEAR = {
    "renderedMarkdown": 50, "provenanceRecords": 50, "document": 50, "reportPlan": 5, "receipts": 5,
    "reportVersion": 10, "reportDifference": 20, "comparedRuns": 100, "askReport": 5_000, "reportFromSentence": 5_000,
}  # fmt: skip
"""What a field costs that is read from a document, is large, or may be put to a language model."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How deep, how often renamed, and how dear a selection is."""

    depth: int = 0
    aliases: int = 0
    cost: int = 0

    def beside(self, other: Measure) -> Measure:
        return Measure(max(self.depth, other.depth), self.aliases + other.aliases, self.cost + other.cost)


def check(document: DocumentNode, variables: Mapping[str, Any]) -> None:
    """Return quietly if the request is within all limits; BadInput with the one that it is not."""
    whole = _Measuring(document, variables).whole()
    if whole.depth > MOST_DEPTH:
        raise BadInput(f"The query is nested more than {MOST_DEPTH} deep. Ask in several requests.")
    if whole.aliases > MOST_ALIASES:
        raise BadInput(f"The query has {whole.aliases} aliases, more than {MOST_ALIASES}. Ask in several requests.")
    if whole.cost > MOST_COST:
        raise BadInput(
            f"The query costs {whole.cost:,} points, more than {MOST_COST:,}: ask for smaller pages or fewer fields."
        )


@dataclass
class _Measuring:
    document: DocumentNode
    variables: Mapping[str, Any]
    known: dict[str, Measure] = field(default_factory=dict)

    def whole(self) -> Measure:
        self.fragments = {
            one.name.value: one for one in self.document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        found = Measure()
        for one in self.document.definitions:
            if not isinstance(one, FragmentDefinitionNode):
                found = found.beside(self._of(getattr(one, "selection_set", None)))
        return found

    def _of(self, selected: SelectionSetNode | None) -> Measure:
        found = Measure()
        for one in selected.selections if selected else ():
            if isinstance(one, FieldNode):
                found = found.beside(self._field(one))
            elif isinstance(one, FragmentSpreadNode):
                found = found.beside(self._fragment(one.name.value))
            else:
                found = found.beside(self._of(getattr(one, "selection_set", None)))
        return found

    def _field(self, one: FieldNode) -> Measure:
        inner = self._of(one.selection_set)
        if one.name.value.startswith("__"):
            # What the schema is may be asked as tools ask it; the library bounds how that turns in circles.
            return Measure(1, inner.aliases + bool(one.alias), 1)
        cost = DEAR.get(one.name.value, 1) + inner.cost * self._times(one)
        return Measure(inner.depth + 1, inner.aliases + bool(one.alias), cost)

    def _fragment(self, name: str) -> Measure:
        if name not in self.known and name in self.fragments:
            self.known[name] = Measure()  # one that leads back to itself is refused when the query is validated
            self.known[name] = self._of(self.fragments[name].selection_set)
        return self.known.get(name, Measure())

    def _times(self, one: FieldNode) -> int:
        """How many rows the field's own fields are asked of."""
        if one.name.value not in PAGES:
            return 1
        for argument in one.arguments or ():
            if argument.name.value == "limit":
                value = argument.value
                if isinstance(value, IntValueNode):
                    return max(1, int(value.value))
                given = self.variables.get(value.name.value) if isinstance(value, VariableNode) else None
                return max(1, given) if isinstance(given, int) else USUAL_LIMIT
        return USUAL_LIMIT
