"""What pydantic found wrong, in sentences that name the field and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from core.base.errors import BadInput, did_you_mean

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    M = TypeVar("M", bound=BaseModel)


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
    where = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"there is no {noun} named '{where}'.{did_you_mean(where, names(model))}"
    if problem["type"] == "missing":
        return f"'{where}' is missing."
    return f"'{where}': {problem['msg'].removeprefix('Value error, ')}"


def names(model: type[BaseModel]) -> list[str]:
    """What a model's fields may be called in a file, aliases too."""
    known: list[str] = []
    for name, field in model.model_fields.items():
        alias = field.validation_alias
        known += [name, *(str(choice) for choice in getattr(alias, "choices", [alias] if alias else []))]
    return list(dict.fromkeys(known))
