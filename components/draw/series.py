"""A chart: a cached Vega-Lite dict over a cached Arrow table, coloured by the page's own theme."""

from __future__ import annotations

import streamlit as st

from components.draw import words
from core.context import Context
from core.documents import charts, wording
from core.figures import Series


def draw(ctx: Context, shown: Series, key: str) -> None:
    """Draw the chart, or say why there is nothing to draw."""
    words.heading(shown.title, shown.description, shown.link)
    if not wording.has_values(shown):
        words.empty(shown)
        words.notes(shown.note)
        return
    st.vega_lite_chart(
        charts.table(shown), charts.spec(shown), width="stretch", key=f"chart-{key}", alt=wording.describe(shown)
    )
    words.notes(shown.note, wording.remark(shown))
