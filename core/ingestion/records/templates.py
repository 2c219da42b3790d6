"""Templates to fill in, and the reference of every kind's fields."""

from __future__ import annotations

import csv
import io
import json
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from core.ingestion.records.kinds import KINDS, Kind, kind_of
from core.ingestion.records.reading import FORMATS

MEDIA = {"csv": "text/csv", "json": "application/json", "ndjson": "application/x-ndjson"}


def template(key: str, fmt: str = "csv") -> bytes:
    """A file of one example: with every field as heading in CSV, with those that are used in JSON."""
    kind = kind_of(key)
    if fmt == "json":
        return (json.dumps([kind.example], indent=2, ensure_ascii=False) + "\n").encode()
    if fmt == "ndjson":
        return (json.dumps(kind.example, ensure_ascii=False) + "\n").encode()
    out = io.StringIO()
    writer = csv.DictWriter(out, fields(kind), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerow({name: _cell(value) for name, value in kind.example.items()})
    return out.getvalue().encode()


def fields(kind: Kind) -> list[str]:
    """The kind's own fields, and last the one that all have."""
    return sorted(kind.model.model_fields, key=lambda name: name == "repository")


def described(kind: Kind) -> Iterator[dict[str, str]]:
    """What stands in the reference: field, what it holds, whether it is needed, and what it means."""
    for name in fields(kind):
        field = kind.model.model_fields[name]
        held = words(field.annotation)
        default = field.default if not field.is_required() and field.default not in (None, "", [], False) else ""
        yield {
            "field": name,
            "holds": held,
            "needed": "yes" if field.is_required() else "",
            "default": str(default),
            "meaning": field.description or "",
        }


def words(annotation: Any) -> str:
    """A type as people say it."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return words(get_args(annotation)[0])
    if origin is Literal:
        return " · ".join(get_args(annotation))
    if origin in (Union, types.UnionType):
        return words(next(one for one in get_args(annotation) if one is not type(None)))
    if origin is list:
        return f"list of {words(get_args(annotation)[0])}s"
    return {"datetime": "time", "bool": "yes or no", "int": "number", "str": "text"}[annotation.__name__]


def page() -> str:
    """docs/record-fields.md: every kind with its fields and an example."""
    lines = ["# Fields of records", "", f"What may be pushed as {', '.join(FORMATS)}; how, is in", 
             "[push-records.md](push-records.md). A cell that is empty says nothing.", ""]  # fmt: skip
    for kind in KINDS.values():
        lines += [f"## {kind.key}", "", kind.model.__doc__ or "", "", "| field | holds | needed | default | meaning |",
                  "| --- | --- | --- | --- | --- |"]  # fmt: skip
        lines += [
            f"| `{one['field']}` | {one['holds']} | {one['needed']} | {one['default']} | {one['meaning']} |"
            for one in described(kind)
        ]
        lines += ["", "```json", json.dumps(kind.example, ensure_ascii=False), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else value
