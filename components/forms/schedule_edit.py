"""The form of a schedule: what goes out, how often, to whom, with its next times beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from zoneinfo import available_timezones

import streamlit as st

from components import choices, guard, session
from components.draw import words
from components.draw.words import plain
from components.forms import report_words, schedule_condition, schedule_method, schedule_to
from core.base.errors import SightlineError
from core.context import Context
from core.documents import RENDERERS
from core.reports import service as reports
from core.schedules import service
from core.schedules.rhythm import NINE, WEEKDAYS, Rhythm
from core.schedules.views import CATCH_UP, ScheduleView
from core.schedules.wish import Wish

RHYTHMS = {"daily": "Every day", "weekly": "Every week", "monthly": "Every month", "custom": "Custom"}
JITTERS = {0: "On time", 300: "Up to 5 minutes", 900: "Up to 15 minutes", 3600: "Up to an hour"}
_NOTE = "_schedule_note"


def note() -> None:
    """What the last action did, once."""
    if said := st.session_state.pop(_NOTE, ""):
        st.toast(said, icon=":material/check:")


def say(text: str) -> None:
    """Have `note` say this after the next rerun."""
    st.session_state[_NOTE] = text


@st.dialog("Schedule a report", width="large")
def create(ctx: Context, report_id: str = "") -> None:
    """Ask for a new schedule."""
    new_form(ctx, report_id)


@st.dialog("Change the schedule", width="large")
def change(ctx: Context, view: ScheduleView) -> None:
    """Ask for another rhythm, other recipients or files."""
    change_form(ctx, view)


def new_form(ctx: Context, report_id: str = "") -> None:
    """What the dialog for a new schedule holds."""
    found = reports.reports(ctx)
    hints = {one.id: f"by {one.owner_name}, {report_words.moment(ctx, one.created_at)}" for one in found}
    known = choices.apart({report.id: report.name for report in found}, hints)
    if not known:
        st.info("There is no report yet. Make one under Reports, then schedule it here.")
        return
    ids = list(known)
    chosen = st.selectbox(
        "Report", ids, index=ids.index(report_id) if report_id in known else 0, format_func=known.__getitem__
    )
    own = ctx.actor.email
    blank = Wish(recipients=(own,) if own else (), time_zone=ctx.workspace.time_zone)
    wish = _fields(ctx, chosen, blank, "new")
    if st.button("Schedule", type="primary", disabled=wish is None, key="schedule_create"):
        with guard.errors():
            made = service.create(ctx, chosen, wish or Wish())
            say(f"'{made.report_name}' goes out {made.sentence}.")
            st.rerun()


def change_form(ctx: Context, view: ScheduleView) -> None:
    """What the dialog for a change holds."""
    st.markdown(f"**{plain(view.report_name)}**")
    now = service.wish(ctx, view.id)
    wish = _fields(ctx, view.report_id, now, view.id)
    if st.button("Save", type="primary", disabled=wish is None, key=f"schedule_save_{view.id}"):
        with guard.errors():
            changed = service.update(ctx, view.id, **_changes(wish or now))
            say(f"'{changed.report_name}' now goes out {changed.sentence}.")
            st.rerun()


def _changes(wish: Wish) -> dict[str, object]:
    return {name: getattr(wish, name) for name in wish.__slots__}


def _fields(ctx: Context, report_id: str, now: Wish, key: str) -> Wish | None:
    """The wish as it stands in the form; None while its rhythm cannot be read."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        cron = _rhythm(Rhythm.of(now.cron), key)
        zones = sorted(available_timezones())
        zone = st.selectbox("Time zone", zones, index=zones.index(now.time_zone), key=f"zone_{key}")
        to = schedule_to.choose(ctx, schedule_method.choose(ctx, now, key), key)
        schedule_to.preview(ctx, report_id, to)
        formats = st.pills(
            "Files that go with it",
            RENDERERS.keys(),
            selection_mode="multi",
            default=list(now.formats),
            format_func=lambda fmt: RENDERERS.get(fmt).label,
            key=f"formats_{key}",
            help="The mail itself shows the report with its charts. Files come on top.",
        )
        condition = schedule_condition.choose(now.condition, key)
    with right:
        sound = _preview(ctx, cron, zone)
    with st.expander("If Sightline was off, and spreading the load"):
        catch_up = st.radio(
            "If Sightline was off at the time",
            list(CATCH_UP),
            index=list(CATCH_UP).index(now.catch_up),
            format_func=CATCH_UP.__getitem__,
            key=f"catch_{key}",
        )
        steps = sorted({*JITTERS, now.jitter_s})
        jitter = st.select_slider(
            "Start a little later, so that not every report starts at once",
            steps,
            value=now.jitter_s,
            format_func=lambda seconds: JITTERS.get(seconds, f"Up to {seconds} seconds"),
            key=f"jitter_{key}",
        )
    if not sound:
        return None
    return replace(
        to, cron=cron, time_zone=zone, formats=tuple(formats), catch_up=catch_up, jitter_s=jitter, condition=condition
    )


def _rhythm(now: Rhythm, key: str) -> str:
    """The five fields of what is chosen."""
    preset = st.segmented_control(
        "How often",
        list(RHYTHMS),
        default=now.preset,
        format_func=RHYTHMS.__getitem__,
        required=True,
        key=f"rhythm_{key}",
    )
    if preset == "custom":
        return st.text_input(
            "Cron expression", now.cron, key=f"cron_{key}",
            help="Minute, hour, day of month, month, day of week. '0 9 * * 1-5' is 09:00 on working days.",
        )  # fmt: skip
    day, clock = st.columns(2)
    at: time = clock.time_input("At", now.at or NINE, step=300, key=f"at_{key}")
    if preset == "weekly":
        weekday = day.selectbox(
            "On", range(7), index=now.day_of_week or 0, format_func=WEEKDAYS.__getitem__, key=f"weekday_{key}"
        )
        return Rhythm.weekly(weekday, at).cron
    if preset == "monthly":
        number = day.number_input(
            "On day", 1, 31, now.day_of_month or 1, key=f"monthday_{key}",
            help="A day that a month does not have falls to its last day.",
        )  # fmt: skip
        return Rhythm.monthly(int(number), at).cron
    return Rhythm.daily(at).cron


def _preview(ctx: Context, cron: str, zone: str) -> bool:
    """The sentence and the next five times; whether there are any."""
    yours = session.signed_in().time_zone or ctx.workspace.time_zone
    try:
        sentence, fires = service.preview(cron, zone, ctx.clock(), zone=yours)
    except SightlineError as error:
        st.warning(words.sentence(error.message), icon=":material/info:")
        return False
    st.markdown(f"**{sentence[:1].upper()}{sentence[1:]}**")
    st.caption("The next five times")
    lines = [fire.local if yours == zone else f"{fire.local} :small[:gray[({fire.yours} for you)]]" for fire in fires]
    st.markdown("  \n".join(lines))
    return True
