"""Alerts: rules over metrics, what they found, and whom they told."""

import streamlit as st

from components import guard, page, session
from components.forms import alert_edit, alert_findings, alert_list
from core.alerts import service
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)

page.title(ctx, "Alerts", "Rules watch a metric, period by period, and tell what leaves its bounds.")
with guard.errors():
    alert_edit.note()
    alert_list.head(ctx)
    found, rules = st.tabs(["Findings", "Rules"], key="alerts_tab", on_change="rerun")
    if found.open:
        with found:
            alert_findings.show(ctx, st.query_params.get("finding", ""))
    if rules.open:
        with rules:
            alert_list.cards(ctx, service.rules(ctx))
