"""All subjects × all periods × all metrics in one statement, computed and kept inside the metrics store.

The catalogue compiles one statement a fact, as it does for any question; here
they are put side by side, folded into one row a subject and period, and
inserted without leaving the store.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.base.period import Period, PeriodType, midnight
from core.catalogue import query, states
from core.catalogue.asking import EVENTS
from core.catalogue.facts import FACTS
from core.catalogue.metric import METRICS, Distinct, Metric, Quantile, Rate, Span, Sum
from core.catalogue.query import Narrowing, Slots, Statement
from core.catalogue.scope import Scope
from core.context import Context
from core.snapshots.periods import Slot, metric_keys

SUBJECTS = ("person", "team")
_AXES = {
    PeriodType.DAILY: "day",
    PeriodType.WEEKLY: "week",
    PeriodType.BIWEEKLY: "biweek",
    PeriodType.MONTHLY: "month",
}
_LENGTHS = {
    PeriodType.DAILY: "toIntervalDay(1)",
    PeriodType.WEEKLY: "toIntervalDay(7)",
    PeriodType.BIWEEKLY: "toIntervalDay(14)",
    PeriodType.MONTHLY: "toIntervalMonth(1)",
}

CELLS = "Array(Tuple(String, Nullable(Float64), Float64, Nullable(Float64), UInt64))"
"""metric, value, numerator, denominator, rows behind it"""

_INSERT = """INSERT INTO snapshots (workspace_id, subject_kind, subject_id, period_type, period_start, values,
    numerators, denominators, ns, states, metric_versions, version, deleted, computed_at)
SELECT {workspace:String}, {subject_kind:String}, subject, {period_type:String}, start,
    mapFromArrays(arrayMap(c -> c.1, measured), arrayMap(c -> assumeNotNull(c.2), measured)),
    mapFromArrays(arrayMap(c -> c.1, measured), arrayMap(c -> c.3, measured)),
    mapFromArrays(arrayMap(c -> c.1, under), arrayMap(c -> assumeNotNull(c.4), under)),
    mapFromArrays(arrayMap(c -> c.1, measured), arrayMap(c -> c.5, measured)),
    mapFromArrays({keys:Array(String)},
        arrayMap(
            k -> multiIf(has(named, k), 'measured', has({uncollected:Array(String)}, k), 'not_collected', 'no_data'),
            {keys:Array(String)})),
    mapFromArrays({keys:Array(String)}, {versions:Array(UInt16)}),
    {version:UInt64}, 0, {now:DateTime('UTC')}
FROM (
    SELECT subject, start, arrayMap(c -> c.1, measured) AS named, arrayFilter(c -> isNotNull(c.4), measured) AS under,
        arrayConcat(arrayFilter(c -> isNotNull(c.2), told),
            if(active, arrayFilter(c -> NOT has(arrayMap(t -> t.1, told), c.1), /*zeroes*/), [])) AS measured
    FROM (
        SELECT subject, start, arrayFilter(c -> c.5 > 0, groupArrayArray(cells)) AS told, max(is_active) AS active
        FROM (
/*facts*/
        )
        WHERE subject != ''
        GROUP BY subject, start
    )
)
WHERE notEmpty(measured)
SETTINGS max_query_size = 4000000"""

_BURY = """INSERT INTO snapshots (workspace_id, subject_kind, subject_id, period_type, period_start, version, deleted)
SELECT workspace_id, subject_kind, subject_id, period_type, period_start, {version:UInt64}, 1
FROM snapshots FINAL
WHERE workspace_id = {workspace:String} AND subject_kind = {subject_kind:String} AND period_type = {period_type:String}
    AND period_start >= {first:Date} AND period_start <= {last:Date} AND version < {version:UInt64}"""

_COUNT = """SELECT period_start, count() AS rows
FROM snapshots FINAL
WHERE workspace_id = {workspace:String} AND period_type = {period_type:String}
    AND period_start >= {first:Date} AND period_start <= {last:Date}
GROUP BY period_start"""

_KEPT = """SELECT period_start, values[{metric:String}] AS value, ns[{metric:String}] AS n,
    states[{metric:String}] AS state
FROM snapshots FINAL
WHERE workspace_id = {workspace:String} AND subject_kind = {subject_kind:String} AND subject_id = {subject:String}
    AND period_type = {period_type:String}
ORDER BY period_start"""


@dataclass(frozen=True, slots=True)
class _Part:
    """The statement of one fact as rows of (subject, start, cells, is_active), with parameters of its own."""

    sql: str
    params: dict[str, Any]


def write(ctx: Context, slots: Sequence[Slot], version: int) -> dict[Slot, int]:
    """Make neighbouring periods of one kind anew for every person and team; returns the rows of each period."""
    for subject in SUBJECTS:
        _write(ctx, subject, slots, version)
    rows = ctx.metrics.rows(_COUNT, _range(ctx, slots))
    counted = {row["period_start"]: int(row["rows"]) for row in rows}
    return {slot: counted.get(slot.start, 0) for slot in slots}


def next_version(ctx: Context) -> int:
    """Larger than any version kept, and near the clock's microseconds."""
    kept = ctx.metrics.scalar(
        "SELECT max(version) FROM snapshots WHERE workspace_id = {workspace:String}", {"workspace": ctx.workspace.id}
    )
    return max(int(ctx.clock().timestamp() * 1_000_000), int(kept or 0) + 1)


