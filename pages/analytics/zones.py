"""Time zones: where a distributed team is, when it works, and which hours its zones share; off until it is wanted."""

import streamlit as st

from components import board, guard, nothing, page, scope, session
from components.forms import zone_map
from core.access import insights
from core.analysis import zones
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Time zones", "Where and when people work, by time zone, without a name.")

if not insights.settings(ctx).zone_map:
    nothing.show(ctx, zones.OFF, "insight-settings", ":material/public_off:")
    st.stop()
chosen = scope.bar(ctx, compare=False)
with guard.errors():
    zone_map.show(ctx, chosen)
board.show(ctx, "zones", chosen)
