"""Time zones: where a distributed team is, when it works, and which hours its zones share; off until it is wanted."""

import streamlit as st

from components import board, guard, page, scope, session
from components.forms import zone_map
from core.access import insights
from core.analysis import zones
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Time zones", "Where and when people work, by time zone, without a name.")

if not insights.settings(ctx).zone_map:
    st.info(zones.OFF, icon=":material/public_off:")
    st.stop()
chosen = scope.bar(ctx, compare=False)
with guard.errors():
    zone_map.show(ctx, chosen)
board.show(ctx, "zones", chosen)