def kept(ctx: Context, subject_kind: str, subject_id: str, kind: PeriodType, metric: str) -> list[dict[str, Any]]:
    """What stands in the store of one subject's metric, oldest first."""
    return ctx.metrics.rows(
        _KEPT,
        {
            "workspace": ctx.workspace.id,
            "subject_kind": subject_kind,
            "subject": subject_id,
            "period_type": kind.value,
            "metric": metric,
        },
    )


def _write(ctx: Context, subject: str, slots: Sequence[Slot], version: int) -> None:
    kind, zone = slots[0].kind, ctx.workspace.time_zone
    period = Period(midnight(slots[0].start, zone), midnight(slots[-1].end, zone))
    by = (subject, _AXES[kind])
    narrow = query.narrowing(ctx, Scope(period, time_zone=zone), by, ())
    keys = metric_keys()
    collected = [METRICS.get(key) for key in keys if _is_collected(ctx, METRICS.get(key))]
    params = _range(ctx, slots) | {
        "subject_kind": subject,
        "version": version,
        "keys": list(keys),
        "versions": [METRICS.get(key).version for key in keys],
        "uncollected": sorted(set(keys) - {metric.key for metric in collected}),
        "today": narrow.today,
        "now": ctx.clock(),
    }
    if parts := _parts(collected, narrow, by, kind):
        sql = _INSERT.replace("/*zeroes*/", _zeroes(collected, by, kind))
        sql = sql.replace("/*facts*/", "\n    UNION ALL\n".join(part.sql for part in parts))
        for part in parts:
            params |= part.params
        ctx.metrics.command(sql, params)
    ctx.metrics.command(_BURY, params)


def _range(ctx: Context, slots: Sequence[Slot]) -> dict[str, Any]:
    return {
        "workspace": ctx.workspace.id,
        "period_type": slots[0].kind.value,
        "first": slots[0].start,
        "last": slots[-1].start,
    }


def _is_collected(ctx: Context, metric: Metric) -> bool:
    return states.coverage(metric, states.feeds(ctx)).is_collected


def _parts(metrics: Sequence[Metric], narrow: Narrowing, by: tuple[str, ...], kind: PeriodType) -> list[_Part]:
    by_fact: dict[str, list[Metric]] = {}
    for metric in metrics:
        if set(by) <= FACTS[metric.fact].axes:
            by_fact.setdefault(metric.fact, []).append(metric)
    if set(by) <= FACTS[EVENTS.fact].axes:
        by_fact[EVENTS.fact] = [EVENTS]
    return [
        _part(str(index), query.compiled(FACTS[key], found, narrow, by), kind)
        for index, (key, found) in enumerate(by_fact.items())
    ]


def _part(suffix: str, statement: Statement, kind: PeriodType) -> _Part:
    """The statement with parameters of its own, its metrics folded into cells."""
    pairs = list(zip(statement.metrics, statement.slots, strict=True))
    cells = ", ".join(_cell(metric, slots, kind) for metric, slots in pairs if metric is not EVENTS)
    active = [f"{slots.n} > 0" for metric, slots in pairs if metric is EVENTS or metric.key == "commits_count"]
    sql = re.sub(r"\{(\w+):", rf"{{\1_{suffix}:", statement.sql)
    return _Part(
        f"SELECT g0 AS subject, toDate(g1) AS start, CAST([{cells}], '{CELLS}') AS cells,"
        f" {' OR '.join(active) or '0'} AS is_active\nFROM (\n{sql}\n)",
        {f"{name}_{suffix}": value for name, value in statement.params.items()},
    )


def _cell(metric: Metric, slots: Slots, kind: PeriodType) -> str:
    """(metric, value, numerator, denominator, rows) of one group; a value of NULL is one that cannot be told."""
    numerator, rows = f"ifNull(toFloat64({slots.value}), 0)", f"toUInt64({slots.n})"
    match metric.kind:
        case Sum():
            value, under = numerator, "NULL"
        case Rate(_, days):
            under = _days(days, "toDate(g1)", kind)
            value = f"if({under} > 0, {numerator} / {under}, NULL)"
        case Quantile() | Distinct() | Span():
            value, under = f"if(isNaN({numerator}), NULL, {numerator})", "NULL"
        case _:
            under = f"toFloat64({slots.denominator})"
            value = f"if({under} != 0, {numerator} / {under}, NULL)"
    return f"('{metric.key}', if({rows} > 0, {value}, NULL), {numerator}, {under}, {rows})"


def _zeroes(metrics: Sequence[Metric], by: tuple[str, ...], kind: PeriodType) -> str:
    """Cells of the metrics that are zero for whoever was active."""
    cells = []
    for metric in metrics:
        if metric.zero_if_active and set(by) <= FACTS[metric.fact].axes:
            under = _days(metric.kind.days, "start", kind) if isinstance(metric.kind, Rate) else "NULL"
            cells.append(f"('{metric.key}', 0, 0, {under}, 0)")
    return f"CAST([{', '.join(cells)}], '{CELLS}')"


def _days(unit: int, start: str, kind: PeriodType) -> str:
    """Calendar days of a period that have begun, in a rate's unit."""
    return f"(dateDiff('day', {start}, least({start} + {_LENGTHS[kind]}, {{today:Date}} + toIntervalDay(1))) / {unit})"
