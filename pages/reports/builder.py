"""The report builder: a report is made on one page, with its real result beside the form."""

import streamlit as st

from components import guard, navigation, page, session
from components.builder import desk
from components.forms import report_actions
from core.context import Capability

ctx = session.require(Capability.EDIT_REPORTS)
report_id = st.query_params.get("report", "")

st.page_link(navigation.page("reports"), label="All reports", icon=":material/arrow_back:")
page.title(ctx, "Edit report" if report_id else "New report")
with guard.errors():
    report_actions.note(ctx)
    desk.draw(ctx, report_id)
