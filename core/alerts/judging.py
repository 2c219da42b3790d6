"""Whether a value is worth telling: arithmetic on a metric's own course, with the sentence that says why.

What has no value never fires. An outlier must be both far enough from the usual value to matter (the
threshold) and outside of what its own past makes likely (the robust z): a thin past flags nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.base.counted import counted
from core.base.period import PeriodType
from core.catalogue import METRICS
from core.catalogue.usual import robust_z
from core.figures import State, number_text

CONDITIONS = {
    "above": "Above a value",
    "below": "Below a value",
    "change": "Change against the period before",
    "outlier": "Outside of what is usual for it",
}
DIRECTIONS = {"both": "Up or down", "up": "Up", "down": "Down"}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule asks."""

    metric: str
    condition: str
    threshold: float
    direction: str = "both"
    least_z: float = 3.5
    least_history: int = 8
    least_rows: int = 1
    period_type: PeriodType = PeriodType.WEEKLY


@dataclass(frozen=True, slots=True)
class Point:
    """A metric in one finished period."""

    first: date
    end: date
    """First day after it."""
    value: float | None
    rows: int
    state: State
    text: str = ""
    """Why there is no value, or an old one."""

    @property
    def shown(self) -> float | None:
        """What a chart draws: a gap where nothing was measured."""
        return self.value if self.state.is_known else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a period."""

    fires: bool
    sentence: str
    state: str
    """fired, quiet, thin (too little to tell), or the state of a value that is not there."""
    compared: float | None = None
    score: float | None = None


def judge(terms: Terms, point: Point, past: Sequence[Point]) -> Verdict:
    """Judge a period by those before it, oldest first."""
    if point.state is not State.MEASURED or point.value is None:
        return Verdict(False, point.text or "There is no value for this period.", point.state.value)
    if point.rows < terms.least_rows:
        told = f"Only {_rows(point.rows)} behind it, and the rule asks for {terms.least_rows:,}."
        return Verdict(False, told, "thin")
    match terms.condition:
        case "above" | "below":
            return _limit(terms, point.value)
        case "change":
            return _change(terms, point.value, past)
    return _outlier(terms, point.value, past)


def _limit(terms: Terms, value: float) -> Verdict:
    over = terms.condition == "above"
    fires = value > terms.threshold if over else value < terms.threshold
    word = terms.condition if fires else f"not {terms.condition}"
    told = f"{_name(terms)}: {_text(terms, value)}, {word} {_text(terms, terms.threshold)}."
    return _said(fires, told, terms.threshold)


def _change(terms: Terms, value: float, past: Sequence[Point]) -> Verdict:
    back = 7 if terms.period_type is PeriodType.DAILY else 1
    before = past[-back] if len(past) >= back else None
    if before is None or before.state is not State.MEASURED or before.value is None:
        return Verdict(False, "There is no value to compare with in the period before.", "thin")
    if before.rows < terms.least_rows:
        return Verdict(False, f"Only {_rows(before.rows)} behind the period before.", "thin", before.value)
    if before.value == 0:
        return Verdict(False, "The period before was zero, of which nothing is a percentage.", "thin", 0.0)
    size = (value - before.value) / abs(before.value)
    fires = abs(size) > terms.threshold and _points(terms, size)
    told = (
        f"{_name(terms)}: {_text(terms, value)}, {_moved(size)} than {_text(terms, before.value)}"
        f" in {_earlier(terms.period_type)}."
    )
    return _said(fires, told, before.value)


def _outlier(terms: Terms, value: float, past: Sequence[Point]) -> Verdict:
    known = [one.value for one in _alike(terms, past) if one.state is State.MEASURED and one.value is not None]
    if len(known) < terms.least_history:
        told = f"Only {len(known)} earlier periods have a value; it takes {terms.least_history} to know what is usual."
        return Verdict(False, told, "thin")
    usual, score = robust_z(value, known)
    if score is None:
        return Verdict(
            False, "It was the same in every earlier period, so nothing tells how far is far.", "thin", usual
        )
    size = (value - usual) / abs(usual) if usual else None
    far = size is None or abs(size) > terms.threshold
    fires = far and abs(score) >= terms.least_z and _points(terms, score)
    moved = f"{_moved(size)} than" if size is not None else "against"
    told = (
        f"{_name(terms)}: {_text(terms, value)}, {moved} the usual {_text(terms, usual)}"
        f" (median of {len(known)} earlier {_plural(terms)}, robust z {_signed(score)})."
    )
    return _said(fires, told, usual, score)


def _alike(terms: Terms, past: Sequence[Point]) -> Sequence[Point]:
    """Days are held against the same weekday: a Sunday is no Monday."""
    return past[-7::-7] if terms.period_type is PeriodType.DAILY else past


def _points(terms: Terms, size: float) -> bool:
    return terms.direction == "both" or (size > 0) == (terms.direction == "up")


def _said(fires: bool, told: str, compared: float, score: float | None = None) -> Verdict:
    return Verdict(fires, told, "fired" if fires else "quiet", compared, score)


def _name(terms: Terms) -> str:
    return METRICS.get(terms.metric).label


def _text(terms: Terms, value: float) -> str:
    return number_text(value, METRICS.get(terms.metric).unit)


def _moved(size: float) -> str:
    return f"{abs(size) * 100:,.0f} % {'more' if size > 0 else 'less'}"


def _signed(score: float) -> str:
    return f"{'+' if score > 0 else '−'}{abs(score):,.1f}"


_EARLIER = {
    PeriodType.DAILY: "the same weekday a week before",
    PeriodType.WEEKLY: "the week before",
    PeriodType.BIWEEKLY: "the two weeks before",
    PeriodType.MONTHLY: "the month before",
}

_PLURALS = {
    PeriodType.DAILY: "days of this weekday",
    PeriodType.WEEKLY: "weeks",
    PeriodType.BIWEEKLY: "fortnights",
    PeriodType.MONTHLY: "months",
}


def _earlier(kind: PeriodType) -> str:
    return _EARLIER[kind]


def _plural(terms: Terms) -> str:
    return _PLURALS[terms.period_type]


def _rows(rows: int) -> str:
    return counted(rows, "row", ("stands", "stand"))
