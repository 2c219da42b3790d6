"""Ask the metrics store one question, and give every number its state."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from core.base.period import midnight
from core.catalogue import periods, places, query
from core.catalogue.facts import fact
from core.catalogue.metric import METRICS, Distinct, Metric, Quantile, Rate, Span, Sum
from core.catalogue.query import Narrowing, Slots, Statement
from core.catalogue.states import Coverage, FeedView, coverage, state_of
from core.catalogue.together import Answer, Part
from core.catalogue.values import Group, Measured, Value, rows_behind
from core.context import Context
from core.figures import Better, Provenance, State, Unit

COMMITS = "commits_count"
WELLBEING = "sustainability"
"""The category whose figures of too few people are not shown."""

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


@dataclass
class Asking:
    """One question while it is being answered: `wanted` of the store, `read`, then perhaps `lacking`, and `answer`.

    With groups it is known at once what would be lacking: who did nothing of one kind may have done something else.
    """

    ctx: Context
    metrics: tuple[Metric, ...]
    narrow: Narrowing
    by: tuple[str, ...]
    found: dict[tuple[str, Group], Value] = field(default_factory=dict)
    provenance: list[Provenance] = field(default_factory=list)
    excluded: dict[str, int] = field(default_factory=dict)
    active: set[Group] = field(default_factory=set)
    _ends: dict[str, datetime | None] = field(default_factory=dict)

    def wanted(self, known: Sequence[FeedView]) -> list[Part]:
        """What must be asked, a part a fact, given who feeds the workspace."""
        self.now, self.feeds = self.ctx.clock(), known
        self.covered = {m.key: self._covered(m, self.narrow.repo_ids) for m in self.metrics}
        asked: dict[str, list[Metric]] = {}
        for metric in self.metrics:
            if self.covered[metric.key].is_collected and self.refusal(metric) is None:
                asked.setdefault(metric.fact, []).append(metric)
        return [self._part(metrics) for metrics in asked.values()]

    def lacking(self) -> list[Part]:
        """What must be asked besides, to tell whose missing counts are zero."""
        if not self._without_count():
            return []
        missing = [m for m in (METRICS.get(COMMITS), EVENTS) if m not in self.metrics]
        return [self._part([metric]) for metric in missing if set(self.by) <= fact(metric.fact).groups]

    def answer(self, activity: Sequence[Answer]) -> Measured:
        """The values, once everything wanted is read; `activity` is what was lacking."""
        self._zeroes(activity)
        self._keep_back()
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

    def _keep_back(self) -> None:
        """Say of wellbeing in groups of too few only that it is not shown."""
        for key, group in list(self.found):
            if self._is_too_few(METRICS.get(key), group):
                self.found[key, group] = self._kept_back(key, group)

    def _is_too_few(self, metric: Metric, group: Group) -> bool:
        if metric.category != WELLBEING or not self.narrow.small_team_ids:
            return False
        return "team" not in self.by or group[self.by.index("team")] in self.narrow.small_team_ids

    def _kept_back(self, key: str, group: Group) -> Value:
        least = self.ctx.workspace.least_group
        text = f"Fewer than {least} people: wellbeing of so few is not shown to you."
        return Value(key, group, None, 0, State.UNSUPPORTED, text)

    def refusal(self, metric: Metric) -> str | None:
        """Why this metric cannot be asked in this way, or None."""
        source = fact(metric.fact)
        axes = source.axes
        if self._of_components and not source.places:
            return f"{metric.label} {places.UNPLACED}"
        for axis in self.by:
            if axis not in source.groups:
                return f"{metric.label} cannot be grouped by {axis.replace('_', ' ')}."
        if "person" not in axes and (self.narrow.team_ids or self.narrow.person_ids):
            return f"{metric.label} belongs to repositories, not to people or teams. Choose repositories instead."
        if self.narrow.folder and not fact(metric.fact).by_folder:
            return f"{metric.label} cannot be told of a folder: nothing says which files it is about."
        return None

    def missing(self, key: str, group: Group) -> Value:
        """The value of a group that has none."""
        metric = METRICS.get(key)
        if refused := self.refusal(metric):
            return Value(key, group, None, 0, State.UNSUPPORTED, refused)
        if self._is_too_few(metric, group):
            return self._kept_back(key, group)
        covered = self._coverage(metric, group)
        if not covered.is_collected:
            return Value(key, group, None, 0, State.NOT_COLLECTED, covered.text)
        if group in self.active and metric.zero_if_active:
            return self._zero(metric, group)
        if untold := self._untold(covered, group):
            return Value(key, group, None, 0, State.NOT_COLLECTED, untold)
        if unread := self._unread(covered, group):
            return Value(key, group, None, 0, State.STALE, unread)
        # Time in which nothing happened is still time: without it a rate could not be rolled up.
        under = self._days(metric.kind, group) if isinstance(metric.kind, Rate) else None
        text = "Nothing happened in this period that it could be told from."
        return Value(key, group, None, 0, State.NO_DATA, text, denominator=under)

    def _part(self, metrics: Sequence[Metric]) -> Part:
        return Part(fact(metrics[0].fact), tuple(metrics), self.narrow, self.by)

    def read(self, result: Answer) -> None:
        """Take in the rows of one part."""
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
        if state is State.MEASURED and covered.since and self._begun(group) < covered.since:
            state, text = State.STALE, f"Complete only from {covered.since:%Y-%m-%d %H:%M} UTC on."
        return Value(metric.key, group, value, n, state, text, numerator, denominator, out, asides)

    def _empty(self, metric: Metric, out: dict[str, int], group: Group = (), n: int = 0) -> Value:
        covered = self._coverage(metric, group)
        if untold := self._untold(covered, group):
            return Value(metric.key, group, None, n, State.NOT_COLLECTED, untold, excluded=out)
        if unread := self._unread(covered, group):
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

    def _without_count(self) -> list[Metric]:
        """Metrics that are zero, and not missing, for whoever was active."""
        if self.narrow.folder:  # whoever was active elsewhere need not have been here
            return []
        wanted = [m for m in self.metrics if m.zero_if_active and self.refusal(m) is None]
        return wanted if self.by else [m for m in wanted if not self._counted(m, ())]

    def _zeroes(self, activity: Sequence[Answer]) -> None:
        """Fill in zeroes for groups that did anything at all."""
        wanted = self._without_count()
        if not wanted:
            return
        self.active = {g for (key, g), value in self.found.items() if key == COMMITS and value.n}
        for told in activity:
            n = told.statement.slots[0].n
            self.active |= {self._group(row) for row in told.rows if row[n]}
        for metric in wanted:
            for group in self.active:
                if not self._counted(metric, group) and self._coverage(metric, group).is_collected:
                    held = self.found.get((metric.key, group))
                    zero = self._zero(metric, group)
                    self.found[metric.key, group] = replace(zero, excluded=held.excluded) if held else zero

    def _counted(self, metric: Metric, group: Group) -> bool:
        held = self.found.get((metric.key, group))
        return held is not None and held.n > 0

    def _coverage(self, metric: Metric, group: Group) -> Coverage:
        if "repo" not in self.by:
            return self.covered[metric.key]
        key = f"{metric.key}\0{group[self.by.index('repo')]}"
        if key not in self.covered:
            self.covered[key] = self._covered(metric, (group[self.by.index("repo")],))
        return self.covered[key]

    def _covered(self, metric: Metric, repo_ids: Sequence[str]) -> Coverage:
        return coverage(metric, self.feeds, repo_ids, also=places.NEEDS if self._of_components else ())

    @property
    def _of_components(self) -> bool:
        return bool(self.narrow.component_ids) or "component" in self.by

    def _unread(self, covered: Coverage, group: Group) -> str:
        """What to say where nothing of the group's time was read yet, so that nobody knows what happened."""
        if covered.watermark is None or not covered.watermark <= self._begun(group) < self.now:
            return ""
        return state_of(covered, self._until(group), self.now)[1]

    def _untold(self, covered: Coverage, group: Group) -> str:
        """What to say where all of the group's time lies before what is known."""
        until = self._until(group)
        if covered.since is None or until is None or until > covered.since:
            return ""
        return f"This is known from {covered.since:%Y-%m-%d} on only. SIGHTLINE_REWORK_DAYS says how far back it goes."

    def _begun(self, group: Group) -> datetime:
        """When what the group asks for began."""
        bucket = periods.bucket(self.by, group)
        return midnight(bucket[0], self.narrow.time_zone) if bucket else self.narrow.start

    def _until(self, group: Group) -> datetime | None:
        """When what the group asks for is over; None for all time. Thousands of groups share a few weeks."""
        time = group[self._time] if group and self._time is not None else ""
        if time not in self._ends:
            ends = [] if self.narrow.is_all_time else [self.narrow.end]
            if bucket := periods.bucket(self.by, group):
                ends.append(midnight(bucket[1], self.narrow.time_zone))
            self._ends[time] = min(ends, default=None)
        return self._ends[time]

    @cached_property
    def _time(self) -> int | None:
        """Where a group says its time."""
        return next((place for place, axis in enumerate(self.by) if axis in periods.LENGTHS), None)

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
