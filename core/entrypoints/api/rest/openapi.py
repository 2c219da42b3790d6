"""The document of OpenAPI 3.1 that describes every door of `/api/v1`, made of what the doors are made of."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel, TypeAdapter

from core.entrypoints.api.rest.operations import OPERATIONS, Operation
from core.entrypoints.api.rest.others import OTHERS, QUERY, Other
from core.entrypoints.api.rest.shapes import Problem

WHERE = "#/components/schemas/{model}"
JSON = "application/json"
PROBLEM = {
    "description": "What went wrong, in a sentence that says what to do.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
ERRORS = ("400", "401", "403", "404", "409", "413", "429")


@cache
def document() -> dict[str, Any]:
    """The whole document."""
    known: dict[str, Any] = {}
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _report(one, known)
    for other in OTHERS:
        paths.setdefault(other.path, {})[other.method.lower()] = _other(other, known)
    _schema(Problem, known)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sightline",
            "version": version("sightline"),
            "description": "Doors for programs. The same reports by GraphQL: POST /api/graphql.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(known.items())),
            "responses": {"Problem": PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _report(one: Operation, known: dict[str, Any]) -> dict[str, Any]:
    told = _base(one.method, one.path, one.summary, one.scope)
    told["parameters"] = [*_in_path(one.path), *(_query(one.query) if one.query else ())]
    if one.body:
        told["requestBody"] = _body(_schema(one.body, known), required=_is_required(one.body))
    told["responses"] = {str(one.status): _answer(one.answer, known), **told["responses"]}
    return told


def _other(one: Other, known: dict[str, Any]) -> dict[str, Any]:
    told = _base(one.method, one.path, one.summary, one.scope)
    names = one.query.split()
    as_body = one.path.startswith("/api/v1/analytics") and one.method == "POST"
    told["parameters"] = [*_in_path(one.path), *(() if as_body else (_named(name) for name in names))]
    if as_body:
        fields = {name: {"type": "string", "description": QUERY[name]} for name in names}
        told["requestBody"] = _body({"type": "object", "properties": fields, "additionalProperties": False})
    elif one.body == "records":
        told["requestBody"] = _records()
        told["responses"]["422"] = {"description": "No record could be taken.", "content": {JSON: {"schema": {}}}}
    elif one.body:
        told["requestBody"] = _body(_partly(one.body, known))
    if one.scope == "none":
        told["security"] = []
        told["responses"]["200"] = {"description": "The answer.", "content": {"*/*": {"schema": {}}}}
    else:
        told["responses"] = {"200": _answer(JSON, known), **told["responses"]}
    return told


def _base(method: str, path: str, summary: str, scope: str) -> dict[str, Any]:
    words = re.sub(r"\W+", "_", path.removeprefix("/api/").removeprefix("v1/")).strip("_")
    needs = f"The token needs `{scope}`." if scope and scope != "none" else ""
    return {
        "operationId": f"{method.lower()}_{words}",
        "tags": [path.split("/")[3] if path.startswith("/api/v1/") else "house"],
        "summary": summary,
        "description": needs,
        "parameters": [],
        "responses": dict.fromkeys(ERRORS, PROBLEM),
    }


def _in_path(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _named(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": QUERY[name], "schema": {"type": "string"}}


def _query(model: type[BaseModel]) -> list[dict[str, Any]]:
    found = model.model_json_schema(ref_template=WHERE)
    return [
        {"name": name, "in": "query", "description": told.pop("description", ""), "schema": told}
        for name, told in found["properties"].items()
    ]


def _body(schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"required": required, "content": {JSON: {"schema": schema}}}


def _is_required(model: type[BaseModel]) -> bool:
    return any(field.is_required() for field in model.model_fields.values())


def _records() -> dict[str, Any]:
    rows = {"type": "array", "items": {"type": "object"}}
    text = {"schema": {"type": "string"}}
    return {"required": True, "content": {JSON: {"schema": rows}, "application/x-ndjson": text, "text/csv": text}}


def _answer(kind: type[BaseModel] | str | None, known: dict[str, Any]) -> dict[str, Any]:
    if kind is None:
        return {"description": "Done; there is nothing to tell."}
    if isinstance(kind, str):
        schema = {} if kind == JSON else {"type": "string"}
        media = "*/*" if kind == "application/octet-stream" else kind
        return {"description": "The answer.", "content": {media: {"schema": schema}}}
    return {"description": "The answer.", "content": {JSON: {"schema": _schema(kind, known, "serialization")}}}


def _schema(model: Any, known: dict[str, Any], mode: Any = "validation") -> dict[str, Any]:
    """A reference to the model's schema, which is kept with those inside it."""
    found = TypeAdapter(model).json_schema(ref_template=WHERE, mode=mode)
    known.update(found.pop("$defs", {}))
    name = re.sub(r"\W+", "", getattr(model, "__name__", "Model"))
    known[name] = found
    return {"$ref": WHERE.format(model=name)}


def _partly(model: Any, known: dict[str, Any]) -> dict[str, Any]:
    """The same with nothing required: what is left out stays."""
    reference = _schema(model, known)
    name = reference["$ref"].rpartition("/")[2]
    known[name] = {word: told for word, told in known[name].items() if word != "required"}
    return reference
