"""When people work: the workspace's default, a person's own hours, and leave."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import available_timezones

import streamlit as st

from components import choices
from components.forms.people_done import do
from core.context import Context
from core.people import service
from core.people.service import PersonView, ScheduleView

WEEKDAYS = {1: "Mon", 2: "Tue", 3: "Wed", 4: "Thu", 5: "Fri", 6: "Sat", 7: "Sun"}


def draw(ctx: Context) -> None:
    """The default, and everybody's leave."""
    st.markdown("Working days decide what a weekend is and how many days a person could have worked.")
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("For everybody", anchor=False)
        _schedule(ctx, "", service.schedule(ctx), "everybody without hours of their own")
    with right:
        st.subheader("Away", anchor=False)
        _leave(ctx)


def of_person(ctx: Context, one: PersonView) -> None:
    """Hours of one person, behind a toggle."""
    if not st.toggle("Working hours", key=f"hours_{one.id}"):
        return
    own = service.schedule(ctx, one.id)
    if own.is_default:
        st.caption("The workspace's default counts until other hours are saved here.")
    elif st.button("Use the workspace's default again", key=f"clear_{one.id}"):
        do(lambda: service.clear_schedule(ctx, one.id), "The default counts again.")
    _schedule(ctx, one.id, own, one.name)


def _schedule(ctx: Context, person_id: str, now: ScheduleView, whose: str) -> None:
    zones = sorted(available_timezones())
    with st.form(f"schedule_{person_id}", border=False):
        days = st.pills("Working days", list(WEEKDAYS), format_func=WEEKDAYS.__getitem__, selection_mode="multi",
                        default=list(now.working_weekdays))  # fmt: skip
        first, second = st.columns(2)
        start = first.time_input("From", _clock(now.start_minute))
        end = second.time_input("Until", _clock(now.end_minute), help="0:00 is the end of the day.")
        zone = st.selectbox("Time zone", zones, index=zones.index(now.time_zone) if now.time_zone in zones else None)
        country = st.text_input("Public holidays of", now.country, placeholder="DE, IN, US-CA; empty for none")
        if st.form_submit_button("Save"):
            do(
                lambda: service.set_schedule(
                    ctx, person_id, working_weekdays=days, start_minute=_minute(start),
                    end_minute=_minute(end) or 24 * 60, time_zone=zone or "", country=country.strip(),
                ),
                f"Saved for {whose}.",
            )  # fmt: skip


def _leave(ctx: Context) -> None:
    names = choices.people(ctx)
    with st.form("add_leave", border=False, clear_on_submit=True):
        who = st.selectbox("Person", list(names), format_func=names.__getitem__, index=None, placeholder="Choose")
        left, right = st.columns(2)
        first = left.date_input("First day", ctx.clock().date())
        last = right.date_input("Last day", ctx.clock().date(), help="Inside.")
        reason = st.selectbox("Reason", ["leave", "parental leave", "sick", "sabbatical", "other"])
        if st.form_submit_button("Add") and who:
            do(lambda: service.add_leave(ctx, who, first, last, reason), f"{names[who]} is away then.")
    spans = service.leave(ctx)
    if not spans:
        st.caption("Nobody's leave is known.")
        return
    event = st.dataframe(
        [{"Person": names.get(one.person_id, ""), "First": one.first_day, "Last": one.last_day, "Reason": one.reason}
         for one in spans],
        hide_index=True, on_select="rerun", selection_mode="single-row", key="leave_table", height=320,
        column_config={name: st.column_config.DateColumn(format="D MMM YYYY") for name in ("First", "Last")},
    )  # fmt: skip
    rows = event.selection.rows
    if rows and rows[0] < len(spans) and st.button("Take this leave back", icon=":material/undo:"):
        do(lambda: service.remove_leave(ctx, spans[rows[0]].id), "That leave is gone.")


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _minute(clock: time | datetime | None) -> int:
    return clock.hour * 60 + clock.minute if clock else 0
