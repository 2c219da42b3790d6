"""The JSON schema of report files, for editors: every key, and the arguments of every plugin that comes with us."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from core.base.late import LateRegistry
from core.reports.code.file import ReportFile
from core.reports.code.pieces import PIECES

Json = dict[str, Any]

TITLE = "Sightline report file"
ABOUT = "A report as code: datasources, views over them, and where the report goes."


def schema() -> Json:
    """Draft 2020-12. A plugin of an outsider is allowed; its arguments are not checked."""
    from core.datasources.registry import BUILT_IN as SOURCES
    from core.datasources.registry import DATASOURCES
    from core.delivery.outputs.registry import BUILT_IN as OUTPUTS_BUILT_IN
    from core.delivery.outputs.registry import OUTPUTS
    from core.views.registry import BUILT_IN as VIEWS_BUILT_IN
    from core.views.registry import VIEWS

    made = ReportFile.model_json_schema()
    definitions = made["$defs"]
    entries = {
        "DatasourceEntry": _models(DATASOURCES, SOURCES),
        "ViewEntry": _models(VIEWS, VIEWS_BUILT_IN) | _widgets() | PIECES,
        "OutputEntry": _models(OUTPUTS, OUTPUTS_BUILT_IN),
    }
    for name, kinds in entries.items():
        _teach(definitions, definitions[name], kinds)
    _nullable(made)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": TITLE, "description": ABOUT}
    own = {"patternProperties": {"^x-": {"description": "Your own: a place for anchors."}}}
    return {**head, **{key: part for key, part in made.items() if key not in head}, **own}


def text() -> str:
    """The schema as a file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _models(registry: LateRegistry[Any], keys: Iterable[str]) -> dict[str, type[BaseModel]]:
    return {key: registry.get(key).Args for key in keys}


def _widgets() -> dict[str, type[BaseModel]]:
    from core.widgets import WIDGETS

    return {widget.key: widget.params for widget in WIDGETS}


def _teach(definitions: Json, entry: Json, kinds: dict[str, type[BaseModel]]) -> None:
    """Put each plugin's arguments where `plugin` names it."""
    entry["properties"]["plugin"] = entry["properties"]["plugin"] | {
        "anyOf": [{"enum": list(kinds)}, {"type": "string"}]
    }
    entry["properties"]["plugin"].pop("type", None)
    entry["allOf"] = []
    by_model: dict[type[BaseModel], list[str]] = {}
    for key, model in kinds.items():
        by_model.setdefault(model, []).append(key)
    for model, keys in by_model.items():
        definitions[model.__name__] = _args(definitions, model)
        needs = {"required": ["args"]} if definitions[model.__name__].get("required") else {}
        then = {"properties": {"args": {"$ref": f"#/$defs/{model.__name__}"}}, **needs}
        when = {"properties": {"plugin": {"enum": keys}}, "required": ["plugin"]}
        entry["allOf"].append({"if": when, "then": then})


def _args(definitions: Json, model: type[BaseModel]) -> Json:
    made = model.model_json_schema(ref_template="#/$defs/" + model.__name__ + ".{model}")
    definitions |= {f"{model.__name__}.{name}": part for name, part in made.pop("$defs", {}).items()}
    _aliases(made, model)
    return made


def _aliases(made: Json, model: type[BaseModel]) -> None:
    """Every name that a field may be written by, and none of them required where there are several."""
    for name, field in model.model_fields.items():
        choices = [str(one) for one in getattr(field.validation_alias, "choices", ())]
        known = next((key for key in (name, *choices) if key in made.get("properties", {})), None)
        if choices and known:
            part = made["properties"][known]
            made["properties"] |= dict.fromkeys((name, *choices), part)
            made["required"] = [one for one in made.get("required", []) if one != known]


def _nullable(made: Json) -> None:
    """Keys with nothing behind them count as not written, as empty lines of a file that is being made."""
    for name in ("ViewEntry", "DatasourceEntry", "OutputEntry"):
        args = made["$defs"][name]["properties"]["args"]
        args["type"] = ["object", "null"]
