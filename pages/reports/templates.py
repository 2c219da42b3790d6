"""Templates: good reports to begin with, Sightline's own and the workspace's."""

import streamlit as st

from components import guard, navigation, page, session
from components.forms import report_actions, report_spoken, report_templates
from core.context import Capability

ctx = session.require(Capability.VIEW_REPORTS)

st.page_link(navigation.page("reports"), label="All reports", icon=":material/arrow_back:")
page.title(ctx, "Templates", "A good report to begin with. What you make of it is yours to change.")
with guard.errors():
    report_actions.note(ctx)
    report_spoken.ask(ctx)
    report_templates.gallery(ctx)
