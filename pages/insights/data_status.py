"""Data status: how late each source is, how complete the data are, and how fresh snapshots are."""

import streamlit as st

from components import draw, guard, nothing, page, scope, session
from core.boards import service as boards
from core.catalogue import service as catalogue
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Data status", "Whether a number is up to date is told here, source by source.")
chosen = scope.bar(ctx, teams=False, compare=False)

with guard.errors():
    if st.button("Look again", icon=":material/refresh:", type="tertiary"):
        st.rerun()
    if not catalogue.feeds(ctx):
        nothing.way(ctx, "sources")
    draw.figures(ctx, boards.build(ctx, boards.standard(ctx, "data-status"), chosen))
