"""How many reports a workspace may run this month: told before it bites, and chosen by an admin."""

from __future__ import annotations

import streamlit as st

from components import guard
from core.base.counted import counted
from core.context import Context
from core.reports import quotas

_PLANS = list(quotas.LABELS)
_NEAR = 0.2
"""With so large a share left, or less, the line stands out."""


def line(ctx: Context) -> None:
    """Where the workspace stands, if there is a limit."""
    now = quotas.quota(ctx)
    if now.limit is None or now.left is None:
        return
    if now.left == 0:
        st.warning(f"{now.sentence} Until then nothing runs, by hand or by a schedule.", icon=":material/block:")
    elif now.left <= now.limit * _NEAR:
        st.warning(now.sentence, icon=":material/hourglass_bottom:")
    else:
        st.caption(now.sentence)


def chooser(ctx: Context) -> None:
    """The plan, with its own Save."""
    now = quotas.quota(ctx)
    st.subheader("Reports a month", anchor=False)
    st.caption(now.sentence or f"{counted(now.used, 'report')} ran this month. There is no limit.")
    with st.container(horizontal=True, vertical_alignment="bottom", key="quota"):
        plan = st.selectbox(
            "Plan", _PLANS, index=_PLANS.index(now.plan), format_func=quotas.LABELS.__getitem__, key="quota_plan",
            width=340, help="Counted from the first of each month in UTC; what failed does not count.",
        )  # fmt: skip
        limit = None
        if plan == "custom":
            limit = st.number_input(
                "Reports", min_value=1, max_value=quotas.MOST, value=now.limit or 100, key="quota_limit", width=160
            )
        changed = plan != now.plan or (plan == "custom" and limit != now.limit)
        if st.button("Save the plan", key="quota_save", disabled=not changed):
            with guard.errors():
                quotas.choose(ctx, plan, limit)
                st.toast("The plan is saved.", icon=":material/check:")
                st.rerun()
