"""The only compiler: metrics of one fact and one grouping become one statement.

Every fact is narrowed to the workspace, the period, the repositories, components,
teams and people asked for, and to what the actor may see, before a formula sees a row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from core.access.looks import looked
from core.base.errors import BadInput, NotAllowed, did_you_mean
from core.base.period import EPOCH_MONDAY, zone_of
from core.catalogue import alone, owned, places, reach
from core.catalogue.fact import AXES, TABLES, Fact
from core.catalogue.metric import Distinct, LeftOut, Mean, Metric, Quantile, Rate, Ratio, Span, Sum
from core.catalogue.relations import parts_of, relation
from core.catalogue.scope import Scope
from core.context import Context
from core.stores.metrics import ONCE
from core.units import Unit

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
END = datetime(2106, 1, 1, tzinfo=UTC)
PAD_DAYS = 2
"""Local dates of the farthest time zones, seen from UTC."""

BOTS = LeftOut("bots", "is_bot")
TOLD_BY_GIT = LeftOut("told by git alone", "approximate")
EXCLUDED = LeftOut("left out by a rule", "is_excluded")

_EPOCH_DAY = (EPOCH_MONDAY - date(1970, 1, 1)).days
AXIS_SQL = {
    "person": "person",
    "team": "arrayJoin(teams_then)",
    "repo": "repo_id",
    "component": "arrayJoin(components)",
    "email": "email",
    "day": "toString(on_day)",
    "week": "toString(toMonday(on_day))",
    "biweek": f"toString(on_day - toIntervalDay(positiveModulo(toInt32(on_day) - {_EPOCH_DAY}, 14)))",
    "month": "toString(toStartOfMonth(on_day))",
    "hour_of_week": "toString((toDayOfWeek(local_at) - 1) * 24 + toHour(local_at))",
}
_JOINED = "if(person_id = {other:String}, {one:String}, person_id) AS person_id"
_BOT = (
    "ifNull((SELECT any(is_bot) FROM identity_people FINAL"
    " WHERE workspace_id = {workspace:String} AND person_id = {one:String}), 0)"
)
AS_ONE = {
    "identity_rows": f"{_JOINED}, if(person_id = {{other:String}}, {_BOT}, is_bot) AS is_bot",
    "member_rows": _JOINED,
    "day_off_rows": _JOINED.replace("= {other:String},", "= {other:String} AND reason != 'holiday',"),
}
"""What a table would say if one person were part of another, as `core.people.publishing` would write it."""
SHARED = frozenset({"prs", "reviews_of_others"})
"""Relations that many others read, and that cost more than their rows take room."""
INSIDE = {"repo": "repo_id", "component": "component", "email": "email"}
"""Axes by which a fact that is itself a grouping must be grouped first."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the rows of a question are cut down to. Empty tuples mean all."""

    workspace_id: str
    start: datetime
    end: datetime
    today: date
    """In the scope's time zone: later days are not over."""
    time_zone: str
    repo_ids: tuple[str, ...] = ()
    team_ids: tuple[str, ...] = ()
    person_ids: tuple[str, ...] = ()
    component_ids: tuple[str, ...] = ()
    hidden_team_ids: tuple[str, ...] = ()
    """Teams of one, where the actor may not see individuals."""
    small_team_ids: tuple[str, ...] = ()
    """Teams too small for figures of wellbeing, where the actor may not see individuals."""
    folder: str = ""
    include_bots: bool = False
    include_generated: bool = False
    is_all_time: bool = False
    as_one: tuple[str, str] | None = None
    months_of: int | None = None
    """The data version of which the store keeps months of owned lines, to be read instead of all the facts."""


