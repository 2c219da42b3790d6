"""Secrets of outputs: written in the report file, or in the variable that the service's own tools read."""

from __future__ import annotations

from pydantic import SecretStr

from core.base.errors import BadInput
from core.base.machine import variables


def secret(given: SecretStr, variable: str, output: str, argument: str) -> str:
    """The secret; BadInput that names both places if there is none."""
    found = given.get_secret_value() or variables().get(variable, "")
    if not found:
        raise BadInput(f"The output '{output}' needs '{argument}'. Write it there, or set {variable}.")
    return found


def switched_on(variable: str) -> bool:
    """Whether a variable says yes."""
    return variables().get(variable, "").strip().lower() in ("1", "true", "yes", "on")
