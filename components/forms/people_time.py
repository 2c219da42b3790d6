"""When people work: the workspace's default, a person's own hours, and leave."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import available_timezones

import streamlit as st

from components import choices, guard
from components.draw.words import plain
from components.forms.people_done import do
from core.base.counted import counted
from core.context import Context
from core.people import service
from core.people.service import LeavePlan, PersonView, ScheduleView

WEEKDAYS = {1: "Mon", 2: "Tue", 3: "Wed", 4: "Thu", 5: "Fri", 6: "Sat", 7: "Sun"}

TEMPLATE = "person,first_day,last_day,reason\nada@example.org,2026-08-03,2026-08-21,leave\n"


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
    _imported(ctx)
    _everybody(ctx)


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
        if ahead := service.holidays_ahead(ctx, person_id, 120):
            told = ", ".join(f"{day:%-d %b} {plain(name)}" for day, name in list(ahead.items())[:4])
            st.caption(f"Free next: {told}")
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


def _imported(ctx: Context) -> None:
    """Leave from a file, shown row by row before it is kept."""
    with st.expander("Import leave from a table or a calendar"):
        st.markdown(
            "A table (CSV) with the columns `person`, `first_day`, `last_day` and `reason`, or a calendar (ICS) whose"
            " entries name who is away by their attendee, organiser or title. The same file twice adds nothing."
        )
        left, right = st.columns(2)
        file = left.file_uploader("File", type=["csv", "ics", "ical", "tsv", "txt"], key="leave_file")
        names = choices.people(ctx)
        whose = right.selectbox(
            "Whose calendar", ["", *names], format_func=lambda one: names.get(one, "Each row names somebody"),
            key="leave_whose",
        )  # fmt: skip
        right.download_button("A table to fill in", TEMPLATE, "leave.csv", "text/csv", icon=":material/download:")
        if file is None:
            return
        with guard.errors():
            plan = service.plan_leave(ctx, file.getvalue(), file.name, whose)
            _planned(plan)
            fresh = plan.count("new")
            if st.button(f"Keep the {fresh} new", type="primary", disabled=not fresh, key="leave_keep"):
                do(lambda: service.take_leave(ctx, plan, file.name), f"{counted(fresh, 'line', ('is', 'are'))} kept.")


def _planned(plan: LeavePlan) -> None:
    st.markdown(f"**{plan.sentence}**")
    day = st.column_config.DateColumn(format="D MMM YYYY")
    st.dataframe(
        [
            {"Row": one.place, "Person": one.person or one.who, "First": one.first_day, "Last": one.last_day,
             "Reason": one.reason, "State": one.state, "Why": one.why}
            for one in plan.rows
        ],
        hide_index=True, placeholder="", column_config={"First": day, "Last": day},
    )  # fmt: skip


def _everybody(ctx: Context) -> None:
    """Who has working time of their own."""
    names = choices.people(ctx)
    own = [view for view in service.schedules(ctx) if view.person_id]
    if not own:
        return
    with st.expander(f"{len(own)} people with working time of their own"):
        st.dataframe([_line(view, names) for view in own], hide_index=True, placeholder="")


def _line(view: ScheduleView, names: dict[str, str]) -> dict[str, object]:
    return {
        "Person": names.get(view.person_id, "A bot"),
        "Days": " ".join(WEEKDAYS[day] for day in view.working_weekdays),
        "From": _clock(view.start_minute),
        "Until": _clock(view.end_minute),
        "Time zone": view.time_zone,
        "Holidays of": view.country,
    }


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _minute(clock: time | datetime | None) -> int:
    return clock.hour * 60 + clock.minute if clock else 0
