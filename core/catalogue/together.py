"""Several questions of one fact as one statement.

The store takes longer to understand a statement than to read the rows of a page,
and a page asks the same facts of several spans and in several groupings: now,
before, week by week. So rows are read once and dealt out to slices, one a
question, each with its own span and its own groups.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from time import perf_counter
from typing import Any

from core.catalogue import owned, query
from core.catalogue.fact import TABLES, Fact
from core.catalogue.metric import Metric
from core.catalogue.query import Narrowing, Slots, Statement
from core.catalogue.relations import parts_of, relation
from core.context import Context

SIDE_BY_SIDE = min(4, max(2, os.cpu_count() or 2))
"""Questions at a time. More than there are cores make each of them, and the page, take longer: `bench.scale`."""
MOST = 100
"""Slices of one statement."""
EPOCH = date(1970, 1, 1)
"""From which the store counts days; also what it says of the first day of no rows."""
_SLICES = """arrayFilter((s, a, b) -> $moment >= a AND $moment < b,
        {slices:Array(UInt8)}, {starts:Array(UInt32)}, {ends:Array(UInt32)})"""
_OF_TEAMS = """arrayFlatten(arrayMap(
        s -> if(has({by_team:Array(UInt8)}, s), arrayMap(t -> (s, t), teams_then), [(s, '')]), $slices))"""
"""A row of two teams stands for both in the slices that are told by team, and for itself in the others."""
ALL_TIME = 0, 2**32 - 1


@dataclass(frozen=True, slots=True)
class Part:
    """What one question wants of one fact."""

    fact: Fact
    metrics: tuple[Metric, ...]
    narrow: Narrowing
    by: tuple[str, ...]

    def alone(self) -> Statement:
        """The statement that would answer it by itself."""
        return query.compiled(self.fact, self.metrics, self.narrow, self.by)

    @property
    def company(self) -> tuple[Any, ...]:
        """Parts that agree in this can be asked together: everything but the span, the metrics and most groups."""
        narrow = self.narrow
        inside = self._grouped_inside()
        # A row of two components stands for both: all parts must want that in the same place.
        components = str(self.by.index("component")) if "component" in self.by else ""
        # Who is in a hidden team alone belongs to a choice of teams, and to none of those that are listed.
        listed = "team" in self.by and bool(narrow.team_ids and narrow.hidden_team_ids)
        by = (listed, components, *(axis for axis in self.by if axis in inside))
        end = narrow.end if self.fact.as_of_end else query.END
        spanless = replace(narrow, start=query.BEGINNING, end=end, is_all_time=False)
        return self.fact.key, spanless, by

    def _grouped_inside(self) -> frozenset[str]:
        """Axes by which the fact is itself a grouping."""
        texts = [relation(name) for name in parts_of(self.fact.key) if name not in TABLES]
        return frozenset(query.INSIDE) if any("/*axis*/" in text for text in texts) else frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of one part, in the columns that its statement names."""

    statement: Statement
    rows: list[dict[str, Any]]
    took_ms: float


def asked(ctx: Context, parts: Sequence[Part]) -> list[Answer | Exception]:
    """The answers of the parts, in their order; what the store refuses is the answer of all parts asked with it."""
    groups = list(_groups(parts))
    if len(groups) < 2:
        told = [_safely(ctx, [parts[place] for place in group]) for group in groups]
    else:
        with ThreadPoolExecutor(min(len(groups), SIDE_BY_SIDE), thread_name_prefix="ask") as pool:
            told = list(pool.map(lambda group: _safely(ctx, [parts[place] for place in group]), groups))
    placed: dict[int, Answer | Exception] = {}
    for group, answers in zip(groups, told, strict=True):
        placed |= dict(zip(group, answers, strict=True))
    return [placed[place] for place in range(len(parts))]


def _safely(ctx: Context, parts: Sequence[Part]) -> Sequence[Answer | Exception]:
    try:
        parts = [replace(part, narrow=owned.by_months(ctx, part.fact, part.narrow, part.by)) for part in parts]
        return [_one(ctx, parts[0])] if len(parts) == 1 else _several(ctx, parts)
    except Exception as error:  # raised again for whoever asked
        return [error] * len(parts)


def _one(ctx: Context, part: Part) -> Answer:
    statement, started = part.alone(), perf_counter()
    rows = ctx.metrics.rows(statement.sql, statement.params)
    return Answer(statement, rows, (perf_counter() - started) * 1000)


def _several(ctx: Context, parts: Sequence[Part]) -> list[Answer]:
    sql, params, slots = _compiled(parts)
    started = perf_counter()
    rows = ctx.metrics.rows(sql, params)
    took = (perf_counter() - started) * 1000
    dealt: list[list[dict[str, Any]]] = [[] for _ in parts]
    for row in rows:
        dealt[row["slice"]].append(row)
    answers = []
    for part, mine in zip(parts, dealt, strict=True):
        statement = replace(part.alone(), slots=tuple(slots[metric.key] for metric in part.metrics))
        # Alone, a question without groups is answered by one row also where there is nothing.
        answers.append(Answer(statement, mine if mine or part.by else [_nothing(statement)], took))
    return answers


