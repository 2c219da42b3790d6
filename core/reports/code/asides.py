"""Parts of a report file that are written on their own, where a query is tried: read as the file itself is."""

from __future__ import annotations

from typing import Any

from core.base.errors import BadInput
from core.reports.code.composing import composed
from core.reports.code.nodes import Node
from core.reports.code.problems import BadFile, Findings, Place, Problem

QUERY_ARGS = "query_args"
MOST_LETTERS = 20_000
EXAMPLE = 'Write \'parse_dates: [day]\', or {"parse_dates": ["day"]}.'


def query_args(text: str) -> dict[str, Any]:
    """What a view's `query_args` would hold, of YAML or JSON; BadFile with line and column where it is none."""
    node = _read(text)
    if node is None or node.value is None:
        return {}
    if not isinstance(node.value, dict):
        raise _refused(f"These are no names with values. {EXAMPLE}", node.place)
    given: dict[str, Any] = node.data()
    # The words are often copied with the key that they stand under in a file.
    inner = given.get(QUERY_ARGS)
    return inner if len(given) == 1 and isinstance(inner, dict) else given


def value(text: str, name: str) -> Any:
    """One value as somebody types it: 5432 is a number, [a, b] a list; BadInput that names it where it is no YAML."""
    try:
        node = composed(text, name, Findings())
    except BadFile as error:
        raise BadInput(f"The value of '{name}' cannot be read: {error.problems[0].sentence}") from error
    return node.data() if node else ""


def _read(text: str) -> Node | None:
    if len(text) > MOST_LETTERS:
        raise _refused(f"These are more than {MOST_LETTERS:,} letters. Leave out what the query does not need.")
    findings = Findings()
    node = composed(text, QUERY_ARGS, findings)
    if findings.problems:
        twice = findings.problems[0]
        raise _refused(f"'{twice.path}' is written twice. Keep one of them.", twice.place)
    return node


def _refused(sentence: str, place: Place | None = None) -> BadFile:
    return BadFile([Problem("error", sentence, place or Place(QUERY_ARGS))])
