"""Productivity: commits, pull requests and reviews over time, with a moving average, or team by team."""

import streamlit as st

from components import board, focus, page, scope, session
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Productivity", "How much was done, and how that changes. It says nothing of how much it was worth.")
with st.container(horizontal=True, key="productivity_choices"):
    grains = {"auto": "Automatic", "day": "Days", "week": "Weeks", "month": "Months"}
    grain = focus.choice("grain", "Steps", grains)
    by = focus.choice("by", "Lines", {"all": "Together, with a mean", "team": "Team by team"})
chosen = scope.bar(ctx, people=by == "all")

board.show(ctx, "productivity", chosen, grain=grain, by="team" if by == "team" else "")
