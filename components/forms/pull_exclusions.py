"""Leaving pull requests out of every number: rules with a dry run first, and a way back."""

from __future__ import annotations

import streamlit as st

from components import choices, guard
from components.draw.words import plain
from components.forms.people_done import do
from core.base.period import zone_of
from core.catalogue import exclusions
from core.catalogue.exclusions import FIELDS, RuleView, Wish
from core.context import Capability, Context

HINTS = {
    "label": "dependencies, or release-*",
    "title": "Release *",
    "branch": "chore/*",
    "age": "90 days",
    "number": "1154",
}


def show(ctx: Context) -> None:
    """Every rule as a card, and, for whoever may, a form for another."""
    st.markdown("What is left out here counts in no number of pull requests. Each number says how many that are.")
    with guard.errors():
        found = exclusions.rules(ctx)
        if not found:
            st.caption("Every pull request counts.")
        for rule in found:
            with st.container(border=True, key=f"exclusion_{rule.id}"):
                _card(ctx, rule)
    if ctx.may(Capability.MANAGE_SOURCES):
        with guard.errors():
            _form(ctx)


def _card(ctx: Context, rule: RuleView) -> None:
    at = rule.created_at.astimezone(zone_of(ctx.workspace.time_zone))
    st.markdown(f"**{plain(rule.words.capitalize())}** · {rule.count:,} pull requests")
    st.caption(f"{plain(rule.reason)} · {plain(rule.created_by)}, {at:%-d %b %Y, %H:%M}")
    if ctx.may(Capability.MANAGE_SOURCES):
        with st.popover("Undo", icon=":material/undo:", width="content"):
            st.write(f"{rule.count:,} pull requests count again, and figures are made anew.")
            if st.button("Let them count again", type="primary", key=f"unexclude_{rule.id}"):
                do(lambda: exclusions.remove(ctx, rule.id), "They count again.")


def _form(ctx: Context) -> None:
    st.subheader("Leave more out", anchor=False)
    repos = {"": "Every repository", **choices.repositories(ctx)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        field = st.selectbox("By", list(FIELDS), format_func=FIELDS.__getitem__, key="exclude_by", width=150)
        pattern = st.text_input("What", key="exclude_what", placeholder=HINTS[field], width=240)
        repo = st.selectbox("Where", list(repos), format_func=repos.__getitem__, key="exclude_where", width=240)
    reason = st.text_input("Why", key="exclude_why", placeholder="Opened by a machine", max_chars=500)
    if not pattern.strip():
        st.caption("`*` stands for anything. What it would leave out is shown before anything changes.")
        return
    wish = Wish(field, pattern, repo, reason)
    seen = exclusions.preview(ctx, wish)
    st.markdown(f"It means **{seen.count:,}** of {seen.total:,} pull requests; **{seen.new:,}** of them count today.")
    for example in seen.examples:
        st.caption(plain(example))
    if st.button("Leave them out", type="primary", disabled=not reason.strip(), key="exclude_now",
                 help="" if reason.strip() else "Say why first."):  # fmt: skip
        do(lambda: exclusions.add(ctx, wish), f"{seen.new:,} pull requests count no more.")
