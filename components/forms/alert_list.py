"""Alert rules as cards, each with what it saw last and what can be done to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import streamlit as st

from components import guard, session
from components.draw.words import plain, sentence
from components.forms import alert_edit
from core.alerts import service
from core.alerts.views import OutcomeView, RuleView
from core.base.period import zone_of
from core.context import Capability, Context
from core.schedules.service import mail_ready

STATES = {
    "fired": ("Fired", "red"),
    "quiet": ("Within bounds", "green"),
    "thin": ("Too little to tell", "gray"),
    "rests": ("Rests after a finding", "gray"),
    "refused": ("Cannot be looked at", "orange"),
    "no_data": ("No data", "gray"),
    "not_collected": ("Not collected", "orange"),
    "stale": ("Not read yet", "orange"),
    "unsupported": ("Cannot be told", "orange"),
}
MUTES = {1: "For a day", 7: "For a week", 30: "For a month"}


def head(ctx: Context) -> None:
    """The button for a new rule, or who may make one."""
    if not ctx.may(Capability.MANAGE_ALERTS):
        st.caption(f"Your role '{ctx.actor.role}' may look at alerts. Managers and admins make and change them.")
        return
    if lacking := mail_ready():
        st.caption(f":material/mail_off: {sentence(lacking)} Until then mails of alerts wait.")
    if st.button("New alert rule", type="primary", icon=":material/add_alert:", key="alert_new"):
        alert_edit.create(ctx)


def cards(ctx: Context, found: Sequence[RuleView]) -> None:
    """Every rule, or what to do when there is none."""
    if not found:
        st.info(
            "Nothing is watched yet. Choose **New alert rule**: it is tried on the last 90 days before it is saved.",
            icon=":material/notifications:",
        )
    for view in found:
        with st.container(border=True, key=f"alert_{view.id}"):
            _card(ctx, view)


def _card(ctx: Context, view: RuleView) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(view.name), anchor=False, width="content")
        _badge(ctx, view)
    st.markdown(plain(view.sentence))
    if view.paused_reason:
        st.warning(sentence(view.paused_reason), icon=":material/pause:")
    told = [*view.wish.recipients, *view.wish.slack_channels]
    left, right = st.columns(2)
    left.caption(f"Tells {plain(', '.join(told)) if told else 'nobody: findings stand on this page only'}")
    right.caption(f"{_often(view.findings)} · made by {plain(view.created_by)} · {_checked(ctx, view)}")
    _outcomes(view.outcomes)
    if ctx.may(Capability.MANAGE_ALERTS):
        _actions(ctx, view)


def _badge(ctx: Context, view: RuleView) -> None:
    if not view.is_active:
        st.badge("Off", color="gray", icon=":material/notifications_off:")
    elif view.muted_until:
        st.badge(f"Muted until {_local(ctx, view.muted_until)}", color="orange", icon=":material/volume_off:")
    else:
        st.badge("Watches", color="green", icon=":material/notifications_active:")


def _outcomes(outcomes: Sequence[OutcomeView]) -> None:
    """What it saw last: one line for one subject, a table for many."""
    if len(outcomes) == 1:
        word, colour = STATES.get(outcomes[0].state, (outcomes[0].state, "gray"))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(word, color=colour)  # type: ignore[arg-type]
            st.caption(sentence(outcomes[0].text))
    elif outcomes:
        rows = [
            {"Of": one.subject, "Period from": one.first, "State": STATES.get(one.state, (one.state, ""))[0],
             "Why": one.text}
            for one in outcomes
        ]  # fmt: skip
        day = st.column_config.DateColumn(format="D MMM YYYY")
        with st.expander(f"What it saw last, for each of {len(outcomes)}"):
            st.dataframe(rows, hide_index=True, column_config={"Period from": day})


def _actions(ctx: Context, view: RuleView) -> None:
    with st.container(horizontal=True):
        if st.button("Change", key=f"alert_edit_{view.id}", icon=":material/edit:"):
            alert_edit.change(ctx, view)
        if view.is_active:
            if st.button("Turn off", key=f"alert_off_{view.id}", icon=":material/notifications_off:"):
                _do(lambda: service.disable(ctx, view.id), f"'{view.name}' watches nothing now.")
        elif st.button("Turn on", key=f"alert_on_{view.id}", icon=":material/notifications_active:"):
            _do(lambda: service.enable(ctx, view.id), f"'{view.name}' watches from now on.")
        _mute(ctx, view)
        with st.popover("Delete…", icon=":material/delete:"):
            st.markdown(f"**{plain(view.name)}** goes with everything that it found.")
            if st.button("Delete the rule", key=f"alert_delete_{view.id}", type="primary"):
                _do(lambda: service.delete(ctx, view.id), f"'{view.name}' was deleted.")


def _mute(ctx: Context, view: RuleView) -> None:
    if view.muted_until:
        if st.button("Unmute", key=f"alert_unmute_{view.id}", icon=":material/volume_up:"):
            _do(lambda: service.mute(ctx, view.id, None), f"'{view.name}' tells again.")
        return
    with st.popover("Mute…", icon=":material/volume_off:"):
        st.markdown("What is found is kept, and nobody is told.")
        for days, words in MUTES.items():
            if st.button(words, key=f"alert_mute_{days}_{view.id}"):
                until = ctx.clock() + timedelta(days=days)
                _do(partial(service.mute, ctx, view.id, until), f"'{view.name}' is muted.")


def _do(verb: Callable[[], object], said: str) -> None:
    with guard.errors():
        verb()
        alert_edit.say(said)
        st.rerun()


def _often(findings: int) -> str:
    return {0: "No finding", 1: "One finding"}.get(findings, f"{findings} findings") + " in 90 days"


def _checked(ctx: Context, view: RuleView) -> str:
    return f"looked {_local(ctx, view.checked_at)}" if view.checked_at else "has not looked yet"


def _local(ctx: Context, moment: datetime) -> str:
    yours = session.signed_in().time_zone or ctx.workspace.time_zone
    return f"{moment.astimezone(zone_of(yours)):%-d %b %Y, %H:%M}"
