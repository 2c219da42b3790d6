"""Where strangers' templates run: nothing below the surface, no call but of what was handed in, no endless text."""

from __future__ import annotations

from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

LONGEST = 1_000_000
"""Letters or items that one operation of a template may make."""

_BUILTINS = (str, list, tuple, dict, int, float, set)


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's own sandbox, which changes nothing, without the doors that models have: some of theirs read files."""

    intercepted_binops = frozenset(["*", "**"])

    def is_safe_callable(self, obj: Any) -> bool:
        """No method of a model, and none of its class."""
        owner = getattr(obj, "__self__", None)
        kind = owner if isinstance(owner, type) else type(owner)
        if issubclass(kind, BaseModel) or (isinstance(obj, type) and issubclass(obj, BaseModel)):
            return False
        return super().is_safe_callable(obj)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """No power, and no text or list of a million letters or items by multiplication."""
        if operator == "**":
            raise SecurityError("a template may not raise to a power")
        for one, other in ((left, right), (right, left)):
            if isinstance(one, (str, list, tuple)) and isinstance(other, int) and len(one) * other > LONGEST:
                raise SecurityError("a template may not make a text or list that long")
        return super().call_binop(context, operator, left, right)
