"""Alerts that fired in the report's days: which, how often, for how long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field, field_validator

from core.datasources.datasource import Query
from core.figures import Axis, Column, Figure, Line, Series, SeriesStyle, Table
from core.views.view import View, ViewArgs

FIRING = 'ALERTS{alertstate="firing"}'
OWN = ("alertname", "alertstate", "__name__")
LENGTHS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
EDGE = 45
"""Pixels that the axis below a timeline takes."""


class AlertSummaryArgs(ViewArgs):
    datasource: str = Field("prometheus", description="Id of the Prometheus datasource.")
    resolution: str = Field("15m", description="Length of the windows that alerts are counted in: 5m, 1h.")
    hide_labels: list[str] = Field(["instance", "job"], description="Labels whose values are not printed.")
    labels: dict[str, str] = Field({}, description="Labels that an alert must have to be shown.")
    ignore_labels: dict[str, str] = Field({}, description="Labels that an alert must not have to be shown.")
    show_timeline: bool = Field(True, description="Draw when any alert was firing.")
    timeline_height: int = Field(15, ge=4, le=400, description="Height of the timeline in pixels.")

    @field_validator("resolution")
    @classmethod
    def _length(cls, given: str) -> str:
        if not re.fullmatch(r"(\d+[smhdw])+", given) or seconds(given) < 1:
            raise ValueError(f"'{given}' is no length of time. Write 5m, 15m or 1h.")
        return given

    @field_validator("labels", "ignore_labels", mode="before")
    @classmethod
    def _none(cls, given: Any) -> Any:
        return {name: str(value) for name, value in (given or {}).items()} if isinstance(given or {}, dict) else given


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as a reader tells it from others: its name and the labels that are shown."""

    name: str
    labels: tuple[tuple[str, str], ...]


class AlertSummary(View):
    """A timeline of when anything fired, and a row an alert, the longest first.

    Windows are the samples of a range query at `resolution`: a window in which an alert
    was firing counts whole, so a short alert is told longer than it was, never shorter.
    """

    key = "prometheus.alert_summary"
    label = "Alert summary"
    about = "Alerts that fired in Prometheus: which, how often and for how long."
    Args = AlertSummaryArgs

    def queries(self) -> Iterable[Query]:
        yield self._query()

    def draw(self) -> Sequence[Figure]:
        step = timedelta(seconds=seconds(self.args.resolution))
        fired = self._fired()
        table = _table(fired, step)
        if not self.args.show_timeline or not fired:
            return [table]
        return [self._timeline(sorted(set().union(*fired.values())), step), table]

    def _query(self) -> Query:
        return Query(self.args.datasource, FIRING, {"step": self.args.resolution})

    def _fired(self) -> dict[Alert, set[datetime]]:
        """The windows in which each alert was firing."""
        fired: dict[Alert, set[datetime]] = {}
        for sample in self.ask(self._query()).table.to_pylist():
            if sample["value"] and self._shown(sample):
                fired.setdefault(self._alert(sample), set()).add(sample["time"])
        return fired

    def _shown(self, labels: Mapping[str, Any]) -> bool:
        wanted = all(labels.get(name) == value for name, value in self.args.labels.items())
        return wanted and not any(labels.get(name) == value for name, value in self.args.ignore_labels.items())

    def _alert(self, sample: Mapping[str, Any]) -> Alert:
        hidden = {*OWN, "time", "value", *self.args.hide_labels}
        shown = sorted((name, str(value)) for name, value in sample.items() if name not in hidden and value is not None)
        return Alert(str(sample.get("alertname") or "alert"), tuple(shown))

    def _timeline(self, windows: Sequence[datetime], step: timedelta) -> Series:
        spans = _spans(windows, step)
        xs = [x for start, end in spans for x in (start, start, end, end)]
        ys: list[float | None] = [y for _ in spans for y in (0.0, 1.0, 1.0, 0.0)]
        total = _length(len(windows) * step)
        return Series(
            mark="area",
            x=Axis(kind="temporal"),
            lines=[Line(name="firing", x=list(xs), y=ys)],
            alt=f"Something was firing for {total} in {len(spans)} {_plural(len(spans), 'span')}.",
            note=f"Something was firing for {total}.",
            style=SeriesStyle(
                height=self.args.timeline_height + EDGE,
                value_axis=False,
                marker=False,
                opacity=1.0,
                colours=[self.theme.error_colors[0] if self.theme.error_colors else "#D55E00"],
                x_from=self.window.start,
                x_to=self.window.end,
            ),
        )


def _table(fired: Mapping[Alert, set[datetime]], step: timedelta) -> Table:
    rows = sorted(fired.items(), key=lambda one: (-len(one[1]), one[0].name, one[0].labels))
    return Table(
        cols=[
            Column(key="alert", label="Alert"),
            Column(key="labels", label="Labels"),
            Column(key="fired", label="Fired", kind="integer", help="How often it began to fire."),
            Column(
                key="windows", label="Windows", kind="integer", help=f"Windows of {_length(step)} it was firing in."
            ),
            Column(key="hours", label="For", kind="hours", help="Windows times their length."),
            Column(key="last", label="Last", kind="moment", help="Start of the last window."),
        ],
        rows=[_row(alert, sorted(windows), step) for alert, windows in rows],
        state_text="" if rows else "No alerts",
    )


def _row(alert: Alert, windows: Sequence[datetime], step: timedelta) -> list[Any]:
    labels = ", ".join(f"{name}={value}" for name, value in alert.labels)
    hours = len(windows) * step / timedelta(hours=1)
    return [alert.name, labels or None, len(_spans(windows, step)), len(windows), hours, windows[-1]]


def _spans(windows: Sequence[datetime], step: timedelta) -> list[tuple[datetime, datetime]]:
    """Windows that touch, joined: [start, end) of each."""
    spans: list[tuple[datetime, datetime]] = []
    for start in windows:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], start + step)
        else:
            spans.append((start, start + step))
    return spans


def seconds(length: str) -> int:
    """Prometheus' way to write a length of time, in seconds: "1h30m"."""
    return sum(int(number) * LENGTHS[unit] for number, unit in re.findall(r"(\d+)([smhdw])", length))


def _length(span: timedelta) -> str:
    """ "45 min", "2 h 15 min", "3 d 4 h"."""
    minutes = round(span.total_seconds() / 60)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if not minutes:
        return f"{span.total_seconds():.0f} s"
    parts = [f"{days} d"] * bool(days) + [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest and not days)
    return " ".join(parts)


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"
