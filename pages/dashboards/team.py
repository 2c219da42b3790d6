"""Team: a team's numbers, its people, and how it changed."""

from dataclasses import replace

import streamlit as st

from components import board, focus, page, scope, session
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Team")
team_id = focus.team(ctx)
chosen = scope.bar(ctx, teams=False)

if team_id is None:
    st.stop()
board.show(ctx, "team", replace(chosen, team_ids=(team_id,), person_ids=()))
