"""What counts where, as a table."""

from __future__ import annotations

import streamlit as st

from components import guard
from core.context import Context
from core.ingestion.rules import service


def table(ctx: Context) -> None:
    """The default and every repository, for each fact."""
    st.subheader("What counts now", anchor=False)
    with guard.errors():
        st.dataframe(
            [
                {
                    "What": view.fact.title(),
                    "Where": view.repo,
                    "Counts": view.label,
                    "Settings": ", ".join(f"{name} {value}" for name, value in view.settings.items() if value),
                    "Chosen": f"here, by {view.updated_by}" if view.is_own else "by default",
                }
                for view in service.rules(ctx)
            ],
            hide_index=True,
            width="stretch",
        )
