"""Unusual weeks: which metrics left what is usual for them, how far, and what moved most; and their past, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from core.catalogue import METRICS
from core.catalogue.scope import Scope
from core.context import Context
from core.documents.wording import date_text
from core.figures import (
    Axis,
    Better,
    Cell,
    Column,
    Line,
    PointMark,
    Quantity,
    Series,
    SeriesStyle,
    State,
    Table,
    Unit,
    number_text,
)
from core.widgets.families.breakdown import NOUNS
from core.widgets.finish import mixed, provenance, quantity
from core.widgets.unusual import Search, Segment, Unusual, UnusualParams, questions, search
from core.widgets.widget import Widget


class HistoryParams(UnusualParams):
    rank: int = Field(1, ge=1, le=20, description="Which of the unusual weeks is drawn: 1 is the most unusual.")


NOTHING = "No week of this period is outside of what is usual for it."
NOTHING_DRAWN = "There is no unusual week to draw."
COLUMNS = [
    Column(key="metric", label="Metric"),
    Column(key="week", label="Week of", kind="date"),
    *mixed(("value", "Value"), ("usual", "Usual"), ("difference", "Difference")),
    Column(key="score", label="Robust z", kind="decimal", help="Distance from the median of earlier weeks, by spread."),
    Column(key="most", label="Moved most"),
    Column(key="verdict", label="Verdict"),
]


def build(ctx: Context, scope: Scope, params: UnusualParams) -> Table:
    made = search(ctx, scope, params)
    return Table(
        title=params.title or "Unusual weeks",
        description="The most unusual week of each metric, by its own past.",
        note=_note(made, params),
        cols=COLUMNS,
        rows=[_row(one) for one in made.found],
        state=State.MEASURED if made.found else State.NO_DATA,
        state_text="" if made.found else NOTHING,
        provenance=provenance(WIDGET.key, *made.answers),
    )


def history(ctx: Context, scope: Scope, params: HistoryParams) -> Series:
    """One of those metrics over half a year, beside what is usual for it; the unusual week says its value."""
    made = search(ctx, scope, params)
    if len(made.found) < params.rank:
        return Series(
            title=params.title or HISTORY_WIDGET.title, state=State.NO_DATA,
            state_text=NOTHING_DRAWN if params.rank == 1 else "There are not so many unusual weeks in this period.",
            provenance=provenance(HISTORY_WIDGET.key, *made.answers),
        )  # fmt: skip
    one = made.found[params.rank - 1]
    metric, starts = METRICS.get(one.key), list(made.buckets.starts)
    usual = number_text(one.usual, metric.unit)
    return Series(
        title=params.title or f"{metric.label}, unusual in the week of {date_text(one.week)}",
        description=metric.about,
        note="Dashed: the median of the weeks before it. The band is as far from it as chance would take a week.",
        x=Axis(kind="temporal", label="Week"),
        y=Axis(label=metric.label, unit=metric.unit),
        lines=[Line(name=metric.label, x=list(starts), y=list(one.course)), _usual(one, starts, params)],
        better=metric.better,
        style=SeriesStyle(marks=[PointMark(x=one.week, y=float(one.value.value or 0), text=_text(one))]),
        alt=f"{metric.label}: {_text(one)} in the week of {date_text(one.week)}, usually {usual}.",
        provenance=provenance(HISTORY_WIDGET.key, *made.answers),
    )


def _usual(one: Unusual, starts: Sequence[date], params: UnusualParams) -> Line:
    """The usual value, with the band outside of which a week is called unusual."""
    spread = (float(one.value.value or 0) - one.usual) / one.score * params.least_z
    floor = 0.0 if all(value is None or value >= 0 for value in one.course) else one.usual - spread
    low, high = max(floor, one.usual - spread), one.usual + spread
    count = len(starts)
    return Line(
        name="Usual", x=list(starts), y=[one.usual] * count, low=[low] * count, high=[high] * count, dashed=True
    )


def _row(one: Unusual) -> list[Cell]:
    metric = METRICS.get(one.key)
    usual = Quantity(
        value=one.usual, text=number_text(one.usual, metric.unit, beside=one.value.value), unit=metric.unit
    )
    return [
        metric.label, one.week, quantity(one.value), usual, _difference(one), round(one.score, 1),
        "; ".join(_said(segment, metric.unit) for segment in one.segments) or None, _verdict(one, metric.better),
    ]  # fmt: skip


def _difference(one: Unusual) -> Quantity | None:
    if one.size is None:
        return None
    text = f"{'+' if one.size > 0 else '−'}{abs(one.size) * 100:,.0f} %"
    return Quantity(value=one.size, text=text, unit=Unit.RATIO, signed=True)


def _said(segment: Segment, unit: Unit) -> str:
    """ "Team Atlas with 40, usually 10"."""
    now = "nothing" if segment.value is None else number_text(segment.value, unit)
    usual = number_text(segment.usual, unit, beside=segment.value)
    return f"{NOUNS[segment.by]} {segment.name} with {now}, usually {usual}"


def _verdict(one: Unusual, better: Better) -> str:
    if better is Better.NEITHER:
        return "Neutral"
    return "Better" if (one.score > 0) == (better is Better.HIGHER) else "Worse"


def _note(made: Search, params: UnusualParams) -> str:
    far = f"{params.threshold * 100:,.0f} %"
    told = f"Unusual: over {far} from the median of the weeks before, and a robust z of {params.least_z:g} or more."
    thin = ", ".join(METRICS.get(key).label for key in made.thin)
    return f"{told} Too short a past to tell: {thin}." if thin else told


def _text(one: Unusual) -> str:
    return number_text(one.value.value, METRICS.get(one.key).unit)


WIDGET = Widget(
    key="anomalies",
    title="Unusual weeks",
    about="Metrics that left what their own past makes likely, with the team and repository that moved them most.",
    shape="table",
    params=UnusualParams,
    build=build,
    metrics=lambda params: params.metrics,
    questions=questions,
)
HISTORY_WIDGET = Widget(
    key="anomalies.history",
    title="An unusual week, drawn",
    about="A metric that left what its own past makes likely, over half a year beside what is usual for it.",
    shape="series",
    params=HistoryParams,
    build=history,
    metrics=lambda params: params.metrics,
    questions=questions,
)
