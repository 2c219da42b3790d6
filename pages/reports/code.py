"""A report as a file: written or uploaded in YAML, checked as it is written, shown, saved."""

import streamlit as st

from components import guard, navigation, page, session
from components.forms import report_code
from core.context import Capability

ctx = session.require(Capability.EDIT_REPORTS)
report_id = st.query_params.get("report", "")

st.page_link(navigation.page("reports"), label="All reports", icon=":material/arrow_back:")
page.title(ctx, "Report as a file", "Written in YAML, so that it can live beside the code it reports on.")
with guard.errors():
    report_code.draw(ctx, report_id)
