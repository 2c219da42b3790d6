"""Developer: one person's five categories, beside their own past and their team."""

from dataclasses import replace

import streamlit as st

from components import board, choices, focus, page, scope, session
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Developer")
person_id = focus.person(ctx)
chosen = scope.bar(ctx, teams=False)

if person_id is None:
    if choices.people(ctx):
        st.info("Choose a person above to see their numbers.", icon=":material/person:")
    st.stop()
board.show(ctx, "developer", replace(chosen, person_ids=(person_id,), team_ids=()))
