"""The calendar of all sends: a month as a grid or a list, one day of it whole, and a file for other calendars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from components import choices, guard, navigation, session
from components.draw import month as drawing
from components.draw.month import Entry
from components.draw.words import plain, sentence
from components.forms import schedule_list
from core.base.errors import BadInput
from core.base.period import zone_of
from core.context import Context
from core.schedules import ical, service
from core.schedules.sends import month_after, month_of
from core.schedules.views import SEND_STATES, ScheduleView, Send, Sends

VIEWS = {"list": "Schedules", "calendar": "Calendar"}
_ICONS = {"list": ":material/view_agenda:", "calendar": ":material/calendar_month:"}
FORMS = {"grid": "Month", "table": "List"}
LOOKS = {
    "coming": ("schedule", "primary"),
    "paused": ("pause", "muted"),
    "due": ("hourglass_top", "primary"),
    "running": ("autorenew", "primary"),
    "sending": ("outbox", "primary"),
    "sent": ("check", "good"),
    "kept": ("inventory_2", "good"),
    "partly": ("warning", "bad"),
    "unsure": ("help", "bad"),
    "failed": ("error", "bad"),
    "skipped": ("block", "muted"),
    "cancelled": ("cancel", "muted"),
}
"""By state: a Material symbol and a tone."""
BADGES = {"good": "green", "bad": "red", "primary": "blue", "muted": "gray"}
MOST = 50
"""Sends of a day that are shown one below the other."""


def switch() -> str:
    """Which view is chosen, kept in the address as ?view=."""
    return _choice("View", "view", {key: f"{_ICONS[key]} {name}" for key, name in VIEWS.items()})


def draw(ctx: Context) -> None:
    """The month that the address names, cut down to what is looked for."""
    zone = session.signed_in().time_zone or ctx.workspace.time_zone
    today = ctx.clock().astimezone(zone_of(zone)).date()
    standing = service.schedules(ctx)
    month = _month(today, zone)
    form = _head(month, today)
    report_id, states = _wish(standing)
    found = service.sends(ctx, f"{month:%Y-%m}", time_zone=zone, report_id=report_id, states=states)
    st.caption(f"Days and times are those of {plain(zone)}.")
    if found.cut_at:
        st.warning(
            f"There are too many to show all: from {_local(found.cut_at, zone):%-d %B, %H:%M} on they are missing."
        )
    _one_day(month, found)
    if not found.items:
        _empty(ctx, standing, month, today, zone, narrowed=bool(report_id or states))
        return
    if form == "table":
        _table(found)
    else:
        _grid(month, today, found)
    st.download_button(
        "For your own calendar (.ics)", lambda: ical.file_of(ctx, found), f"sends-{month:%Y-%m}.ics", "text/calendar",
        icon=":material/calendar_add_on:", key="calendar_file",
    )  # fmt: skip


def _month(today: date, zone: str) -> date:
    """The first day of the month that the address names, by itself or by a day; of this one where it names none."""
    asked = st.query_params.get("month", "") or st.query_params.get("day", "")[:7]
    if asked:
        with guard.errors():
            return month_of(asked, zone).dates(zone)[0]
    return today.replace(day=1)


def _head(month: date, today: date) -> str:
    with st.container(horizontal=True, vertical_alignment="center", key="calendar_head"):
        for label, icon, to in (
            ("Previous", ":material/chevron_left:", month_after(month, -1)),
            ("Today", ":material/today:", today.replace(day=1)),
            ("Next", ":material/chevron_right:", month_after(month)),
        ):
            if st.button(label, icon=icon, key=f"calendar_{label}"):
                st.query_params["month"] = f"{to:%Y-%m}"
                _drop("day")
                st.rerun()
        st.subheader(f"{month:%B %Y}", anchor=False, width="content")
        st.space("stretch")
        return _choice("Shown as", "as", FORMS)


def _wish(standing: Sequence[ScheduleView]) -> tuple[str, list[str]]:
    """What is looked for, kept in the address as ?report= and ?state=."""
    names = {one.report_id: one.report_name for one in standing}
    asked = st.query_params.get("report", "")
    names = {"": "All reports", **choices.apart(dict(sorted(names.items(), key=lambda one: one[1].casefold())))}
    if asked not in names:
        names[asked] = "The report in the address"
    with st.container(horizontal=True, vertical_alignment="bottom", key="calendar_wish"):
        _read("report", asked)
        report_id = st.selectbox("Report", list(names), format_func=names.__getitem__, key="calendar_report", width=320)
        _read("state", [one for one in st.query_params.get_all("state") if one in SEND_STATES])
        states = st.multiselect(
            "State", list(SEND_STATES), format_func=SEND_STATES.__getitem__, key="calendar_state",
            placeholder="Any state", width=360,
        )  # fmt: skip
    _write("report", [report_id] if report_id else [])
    _write("state", list(states))
    return report_id or "", list(states)


def _choice(label: str, name: str, options: Mapping[str, str]) -> str:
    """One of a few, kept in the address; the first is not named there."""
    usual, asked = next(iter(options)), st.query_params.get(name, "")
    _read(name, asked if asked in options else usual)
    chosen = st.segmented_control(
        label, list(options), format_func=options.__getitem__, key=f"calendar_{name}", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    _write(name, [] if chosen in (None, usual) else [str(chosen)])
    return chosen or usual


def _read(name: str, asked: Any) -> None:
    """Where the address says something else than the widget last wrote there, it holds: a link led here."""
    said = st.query_params.get_all(name)
    if f"calendar_{name}" not in st.session_state or st.session_state.get(f"_calendar_{name}") != said:
        st.session_state[f"calendar_{name}"] = asked
    st.session_state[f"_calendar_{name}"] = said


def _write(name: str, values: list[str]) -> None:
    if st.query_params.get_all(name) != values:
        if values:
            st.query_params[name] = values
        else:
            _drop(name)
    st.session_state[f"_calendar_{name}"] = values


def _drop(name: str) -> None:
    if name in st.query_params:
        del st.query_params[name]


def _grid(month: date, today: date, found: Sends) -> None:
    by_day: dict[date, list[Entry]] = {}
    for one in found.items:
        at = _local(one.due_at, found.time_zone)
        icon, tone = LOOKS[one.state]
        place, named = one.leads_to
        told = " · ".join(filter(None, (one.teams_text, one.detail)))
        entry = Entry(f"{at:%H:%M}", _title(one), one.state_text, icon, tone, f"{place}?{urlencode(named)}", told)
        by_day.setdefault(at.date(), []).append(entry)
    kept = [(name, value) for name in ("report", "state") for value in st.query_params.get_all(name)]
    days = {
        day: f"schedules?{urlencode([('view', 'calendar'), ('month', f'{month:%Y-%m}'), ('day', f'{day}'), *kept])}"
        for day in by_day
    }
    drawing.draw(month, today, by_day, days)


def _table(found: Sends) -> None:
    """The same as rows, to be sorted and walked through by keyboard."""
    chosen = st.dataframe(
        [
            {
                "When": _local(one.due_at, found.time_zone).replace(tzinfo=None),
                "Report": one.report_name,
                "State": one.state_text,
                "Teams": one.teams_text,
                "Remark": one.detail,
            }
            for one in found.items
        ],
        hide_index=True, on_select="rerun", selection_mode="single-row", key="calendar_table",
        column_config={
            "When": st.column_config.DatetimeColumn(format="ddd D MMM YYYY, HH:mm"),
            "Remark": st.column_config.TextColumn(width="large"),
        },
    )  # fmt: skip
    rows = chosen["selection"]["rows"]
    if rows and rows[0] < len(found.items):
        _line(found.items[rows[0]], found.time_zone)
    else:
        st.caption("Choose a line to open its run, or its schedule.")


def _one_day(month: date, found: Sends) -> None:
    """The day that the address names, with all that there is of it."""
    asked = st.query_params.get("day", "")
    if not asked:
        return
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        day = None
    if day is None or day.replace(day=1) != month:
        guard.show(BadInput(f"'{asked}' is no day of {month:%B %Y}. Write it as {month:%Y-%m}-01."))
        return
    its = [one for one in found.items if _local(one.due_at, found.time_zone).date() == day]
    with st.container(border=True, key="calendar_day"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{day:%A} {day.day} {day:%B %Y}**", width="content")
            st.space("stretch")
            if st.button("Close", type="tertiary", icon=":material/close:", key="calendar_day_close"):
                _drop("day")
                st.rerun()
        for one in its[:MOST]:
            _line(one, found.time_zone)
        if len(its) > MOST:
            st.caption(f"and {len(its) - MOST} more: choose **List** to see them.")
        if not its:
            st.caption("Nothing on this day.")


def _line(one: Send, zone: str) -> None:
    icon, tone = LOOKS[one.state]
    place, named = one.leads_to
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{_local(one.due_at, zone):%H:%M}**", width="content")
        st.badge(one.state_text, color=BADGES[tone], icon=f":material/{icon}:", width="content")  # type: ignore[arg-type]
        if place == navigation.here():  # a link to the page that runs leaves the address as it is
            if st.button(
                plain(_title(one)), type="tertiary", key=f"calendar_{one.schedule_id}_{one.due_at:%Y%m%d%H%M}"
            ):
                st.query_params.from_dict(named)
                st.rerun()
        else:
            st.page_link(navigation.page(place), label=plain(_title(one)), query_params=named, width="content")
        if one.detail:
            st.caption(sentence(one.detail), width="content")


def _empty(
    ctx: Context, standing: Sequence[ScheduleView], month: date, today: date, zone: str, *, narrowed: bool
) -> None:
    icon = ":material/event_busy:"
    if narrowed:
        st.info(f"No send of {month:%B %Y} matches. Choose all reports and any state, or another month.", icon=icon)
        return
    if not standing:
        schedule_list.none(ctx, ": its times stand here then")
        return
    coming = [one.next_run_at for one in standing if one.next_run_at]
    what = (
        f"The next one comes on {_local(min(coming), zone):%A %-d %B %Y}." if coming
        else "All schedules are paused: **Resume** one under **Schedules**."
    )  # fmt: skip
    came = "Nothing went out in" if month_after(month) <= today else "Nothing goes out in"
    st.info(f"{came} {month:%B %Y}. {what}", icon=icon)


def _title(one: Send) -> str:
    return f"{one.report_name} ({one.teams_text})" if one.teams else one.report_name


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(zone_of(zone))
