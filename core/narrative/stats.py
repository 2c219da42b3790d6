"""What a number with its change says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from core.documents import wording
from core.figures import Change, Stat, State, Unit, number_text
from core.narrative.facts import Course, Measure, Number, Role
from core.narrative.trends import WEEK, way_of

FEW = 5
"""A change over fewer rows than this is not told: it says more about chance than about work."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d$")
_VERSUS = re.compile(r"^vs (.+?)(?: in |, |$)")


def measure_of(stat: Stat) -> Measure:
    """A metric of the whole, as a card shows it."""
    if stat.value is None:
        state = stat.state if stat.state is not State.MEASURED else State.NO_DATA
        return Measure(stat.key, stat.title, stat.title, "", state)
    before = _before(stat.value, stat.change)
    return Measure(
        stat.key, stat.title, stat.title, "", stat.state, _number(stat, "now", stat.value, stat.text),
        before=_number(stat, "before", *before, stat.unit) if before else None,
        change=_changed(stat, stat.change), good=stat.change.good if stat.change else None,
        same=bool(stat.change and not stat.change.value), enough=before is not None and _enough(stat, before[0]),
    )  # fmt: skip


def past_of(stat: Stat) -> Iterator[Course]:
    """Its recent history, which the card draws as a small line."""
    known = [
        (date.fromisoformat(label), value)
        for label, value in zip(stat.spark_labels, stat.spark, strict=False)
        if value is not None and _ISO.match(label) and label not in stat.spark_partial
    ]
    points = tuple(
        replace(_number(stat, "point", value, number_text(value, stat.unit)), when=wording.date_text(day))
        for day, value in known
    )
    if points:
        gap = min((later[0] - earlier[0] for earlier, later in pairwise(known)), default=WEEK)
        grain = "day" if gap < WEEK else "week" if gap < 4 * WEEK else "month"
        yield Course(stat.key, stat.title, stat.title, "", grain, points, way_of(known), "past", stat.better)


def _number(stat: Stat, role: Role, value: float, text: str, unit: Unit | None = None) -> Number:
    return Number(stat.key, stat.title, stat.title, "", role, value, text, unit or stat.unit)


def _changed(stat: Stat, change: Change | None) -> Number | None:
    if change is None or not change.value:
        return None
    unit = Unit.RATIO if change.relative else Unit.POINTS if stat.unit is Unit.RATIO else stat.unit
    return _number(stat, "change", change.value, change.text, unit)


def _before(now: float, change: Change | None) -> tuple[float, str] | None:
    """The number that it is compared with, and how the card says it."""
    said = _VERSUS.match(change.versus) if change else None
    if not change or not said or change.value is None:
        return None
    value = now / (1 + change.value) if change.relative and change.value != -1 else now - change.value
    return value, said[1]


def _enough(stat: Stat, before: float) -> bool:
    """Whether both sides are made of enough; of a share, its smaller side, so that one weekend commit is no trend."""
    now = stat.value or 0.0
    if not stat.n and stat.explain is None:
        return True  # a report file's own number: nobody knows its rows
    if stat.unit is Unit.RATIO:
        return min(min(one, 1 - one) * stat.n for one in (now, before)) >= FEW
    if stat.unit in (Unit.COUNT, Unit.LINES):
        return min(now, before, stat.n) >= FEW
    return stat.n >= FEW
