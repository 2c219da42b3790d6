"""Who works with whom: a drawing of the people and their ties, with the ties as a table below."""

from __future__ import annotations

import streamlit as st

from components.draw import table, words
from core.context import Context
from core.documents import networks, tables
from core.figures import Network, Stat


def draw(ctx: Context, shown: Network, key: str) -> None:
    """Draw the network; one too large to be read as a drawing is shown as its ties alone."""
    words.heading(shown.title, shown.description, shown.link)
    if not shown.nodes:
        words.empty(Stat())
        return
    people, ties = tables.of_network(shown)
    if networks.drawable(shown):
        st.vega_lite_chart(networks.spec(shown), width="stretch", key=f"network-{key}", alt=networks.describe(shown))
    nodes, edges = st.tabs(["Ties", "Names"])
    with nodes:
        table.draw(ctx, ties.model_copy(update={"title": ""}), f"{key}-ties")
    with edges:
        table.draw(ctx, people.model_copy(update={"title": ""}), f"{key}-names")
    words.notes(shown.note)
