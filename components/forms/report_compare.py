"""Two runs of a report beside each other."""

from __future__ import annotations

import streamlit as st

from components.draw.words import plain
from components.forms import report_words
from core.context import Context
from core.reports import comparing
from core.reports.views import RunView


def draw(ctx: Context, one: RunView, other: RunView) -> None:
    """Every number that differs; what only one of them has; how many are the same."""
    if not (one.has_document and other.has_document):
        st.info("One of the two runs has no result to compare. Choose two that are done.", icon=":material/info:")
        return
    found = comparing.compared(ctx, one.id, other.id)
    before, after = (f"{report_words.moment(ctx, run.created_at)}" for run in (found.before, found.after))
    st.markdown(f"**{before}** ({_days(ctx, found.before)}) beside **{after}** ({_days(ctx, found.after)})")
    if found.differences:
        st.dataframe(
            [
                {"Part": row.part, "What": row.what, "Before": row.before, "After": row.after, "Change": row.change}
                for row in found.differences
            ],
            hide_index=True,
            key="history_compared",
        )
    st.caption(_summary(found))
    for said, parts in (("Only before", found.gone), ("Only after", found.new)):
        if parts:
            st.caption(f"{said}: {plain(', '.join(parts))}")


def _days(ctx: Context, run: RunView) -> str:
    return report_words.days(run, ctx.workspace.time_zone)


def _summary(found: comparing.Comparison) -> str:
    count = len(found.differences)
    differ = "No number differs" if not count else "1 number differs" if count == 1 else f"{count:,} numbers differ"
    return f"{differ}, {found.same:,} {'are' if found.same != 1 else 'is'} the same."
