"""Lists of a relation's rows: found by words, cut down, counted, and whole, as files have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.catalogue import answers, query
from core.catalogue.evidence import Rows, named, streamed
from core.catalogue.facts import fact
from core.catalogue.scope import Scope
from core.context import Context
from core.figures import Column, Scalar, State, Table

MOST = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows as far as they are shown, with what names each."""

    table: Table
    keys: tuple[tuple[str, str], ...]
    """Repository id, and key of the deployment or number of the pull request, of each row."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: columns of a relation, and which of its rows."""

    fact: str
    columns: str
    where: str
    key: str
    given: dict[str, Any]
    limit: int
    order: str = "at DESC, in_repo, key"


def worded(texts: tuple[str, ...], numbered: str, words: str) -> tuple[str, dict[str, Any]]:
    """The condition that one of these texts has the words, or that the number is meant: "#17" means only that."""
    words = words.strip()
    if not words:
        return "1", {}
    if words.startswith("#"):
        words, texts = words[1:], ()
    parts = [f"positionCaseInsensitiveUTF8({text}, {{words:String}}) > 0" for text in texts]
    number = int(words) if words.isdecimal() and len(words) < 10 else 0
    return f"({' OR '.join([*parts, numbered])})", {"words": words, "number": number}


List = tuple[Scope, Asked, str, tuple[Column, ...], Mapping[str, Mapping[str, str]]]
"""A list before anybody asks: its scope, what is asked, its title, its columns, and sentences for words of columns."""


def listed(
    ctx: Context, scope: Scope, asked: Asked, title: str, columns: tuple[Column, ...], said: Mapping[str, Any]
) -> Listed:
    """The list as far as a page shows it."""
    named_by = f"repo_id AS in_repo, toString({asked.key}) AS key, count() OVER () AS total"
    sql, params = _statement(ctx, scope, asked, named_by)
    rows = ctx.metrics.arrow(f"{sql} LIMIT {{most:UInt32}}", params | {"most": asked.limit})
    total = int(rows.column("total")[0].as_py()) if rows.num_rows else 0
    places = (rows.column(name).to_pylist() for name in ("in_repo", "key"))
    keys = tuple((_text(repo), _text(key)) for repo, key in zip(*places, strict=True))
    shown = [_said(row, columns, said) for row in named(ctx, rows, columns)]
    table = Table(
        title=title, cols=list(columns), rows=shown, total_rows=total,
        state=State.MEASURED if shown else State.NO_DATA,
    )  # fmt: skip
    return Listed(table, keys)


def every(
    ctx: Context, scope: Scope, asked: Asked, title: str, columns: tuple[Column, ...], said: Mapping[str, Any]
) -> Rows:
    """The whole list, a batch at a time."""
    sql, params = _statement(ctx, scope, asked, f"repo_id AS in_repo, toString({asked.key}) AS key")
    found = streamed(ctx, sql, params, title, columns)
    return replace(found, batches=([tuple(_said(row, columns, said)) for row in batch] for batch in found.batches))


def _statement(ctx: Context, scope: Scope, asked: Asked, more: str) -> tuple[str, dict[str, Any]]:
    source = fact(asked.fact)
    narrow = query.narrowing(ctx, scope, (), answers.with_subteams(ctx, scope.team_ids))
    sql = (
        f"{query.narrowed(source, narrow, ())}\nSELECT {asked.columns}, {more}"  # noqa: S608 - texts of this file, no values
        f"\nFROM (SELECT * FROM asked WHERE {asked.where})\nORDER BY {asked.order}"
    )
    return sql, query.parameters(source, narrow) | asked.given


def _said(row: Sequence[Scalar], columns: tuple[Column, ...], said: Mapping[str, Mapping[str, str]]) -> list[Any]:
    """A row whose words for methods and reasons are sentences."""
    return [
        said[column.key].get(str(cell), cell or None) if column.key in said else None if cell == "" else cell
        for cell, column in zip(row, columns, strict=True)
    ]


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
