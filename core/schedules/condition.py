"""When a scheduled report is worth sending: always, in an unusual period, or where a metric is beyond a bound."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.base.errors import BadInput
from core.catalogue import METRICS
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.context import Context
from core.figures import Unit, number_text
from core.reports.references import metric_key

ANOMALY = "anomaly"
_SPELLED = re.compile(r"\s*(.+?)\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)\s*(%?)\s*", re.DOTALL)
WORDS = {">": "above", ">=": "at or above", "<": "below", "<=": "at or below"}


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be so for a report to go out. Written "anomaly", or "lead_time_hours > 48"."""

    metric: str = ""
    """Key of a metric; empty for an unusual week of any of the headline metrics."""
    operator: str = ""
    bound: float = 0.0

    @classmethod
    def read(cls, text: str) -> Condition | None:
        """The condition that is written; None for none; BadInput with how one is written."""
        if not text.strip():
            return None
        if text.strip().casefold() == ANOMALY:
            return cls()
        found = _SPELLED.fullmatch(text)
        if not found:
            raise BadInput(
                f"'{text.strip()}' is no condition. Write 'anomaly', or a metric with a bound: lead_time_hours > 48."
            )
        name, operator, number, percent = found.groups()
        return cls(metric_key(name), operator, float(number) / 100 if percent else float(number))

    def __str__(self) -> str:
        return f"{self.metric} {self.operator} {self.bound:g}" if self.metric else ANOMALY

    @property
    def sentence(self) -> str:
        """ "only if Lead time for changes is above 48.0 h"."""
        if not self.metric:
            return "only if a week was unusual"
        return f"only if {METRICS.get(self.metric).label} is {WORDS[self.operator]} {self._said(self.bound)}"

    def failing(self, ctx: Context, scope: Scope) -> str:
        """Why a report about this scope is not to be sent, as a sentence; empty if it is."""
        return self._unmeasured_or_within(ctx, scope) if self.metric else _usual(ctx, scope)

    def _unmeasured_or_within(self, ctx: Context, scope: Scope) -> str:
        label, value = METRICS.get(self.metric).label, catalogue.measure(ctx, [self.metric], scope).get(self.metric)
        if value.value is None or not value.state.is_known:
            return f"Not sent: {label} cannot be told of this period. {value.state_text}".strip()
        now = float(value.value)
        if self._holds(now):
            return ""
        return f"Not sent: {label} is {self._said(now)}, not {WORDS[self.operator]} {self._said(self.bound)}."

    def _holds(self, value: float) -> bool:
        match self.operator:
            case ">":
                return value > self.bound
            case ">=":
                return value >= self.bound
            case "<":
                return value < self.bound
        return value <= self.bound

    def _said(self, value: float) -> str:
        return number_text(value, METRICS.get(self.metric).unit)

    @property
    def is_share(self) -> bool:
        """Whether people write its bound in percent."""
        return bool(self.metric) and METRICS.get(self.metric).unit is Unit.RATIO


def _usual(ctx: Context, scope: Scope) -> str:
    from core.widgets.unusual import UnusualParams, search

    found = search(ctx, scope, UnusualParams()).found
    return "" if found else "Not sent: no week of the period was outside of what is usual for it."
