"""When a report fails: the runbook, beside the reports that it is about."""

from pathlib import Path

import streamlit as st

from components import navigation, page, session
from core.context import Capability

ctx = session.require(Capability.VIEW_REPORTS)
runbook = Path(__file__).resolve().parents[2] / "docs" / "report-failures.md"

st.page_link(navigation.page("reports"), label="All reports", icon=":material/arrow_back:")
page.title(ctx, "When a report fails")
if runbook.is_file():
    st.markdown(runbook.read_text(encoding="utf-8").partition("\n")[2])
else:
    st.info("The runbook is docs/report-failures.md of Sightline's source; this installation came without it.")
