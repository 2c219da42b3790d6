"""How the periods of snapshots stand, the generations that made them, and making them now."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from components import guard, nothing
from components.draw.words import sentence
from core.base.period import PeriodType, zone_of
from core.context import Capability, Context
from core.snapshots import service

_NOTE = "_snapshot_note"
KINDS = {kind.value: kind.value.capitalize() for kind in PeriodType}
CAUSES = {"sync": "a sync", "import": "an import", "merge": "a merge of people", "team": "a change of teams",
          "schedule": "working time", "people": "a change of people", "bot": "a bot that was marked"}  # fmt: skip


def note() -> None:
    """What the last action did, once."""
    if said := st.session_state.pop(_NOTE, ""):
        st.toast(said, icon=":material/check:")


def generate(ctx: Context) -> None:
    """Make them now, for those who may."""
    if not ctx.may(Capability.MANAGE_SOURCES):
        st.caption("The worker makes what is missing or old by itself. Managers and admins can ask for it here.")
        return
    with st.popover("Generate now…", icon=":material/photo_camera:"):
        kinds = st.pills(
            "Lengths", list(KINDS), selection_mode="multi", default=list(KINDS), format_func=KINDS.__getitem__,
            key="snapshot_kinds",
        )  # fmt: skip
        again = st.toggle("Again, from a day on", key="snapshot_again", help="Else only what is missing, due or old.")
        first: date | None = st.date_input("From", ctx.clock().date(), key="snapshot_from") if again else None
        if st.button("Generate", type="primary", key="snapshot_generate", disabled=not kinds):
            with guard.errors():
                service.request(ctx, list(kinds), first)
                st.session_state[_NOTE] = "A worker makes them now: see Generations."
                st.rerun()


def periods(ctx: Context) -> None:
    """One line a period, the newest first."""
    kind = st.segmented_control(
        "Length", list(KINDS), default="weekly", format_func=KINDS.__getitem__, required=True, key="snapshot_kind"
    )
    found = service.status(ctx, [kind])
    if not found:
        said = "Nothing is kept yet: snapshots begin with the first commit that is read."
        nothing.show(ctx, said, "sources", ":material/hourglass:")
        return
    day, moment = _configs(ctx)
    st.dataframe(
        [
            {"First day": one.first, "Last day": one.last, "State": one.status, "Rows": one.rows,
             "Made": one.generated_at, "Times": one.generations, "Old because of": CAUSES.get(one.cause, one.cause)}
            for one in found
        ],
        hide_index=True, height=460, placeholder="",
        column_config={"First day": day, "Last day": day, "Made": moment},
    )  # fmt: skip


def runs(ctx: Context) -> None:
    """The generations, the newest first."""
    found = service.runs(ctx)
    if not found:
        said = "None was made yet: the worker makes them once a repository has been read."
        nothing.show(ctx, said, "sources", ":material/hourglass:")
        return
    for run in found:
        if run.error:
            st.error(sentence(run.error), icon=":material/error:")
            break
    _, moment = _configs(ctx)
    st.dataframe(
        [
            {"Began": run.started_at or run.created_at, "State": run.status, "By": run.triggered_by,
             "Lengths": ", ".join(run.kinds), "Periods": run.periods, "Rows": run.rows, "Seconds": run.duration_seconds}
            for run in found
        ],
        hide_index=True, placeholder="",
        column_config={"Began": moment, "Seconds": st.column_config.NumberColumn(format="%.1f")},
    )  # fmt: skip


def _configs(ctx: Context) -> tuple[Any, Any]:
    zone = zone_of(ctx.workspace.time_zone).key
    columns = st.column_config
    return columns.DateColumn(format="D MMM YYYY"), columns.DatetimeColumn(format="D MMM YYYY, HH:mm", timezone=zone)
