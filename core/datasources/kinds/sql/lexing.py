"""A statement cut into code, quoted text, names and comments, as each dialect writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["code", "text", "name", "comment"]


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a dialect quotes and comments."""

    backslash: bool = False
    """Whether a backslash in quoted text takes the next character's meaning."""
    double_quotes: Kind = "name"
    backticks: bool = False
    brackets: bool = False
    """[name], as SQLite allows."""
    dollars: bool = False
    """$tag$ text $tag$."""
    hashes: bool = False
    """Comments that begin with #."""
    nested: bool = False
    """Whether comments may stand within comments."""
    spaced_dashes: bool = False
    """Whether -- begins a comment only before a space, as in MySQL."""


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str


def pieces(sql: str, syntax: Syntax) -> Iterator[Piece]:
    """The statement in order; the texts put together are the statement again."""
    pattern, place = _pattern(syntax), 0
    while place < len(sql):
        found = pattern.search(sql, place)
        start = found.start() if found else len(sql)
        if start > place:
            yield Piece("code", sql[place:start])
        if found is None:
            return
        end = _end_of_nested(sql, start) if syntax.nested and found.group().startswith("/*") else found.end()
        yield Piece(_kind(found, syntax), sql[start:end])
        place = end


def _kind(found: re.Match[str], syntax: Syntax) -> Kind:
    group = found.lastgroup
    if group == "double":
        return syntax.double_quotes
    return "comment" if group == "comment" else "name" if group == "name" else "text"


@lru_cache
def _pattern(syntax: Syntax) -> re.Pattern[str]:
    inner = r"(?:[^{q}\\]|\\.|{q}{q})*" if syntax.backslash else r"(?:[^{q}]|{q}{q})*"
    escaped = r"(?:[^{q}\\]|\\.|{q}{q})*"
    names = [r"`(?:[^`]|``)*`"] * syntax.backticks + [r"\[[^\]\n]*\]"] * syntax.brackets
    comments = [r"/\*.*?(?:\*/|\Z)", r"--(?=\s|\Z)[^\n]*" if syntax.spaced_dashes else r"--[^\n]*"]
    comments += [r"#[^\n]*"] * syntax.hashes
    texts = [rf"(?<![A-Za-z0-9_$])[eE]'{escaped.format(q=chr(39))}'"] * syntax.dollars + [
        rf"'{inner.format(q=chr(39))}'"
    ]
    texts += [r"(?<![A-Za-z0-9_$])\$(?P<tag>[A-Za-z_]\w*|)\$.*?\$(?P=tag)\$"] * syntax.dollars
    parts = [f"(?P<comment>{'|'.join(comments)})", f'(?P<double>"{inner.format(q=chr(34))}")']
    parts += [f"(?P<name>{'|'.join(names)})"] if names else []
    return re.compile("|".join([*parts, f"(?P<text>{'|'.join(texts)})"]), re.DOTALL)


def _end_of_nested(sql: str, start: int) -> int:
    depth = 0
    for mark in re.finditer(r"/\*|\*/", sql[start:]):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return start + mark.end()
    return len(sql)
