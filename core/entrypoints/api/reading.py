"""What a program sent, as values that stores can keep: no endless nesting, no number that is none, no torn letters."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from core.base.errors import BadInput
from core.base.fields import accepted

Model = TypeVar("Model", bound=BaseModel)
Value = TypeVar("Value")
TORN = "The text holds a NUL, or half of a letter, which cannot be kept. Leave it out."


def json_of(body: bytes) -> Any:
    """The body's value; an empty object for no body."""
    if not body.strip():
        return {}
    try:
        value = json.loads(body, parse_constant=_no_number, parse_float=_number)
        whole(json.dumps(value, ensure_ascii=False))
    except (ValueError, RecursionError) as error:
        raise BadInput("The body is no JSON that we can read.") from error
    return value


def whole(text: str) -> str:
    """The text; BadInput if a store could not keep it."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadInput(TORN) from error
    if "\x00" in text or "\\u0000" in text:
        raise BadInput(TORN)
    return text


def object_of(body: Any) -> dict[str, Any]:
    """The body as the object that it must be."""
    if not isinstance(body, dict):
        raise BadInput("The body must be an object: {…}.")
    return body


def model_of(model: type[Model], body: Any, what: str = "The body") -> Model:
    """The body as a model; BadInput with a sentence for each field that is wrong."""
    return accepted(model, object_of(body), what, "field")


def value_of(kind: type[Value], given: Mapping[str, Any]) -> Value:
    """A dataclass of these fields; BadInput where one has the wrong type."""
    try:
        return TypeAdapter(kind).validate_python(dict(given))
    except ValidationError as error:
        where = ", ".join(f"'{'.'.join(map(str, one['loc']))}': {one['msg']}" for one in error.errors()[:5])
        raise BadInput(f"The body has fields of the wrong kind: {where}.") from error


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _no_number(text: str) -> float:
    raise ValueError(text)
