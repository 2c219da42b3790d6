"""Leaderboards: people in the order of one metric, where the workspace wants that at all."""

import streamlit as st

from components import board, focus, nothing, page, scope, session
from core.access import insights
from core.catalogue import METRICS
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Leaderboards")

if not insights.settings(ctx).leaderboards:
    said = (
        "Leaderboards are off, as they are in every new workspace: an order of people says less than it seems to."
        " An admin can turn them on under **Insight settings**."
        " The page **Team** shows the same numbers without an order."
    )
    nothing.show(ctx, said, "insight-settings", ":material/leaderboard:")
    st.stop()
ranked = ("velocity", "efficiency", "quality", "collaboration")
metric = focus.metric({one.key: one.label for one in METRICS if one.category in ranked})
chosen = scope.bar(ctx, compare=False)
board.show(ctx, "leaderboard", chosen, metric=metric)
