"""Pull requests: find one and see what happened to it, and say which count in no number."""

import streamlit as st

from components import guard, page, scope, session
from components.forms import people_done, pull_exclusions, pull_explorer
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Pull requests")
people_done.said()
found, left_out = st.tabs(["Find", "Left out"], key="pulls_tab", on_change="rerun")
if found.open:
    with found:
        chosen = scope.bar(ctx, people=True, compare=False)
        with guard.errors():
            pull_explorer.show(ctx, chosen, pull_explorer.wish())
if left_out.open:
    with left_out:
        pull_exclusions.show(ctx)
