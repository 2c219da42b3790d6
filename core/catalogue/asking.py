"""Ask the metrics store one question, and give every number its state."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from core.base.period import midnight
from core.catalogue import periods, query
from core.catalogue.facts import fact
from core.catalogue.metric import METRICS, Distinct, Metric, Quantile, Rate, Span, Sum
from core.catalogue.query import Narrowing, Slots, Statement
from core.catalogue.states import Coverage, coverage, feeds, state_of
from core.catalogue.values import Group, Measured, Value, rows_behind
from core.context import Context
from core.figures import Better, Provenance, State, Unit

SIDE_BY_SIDE = 4
COMMITS = "commits_count"

EVENTS = Metric(
    key="events",
    label="Pull requests and reviews",
    about="What people do besides committing.",
    category="team",
    unit=Unit.COUNT,
    better=Better.NEITHER,
    kind=Sum(),
    fact="events",
    needs=(),
)
"""Not for people to ask: with commits it tells who was active, and whose missing counts are therefore zero."""


@dataclass(frozen=True, slots=True)
class _Result:
    statement: Statement
    rows: list[dict[str, Any]]
    took_ms: float


@dataclass
class Asking:
    """One question while it is being answered."""

    ctx: Context
    metrics: tuple[Metric, ...]
    narrow: Narrowing
    by: tuple[str, ...]
    found: dict[tuple[str, Group], Value] = field(default_factory=dict)
    provenance: list[Provenance] = field(default_factory=list)
    excluded: dict[str, int] = field(default_factory=dict)
    active: set[Group] = field(default_factory=set)

    def answer(self) -> Measured:
        self.now = self.ctx.clock()
        self.feeds = feeds(self.ctx)
        self.covered = {m.key: coverage(m, self.feeds, self.narrow.repo_ids) for m in self.metrics}
        asked: dict[str, list[Metric]] = {}
        for metric in self.metrics:
            if self.covered[metric.key].is_collected and self.refusal(metric) is None:
                asked.setdefault(metric.fact, []).append(metric)
        for result in self._run([self._compiled(metrics) for metrics in asked.values()]):
            self._read(result)
        self._zeroes()
        if not self.by:
            for metric in self.metrics:
                self.found.setdefault((metric.key, ()), self.missing(metric.key, ()))
        marks = [c.watermark for c in self.covered.values() if c.watermark]
        return Measured(
            self.by,
            tuple(m.key for m in self.metrics),
            self.found,
            self.missing,
            self.provenance,
            min(marks, default=None),
            self.excluded,
        )

    def refusal(self, metric: Metric) -> str | None:
        """Why this metric cannot be asked in this way, or None."""
        axes = fact(metric.fact).axes
        for axis in self.by:
            if axis not in axes:
                return f"{metric.label} cannot be grouped by {axis.replace('_', ' ')}."
        if "person" not in axes and (self.narrow.team_ids or self.narrow.person_ids):
            return f"{metric.label} belongs to repositories, not to people or teams. Choose repositories instead."
        return None

    def missing(self, key: str, group: Group) -> Value:
        """The value of a group that has none."""
        metric = METRICS.get(key)
        if refused := self.refusal(metric):
            return Value(key, group, None, 0, State.UNSUPPORTED, refused)
        covered = self._coverage(metric, group)
        if not covered.is_collected:
            return Value(key, group, None, 0, State.NOT_COLLECTED, covered.text)
        if group in self.active and metric.zero_if_active:
            return self._zero(metric, group)
        if unread := self._unread(covered, group):
            return Value(key, group, None, 0, State.STALE, unread)
        # Time in which nothing happened is still time: without it a rate could not be rolled up.
        under = self._days(metric.kind, group) if isinstance(metric.kind, Rate) else None
        text = "Nothing happened in this period that it could be told from."
        return Value(key, group, None, 0, State.NO_DATA, text, denominator=under)

    def _compiled(self, metrics: Sequence[Metric]) -> Statement:
        return query.compiled(fact(metrics[0].fact), metrics, self.narrow, self.by)

    def _run(self, statements: Sequence[Statement]) -> Sequence[_Result]:
        """Ask the store; several statements side by side."""

        def one(statement: Statement) -> _Result:
            started = time.perf_counter()
            rows = self.ctx.metrics.rows(statement.sql, statement.params)
            return _Result(statement, rows, (time.perf_counter() - started) * 1000)

        if len(statements) < 2:
            return [one(statement) for statement in statements]
        with ThreadPoolExecutor(min(len(statements), SIDE_BY_SIDE)) as pool:
            return list(pool.map(one, statements))

    def _read(self, result: _Result) -> None:
        statement, rows = result.statement, result.rows
        first = min((row["first_day"] for row in rows), default=self.narrow.today)
        total: dict[str, dict[str, int]] = {metric.key: {} for metric in statement.metrics}
        for row in rows:
            group = self._group(row)
            for metric, slots in zip(statement.metrics, statement.slots, strict=True):
                self._take(row, slots, metric, group, first, total[metric.key])
        for counts in total.values():
            for reason, count in counts.items():
                self.excluded[reason] = max(self.excluded.get(reason, 0), count)
        self.provenance.append(self._origin(statement, result.took_ms, total))

    def _group(self, row: dict[str, Any]) -> Group:
        return tuple(row[f"g{index}"] for index in range(len(self.by)))

    def _take(
        self, row: dict[str, Any], slots: Slots, metric: Metric, group: Group, first: date, total: dict[str, int]
    ) -> None:
        out, asides = {}, {}
        for reason, column in slots.left_out:
            if count := int(row[column]):
                out[reason] = count
        for aside, column in zip(metric.asides, slots.asides, strict=True):
            if not (amount := float(row[column])):
                continue
            if aside.is_left_out:
                out[aside.name] = int(amount)
            else:
                asides[aside.name] = amount
        for reason, count in out.items():
            total[reason] = total.get(reason, 0) + count
        if not (n := int(row[slots.n])):
            if not self.by:
                self.found[metric.key, group] = self._empty(metric, out)
            return
        under = float(row[slots.denominator]) if slots.denominator else None
        denominator = self._days(metric.kind, group, first) if isinstance(metric.kind, Rate) else under
        self.found[metric.key, group] = self._value(metric, group, float(row[slots.value]), denominator, n, out, asides)

    def _value(
        self,
        metric: Metric,
        group: Group,
        numerator: float,
        denominator: float | None,
        n: int,
        out: dict[str, int],
        asides: dict[str, float],
    ) -> Value:
        kind = metric.kind
        if isinstance(kind, Quantile | Distinct | Span):
            value: float | None = numerator
        else:
            value = kind.of(numerator, denominator or 0.0)
        if value is None or math.isnan(value):
            return self._empty(metric, out, group, n)
        covered = self._coverage(metric, group)
        if not covered.is_collected:
            return Value(metric.key, group, None, n, State.NOT_COLLECTED, covered.text)
        state, text = state_of(covered, self._until(group), self.now)
        return Value(metric.key, group, value, n, state, text, numerator, denominator, out, asides)

    def _empty(self, metric: Metric, out: dict[str, int], group: Group = (), n: int = 0) -> Value:
        if unread := self._unread(self._coverage(metric, group), group):
            return Value(metric.key, group, None, n, State.STALE, unread, excluded=out)
        said = ", ".join(f"{count:,} {reason}" for reason, count in out.items())
        text = f"Nothing to tell it from; left out: {said}." if said else "Nothing in this period to tell it from."
        return Value(metric.key, group, None, n, State.NO_DATA, text, excluded=out)

    def _zero(self, metric: Metric, group: Group) -> Value:
        state, text = state_of(self._coverage(metric, group), self._until(group), self.now)
        denominator = None
        if isinstance(metric.kind, Rate):
            denominator = self._days(metric.kind, group)
        return Value(metric.key, group, 0.0, 0, state, text, 0.0, denominator)

    def _zeroes(self) -> None:
        """Fill in zeroes for groups that did anything at all."""
        wanted = [m for m in self.metrics if m.zero_if_active and self.refusal(m) is None]
        if not self.by:
            wanted = [m for m in wanted if not self._counted(m, ())]
        if not wanted:
            return
        self._find_active()
        for metric in wanted:
            for group in self.active:
                if not self._counted(metric, group) and self._coverage(metric, group).is_collected:
                    held = self.found.get((metric.key, group))
                    zero = self._zero(metric, group)
                    self.found[metric.key, group] = replace(zero, excluded=held.excluded) if held else zero

    def _counted(self, metric: Metric, group: Group) -> bool:
        held = self.found.get((metric.key, group))
        return held is not None and held.n > 0

    def _find_active(self) -> None:
        self.active = {g for (key, g), value in self.found.items() if key == COMMITS and value.n}
        missing = [m for m in (METRICS.get(COMMITS), EVENTS) if m not in self.metrics]
        fitting = [m for m in missing if set(self.by) <= fact(m.fact).axes]
        for result in self._run([self._compiled([metric]) for metric in fitting]):
            n = result.statement.slots[0].n
            self.active |= {self._group(row) for row in result.rows if row[n]}

    def _coverage(self, metric: Metric, group: Group) -> Coverage:
        if "repo" not in self.by:
            return self.covered[metric.key]
        key = f"{metric.key}\0{group[self.by.index('repo')]}"
        if key not in self.covered:
            self.covered[key] = coverage(metric, self.feeds, (group[self.by.index("repo")],))
        return self.covered[key]

    def _unread(self, covered: Coverage, group: Group) -> str:
        """What to say where nothing of the group's time was read yet, so that nobody knows what happened."""
        bucket = periods.bucket(self.by, group)
        begun = midnight(bucket[0], self.narrow.time_zone) if bucket else self.narrow.start
        if covered.watermark is None or not covered.watermark <= begun < self.now:
            return ""
        return state_of(covered, self._until(group), self.now)[1]

    def _until(self, group: Group) -> datetime | None:
        """When what the group asks for is over; None for all time."""
        ends = [] if self.narrow.is_all_time else [self.narrow.end]
        if bucket := periods.bucket(self.by, group):
            ends.append(midnight(bucket[1], self.narrow.time_zone))
        return min(ends, default=None)

    def _days(self, kind: Rate, group: Group, first_seen: date | None = None) -> float:
        """Calendar days of the group's time that have begun, in the rate's unit."""
        first, after = query.days(self.narrow)
        if self.narrow.is_all_time:
            first = first_seen or self.narrow.today
        after = min(after, self.narrow.today + timedelta(days=1))
        if bucket := periods.bucket(self.by, group):
            first, after = max(first, bucket[0]), min(after, bucket[1])
        return max((after - first).days, 0) / kind.days

    def _origin(self, statement: Statement, took: float, total: dict[str, dict[str, int]]) -> Provenance:
        params = {key: str(value) if isinstance(value, date) else value for key, value in statement.params.items()}
        seen = f"{statement.sql}\n{sorted(params.items())}"
        excluded: dict[str, int] = {}
        for counts in total.values():
            for reason, count in counts.items():
                excluded[reason] = max(excluded.get(reason, 0), count)
        marks = [self.covered[m.key].watermark for m in statement.metrics]
        return Provenance(
            metrics=[f"{m.key}@{m.version}" for m in statement.metrics],
            definitions=[f"{m.label}: {m.about} Formula: {m.formula}" for m in statement.metrics],
            facts=sorted({need for m in statement.metrics for need in m.needs}),
            query_hash=hashlib.sha256(seen.encode()).hexdigest(),
            query=statement.sql,
            parameters=params,
            watermark=min((mark for mark in marks if mark), default=None),
            rows=rows_behind(self.found, (metric.key for metric in statement.metrics)),
            excluded=excluded,
            duration_ms=round(took, 2),
            asked_at=self.now,
        )
