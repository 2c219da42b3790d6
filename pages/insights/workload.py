"""Workload: how work is spread over the people of a team, and how fair that is."""

from dataclasses import replace

import streamlit as st

from components import board, choices, focus, page, scope, session
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Workload")
team_ids = (focus.team(ctx) or "",) if choices.teams(ctx) else ()
chosen = scope.bar(ctx, teams=False, compare=False)

if not ctx.sees_scope(team_ids=team_ids):
    st.info("This workspace does not show you the people of whose work this page is made.")
    st.stop()
board.show(ctx, "workload", replace(chosen, team_ids=team_ids, person_ids=()))
