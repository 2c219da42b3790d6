"""The figures' side: which number, change, course or place bears a claim out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose

from core.narration import Ground
from core.narrative.facts import Course, Facts, Measure, Number, Role
from core.narrative.grounding.tokens import Token, parsed
from core.units import Unit

SIGNS = {"up": 1, "faster": -1, "down": -1, "slower": 1}
TIMED = (Unit.HOURS, Unit.DAYS)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Facts, asked by metric and subject."""

    facts: Facts

    def number(self, token: Token, role: Role, when: str, metric: str, name: str) -> Ground | None:
        """The figure's number that is this one as it is shown: digits, unit and sign."""
        for one in self.facts.numbers():
            here = one.metric == metric and one.subject == name and one.role == role and (not when or one.when == when)
            if here and _same(token, one):
                return one.ground
        return None

    def moved(self, way: str, metric: str, name: str) -> Ground | None:
        """A change that went this way."""
        for one in self._measures(metric, name):
            if _went(one, way):
                told = one.change or one.now
                return told.ground if told else None
        return None

    def course(self, sign: int, metric: str, name: str) -> Ground | None:
        """A course that goes this way as a whole; where the past goes another way than the period, the period's."""
        going = [one for one in self._courses(metric, name) if one.trend]
        going = [one for one in going if one.span == "period"] or going
        return next((one.points[-1].ground for one in going if one.trend == sign), None)

    def going(self, way: str, metric: str, name: str) -> Ground | None:
        """A course that goes the better way, or the worse."""
        going = (one for one in self._courses(metric, name) if one.good is (way == "better"))
        return next((ground for one in going if (ground := self.course(one.trend or 0, metric, name))), None)

    def trendless(self, metric: str, *, few: bool) -> Ground | None:
        """A course of which no direction can be told: of too few points, or of enough."""
        wanted = None if few else 0
        return next((one.points[-1].ground for one in self._courses(metric, "") if one.trend == wanted), None)

    def extreme(self, way: str, metric: str, name: str) -> Ground | None:
        """The end of an order at which this name stands."""
        for ranking in self.facts.rankings:
            if ranking.metric == metric and len(ranking.entries) > 1:
                end = (max if way == "highest" else min)(one.value for one in ranking.entries)
                at = [one for one in ranking.entries if one.value == end]
                if len(at) == 1 and at[0].subject == name:
                    return at[0].ground
        return None

    def ahead(self, way: str, metric: str, name: str, rival: str) -> Ground | None:
        """The number of a name that is more, or less, than another's."""
        for ranking in self.facts.rankings:
            values = {one.subject: one for one in ranking.entries if ranking.metric == metric}
            if name in values and rival in values:
                apart = values[name].value - values[rival].value
                if apart * SIGNS.get(way, 0) > 0:
                    return values[name].ground
        return None

    def lacking(self, states: tuple[str, ...], metric: str) -> Ground | None:
        """That there is no number, for one of these reasons."""
        lacks = (one for one in self._measures(metric, "") if one.state.value in states)
        return next((one.missing for one in lacks), None)

    def dates(self) -> set[str]:
        """Every day that a figure shows."""
        days = {point.when for course in self.facts.courses for point in course.points}
        labels = (self.facts.period, self.facts.comparison)
        return days | {part for label in labels for part in label.split(" – ") if part}

    def _measures(self, metric: str, name: str) -> Iterator[Measure]:
        return (one for one in self.facts.measures if one.metric == metric and one.subject == name)

    def _courses(self, metric: str, name: str) -> Iterator[Course]:
        """Those that tell how it goes: one that is drawn to show a week of it does not."""
        told = (one for one in self.facts.courses if one.span != "example")
        return (one for one in told if one.metric == metric and one.subject == name)


def _same(token: Token, number: Number) -> bool:
    amount, unit = parsed(number.text)
    if token.unit != unit or not isclose(token.amount, amount, rel_tol=1e-12):
        return False
    sign = "−" if number.value < 0 else "+" if number.role == "change" else ""
    said = token.sign.replace("-", "−")
    return said in ("", sign) if number.role == "change" else said == sign


def _went(one: Measure, way: str) -> bool:
    if way == "flat":
        return one.same
    if way in ("better", "worse"):
        return one.good is (way == "better")
    if one.change is None or (way in ("faster", "slower") and not _timed(one)):
        return False
    return one.change.value * SIGNS[way] > 0


def _timed(one: Measure) -> bool:
    return bool(one.now and one.now.unit in TIMED)
