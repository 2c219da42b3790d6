"""Only statements that read pass. The database's own read-only mode is the second lock, not the first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.base.errors import BadInput
from core.datasources.kinds.sql.lexing import Piece, Syntax, pieces

READING = frozenset(("select", "with", "values", "table", "show", "describe", "desc", "explain", "from", "exists"))
PRAGMA_TABLES = (
    "table_info",
    "table_xinfo",
    "table_list",
    "index_list",
    "index_info",
    "index_xinfo",
    "foreign_key_list",
)
PRAGMA_LISTS = ("database_list", "collation_list", "compile_options", "function_list", "module_list", "pragma_list")
PRAGMA_NUMBERS = ("encoding", "page_count", "page_size", "user_version", "data_version", "application_id")
READING_PRAGMAS = frozenset((*PRAGMA_TABLES, *PRAGMA_LISTS, *PRAGMA_NUMBERS, "freelist_count"))
WRITING = frozenset(("insert", "update", "delete", "merge", "replace"))
LOCKING = re.compile(r"\bfor\s+(?:no\s+key\s+)?(?:key\s+)?(?:update|share)\b|\block\s+in\s+share\s+mode\b", re.I)
CLOSING = frozenset(("limit", "offset", "fetch", "for", "into", "procedure", "lock", "format", "settings"))
"""Clauses after which a LIMIT cannot be put, or which already say one."""
TOKEN = re.compile(r"\w+|[();]|[^\s\w();]+")


@dataclass(frozen=True, slots=True)
class Outline:
    """What was found of a statement that may pass."""

    text: str
    """The statement without a closing semicolon."""
    first: str
    """Its first word, in lower case."""
    open_ended: bool
    """Whether ` LIMIT n` may be put behind it."""
    wrappable: bool
    """Whether it may stand as a table within another statement."""


def checked(sql: str, syntax: Syntax) -> Outline:
    """The outline of `sql`; BadInput if it is no single statement that only reads."""
    found = list(pieces(sql, syntax))
    _no_hidden_code(found)
    tokens = _tokens(found)
    if not tokens:
        raise BadInput("The query is empty. Write one that begins with SELECT or WITH.")
    _single(tokens)
    words = [word for word in tokens if word != ";"]
    first = next((word for word in words if word != "("), "")
    _reads(first, words)
    top = set(_top_level(words))
    plain = first in ("select", "with", "from")
    return Outline(_bare(found), first, plain and not top & CLOSING, plain or first == "values")


def _tokens(found: Sequence[Piece]) -> list[str]:
    """The code in lower case, with quoted text and names as one mark each and comments left out."""
    return TOKEN.findall("".join(_shape(piece) for piece in found).lower())


def _shape(piece: Piece) -> str:
    return {"code": piece.text, "comment": " ", "text": " '' ", "name": ' "" '}[piece.kind]


def _no_hidden_code(found: Sequence[Piece]) -> None:
    for piece in found:
        if piece.kind == "comment" and piece.text.startswith(("/*!", "/*M!")):
            raise BadInput("A comment that begins with '/*!' is code to MySQL, and is refused. Write it without it.")


def _single(tokens: Sequence[str]) -> None:
    if ";" in tokens and any(word != ";" for word in tokens[tokens.index(";") :]):
        raise BadInput("The query holds several statements; only one is allowed. Make a query of each.")


def _reads(first: str, words: Sequence[str]) -> None:
    if first == "pragma":
        _reading_pragma(words)
    elif first not in READING:
        _refuse(first)
    text = " ".join(words)
    if verb := _writes_later(words):
        _refuse(verb)
    if "into" in words:
        _refuse("into")
    if lock := LOCKING.search(text):
        _refuse(lock.group())


def _reading_pragma(words: Sequence[str]) -> None:
    named = words[3:] if len(words) > 3 and words[2] == "." else words[1:]
    name = named[0] if named else ""
    asks = len(named) == 1 or name in PRAGMA_TABLES
    if "=" in words or name not in READING_PRAGMAS or not asks:
        _refuse("pragma")


def _writes_later(words: Sequence[str]) -> str:
    """A writing verb where a statement may begin: after a bracket, and anywhere in an EXPLAIN."""
    explains = words[0] in ("explain", "desc", "describe")
    for before, word, after in zip(words, words[1:], [*words[2:], ""], strict=False):
        if word in WRITING and (explains or before in ("(", ")")) and after not in ("(", ",", ")", "", "."):
            return word
    return ""


def _refuse(word: str) -> None:
    raise BadInput(
        f"Only statements that read are allowed here; '{word}' is refused."
        " Write a query that begins with SELECT or WITH."
    )


def _top_level(words: Sequence[str]) -> list[str]:
    depth, top = 0, []
    for word in words:
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0:
            top.append(word)
    return top


def _bare(found: Sequence[Piece]) -> str:
    """The statement without its closing semicolon and comments, so that words may be put behind it."""
    kept: list[str] = []
    for piece in found:
        if piece.kind == "code" and ";" in piece.text:
            kept.append(piece.text[: piece.text.index(";")])
            break
        kept.append(piece.text)
    last = next(
        place for place in reversed(range(len(found))) if found[place].kind != "comment" and _says(found[place])
    )
    return "".join(kept[: last + 1]).strip()


def _says(piece: Piece) -> bool:
    return bool(piece.text.strip(" \t\r\n;"))
