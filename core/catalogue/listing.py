"""Lists of a relation's rows: found by words, cut down, counted, and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.catalogue import answers, query
from core.catalogue.evidence import named, safe
from core.catalogue.facts import fact
from core.catalogue.scope import Scope
from core.context import Context
from core.figures import Column, Scalar, State, Table

MOST = 500
EVERY = 1_000_000


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


def as_csv(found: Listed) -> bytes:
    """A list as a file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([column.label for column in found.table.cols])
    writer.writerows([safe(cell) for cell in row] for row in found.table.rows)  # type: ignore[arg-type]
    return buffer.getvalue().encode()


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


def listed(
    ctx: Context, scope: Scope, asked: Asked, title: str, columns: tuple[Column, ...], said: Mapping[str, Any]
) -> Listed:
    source = fact(asked.fact)
    narrow = query.narrowing(ctx, scope, (), answers.with_subteams(ctx, scope.team_ids))
    sql = (
        f"{query.narrowed(source, narrow, ())}\nSELECT {asked.columns}, repo_id AS in_repo,"  # noqa: S608 - texts of this file, no values
        f" toString({asked.key}) AS key, count() OVER () AS total\nFROM (SELECT * FROM asked WHERE {asked.where})"
        f"\nORDER BY {asked.order} LIMIT {{most:UInt32}}"
    )
    params = query.parameters(source, narrow) | asked.given | {"most": asked.limit}
    rows = ctx.metrics.arrow(sql, params)
    total = int(rows.column("total")[0].as_py()) if rows.num_rows else 0
    named_by = (rows.column(name).to_pylist() for name in ("in_repo", "key"))
    keys = tuple((_text(repo), _text(key)) for repo, key in zip(*named_by, strict=True))
    shown = [list(row) for row in named(ctx, rows.select([column.key for column in columns]), columns)]
    table = Table(
        title=title, cols=list(columns), rows=[_said(row, columns, said) for row in shown], total_rows=total,
        state=State.MEASURED if shown else State.NO_DATA,
    )  # fmt: skip
    return Listed(table, keys)


def _said(row: list[Scalar], columns: tuple[Column, ...], said: Mapping[str, Mapping[str, str]]) -> list[Any]:
    """A row whose words for methods and reasons are sentences."""
    return [
        said[column.key].get(str(cell), cell or None) if column.key in said else None if cell == "" else cell
        for cell, column in zip(row, columns, strict=True)
    ]


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
