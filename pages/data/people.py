"""People: who is whom, who is a bot, who is in which team since when, who works when."""

import streamlit as st

from components import guard, page, session
from components.forms import people_bots, people_list, people_suggestions, people_teams, people_time
from components.forms.people_done import said
from core.context import Capability

ctx = session.require(Capability.MANAGE_PEOPLE)

page.title(ctx, "People", "Who is whom, who is a bot, and who is in which team since when.")
said()
parts = {
    "Everybody": people_list.draw,
    "May be one person": people_suggestions.draw,
    "Bots": people_bots.draw,
    "Teams": people_teams.draw,
    "Working time": people_time.draw,
}
tabs = st.tabs(list(parts), key="people_part", on_change="rerun")
for tab, draw in zip(tabs, parts.values(), strict=True):
    if tab.open:
        with tab, guard.errors():
            draw(ctx)
