"""Schedules: reports that go out by e-mail by themselves, when, to whom, and whether they arrived."""

import streamlit as st

from components import guard, page, session
from components.forms import schedule_calendar, schedule_edit, schedule_list, schedule_log
from core.context import Capability
from core.schedules import service

ctx = session.require(Capability.VIEW_REPORTS)
report_id = st.query_params.get("report", "")

page.title(ctx, "Schedules", "Reports that go out by themselves, by e-mail and to Slack.")
with guard.errors():
    schedule_edit.note()
    schedule_list.mail_server(ctx)
    schedule_list.head(ctx, report_id)
    if schedule_calendar.switch() == "calendar":
        schedule_calendar.draw(ctx)
    else:
        schedule_list.cards(ctx, service.schedules(ctx, report_id))
        schedule_log.table(ctx)
