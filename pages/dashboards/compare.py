"""Compare: people, teams, components or periods side by side."""

import streamlit as st

from components import board, choices, focus, nothing, page, scope, session
from core.catalogue import METRICS
from core.catalogue.facts import FACTS
from core.context import Capability
from core.widgets.families import comparison

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Compare")
parts = {"component": "Components"} if choices.components(ctx) else {}
of = focus.choice("of", "Compare", {"team": "Teams", "person": "People", **parts, "period": "Periods"})
chosen = scope.bar(ctx, people=of == "person")

if of == "person" and not (ctx.sees_individuals() or len(ctx.own_people) > 1):
    st.info("This workspace does not show individuals' numbers to your role. Compare teams or periods instead.")
elif of == "person" and len(chosen.person_ids) < 2:
    st.info("Choose two or more people above to see them side by side.", icon=":material/compare_arrows:")
elif of == "team" and not choices.teams(ctx):
    said = "There are no teams yet. Make the first one on the page People, or compare people or periods."
    nothing.show(ctx, said, "people", ":material/groups:")
elif of == "period" and chosen.compare is None:
    st.info("Choose what to compare with above to see two periods side by side.", icon=":material/compare_arrows:")
else:
    keys = {one.key: one.label for one in METRICS if of == "period" or of in FACTS[one.fact].groups}
    subjects = () if of == "period" else comparison.chosen(ctx, chosen, of)
    board.show(ctx, "compare", chosen, of=of, metric=focus.metric(keys), subjects=",".join(subjects))
