"""Insight settings: who sees whose numbers, snapshots, leaderboards, and what needs attention."""

import streamlit as st

from components import guard, page, session
from components.forms import insight_settings
from core.context import Capability

ctx = session.require(Capability.MANAGE_WORKSPACE)

page.title(ctx, "Insight settings")
with guard.errors():
    insight_settings.note()
    privacy, kept, looks = st.tabs(
        ["Privacy and team leads", "Snapshots, leaderboards, attention", "Who looked at whom"],
        key="insight_settings_tab", on_change="rerun",
    )  # fmt: skip
    if privacy.open:
        with privacy:
            insight_settings.privacy(ctx)
    if kept.open:
        with kept:
            insight_settings.decisions(ctx)
    if looks.open:
        with looks:
            insight_settings.looked(ctx)
