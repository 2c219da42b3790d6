# ruff: noqa: S608 - only names of tables and columns of the store stand in these texts; every value is a parameter
"""The statement that finds, among rows laid down for a table of facts, those that are not how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core.ingestion.tables import FactTable

NEVER = 2**32 - 1
WHOLE = 2**64 - 1
"""Every column is given."""
FAR, EPOCH = f"toDateTime({NEVER}, 'UTC')", "toDateTime(0, 'UTC')"
OURS = frozenset({"workspace_id", "repo_id", "version", "deleted", "ingested_at"})
"""Columns that the writer fills in."""


def bit(types: Mapping[str, str], name: str) -> int:
    """The bit that says in `_given` that a row gives this column."""
    return 1 << list(types).index(name)


def differences(table: FactTable, types: Mapping[str, str], staged: str) -> str:
    """Rows of one slice of `staged` as they are to be, where that is not how they stand.

    Of each column the latest row that gives it wins, what stands already being the earliest.
    """
    key, columns = ("repo_id", *table.key), [name for name in types if name not in OURS]
    free = [name for name in columns if name not in key]
    said = ", ".join(
        f"argMaxIf(tuple({name}), _order, bitAnd(_given, {bit(types, name)}) != 0).1 AS n_{name}"
        for name in (*free, "deleted")
    )
    back = ", ".join(f"{name if name in key else f'n_{name}'} AS {name}" for name in (*columns, "deleted"))
    now = ", now() AS ingested_at" if "ingested_at" in types else ""
    moments = [f"ifNull({name if name in key else f'n_{name}'}, {EPOCH})" for name in two(table.moments)]
    first, last = ", ".join(f"if({m} = {EPOCH}, {FAR}, {m})" for m in moments), ", ".join(moments)
    shield = " AND NOT (_stood AND _was_source = 'git' AND n_source != 'git')" if table.git_knows_best else ""
    return (
        f"SELECT {{workspace:String}} AS workspace_id, repo_id, {back},"
        f" greatest(_newest + 1, {{version:UInt64}}) AS version{now}, _stood,"
        f" least(if(n_deleted, {FAR}, least({first})), if(_stood, _was_from, {FAR})) AS _from,"
        f" greatest(if(n_deleted, {EPOCH}, greatest({last})), if(_stood, _was_until, {EPOCH})) AS _until"
        f" FROM (SELECT {', '.join(key)}, {said}, max(_side = 1) AS _stood, max(_version) AS _newest,"
        " anyIf(_hash, _side = 1) AS _was, anyIf(_source, _side = 1) AS _was_source,"
        " anyIf(_row_from, _side = 1) AS _was_from, anyIf(_row_until, _side = 1) AS _was_until"
        f" FROM ({_sides(table, key, free, staged)}) GROUP BY {', '.join(key)})"
        " WHERE (_stood OR NOT n_deleted) AND (NOT _stood OR n_deleted"
        f" OR {_content(f'n_{name}' for name in free)} != _was){shield}"
    )


def two(moments: Sequence[str]) -> Sequence[str]:
    """The same, at least two of them: `least` and `greatest` want that."""
    return moments if len(moments) > 1 else (*moments, *moments)


def _content(columns: Iterable[str]) -> str:
    """What makes two rows the same. Of who tells it counts the kind: the same file in two uploads says one thing."""
    told = {"source": "splitByChar(':', source)[1]", "n_source": "splitByChar(':', n_source)[1]"}
    return f"sipHash128(tuple({', '.join(told.get(name, name) for name in columns)}))"


def _sides(table: FactTable, key: Sequence[str], free: Sequence[str], staged: str) -> str:
    """What is laid down, what stands, and the newest version of each, tombstones' too."""
    keys, names = ", ".join(key), ", ".join((*key, *free, "deleted"))
    mine = f"cityHash64({keys}) % {{slices:UInt32}} = {{slice:UInt32}}"
    those = (
        f"workspace_id = {{workspace:String}} AND repo_id IN (SELECT DISTINCT repo_id FROM {staged})"
        f" AND {mine} AND ({keys}) IN (SELECT {keys} FROM {staged} WHERE {mine})"
    )
    first = ", ".join(f"ifNull({moment}, {FAR})" for moment in two(table.moments))
    last = ", ".join(f"ifNull({moment}, {EPOCH})" for moment in two(table.moments))
    told = f"least({first}) AS _row_from, greatest({last}) AS _row_until, source AS _source, {_content(free)} AS _hash"
    none = "toUInt64(0)"
    return (
        f"SELECT {names}, 0 AS _side, _given, _order, {none} AS _version, {told} FROM {staged} WHERE {mine}"
        f" UNION ALL SELECT {names}, 1, {WHOLE}, {none}, version, {told} FROM {table.name} FINAL WHERE {those}"
        f" UNION ALL SELECT {names}, 2, {none}, {none}, version, {told} FROM {table.name} WHERE {those}"
    )