@dataclass(frozen=True, slots=True)
class Slots:
    """In which columns of a statement one metric's parts stand."""

    value: str
    n: str
    denominator: str = ""
    left_out: tuple[tuple[str, str], ...] = ()
    """Reason and column."""
    asides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A compiled question about one fact. The group stands in columns g0, g1, …"""

    sql: str
    params: dict[str, Any]
    fact: Fact
    metrics: tuple[Metric, ...]
    slots: tuple[Slots, ...] = ()


def narrowing(ctx: Context, scope: Scope, by: Sequence[str], team_ids: tuple[str, ...]) -> Narrowing:
    """Settle what the actor may ask; NotAllowed if the answer would show individuals that they may not see."""
    for axis in by:
        if axis not in AXES:
            raise BadInput(
                f"Nothing can be grouped by '{axis}'. Use one of {', '.join(AXES)}.{did_you_mean(axis, AXES)}"
            )
    for person_id in scope.person_ids:
        ctx.require_person(person_id)
    looked(ctx, scope.person_ids)
    names_people = "email" in by or ("person" in by and not scope.person_ids)
    if names_people and not ctx.sees_scope(scope.person_ids, team_ids):
        raise NotAllowed(
            f"The workspace '{ctx.workspace.name}' does not show individuals' numbers to your role."
            " Group by team or repository instead."
        )
    zone_of(scope.time_zone)
    period = scope.period
    narrow = Narrowing(
        workspace_id=ctx.workspace.id,
        start=_whole_second(period.start) if period else BEGINNING,
        end=_whole_second(period.end) if period else END,
        today=ctx.clock().astimezone(zone_of(scope.time_zone)).date(),
        time_zone=scope.time_zone,
        repo_ids=tuple(sorted(set(scope.repo_ids))),
        team_ids=team_ids,
        person_ids=tuple(sorted(set(scope.person_ids))),
        component_ids=tuple(sorted(set(scope.component_ids))),
        folder=scope.folder.strip("/"),
        include_bots=scope.include_bots,
        include_generated=scope.include_generated,
        is_all_time=period is None,
        as_one=scope.as_one,
    )
    if scope.person_ids:  # each of whom the actor may see
        return narrow
    return replace(
        narrow,
        hidden_team_ids=alone.kept_back(ctx, team_ids, by, period, scope.time_zone),
        small_team_ids=alone.too_few(ctx, team_ids, by, period, scope.time_zone),
    )


def compiled(fact: Fact, metrics: Sequence[Metric], narrow: Narrowing, by: Sequence[str]) -> Statement:
    """One statement for all `metrics`, which are of `fact`. What several of them need is computed once."""
    groups = {AXIS_SQL[axis]: f"g{index}" for index, axis in enumerate(by)}
    making = Making(fact, narrow)
    slots = tuple(making.slots(metric) for metric in metrics)
    flags = "".join(f",\n    {condition} AS {name}" for condition, name in making.flags.items())
    listed = [f"{sql} AS {name}" for sql, name in (groups | making.columns).items()]
    listed.append("min(on_day) AS first_day")
    parts = [
        f"{narrowed(fact, narrow, by)},",
        f"flagged AS (\n    SELECT *{flags}\n    FROM asked\n)",  # noqa: S608 - texts of the catalogue, no values
        "SELECT\n    " + ",\n    ".join(listed),
        "FROM flagged",
    ]
    if by:
        parts.append(f"GROUP BY {', '.join(groups.values())}")
    sql = "\n".join(parts)
    return Statement(sql, parameters(fact, narrow), fact, tuple(metrics), slots)


def evidence(fact: Fact, metric: Metric, narrow: Narrowing, columns: Sequence[str], limit: int | None) -> Statement:
    """The rows that a number was made of, newest first, or heaviest where the fact says so."""
    wanted = ", ".join("repo_id AS repo" if column == "repo" else column for column in columns)
    sql = (
        f"{narrowed(fact, narrow, ())}\nSELECT {wanted}\nFROM asked\nWHERE {kept(metric, fact, narrow)}"
        f"\nORDER BY {fact.heaviest or fact.moment} DESC, {', '.join(columns)}"
    )
    if limit is not None:
        sql += "\nLIMIT {most:UInt32}"
    return Statement(sql, parameters(fact, narrow) | {"most": limit or 0}, fact, (metric,))


def left_out(metric: Metric, fact: Fact, narrow: Narrowing) -> tuple[LeftOut, ...]:
    """What a metric leaves out in this question; each row counts under the first reason that fits."""
    bots = () if narrow.include_bots or "person" not in fact.axes else (BOTS,)
    told = (TOLD_BY_GIT,) if metric.exact and fact.approximate else ()
    ruled = (EXCLUDED,) if fact.excludable else ()
    return (*bots, *told, *ruled, *metric.left_out)


def kept(metric: Metric, fact: Fact, narrow: Narrowing) -> str:
    """The condition of rows that count."""
    parts = [f"({metric.where})"] if metric.where != "1" else []
    parts += [f"NOT ({out.condition})" for out in left_out(metric, fact, narrow)]
    match metric.kind:
        case Mean(value) | Quantile(value, _):
            parts.append(f"isNotNull({value})")
    return " AND ".join(parts) or "1"


def parameters(fact: Fact, narrow: Narrowing) -> dict[str, Any]:
    """Every value that a statement may name."""
    first, last = days(narrow)
    pad = timedelta(days=fact.reach_days + (PAD_DAYS if fact.reach_days or fact.moment == "day" else 0))
    begin = max(BEGINNING, narrow.start - pad) if narrow.start > BEGINNING + pad else BEGINNING
    return {
        "workspace": narrow.workspace_id,
        "start": narrow.start.astimezone(UTC),
        "end": narrow.end.astimezone(UTC),
        "from": begin,
        "until": narrow.end if fact.as_of_end else min(END, narrow.end + pad),
        "first_day": first,
        "last_day": last,
        "today": narrow.today,
        "tz": narrow.time_zone,
        "repos": list(narrow.repo_ids),
        "teams": list(narrow.team_ids),
        "hidden_teams": list(narrow.hidden_team_ids),
        "people": list(narrow.person_ids),
        "components": list(narrow.component_ids),
        "folder": narrow.folder,
        "include_generated": int(narrow.include_generated),
        "include_bots": int(narrow.include_bots),
        **(dict(zip(("one", "other"), narrow.as_one, strict=True)) if narrow.as_one else {}),
        **({} if narrow.months_of is None else owned.parameters(narrow, begin)),
    }


def days(narrow: Narrowing) -> tuple[date, date]:
    """The local dates whose first instant lies in the period: first, and the first one after."""
    zone = zone_of(narrow.time_zone)
    return _date_from(narrow.start, zone), _date_from(narrow.end, zone)


def _date_from(moment: datetime, zone: Any) -> date:
    # The pad of microseconds turns a midnight into its own date, and anything later into the next.
    return (moment.astimezone(zone).replace(tzinfo=None) + timedelta(days=1, microseconds=-1)).date()


def _whole_second(moment: datetime) -> datetime:
    return datetime.fromtimestamp(math.ceil(moment.timestamp()), UTC)


def narrowed(fact: Fact, narrow: Narrowing, by: Sequence[str]) -> str:
    """The WITH clause that ends in `asked`: the rows of the fact that the question is about."""
    needs_teams = "team" in by or bool(narrow.team_ids)
    of_components, each = bool(narrow.component_ids) or "component" in by, "component" in by
    if of_components and not fact.places:
        raise BadInput(f"What is told of {fact.label} {places.UNPLACED}")
    names = [*(places.needed(fact) if of_components else ()), *parts_of(fact.key)]
    names += parts_of("team_spans") if needs_teams else ()
    base = partial(_table, fact=fact, narrow=narrow)
    parts = places.replaced(fact, narrow.component_ids, each, base) if of_components else {}
    parts |= {} if narrow.months_of is None else owned.replaced(narrow, base)
    instead = places.instead(fact, narrow.component_ids, each) if of_components else {}
    for name in names:
        parts.setdefault(name, instead.get(name) or (base(name) if name in TABLES else _shaped(name, fact, by)))
    if of_components:
        parts |= places.told(fact, base)
    parts["asked"] = _asked(fact, narrow, by)
    return "WITH\n" + ",\n".join(f"{name} AS {_once(name, parts, narrow)}(\n{sql}\n)" for name, sql in parts.items())


def _once(name: str, parts: Mapping[str, str], narrow: Narrowing) -> str:
    """A mark for what several parts read: a store that can works it out once. Of all time there may be too much."""
    if name not in SHARED or narrow.is_all_time:
        return ""
    uses = sum(len(re.findall(rf"\b(?:FROM|JOIN) {name}\b", sql)) for sql in parts.values())
    return f"{ONCE} " if uses > 1 else ""


def _table(name: str, fact: Fact, narrow: Narrowing) -> str:
    table = TABLES[name]
    where = ["workspace_id = {workspace:String}"]
    if table.by_repo and narrow.repo_ids:
        where.append("repo_id IN {repos:Array(String)}")
    if table.moment and not narrow.is_all_time:
        where += [f"{table.moment} >= {{from:DateTime('UTC')}}", f"{table.moment} < {{until:DateTime('UTC')}}"]
    if not narrow.is_all_time and (near := reach.condition(fact.reach, name, table.name)):
        where.append(near)
    if table.by_rule:
        where.append(
            "(source = 'rule' OR repo_id NOT IN (SELECT repo_id FROM set_aside FINAL"  # noqa: S608
            f" WHERE workspace_id = {{workspace:String}} AND fact = '{table.name}'))"
        )
    replaced = f" REPLACE ({AS_ONE[name]})" if narrow.as_one and name in AS_ONE else ""
    # Only names of `TABLES` stand in the text; values are parameters.
    return f"    SELECT *{replaced} FROM {table.name} FINAL WHERE {' AND '.join(where)}"  # noqa: S608


def _shaped(name: str, fact: Fact, by: Sequence[str]) -> str:
    inside = "".join(f", {INSIDE[axis]}" for axis in by if axis in INSIDE)
    component = ", c.component AS component" if "component" in by and fact.places == "files" else ""
    return relation(name).replace("/*axis*/", inside).replace("/*component*/", component)


def _asked(fact: Fact, narrow: Narrowing, by: Sequence[str]) -> str:
    on_day = "toDate(f.at, {tz:String})" if fact.moment == "at" else "f.day"
    columns, source, where = [f"    SELECT f.*, {on_day} AS on_day"], f"    FROM {fact.key} AS f", []
    if "team" in by or narrow.team_ids:
        chosen = " AND s.1 IN {teams:Array(String)}" if narrow.team_ids else ""
        if "team" in by and narrow.hidden_team_ids:
            chosen += " AND s.1 NOT IN {hidden_teams:Array(String)}"
        columns.append(
            f"arrayDistinct(arrayMap(s -> s.1, arrayFilter(s -> s.2 <= on_day AND on_day < s.3{chosen}, t.spans)))"
            " AS teams_then"
        )
        source += "\n    LEFT ANY JOIN team_spans AS t ON t.person_id = f.person"
    if "component" in by or (narrow.component_ids and fact.places not in places.INSIDE):
        column, join = places.column(fact, narrow.component_ids)
        columns.append(column)
        source += join
        where += ["notEmpty(components)"] if narrow.component_ids else []
    if narrow.team_ids:
        where.append("notEmpty(teams_then)")
    if narrow.person_ids:
        where.append("f.person IN {people:Array(String)}")
    if not narrow.is_all_time and fact.moment == "at":
        where += ["f.at >= {start:DateTime('UTC')}", "f.at < {end:DateTime('UTC')}"]
    if not narrow.is_all_time and fact.moment == "day":
        where += ["f.day >= {first_day:Date}", "f.day < {last_day:Date}"]
    return ", ".join(columns) + "\n" + source + (f"\n    WHERE {' AND '.join(where)}" if where else "")


class Making:
    """The columns of a statement while they are gathered: each condition and each aggregate stands once."""

    def __init__(self, fact: Fact, narrow: Narrowing) -> None:
        self.fact, self.narrow = fact, narrow
        self.flags: dict[str, str] = {}
        self.columns: dict[str, str] = {}

    def slots(self, metric: Metric) -> Slots:
        """Add what the metric needs, and say where it stands."""
        keep = self._flag(kept(metric, self.fact, self.narrow))
        value, under = _value(metric, keep)
        before, out = f"({metric.where})", []
        for reason in _reasons(metric, self.fact, self.narrow):
            flag = self._flag(f"{before} AND ({reason.condition})")
            out.append((reason.reason, self._column(_counted(metric, flag))))
            before += f" AND NOT ({reason.condition})"
        return Slots(
            value=self._column(value),
            n=self._column(_counted(metric, keep)),
            denominator=self._column(under) if under else "",
            left_out=tuple(out),
            asides=tuple(
                self._column(f"toFloat64(sumIf({aside.amount}, {keep} AND ({aside.condition})))")
                for aside in metric.asides
            ),
        )

    def _flag(self, condition: str) -> str:
        return self.flags.setdefault(condition, f"k{len(self.flags)}")

    def _column(self, sql: str) -> str:
        return self.columns.setdefault(sql, f"c{len(self.columns)}")


def _counted(metric: Metric, condition: str) -> str:
    return f"countIf({condition})" if metric.counted == "1" else f"toUInt64(sumIf({metric.counted}, {condition}))"


def _reasons(metric: Metric, fact: Fact, narrow: Narrowing) -> tuple[LeftOut, ...]:
    outs = left_out(metric, fact, narrow)
    match metric.kind:
        case Mean(value) | Quantile(value, _):
            return (*outs, LeftOut("unknown", f"isNull({value})"))
    return outs


def _value(metric: Metric, keep: str) -> tuple[str, str]:
    match metric.kind:
        case Sum(value) | Rate(value):
            return f"toFloat64(sumIf({value}, {keep}))", ""
        case Ratio(numerator, denominator):
            return f"toFloat64(sumIf({numerator}, {keep}))", f"toFloat64(sumIf({denominator}, {keep}))"
        case Mean(value) if metric.unit is Unit.HOURS:
            # Hours are whole seconds, and sums of whole numbers are the same in whatever order rows are read.
            return f"sumIf(toInt64(round(({value}) * 3600)), {keep}) / 3600", f"countIf({keep})"
        case Mean(value):
            return f"toFloat64(sumIf({value}, {keep}))", f"countIf({keep})"
        case Quantile(value, level):
            return f"quantileExactInclusiveIf({level})(assumeNotNull({value}), {keep})", ""
        case Distinct(value):
            return f"toFloat64(uniqExactIf({value}, {keep}))", ""
        case Span(formula):
            return f"toFloat64({formula.replace('$kept', keep)})", ""
    raise AssertionError(metric.kind)
