"""The report builder: choose what a report is about, and see what it will contain."""

import streamlit as st

from components import guard, navigation, page, session
from components.forms import report_form
from core.context import Capability
from core.reports import service

ctx = session.require(Capability.EDIT_REPORTS)
report_id = st.query_params.get("report", "")

st.page_link(navigation.page("reports"), label="All reports", icon=":material/arrow_back:")
with guard.errors():
    report = service.get(ctx, report_id) if report_id else None
    page.title(ctx, "Edit report" if report else "New report")
    report_form.draw(ctx, report)
