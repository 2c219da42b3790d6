"""A person's or team's metric as it was kept, period by period, with Explain for each."""

from __future__ import annotations

import streamlit as st

from components import choices, draw, explain, nothing
from components.forms.snapshot_list import KINDS
from core.base.period import between
from core.catalogue import METRICS
from core.context import Context
from core.figures import Axis, Explain, Line, Series, State, number_text
from core.snapshots import service
from core.snapshots.periods import metric_keys
from core.snapshots.service import Point

SHOWN = 200


def show(ctx: Context) -> None:
    """Choose whose, which and how long; the course, and every period with its state."""
    chosen = _choose(ctx)
    if chosen is None:
        return
    kind, subject, metric, length = chosen
    points = service.history(ctx, kind, subject, length, metric)
    if not points:
        st.info(
            "Nothing is kept of them yet. The worker makes snapshots by itself once something was collected.",
            icon=":material/hourglass:",
        )
        return
    draw.figure(ctx, _course(metric, points), f"history-{subject}-{metric}")
    _table(ctx, kind, subject, metric, points)


def _choose(ctx: Context) -> tuple[str, str, str, str] | None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = "team" if choices.teams(ctx) else "person"
        kind = st.segmented_control(
            "Of", ["team", "person"], default=first, format_func=str.capitalize, required=True, key="history_of"
        )
        everybody = choices.teams(ctx) if kind == "team" else choices.people(ctx)
        known = {one: name for one, name in everybody.items() if kind == "team" or ctx.sees_person(one)}
        subject = st.selectbox(
            "Which", list(known), format_func=known.__getitem__, key=f"history_{kind}", width=280,
            placeholder="Nobody to choose", index=0 if known else None,
        )  # fmt: skip
        keys = list(metric_keys())
        metric = st.selectbox(
            "Metric", keys, format_func=lambda one: METRICS.get(one).label, key="history_metric", width=280
        )
        length = st.selectbox(
            "By", list(KINDS), index=1, format_func=KINDS.__getitem__, key="history_length", width=140
        )
    if not subject:
        _nobody(ctx, kind, everybody)
        return None
    return kind, subject, metric, length


def _nobody(ctx: Context, kind: str, everybody: dict[str, str]) -> None:
    icon = ":material/person_off:"
    if everybody:
        st.info("There is nobody whose history is yours to see.", icon=icon)
    elif kind == "team":
        said = "There are no teams yet. Make the first one on the page People, or choose a person."
        nothing.show(ctx, said, "people", icon)
    else:
        nothing.show(ctx, "Nobody is known yet: people appear when a repository has been read.", "sources", icon)


def _course(metric: str, points: list[Point]) -> Series:
    one = METRICS.get(metric)
    drawn = points[-SHOWN:]
    measured = [point for point in drawn if point.value is not None]
    return Series(
        title=one.label,
        description=one.about,
        note="" if len(drawn) == len(points) else f"The newest {SHOWN} of {len(points)} periods.",
        x=Axis(kind="temporal"),
        y=Axis(label=one.label, unit=one.unit),
        lines=[Line(name=one.label, x=[point.first for point in drawn], y=[point.value for point in drawn])],
        better=one.better,
        state=State.MEASURED if measured else drawn[-1].state,
        state_text="" if measured else "No period that is kept has a value of this metric.",
        alt=f"{one.label} in {len(measured)} of {len(drawn)} kept periods.",
    )


def _table(ctx: Context, kind: str, subject: str, metric: str, points: list[Point]) -> None:
    unit, newest = METRICS.get(metric).unit, list(reversed(points))
    day = st.column_config.DateColumn(format="D MMM YYYY")
    event = st.dataframe(
        [
            {"First day": one.first, "Last day": one.last, "Value": number_text(one.value, unit),
             "Rows behind it": one.n, "State": one.state.value.replace("_", " "), "Period": one.status}
            for one in newest
        ],
        hide_index=True, height=360, on_select="rerun", selection_mode="single-row", key="history_table",
        column_config={"First day": day, "Last day": day, "Value": st.column_config.TextColumn(alignment="right")},
    )  # fmt: skip
    rows = event.selection.rows
    if not rows or rows[0] >= len(newest):
        st.caption("Choose a row to have its number explained.")
        return
    point, zone = newest[rows[0]], ctx.workspace.time_zone
    period = between(point.first, point.last, zone)
    about = Explain(
        metric=metric, period_start=period.start, period_end=period.end, time_zone=zone,
        person_ids=[subject] if kind == "person" else [], team_ids=[subject] if kind == "team" else [],
    )  # fmt: skip
    explain.button(ctx, about, f"history-{point.first}")
