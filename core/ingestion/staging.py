# ruff: noqa: S608 - only names of tables and columns of the store stand in these texts; every value is a parameter
"""Rows on their way into one table of facts: laid beside it, compared with it by the store, and then put in.

Nothing of them counts before `apply`, and what stands already is not written again: so
a batch that fails leaves nothing, and the same batch twice is the same as once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from core.base.errors import BadInput, did_you_mean
from core.context import Context
from core.ingestion.differences import EPOCH, FAR, NEVER, OURS, WHOLE, bit, differences
from core.ingestion.tables import FactTable

if TYPE_CHECKING:
    import pyarrow as pa

FLUSH = 20_000
"""Rows that are held before they are laid down."""
SLICE = 250_000
"""Rows that are compared at once, so that memory stays small."""
LEFT_DAYS = 2
"""Age of a laid-down table that a process which died has left."""
FIRST_ORDER, REST = 2, 1
"""Orders of what is laid down: rows in the sequence in which they came, after the burial of what is not among them."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What really changes in a table."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def total(self) -> int:
        return self.added + self.changed + self.removed


class Stage:
    """What a batch says of one table."""

    def __init__(self, ctx: Context, table: FactTable, version: int, *, by_time: bool = False) -> None:
        self.ctx, self.table, self.by_time = ctx, table, by_time
        self.params = {"workspace": ctx.workspace.id, "version": version}
        self.types = column_types(ctx, table.name)
        self.columns = [name for name in self.types if name not in OURS]
        self._masks: dict[tuple[str, ...], int] = {}
        self._rows: list[tuple[Mapping[str, Any], str, int, int, int]] = []
        self._staged, self._changed = (f"{what}_{table.name}_{uuid4().hex}" for what in ("staged", "changed"))
        self._made: list[str] = []
        self._order = FIRST_ORDER

    def add(self, row: Mapping[str, Any], repo_id: str, *, whole: bool = True, deleted: bool = False) -> None:
        """Say a row: all of it, or only the columns that are named."""
        mask = self._mask(row, whole, deleted)
        self._rows.append((row, repo_id, mask, int(deleted), self._order))
        self._order += 1
        if len(self._rows) >= FLUSH:
            self.flush()

    def flush(self) -> None:
        """Lay down what is held."""
        if not self._rows:
            return
        self._ready()
        rows, self._rows = self._rows, []
        self.ctx.metrics.insert_arrow(self._staged, self._arrow(rows))

    def lay(self, block: bytes, columns: Sequence[str]) -> None:
        """Lay down a ready block, an Arrow stream of these columns: repo_id, _given, _order and what rows say."""
        self._ready()
        self.ctx.metrics.insert_raw(self._staged, ["workspace_id", *columns], block, "ArrowStream")

    def bury_rest(self, repo_id: str, source: str) -> None:
        """Tombstone whatever of this repository and source this batch does not say."""
        self._ready()
        names = ", ".join(self.types)
        self.ctx.metrics.command(
            f"INSERT INTO {self._staged} ({names}, _given, _order)"
            f" SELECT * REPLACE (1 AS deleted), {WHOLE}, {REST} FROM (SELECT {names} FROM"
            f" {self.table.name} FINAL WHERE workspace_id = {{workspace:String}} AND repo_id = {{repo:String}}"
            " AND source = {source:String})",
            {**self.params, "repo": repo_id, "source": source},
        )

    def compare(self) -> Changes:
        """Work out what changes, without changing it."""
        self.flush()
        if not self._made:
            return Changes()
        found = self.ctx.metrics.rows(
            f"SELECT count() AS rows, uniqExact(_given) AS kinds, any(_given) AS given FROM {self._staged}"
        )[0]
        whole = found["kinds"] == 1 and (found["given"] == WHOLE or (self.by_time and "state" not in self.types))
        slices = max(1, -(-found["rows"] // SLICE))
        sql = differences(self.table, self.types, self._staged, by_time=self.by_time, whole=whole)
        self.ctx.metrics.command(
            f"CREATE TABLE {self._changed} ENGINE = MergeTree ORDER BY tuple() AS {sql} LIMIT 0",
            {**self.params, "slices": 1, "slice": 0},
        )
        self._made.append(self._changed)
        for number in range(slices):
            asked = {**self.params, "slices": slices, "slice": number}
            self.ctx.metrics.command(f"INSERT INTO {self._changed} {sql}", asked)
        return self._counted()

    def sample(self, limit: int) -> list[dict[str, Any]]:
        """Some of the rows that change, after `compare`."""
        if self._changed not in self._made:
            return []
        wanted = ", ".join(("repo_id", *self.columns, "deleted", "_stood"))
        return self.ctx.metrics.rows(
            f"SELECT {wanted} FROM {self._changed} ORDER BY {', '.join(self.table.key)} LIMIT {{most:UInt32}}",
            {"most": limit},
        )

    def apply(self) -> None:
        """Put in what changes, after `compare`."""
        if self._changed not in self._made:
            return
        names = ", ".join(name for name in self.types if name != "ingested_at")
        self.ctx.metrics.command(f"INSERT INTO {self.table.name} ({names}) SELECT {names} FROM {self._changed}")
        if self.table.place:
            self._leave_places()

    def parents(self) -> tuple[datetime | None, datetime | None]:
        """From when to when the pull requests live whose figures the changed rows move."""
        if not self.table.parent or self._changed not in self._made:
            return None, None
        found = self.ctx.metrics.rows(
            f"SELECT min(least(ifNull(first_commit_at, {FAR}), ifNull(opened_at, {FAR}), ifNull(merged_at, {FAR})))"
            " AS first, "
            f"max(greatest(ifNull(closed_at, {EPOCH}), ifNull(merged_at, {EPOCH}), ifNull(opened_at, {EPOCH}))) AS last"
            " FROM pull_requests FINAL WHERE workspace_id = {workspace:String} AND (repo_id, number) IN"
            f" (SELECT repo_id, {self.table.parent} FROM {self._changed})",
            self.params,
        )[0]
        return _moment(found["first"]), _moment(found["last"])

    def drop(self) -> None:
        """Leave nothing of the batch."""
        for name in self._made:
            self.ctx.metrics.command(f"DROP TABLE IF EXISTS {name}")
        self._made, self._rows = [], []

    def _ready(self) -> None:
        if not self._made:
            self.ctx.metrics.command(
                f"CREATE TABLE {self._staged} ENGINE = MergeTree ORDER BY tuple() AS"
                f" SELECT *, toUInt64(0) AS _given, toUInt64(0) AS _order FROM {self.table.name} LIMIT 0"
            )
            self._made.append(self._staged)

    def _mask(self, row: Mapping[str, Any], whole: bool, deleted: bool) -> int:
        names = tuple(row)
        known = self._masks.get(names)
        if known is None:
            self._check(names)
            known = self._masks[names] = sum(bit(self.types, name) for name in names)
        if deleted:
            # Where a row stands by more than its key, its tombstone must stand there too.
            return bit(self.types, "deleted") if self.table.place else WHOLE
        return WHOLE if whole else known | bit(self.types, "deleted")

    def _check(self, names: Sequence[str]) -> None:
        for name in names:
            if name not in self.columns:
                raise BadInput(f"{self.table.name} have no column '{name}'.{did_you_mean(name, self.columns)}")
        for name in self.table.key:
            if name not in names:
                raise BadInput(f"A row of {self.table.name} needs its '{name}': it tells one from another.")

    def _arrow(self, rows: list[tuple[Mapping[str, Any], str, int, int, int]]) -> pa.Table:
        import pyarrow as pa

        made = {
            "workspace_id": pa.array([self.ctx.workspace.id] * len(rows), pa.string()),
            "repo_id": pa.array([repo for _, repo, *_ in rows], pa.string()),
            "deleted": pa.array([gone for *_, gone, _ in rows], pa.uint8()),
            "_given": pa.array([given for _, _, given, _, _ in rows], pa.uint64()),
            "_order": pa.array([order for *_, order in rows], pa.uint64()),
        }
        for name in self.columns:
            kind, empty = arrow_type(self.types[name])
            values = [_plain(row.get(name, empty)) for row, *_ in rows]
            try:
                made[name] = pa.array([empty if value is None else value for value in values], kind)
            except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
                raise BadInput(
                    f"A value of '{name}' of {self.table.name} is none that it can hold: {error}."
                ) from error
        return pa.table(made)

    def _counted(self) -> Changes:
        found = self.ctx.metrics.rows(
            "SELECT countIf(NOT deleted AND NOT _stood) AS added, countIf(NOT deleted AND _stood) AS changed,"
            f" countIf(deleted) AS removed, min(_from) AS first, max(_until) AS last FROM {self._changed}"
        )[0]
        if not found["added"] + found["changed"] + found["removed"]:
            return Changes()
        added, changed, removed = (int(found[what]) for what in ("added", "changed", "removed"))
        return Changes(added, changed, removed, _moment(found["first"]), _moment(found["last"]))

    def _leave_places(self) -> None:
        table, names = self.table, ", ".join(dict.fromkeys((*self.table.key, *self.table.place)))
        self.ctx.metrics.command(
            f"INSERT INTO {table.name} (workspace_id, repo_id, {names}, source, version, deleted)"
            f" SELECT workspace_id, repo_id, {names}, source, version + 1, 1 FROM {table.name} FINAL"
            f" WHERE workspace_id = {{workspace:String}}"
            f" AND (repo_id, {', '.join(table.key)}) IN (SELECT repo_id, {', '.join(table.key)} FROM {self._changed})"
            f" AND (repo_id, {names}) NOT IN (SELECT repo_id, {names} FROM {self._changed})",
            self.params,
        )


def arrow_type(kind: str) -> tuple[pa.DataType, Any]:
    """The Arrow type for a column of the store, and what an empty one holds."""
    import pyarrow as pa

    bare = kind.replace("LowCardinality(", "(").replace(" ", "")
    if bare.startswith("Array("):
        inner, _ = arrow_type(kind[len("Array(") : -1])
        return pa.list_(inner), []
    if bare.startswith("Nullable("):
        return arrow_type(kind[len("Nullable(") : -1])[0], None
    plain = {"UInt8": pa.uint8(), "UInt16": pa.uint16(), "UInt32": pa.uint32(), "UInt64": pa.uint64(),
             "Int16": pa.int16(), "Float64": pa.float64(), "DateTime('UTC')": pa.uint32()}  # fmt: skip
    return (plain[kind], 0) if kind in plain else (pa.string(), "")


def sweep(ctx: Context) -> None:
    """Drop what processes that died have left lying beside the facts."""
    for row in ctx.metrics.rows(
        "SELECT name FROM system.tables WHERE database = currentDatabase()"
        " AND match(name, '^(staged|changed)_.*_[0-9a-f]{32}$')"
        " AND metadata_modification_time < now() - toIntervalDay({days:UInt8})",
        {"days": LEFT_DAYS},
    ):
        ctx.metrics.command(f"DROP TABLE IF EXISTS {row['name']}")


def column_types(ctx: Context, table: str) -> dict[str, str]:
    """The columns of a table with their types, in the store's order."""
    found = ctx.metrics.rows(
        "SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String}"
        " ORDER BY position",
        {"table": table},
    )
    return {row["name"]: row["type"] for row in found}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, bool):
        return int(value)
    return list(value) if isinstance(value, (tuple, set, frozenset)) else value


def _moment(value: datetime) -> datetime | None:
    at = value.replace(tzinfo=UTC)
    return at if 0 < at.timestamp() < NEVER else None
