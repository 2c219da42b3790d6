"""JSON: the frozen document itself, checked against its published schema."""

from __future__ import annotations

import json
from dataclasses import dataclass

from core.documents import schema
from core.documents.document import Document
from core.documents.renderers import Rendered
from core.figures import Table

CHECKED_ROWS = 50
"""Rows of a table that the schema check looks at: all have the same columns, and a million would take minutes."""


@dataclass(frozen=True, slots=True)
class Json:
    key: str = "json"
    label: str = "JSON"
    media_type: str = "application/json"
    suffix: str = ".json"

    def render(self, document: Document) -> Rendered:
        """The document, which `Document.thawed` reads back."""
        schema.validator().validate(json.loads(_short(document).frozen()))
        return Rendered(document.model_dump_json(indent=1).encode(), self.media_type, self.suffix)


def _short(document: Document) -> Document:
    sections = [
        section.model_copy(
            update={"blocks": [_cut(block) if isinstance(block, Table) else block for block in section.blocks]}
        )
        for section in document.sections
    ]
    return document.model_copy(update={"sections": sections})


def _cut(table: Table) -> Table:
    return table.model_copy(update={"rows": table.rows[:CHECKED_ROWS]})
