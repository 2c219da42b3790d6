"""Where strangers' templates run: nothing below the surface, no call but of what was handed in, no endless text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

LONGEST = 1_000_000
"""Letters or items that one operation of a template may make."""

_WIDTH = re.compile(r"\d{7}")
_GROWING = ("center", "format", "indent", "join", "replace")
"""Filters that may make much of little."""
_REFUSED = ("translate", "expandtabs")
"""Methods of texts that nobody needs and that may, too."""
TOO_LONG = "a template may not make a text or list that long"


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's own sandbox, which changes nothing, without the doors that models have: some of theirs read files."""

    intercepted_binops = frozenset(["*", "**", "%", "+"])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters |= {name: _measured(name, self.filters[name]) for name in _GROWING}

    def is_safe_callable(self, obj: Any) -> bool:
        """No method of a model, and none of its class."""
        owner = getattr(obj, "__self__", None)
        if isinstance(owner, str) and getattr(obj, "__name__", "") in _REFUSED:
            return False
        kind = owner if isinstance(owner, type) else type(owner)
        if issubclass(kind, BaseModel) or (isinstance(obj, type) and issubclass(obj, BaseModel)):
            return False
        return super().is_safe_callable(obj)

    def call(__self, __context: Any, __obj: Any, *args: Any, **named: Any) -> Any:  # noqa: N805 - as Jinja calls it
        """No method of a text that makes a million letters of a few."""
        owner = getattr(getattr(__obj, "__wrapped__", __obj), "__self__", None)  # Jinja wraps str.format
        if isinstance(owner, str):
            _measure(getattr(__obj, "__name__", ""), owner, args, named)
        return super().call(__context, __obj, *args, **named)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """No power, and no text or list of a million letters or items by multiplication."""
        if operator == "%" and isinstance(left, str):
            _measure("format", left, right if isinstance(right, tuple) else (right,), {})
        if operator == "+" and isinstance(left, (str, list, tuple)) and len(left) > LONGEST:
            raise SecurityError(TOO_LONG)
        if operator == "**":
            raise SecurityError("a template may not raise to a power")
        for one, other in ((left, right), (right, left)):
            if isinstance(one, (str, list, tuple)) and isinstance(other, int) and len(one) * other > LONGEST:
                raise SecurityError(TOO_LONG)
        return super().call_binop(context, operator, left, right)


def _measured(name: str, made: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that looks first at what it is given."""

    @wraps(made)
    def filtered(*args: Any, **named: Any) -> Any:
        texts = [one for one in args if isinstance(one, str)]
        if texts:
            _measure(name, texts[0], args[args.index(texts[0]) + 1 :], named)
        return made(*args, **named)

    return filtered


def _measure(name: str, text: str, given: tuple[Any, ...], named: Mapping[str, Any]) -> None:
    """SecurityError where `text` would grow beyond measure."""
    values = [*given, *named.values()]
    wide = any(isinstance(one, int) and abs(one) > LONGEST for one in values)
    spelled = name in ("format", "format_map") and _WIDTH.search(text)
    joined = name == "join" and len(text) > 1000
    if wide or spelled or joined or (name == "replace" and _replaced(text, values) > LONGEST):
        raise SecurityError(TOO_LONG)


def _replaced(text: str, values: list[Any]) -> int:
    """Letters after a replacement."""
    old, new = [*(str(one) for one in values[:2]), "", ""][:2]
    return len(text) + text.count(old) * len(new)