def _nothing(statement: Statement) -> dict[str, Any]:
    columns = {name for one in statement.slots for name in (one.value, one.n, one.denominator, *one.asides) if name}
    columns |= {name for one in statement.slots for _, name in one.left_out}
    return dict.fromkeys(columns, 0) | {"first_day": EPOCH}


def _groups(parts: Sequence[Part]) -> Iterator[list[int]]:
    """Places of the parts that go together: the same company, and spans near each other."""
    by_company: dict[tuple[Any, ...], list[int]] = {}
    for place, part in enumerate(parts):
        by_company.setdefault(part.company, []).append(place)
    for places in by_company.values():
        yield from _near(parts, places)


def _near(parts: Sequence[Part], places: list[int]) -> Iterator[list[int]]:
    """A comparison with last year is not worth reading all the rows between."""
    ordered = sorted(places, key=lambda place: parts[place].narrow.start)
    group, until, longest = ordered[:1], parts[ordered[0]].narrow.end, _length(parts[ordered[0]])
    for place in ordered[1:]:
        narrow = parts[place].narrow
        longest = max(longest, _length(parts[place]))
        if narrow.start - until > longest or len(group) == MOST:
            yield group
            group, until, longest = [], narrow.end, _length(parts[place])
        until = max(until, narrow.end)
        group.append(place)
    yield group


def _length(part: Part) -> timedelta:
    return part.narrow.end - part.narrow.start


def _compiled(parts: Sequence[Part]) -> tuple[str, dict[str, Any], dict[str, Slots]]:
    """The statement, its parameters, and where each metric's columns stand."""
    fact, narrow = parts[0].fact, _widest(parts)
    making = query.Making(fact, narrow)
    slots = {metric.key: making.slots(metric) for part in parts for metric in part.metrics}
    groups = [f"{_axis(parts, level)} AS g{level}" for level in range(max(len(part.by) for part in parts))]
    flags = "".join(f",\n    {condition} AS {name}" for condition, name in making.flags.items())
    moment = "toUnixTimestamp(at)" if fact.moment == "at" else "toUInt32(toUInt16(day))"
    by_team = [place for place, part in enumerate(parts) if "team" in part.by]
    slices = _SLICES.replace("$moment", moment)
    told = f"arrayJoin({slices}) AS slice"
    if by_team:
        told = f"arrayJoin({_OF_TEAMS.replace('$slices', slices)}) AS told, told.1 AS slice, told.2 AS team_then"
    listed = [
        "slice",
        *groups,
        *(f"{sql} AS {name}" for sql, name in making.columns.items()),
        "min(on_day) AS first_day",
    ]
    by = ", ".join(["slice", *(f"g{level}" for level in range(len(groups)))])
    texts = [  # of the catalogue, no values
        f"{query.narrowed(fact, narrow, _everyone(parts))},",
        f"flagged AS (\n    SELECT *{flags},\n    {told}\n    FROM asked\n)",  # noqa: S608
        "SELECT\n    " + ",\n    ".join(listed),
        f"FROM flagged\nGROUP BY {by}",
    ]
    spans = [_span(part) for part in parts]
    dealt = {"slices": list(range(len(parts))), "starts": [a for a, _ in spans], "ends": [b for _, b in spans]}
    dealt |= {"by_team": by_team} if by_team else {}
    return "\n".join(texts), query.parameters(fact, narrow) | dealt, slots


def _widest(parts: Sequence[Part]) -> Narrowing:
    narrows = [part.narrow for part in parts]
    return replace(
        narrows[0],
        start=min(narrow.start for narrow in narrows),
        end=max(narrow.end for narrow in narrows),
        is_all_time=any(narrow.is_all_time for narrow in narrows),
    )


def _everyone(parts: Sequence[Part]) -> tuple[str, ...]:
    """Every axis that some part groups by."""
    return tuple(dict.fromkeys(axis for part in parts for axis in part.by))


def _axis(parts: Sequence[Part], level: int) -> str:
    """What stands in a slice's group of this level."""
    wanted: dict[str, list[int]] = {}
    for place, part in enumerate(parts):
        if level < len(part.by):
            axis = part.by[level]
            wanted.setdefault("team_then" if axis == "team" else query.AXIS_SQL[axis], []).append(place)
    if len(wanted) == 1 and sum(map(len, wanted.values())) == len(parts):
        return next(iter(wanted))
    cases = ", ".join(f"slice IN ({', '.join(map(str, places))}), toString({sql})" for sql, places in wanted.items())
    return f"multiIf({cases}, '')"


def _span(part: Part) -> tuple[int, int]:
    if part.narrow.is_all_time:
        return ALL_TIME
    if part.fact.moment == "at":
        return int(part.narrow.start.timestamp()), int(part.narrow.end.timestamp())
    first, after = query.days(part.narrow)
    return (first - EPOCH).days, (after - EPOCH).days
