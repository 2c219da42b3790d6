"""An output in two halves: what its connection brings, and what each report says for itself.

Whoever registers an output decides where it leads and as whom. A report file that names
it may say who gets the report and in which form, and nothing that would take a kept
secret anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, Field, create_model
from pydantic.fields import FieldInfo

from core.base.errors import BadInput
from core.delivery.outputs.output import Output

Args = Mapping[str, Any]


@cache
def registered(kind: type[Output]) -> type[BaseModel]:
    """The kind's settings as a connection has them: what each report says for itself may be left to it."""
    later = {
        name: _field(info, None) for name, info in kind.Args.model_fields.items() if _left(kind, name) and _needed(info)
    }
    return create_model(kind.Args.__name__, __base__=kind.Args, **later) if later else kind.Args


def entry(kind: type[Output], there: Args) -> type[BaseModel]:
    """The arguments that a report may give beside a connection; those that neither has are needed."""
    own = {name: info for name, info in kind.Args.model_fields.items() if name in kind.of_report}
    fields = {name: _field(info, ... if _needed(info) and name not in there else None) for name, info in own.items()}
    made: type[BaseModel] = create_model(f"{kind.Args.__name__}Entry", __config__=kind.Args.model_config, **fields)
    return made


def foreign(kind: type[Output], connection: str, args: Args) -> dict[str, str]:
    """Name → sentence of every argument that is the connection's to say."""
    theirs = [name for name in args if name in kind.Args.model_fields and name not in kind.of_report]
    return {
        name: f"'{name}' belongs to the connection '{connection}', so that its secrets stay where they are."
        " Take it out, or have a manager change it under Connections."
        for name in theirs
    }


def laid(kind: type[Output], connection: str, there: Args, args: Args) -> dict[str, Any]:
    """The connection's arguments with the report's own laid over; BadInput at the first that it may not say."""
    for sentence in foreign(kind, connection, args).values():
        raise BadInput(sentence)
    within = {name: _within(name, str(there.get(name) or ""), str(args[name])) for name in kind.below & set(args)}
    return {**there, **args, **within}


def _within(name: str, above: str, given: str) -> str:
    """A place below the connection's own."""
    parts = given.strip("/").split("/")
    if ".." in parts or (above and given.startswith(("/", "~"))):
        raise BadInput(f"'{name}' is counted from '{above or '/'}' of the connection. Write it without '..' and '/'.")
    return f"{above.rstrip('/')}/{given.strip('/')}" if above else given


def _left(kind: type[Output], name: str) -> bool:
    """Whether a connection may leave it to each report. A place that reports go below is the connection's to say."""
    return name in kind.of_report and name not in kind.below


def _needed(info: FieldInfo) -> bool:
    return info.is_required()


def _field(info: FieldInfo, default: Any) -> Any:
    """The same field with another default, its checks kept."""
    annotation = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    return annotation, Field(default, description=info.description)
