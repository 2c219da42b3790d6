# ruff: noqa: S608 - only names of tables and columns of the store stand in these texts; every value is a parameter
"""The statement that finds, among rows laid down for a table of facts, those that are not how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core.ingestion.tables import FactTable

NEVER = 2**32 - 1
WHOLE = 2**64 - 1
SECONDS = 2**32 - 1
"""The part of a version that holds a time, where rows are ordered by that."""
"""Every column is given."""
FAR, EPOCH = f"toDateTime({NEVER}, 'UTC')", "toDateTime(0, 'UTC')"
PUT_RIGHT = {
    "closed_at": ("state", "if(n_state = 'open', NULL, n_closed_at)"),
    "approximate": ("title", "n_title = ''"),
}
"""By column, what it needs and what events of any order come to: what is open again has not ended, and what has no
title is told in part."""
OURS = frozenset({"workspace_id", "repo_id", "version", "deleted", "ingested_at"})
"""Columns that the writer fills in."""


def bit(types: Mapping[str, str], name: str) -> int:
    """The bit that says in `_given` that a row gives this column."""
    return 1 << list(types).index(name)


def differences(
    table: FactTable, types: Mapping[str, str], staged: str, *, by_time: bool = False, whole: bool = False
) -> str:
    """Rows of one slice of `staged` as they are to be, where that is not how they stand.

    Of each column the latest row that gives it wins, what stands already being the earliest. With `by_time` the order
    is the time of what was told, kept under the version: so events come to the same in any order of reading. Where
    every row of `staged` gives the same columns, `whole` ones are compared, which takes a fraction of the time.
    """
    key, columns = ("repo_id", *table.key), [name for name in types if name not in OURS]
    free = [name for name in columns if name not in key]
    told = (*free, "deleted")
    said = ", ".join(f"{_latest(name, bit(types, name), by_time)} AS n_{name}" for name in told)
    if whole:
        said = f"argMaxIf(tuple({', '.join(told)}), {'(_order, _hash)' if by_time else '_order'}, _side < 2) AS _row"
    parts = ", ".join(f"_row.{place} AS n_{name}" for place, name in enumerate(told, 1))
    final = {name: name if name in key else f"n_{name}" for name in (*columns, "deleted")}
    if by_time:
        final |= {name: put for name, (needs, put) in PUT_RIGHT.items() if {name, needs} <= set(final)}
    back = ", ".join(f"{put} AS {name}" for name, put in final.items())
    now = ", now() AS ingested_at" if "ingested_at" in types else ""
    moments = [f"ifNull({name if name in key else f'n_{name}'}, {EPOCH})" for name in two(table.moments)]
    first, last = ", ".join(f"if({m} = {EPOCH}, {FAR}, {m})" for m in moments), ", ".join(moments)
    shield = " AND NOT (_stood AND _was_source = 'git' AND n_source != 'git')" if table.git_knows_best else ""
    if by_time:
        shield += " AND NOT (_stood AND splitByChar(':', _was_source)[1] NOT IN ('git', splitByChar(':', n_source)[1]))"
    return (
        f"SELECT {{workspace:String}} AS workspace_id, repo_id, {back}, {_version(by_time)} AS version{now}, _stood,"
        f" least(if(n_deleted, {FAR}, least({first})), if(_stood, _was_from, {FAR})) AS _from,"
        f" greatest(if(n_deleted, {EPOCH}, greatest({last})), if(_stood, _was_until, {EPOCH})) AS _until"
        f" FROM (SELECT *{f', {parts}' if whole else ''} FROM (SELECT {', '.join(key)}, {said},"
        " max(_side = 1) AS _stood, max(_version) AS _newest,"
        " max(_order) AS _told, anyIf(_hash, _side = 1) AS _was, anyIf(_source, _side = 1) AS _was_source,"
        " anyIf(_row_from, _side = 1) AS _was_from, anyIf(_row_until, _side = 1) AS _was_until"
        f" FROM ({_sides(table, types, key, free, staged, by_time)}) GROUP BY {', '.join(key)}))"
        " WHERE (_stood OR NOT n_deleted) AND (NOT _stood OR n_deleted"
        f" OR {_content(final[name] for name in free)} != _was){shield}"
    )


def _latest(name: str, given: int, by_time: bool) -> str:
    # Two events of one second are told apart by what they say, so that neither order of reading decides.
    order = f"(_order, sipHash64(tuple({name})))" if by_time else "_order"
    return f"argMaxIf(tuple({name}), {order}, bitAnd(_given, {given}) != 0).1"


def _version(by_time: bool) -> str:
    plain = "greatest(_newest + 1, {version:UInt64})"
    if not by_time:
        return plain
    return f"bitShiftLeft(bitShiftRight({plain} + {SECONDS}, 32), 32) + bitAnd(_told, {SECONDS})"


def _is_empty(name: str, kind: str) -> str:
    """Whether a column that stands says nothing; a flag always says something."""
    if kind.startswith("Nullable"):
        return f"isNull({name})"
    return (
        "0"
        if kind == "UInt8"
        else f"empty({name})"
        if "String" in kind or "Array" in kind
        else f"{name} = toDateTime(0, 'UTC')"
        if "Date" in kind
        else f"{name} = 0"
    )


def two(moments: Sequence[str]) -> Sequence[str]:
    """The same, at least two of them: `least` and `greatest` want that."""
    return moments if len(moments) > 1 else (*moments, *moments)


def _content(columns: Iterable[str]) -> str:
    """What makes two rows the same. Of who tells it counts the kind: the same file in two uploads says one thing."""
    told = {"source": "splitByChar(':', source)[1]", "n_source": "splitByChar(':', n_source)[1]"}
    return f"sipHash128(tuple({', '.join(told.get(name, name) for name in columns)}))"


def _sides(
    table: FactTable, types: Mapping[str, str], key: Sequence[str], free: Sequence[str], staged: str, by_time: bool
) -> str:
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
    none, order, given = "toUInt64(0)", "toUInt64(0)", f"{WHOLE}"
    if by_time:
        # An empty column says nothing, and lets an earlier event fill it.
        order = f"if(source = 'git', {none}, bitAnd(version, {SECONDS}))"
        said = [f"if({_is_empty(name, types[name])}, 0, {bit(types, name)})" for name in free]
        given = f"toUInt64({' + '.join([*said, str(bit(types, 'deleted'))])})"
    return (
        f"SELECT {names}, 0 AS _side, _given, _order, {none} AS _version, {told} FROM {staged} WHERE {mine}"
        f" UNION ALL SELECT {names}, 1, {given}, {order}, version, {told} FROM {table.name} FINAL WHERE {those}"
        f" UNION ALL SELECT {names}, 2, {none}, {none}, version, {told} FROM {table.name} WHERE {those}"
    )
