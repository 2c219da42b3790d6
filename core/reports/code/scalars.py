"""What a scalar without quotes means, by the rules of YAML 1.1, and what a tag may ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from core.reports.code.nodes import Scalar

PREFIX = "tag:yaml.org,2002:"
SCALARS = ("str", "int", "float", "bool", "null", "timestamp")
MADE = ("int", "float", "bool", "null")
COLLECTIONS = ("map", "seq")
VARIABLE = re.compile(r"\$\{([^${}]+)\}")


def resolved(text: str) -> Scalar:
    """The value of a scalar without quotes. A date stays text, since whoever wants one reads it; so does what only
    looks like a number."""
    kind = _kind(text)
    return text if kind is None else made(kind, text)


def made(kind: str, text: str) -> Scalar:
    """`text` as the kind that YAML calls so; itself where it cannot be read as that."""
    if kind not in MADE:
        return text
    import yaml

    maker = _makers()
    try:
        value: Scalar = getattr(maker, f"construct_yaml_{kind}")(yaml.ScalarNode(PREFIX + kind, text))
    except (ValueError, KeyError, OverflowError):
        return text
    return value


def expanded(text: str, variables: Mapping[str, str]) -> tuple[str, list[str]]:
    """`text` with each `${NAME}` replaced, and the names that are not set, which stay as they are."""
    missing = [name for name in VARIABLE.findall(text) if name not in variables]
    return VARIABLE.sub(lambda match: variables.get(match[1], match[0]), text), missing


def _kind(text: str) -> str | None:
    for tag, pattern in _resolvers(text[:1]):
        if pattern.match(text):
            return str(tag).removeprefix(PREFIX)
    return None


@cache
def _resolvers(first: str) -> list[tuple[str, re.Pattern[str]]]:
    import yaml

    table: Any = yaml.SafeLoader.yaml_implicit_resolvers
    return [*table.get(first, []), *table.get(None, [])]


@cache
def _makers() -> Any:
    import yaml

    return yaml.constructor.SafeConstructor()
