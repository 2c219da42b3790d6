"""What pydantic found wrong, in sentences that name the field and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from core.base.errors import BadInput, did_you_mean

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    M = TypeVar("M", bound=BaseModel)

WANTED = {
    "string_type": "must be text",
    "int": "must be a whole number",
    "float": "must be a number",
    "bool": "must be true or false",
    "list": "must be a list",
    "tuple": "must be a list",
    "dict": "must hold keys and values",
    "model": "must hold keys and values",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "greater_than": "must be more than {gt}",
    "less_than": "must be less than {lt}",
    "literal_error": "must be {expected}",
    "too_long": "has {actual_length} entries; {max_length} is the most",
    "too_short": "needs {min_length} entries or more",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "must not be empty",
}
"""The whole of pydantic's type of problem, or the part before its first "_" → what is said of the field."""

SHOWN = ("int", "float", "bool", "greater_than_equal", "less_than_equal", "greater_than", "less_than", "literal_error")
"""Where the value itself helps; never where it may be a secret or a long text."""


def accepted(model: type[M], given: Mapping[str, Any], what: str, noun: str = "setting") -> M:
    """`given` as `model`; BadInput that begins with `what` and names each field that is wrong."""
    from pydantic import ValidationError

    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        raise BadInput(f"{what}: {'; '.join(sentences(model, error, noun))}") from error


def sentences(model: type[BaseModel], error: ValidationError, noun: str = "setting") -> list[str]:
    """A sentence a problem."""
    return [sentence(model, problem, noun) for problem in error.errors()]


def sentence(model: type[BaseModel], problem: Any, noun: str = "setting") -> str:
    """One of pydantic's problems in words."""
    *above, last = problem["loc"] or ("",)
    where = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"there is no {noun} named '{where}'.{did_you_mean(str(last), names(model))}"
    if problem["type"] == "missing":
        at = ".".join(map(str, above))
        return f"'{at}' needs an entry {last + 1}." if isinstance(last, int) else f"'{where}' is missing."
    if words := _wanted(problem):
        return f"'{where}' {words}." if where else f"it {words}."
    return f"'{where}': {problem['msg'].removeprefix('Value error, ')}"


def _wanted(problem: Any) -> str:
    kind = problem["type"] if problem["type"] in WANTED else problem["type"].partition("_")[0]
    told = dict(problem.get("ctx", {}))
    if kind == "literal_error":
        told["expected"] = told["expected"].removeprefix("'', ").removeprefix("'' or ")  # an empty one is: left out
    words = WANTED.get(kind, "").format(**told).replace("'", "")
    value = problem.get("input")
    shown = kind in SHOWN and isinstance(value, str | int | float) and len(str(value)) <= 40
    return f"{words}, not '{value}'" if words and shown else words


def names(model: type[BaseModel]) -> list[str]:
    """What a model's fields may be called in a file, aliases too."""
    known: list[str] = []
    for name, field in model.model_fields.items():
        alias = field.validation_alias
        known += [name, *(str(choice) for choice in getattr(alias, "choices", [alias] if alias else []))]
    return list(dict.fromkeys(known))
