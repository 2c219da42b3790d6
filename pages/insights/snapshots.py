"""Snapshots: what is kept of every person and team, made now, and read back period by period."""

import streamlit as st

from components import guard, page, session
from components.forms import snapshot_history, snapshot_list
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)

page.title(ctx, "Snapshots", "Every person's and team's metrics by day, week, two weeks and month, kept.")
with guard.errors():
    snapshot_list.note()
    history, periods, runs = st.tabs(["History", "Periods", "Generations"], key="snapshots_tab", on_change="rerun")
    if history.open:
        with history:
            snapshot_history.show(ctx)
    if periods.open:
        with periods:
            snapshot_list.generate(ctx)
            snapshot_list.periods(ctx)
    if runs.open:
        with runs:
            snapshot_list.runs(ctx)
