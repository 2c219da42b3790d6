"""One report: its newest result, its configuration, its history, and what can be done with it."""

import streamlit as st

from components import guard, navigation, page, session
from components.draw.words import plain
from components.forms import report_actions, report_detail, report_quota, report_sharing, report_versions
from core.context import Capability
from core.reports import service

ctx = session.require(Capability.VIEW_REPORTS)
TABS = ("Result", "Configuration", "History", "Versions", "Sharing")
report_id = st.query_params.get("report", "")
st.page_link(navigation.page("reports"), label="All reports", icon=":material/arrow_back:")

if not report_id:
    page.title(ctx, "Report")
    st.info("Choose a report under **All reports** to see its result here.", icon=":material/description:")
    st.stop()

with guard.errors():
    report = service.get(ctx, report_id)
    page.title(ctx, plain(report.name), plain(report.description))
    report_actions.note(ctx)
    report_actions.paused(ctx, report)
    report_actions.row(ctx, report, opens=False)
    report_quota.line(ctx)
    runs = service.runs(ctx, report.id)
    report_detail.under_way(ctx, runs)
    report_detail.failure(runs)

    result, configuration, history, versions, sharing = st.tabs(TABS, key="tab", bind="query-params", on_change="rerun")
    if result.open:
        with result:
            report_detail.result(ctx, report, runs)
    if configuration.open:
        with configuration:
            report_detail.configuration(ctx, report)
    if history.open:
        with history:
            report_detail.history(ctx, runs)
    if versions.open:
        with versions:
            report_versions.draw(ctx, report)
    if sharing.open:
        with sharing:
            report_sharing.draw(ctx, report)
