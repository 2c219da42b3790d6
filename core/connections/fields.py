"""The settings of a kind of connection as fields of a form, drawn from its Args model."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from core.connections.settings import is_secret, nested
from core.datasources.hints import Hint

Shape = Literal["text", "secret", "whole", "number", "flag", "choice", "pairs", "lines"]
ASIDE = ("timeout", "max_", "verify", "api", "admin_api", "pagination", "time_zone", "method", "query_param", "rows")
"""How names of settings begin that few need to touch."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    path: str
    """Name of the setting; with a dot within another."""
    label: str
    about: str
    shape: Shape
    default: Any
    required: bool
    choices: Mapping[str, str] = field(default_factory=dict)
    """Values with what people call them."""
    aside: bool = False
    """Whether it is one of those that few need to touch."""
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Other settings' values for which it means anything."""

    def applies(self, chosen: Mapping[str, Any]) -> bool:
        """Whether it means anything beside these choices."""
        return all(chosen.get(name) in values for name, values in self.only.items())


def fields(model: type[BaseModel], before: str = "") -> Iterator[Field]:
    """The fields of `model` in its order; those of a model within it one by one."""
    for name, info in model.model_fields.items():
        inner = nested(info.annotation)
        if _hint(info).hidden:
            continue
        if inner is not None and not is_secret(info.annotation):
            yield from fields(inner, f"{before}{name}.")
        else:
            yield _field(before, name, info)


def _field(before: str, name: str, info: FieldInfo) -> Field:
    hint = _hint(info)
    shape, choices = _shape(info.annotation)
    return Field(
        path=before + name,
        label=hint.label or _label(name),
        about=info.description or "",
        shape=shape,
        default=None if info.is_required() else info.get_default(call_default_factory=True),
        required=info.is_required() and not before,
        choices={choice: hint.names.get(choice, choice) for choice in choices},
        aside=not info.is_required() and name.startswith(ASIDE) if hint.aside is None else hint.aside,
        only=hint.only,
    )


def _hint(info: FieldInfo) -> Hint:
    return next((one for one in info.metadata if isinstance(one, Hint)), Hint())


def _label(name: str) -> str:
    """A setting's name as people write it: `timeout_s` is "Timeout (s)"."""
    words = re.sub(r"_s$", " (s)", name).replace("_", " ")
    words = words[:1].upper() + words[1:]
    return re.sub(r"\b(url|api|tls|id|json)\b", lambda found: found.group().upper(), words, flags=re.IGNORECASE)


def _shape(annotation: Any) -> tuple[Shape, tuple[str, ...]]:
    if is_secret(annotation):
        return "secret", ()
    kind = _bare(annotation)
    if get_origin(kind) is Literal:
        return "choice", tuple(str(value) for value in get_args(kind))
    if get_origin(kind) in (dict, Mapping):
        return "pairs", ()
    if get_origin(kind) in (list, tuple, Sequence):
        return "lines", ()
    shapes: dict[Any, Shape] = {bool: "flag", int: "whole", float: "number"}
    return shapes.get(kind, "text"), ()


def _bare(annotation: Any) -> Any:
    """The type without None."""
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [part for part in get_args(annotation) if part is not type(None)]
        return parts[0] if len(parts) == 1 else str
    return annotation
