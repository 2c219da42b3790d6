"""How much strangers' templates may make of anything: looked at beforehand where it can be told, else at once after."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

from jinja2.exceptions import SecurityError

LONGEST = 1_000_000
"""Letters or items that one operation of a template may make."""
LARGEST = 64 * 1024 * 1024
"""Letters of all that a template writes."""
TOO_LONG = "a template may not make a text or list that long"

GROWING = ("batch", "center", "format", "indent", "join", "replace", "slice", "sum")
"""Filters that may make much of little."""
WRITING = ("string", "tojson", "pprint", "e", "escape", "forceescape", "urlencode", "xmlattr", "safe")
"""Filters that write out whatever they are given, with all that is in it."""
BUILT_IN = (str, bytes, int, list, tuple)
"""Whose methods may make much of a number."""

_WIDTH = re.compile(r"\d{7}")
_MANY = (list, tuple, set, frozenset, dict)
_DIGITS = 10_000


def called(name: str, owner: Any, given: tuple[Any, ...], named: Mapping[str, Any]) -> None:
    """SecurityError where `owner` would become too much by its method, or by the filter, of this name."""
    values = [*given, *named.values()]
    wide = any(isinstance(one, int) and abs(one) > LONGEST for one in values)
    text = owner if isinstance(owner, str) else ""
    spelled = name in ("format", "format_map") and _WIDTH.search(text)
    joined = name == "join" and len(text) > 1000
    if wide or spelled or joined or (name == "replace" and _replaced(text, values) > LONGEST):
        raise SecurityError(TOO_LONG)
    weighed([owner, *values])


def multiplied(left: Any, right: Any) -> None:
    """SecurityError where a product would be too much."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, (str, bytes, list, tuple)) and isinstance(other, int) and len(one) * other > LONGEST:
            raise SecurityError(TOO_LONG)
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > _DIGITS:
        raise SecurityError(TOO_LONG)


def weighed(value: Any) -> Any:
    """`value`, if it is not too much with all that is in it; lists in lists stand for more than they take."""
    if isinstance(value, _MANY):
        weight = 0
        for one in _within(value):
            weight += len(one) if isinstance(one, (str, bytes)) else 1
            if weight > LONGEST:
                raise SecurityError(TOO_LONG)
    return value


def short(text: str) -> str:
    """`text`, if it is no longer than one operation may make it."""
    if len(text) > 2 * LONGEST:
        raise SecurityError(TOO_LONG)
    return text


def whole(parts: Iterable[str]) -> str:
    """All parts as one text, as Jinja's `concat`; what is too much is blamed on the line that writes it."""
    kept, size = [], 0
    for part in parts:
        kept.append(part)
        size += len(part)
        if size > LARGEST:
            error = SecurityError(TOO_LONG)
            if throw := getattr(parts, "throw", None):
                throw(error)
            raise error
    return "".join(kept)


def filtered(name: str, made: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that looks first at what it is given."""

    @wraps(made)
    def looked(*args: Any, **named: Any) -> Any:
        given = args[1:] if hasattr(made, "jinja_pass_arg") else args
        if name == "sum" and any(isinstance(one, _MANY) for one in (*given[2:], named.get("start"))):
            raise SecurityError("a template may not add lists up")
        called(name, given[0], given[1:], named) if name in GROWING else weighed(list(given))
        return made(*args, **named)

    return looked


def _replaced(text: str, values: list[Any]) -> int:
    """Letters after a replacement."""
    old, new = [*(str(one) for one in values[:2]), "", ""][:2]
    return len(text) + text.count(old) * len(new)


def _within(value: Any) -> Iterator[Any]:
    """Everything in it, as often as it would be written."""
    left = [value]
    while left:
        one = left.pop()
        yield one
        if isinstance(one, dict):
            left += [*one.keys(), *one.values()]
        elif isinstance(one, _MANY):
            left += one
