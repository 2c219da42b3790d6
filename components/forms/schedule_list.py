"""Schedules as cards, each with what can be done to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from components import guard, session
from components.draw.words import plain, sentence
from components.forms import schedule_edit
from core.base.period import zone_of
from core.context import Capability, Context
from core.documents import RENDERERS
from core.schedules import service
from core.schedules.views import ScheduleView

JOIN = "Have it sent to your own address as well. You need not ask its owner."
LEAVE = "It goes on to the others. You can have it back here."


def mail_server(ctx: Context) -> None:
    """Whether mail can be sent at all, and what to set if not."""
    if not ctx.may(Capability.SCHEDULE_REPORTS):
        return
    if lacking := service.mail_ready():
        st.warning(f"{lacking} Schedules can be made, but wait until then.", icon=":material/mail_off:")
    else:
        st.caption(f":material/mail: {plain(service.mail_way())}")


def head(ctx: Context, report_id: str) -> None:
    """The button for a new one."""
    if not ctx.may(Capability.SCHEDULE_REPORTS):
        st.caption(f"Your role '{ctx.actor.role}' may look at schedules. Managers and admins make and change them.")
    elif st.button("Schedule a report", type="primary", icon=":material/add:", key="schedule_new"):
        schedule_edit.create(ctx, report_id)


def none(ctx: Context, then: str = "") -> None:
    """That nothing is scheduled, and for whoever may change that, how; `then` is what they will see."""
    said = "Nothing goes out by itself yet."
    if ctx.may(Capability.SCHEDULE_REPORTS):
        said += f" Choose **Schedule a report** to have one arrive by e-mail, say every Monday at 09:00{then}."
    st.info(said, icon=":material/schedule_send:")


def cards(ctx: Context, found: Sequence[ScheduleView]) -> None:
    """Every schedule, or what to do when there is none."""
    if not found:
        none(ctx)
    for view in found:
        with st.container(border=True, key=f"schedule_{view.id}"):
            _card(ctx, view)


def _card(ctx: Context, view: ScheduleView) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(view.report_name), anchor=False, width="content")
        if view.is_active:
            st.badge("Active", color="green", icon=":material/check:")
        else:
            st.badge("Paused", color="gray", icon=":material/pause:")
        if view.last_error:
            st.badge("Last one failed", color="red", icon=":material/error:")
    only = f", {view.condition_text}" if view.condition_text else ""
    st.markdown(f"{view.sentence[:1].upper()}{view.sentence[1:]}, to {_to(view)}{plain(only)}.")
    if view.last_note:
        st.caption(f":material/info: The last time: {sentence(view.last_note)}")
    if not view.is_active and view.paused_reason:
        st.caption(f":material/pause: {plain(view.paused_reason)}")
    if view.last_error:
        st.error(sentence(view.last_error), icon=":material/error:")
    left, right = st.columns(2)
    left.caption(f"Next: {_moment(ctx, view.next_run_at) or 'not while it is paused'}{_jitter(view)}")
    right.caption(f"Last sent: {_moment(ctx, view.last_sent_at) or 'not yet'} · scheduled by {plain(view.created_by)}")
    _fires(ctx, view)
    with st.container(horizontal=True):
        _yours(ctx, view)
        if ctx.may(Capability.SCHEDULE_REPORTS):
            _actions(ctx, view)


def _fires(ctx: Context, view: ScheduleView) -> None:
    with st.expander("The next five times", key=f"fires_{view.id}", on_change="rerun") as shown:
        if not shown.open:
            return
        yours = session.signed_in().time_zone or ctx.workspace.time_zone
        fires = service.next_fires(ctx, view.id, 5, yours)
        names = {"there": f"In {view.time_zone}", "here": f"For you ({yours})"}
        rows = [{names["there"]: fire.local, names["here"]: fire.yours} for fire in fires]
        st.dataframe(rows, hide_index=True, width="content")


def _yours(ctx: Context, view: ScheduleView) -> None:
    """Whoever reads the report has it sent to themselves, or no more."""
    if view.reaches_you:
        if st.button("Not to me", key=f"leave_{view.id}", icon=":material/notifications_off:", help=LEAVE):
            _do(lambda: service.leave(ctx, view.id), f"'{view.report_name}' does not come to you any more.")
    elif not ctx.actor.email or service.letter_channel(view.delivery_method) != "email":
        return
    elif st.button("To me too", key=f"join_{view.id}", icon=":material/notifications:", help=JOIN):
        _do(lambda: service.join(ctx, view.id), f"'{view.report_name}' comes to {ctx.actor.email} from now on.")


def _actions(ctx: Context, view: ScheduleView) -> None:
    if st.button("Send me a test", key=f"test_{view.id}", icon=":material/outgoing_mail:"):
        _do(lambda: service.test(ctx, view.id), f"The report runs now and is sent to {ctx.actor.email}.")
    with st.popover("Send now…", icon=":material/send:"):
        st.markdown(f"**{plain(view.report_name)}** runs now and goes to {_to(view)}. Its next time stays as it is.")
        if st.button("Send it to all", key=f"now_{view.id}", type="primary"):
            _do(
                lambda: service.send_now(ctx, view.id),
                f"'{view.report_name}' runs now and is sent. See the log below.",
            )
    if st.button("Change", key=f"edit_{view.id}", icon=":material/edit:"):
        schedule_edit.change(ctx, view)
    if view.is_active:
        if st.button("Pause", key=f"pause_{view.id}", icon=":material/pause:"):
            _do(lambda: service.pause(ctx, view.id), f"'{view.report_name}' is paused.")
    elif st.button("Resume", key=f"resume_{view.id}", icon=":material/play_arrow:"):
        _do(lambda: service.resume(ctx, view.id), f"'{view.report_name}' goes out again.")
    with st.popover("Delete…", icon=":material/delete:"):
        st.markdown(f"**{plain(view.report_name)}** is not sent any more. The log of what was sent stays.")
        if st.button("Delete the schedule", key=f"delete_{view.id}", type="primary"):
            _do(lambda: service.delete(ctx, view.id), f"The schedule of '{view.report_name}' was deleted.")


def _do(verb: Callable[[], object], said: str) -> None:
    with guard.errors():
        verb()
        schedule_edit.say(said)
        st.rerun()


def _to(view: ScheduleView) -> str:
    posted = view.delivery_method in service.POSTED
    where = f"Slack ({plain(', '.join(view.slack_channels) or view.slack_connection)})" if posted else ""
    if not view.recipients or (view.delivery_method == "slack" and not view.bursts):
        return where or "the app, and the outputs of the report"
    own = ", each with their own team's figures" if view.bursts else ""
    people = ", and to ".join(filter(None, (f"{_people(view)}{own}", where)))
    return f"{people}, {_files(view)}"


def _people(view: ScheduleView) -> str:
    first, more = view.names[:3], len(view.names) - 3
    text = ", ".join(plain(one) + (" (unsubscribed)" if one in view.unsubscribed else "") for one in first)
    others = [one for one in view.unsubscribed if one not in view.recipients]
    left = f" ({len(others)} of them unsubscribed)" if others else ""
    return (f"{text} and {more} more" if more > 0 else text) + left


def _files(view: ScheduleView) -> str:
    names = [RENDERERS.get(fmt).label for fmt in view.formats if fmt in RENDERERS]
    return f"with {', '.join(names)}" if names else "without files"


def _jitter(view: ScheduleView) -> str:
    return f" ({view.jitter_text})" if view.jitter_text else ""


def _moment(ctx: Context, moment: datetime | None) -> str:
    yours = session.signed_in().time_zone or ctx.workspace.time_zone
    return f"{moment.astimezone(zone_of(yours)):%a %-d %b %Y, %H:%M} ({yours})" if moment else ""
