# ruff: noqa: S608 - only names of tables and columns of the store stand in these texts; every value is a parameter
"""Parts of something that is not told any more: a comment that was deleted, a commit that a force push took away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from core.context import Context
from core.ingestion.tables import TABLES
from core.ingestion.writing import FactWriter


class Gone:
    """What stands of some parents, to be compared with what is told of them now."""

    def __init__(self, ctx: Context, repo_id: str, source: str, column: str, parents: Sequence[int]) -> None:
        self.ctx, self.column = ctx, column
        self.params = {"workspace": ctx.workspace.id, "repo": repo_id, "source": source, "parents": list(parents)}

    def bury(self, writer: FactWriter, table: str, told: Sequence[Mapping[str, Any]]) -> None:
        """Say of each row that stands and is not among `told` that it is no more."""
        key = TABLES[table].key
        there = {tuple(row[name] for name in key) for row in told}
        for row in self._standing(table, key):
            if row not in there:
                writer.bury(table, dict(zip(key, row, strict=True)))

    def _standing(self, table: str, key: Sequence[str]) -> list[tuple[Any, ...]]:
        found = self.ctx.metrics.rows(
            f"SELECT {', '.join(key)} FROM {table} FINAL WHERE workspace_id = {{workspace:String}}"
            f" AND repo_id = {{repo:String}} AND source = {{source:String}}"
            f" AND {self.column} IN {{parents:Array(UInt32)}}",
            self.params,
        )
        return [tuple(_aware(row[name]) for name in key) for row in found]


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
