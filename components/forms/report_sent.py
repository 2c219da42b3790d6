"""Where a run was sent by the outputs of its file: what arrived, what did not and why, and a way to try again."""

from __future__ import annotations

import streamlit as st

from components import guard
from components.draw.words import plain
from components.forms import report_actions, report_words
from core.context import Capability, Context
from core.reports import sending
from core.reports.sending import SentView
from core.reports.views import RunView

LOOK_S = 2
"""How often a page looks again while something is under way."""
BADGES = {
    "delivered": ("Delivered", "green", ":material/check:"),
    "failed": ("Failed", "red", ":material/close:"),
    "waiting": ("Waiting", "gray", ":material/schedule:"),
    "sending": ("Sending", "blue", ":material/outbox:"),
}


def show(ctx: Context, run: RunView) -> None:
    """A line for each output; nothing where the report has none."""
    found = sending.sent(ctx, run.id)
    if not found:
        return
    # What waits for its next attempt may wait for hours: only what is about to go is looked after.
    moving = any(one.is_open and not one.next_at for one in found)
    st.fragment(_lines, run_every=LOOK_S if moving else None)(ctx, run.id, moving)


def _lines(ctx: Context, run_id: str, moving: bool) -> None:
    found = sending.sent(ctx, run_id)
    if moving and not any(one.is_open and not one.next_at for one in found):
        st.rerun()
    with st.container(border=True, key=f"sent_{run_id}"):
        st.markdown("**Sent to**")
        for one in found:
            _line(ctx, one)


def _line(ctx: Context, one: SentView) -> None:
    word, color, icon = BADGES.get(one.state, (one.state.title(), "gray", ":material/help:"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(word, color=color, icon=icon)  # type: ignore[arg-type]
        st.markdown(f"**{plain(one.name)}** by {plain(one.connection)}", width="content")
        st.caption(_when(ctx, one), width="content")
        st.space("stretch")
        if one.state == "failed" and ctx.may(Capability.SCHEDULE_REPORTS):
            _again(ctx, one)
    if one.said:
        st.caption(plain(one.said))


def _when(ctx: Context, one: SentView) -> str:
    tried = f" · {one.attempts} attempts" if one.attempts > 1 else ""
    if one.next_at:
        return f"next attempt {report_words.moment(ctx, one.next_at)}{tried}"
    return f"{report_words.moment(ctx, one.at)}{tried}"


def _again(ctx: Context, one: SentView) -> None:
    if st.button("Send again", icon=":material/refresh:", key=f"send_again_{one.id}"):
        with guard.errors():
            sending.send_again(ctx, one.id)
            report_actions.say(f"{one.name} is sent again.")
            st.rerun()
