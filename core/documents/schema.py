"""The published JSON schema of a document. `python -m core.documents.schema` writes it anew after a change."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from core.documents.document import VERSION, Document

PUBLISHED = Path(__file__).with_name("document.schema.json")


def current() -> dict[str, Any]:
    """The schema of `Document` as the code has it."""
    drawn = Document.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:sightline:document:{VERSION}",
        **drawn,
    }


@cache
def validator() -> Any:
    """Checks JSON against the published schema."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(PUBLISHED.read_text(encoding="utf-8")))


def write() -> None:
    """Publish the schema as the code has it."""
    PUBLISHED.write_text(json.dumps(current(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
