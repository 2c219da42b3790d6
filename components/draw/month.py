"""A month as weeks of days, with what happens on each; on a narrow page, the days on which something does."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import streamlit as st

from core.documents.theme import DARK, LIGHT

MOST = 3
"""Entries of one day; the others are behind its link."""
TONES = ("good", "bad", "primary", "muted")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_COLOURS = {name: f"light-dark({getattr(LIGHT, name)},{getattr(DARK, name)})" for name in (*TONES, "line", "surface")}
_TONED = "".join(
    f".sl-month .{tone}{{border-color:{_COLOURS[tone]}}}.sl-month .{tone} .state{{color:{_COLOURS[tone]}}}"
    for tone in TONES
)
_STYLE = f"""
.sl-month{{container-type:inline-size}}
.sl-month table{{width:100%;border-collapse:collapse;table-layout:fixed;font-size:.8rem;margin:0}}
.sl-month th{{text-align:left;font-weight:600;padding:.3rem .4rem;color:{_COLOURS["muted"]};border:none}}
.sl-month td{{vertical-align:top;height:6.2rem;padding:.25rem;border:1px solid {_COLOURS["line"]};overflow:hidden}}
.sl-month td.out{{background:{_COLOURS["surface"]}}}
.sl-month a{{text-decoration:none;color:inherit}}
.sl-month a:hover,.sl-month a:focus-visible{{text-decoration:underline}}
.sl-month .day{{display:inline-block;padding:.05rem .35rem;border-radius:1rem;color:{_COLOURS["muted"]}}}
.sl-month .today .day{{background:light-dark({LIGHT.button},{DARK.button});color:#fff}}
.sl-month .long{{display:none}}
.sl-month .send{{display:block;margin-top:.2rem;padding:.1rem .3rem;border-left:3px solid;line-height:1.25;
 overflow-wrap:anywhere;background:{_COLOURS["surface"]};border-radius:.2rem}}
.sl-month .state{{white-space:nowrap}}
.sl-month .icon{{font-family:"Material Symbols Rounded";font-size:1rem;line-height:1;vertical-align:-.18rem;
 font-feature-settings:"liga";white-space:nowrap;display:inline-block;width:1rem;height:1rem;overflow:hidden}}
.sl-month .more{{display:block;margin-top:.2rem;padding:.1rem .3rem;font-weight:600}}
{_TONED}
@container (max-width:40rem){{
 .sl-month table,.sl-month tbody,.sl-month tr,.sl-month td{{display:block;width:auto}}
 .sl-month thead,.sl-month td.none{{display:none}}
 .sl-month td{{height:auto;border-width:0 0 1px;padding:.5rem 0}}
 .sl-month .long{{display:inline}}
 .sl-month .send{{padding:.35rem .5rem}}
}}
""".replace("\n", "")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happens on a day."""

    at: str
    """ "09:00"."""
    title: str
    state: str
    """In a word or two."""
    icon: str
    """Name of a Material symbol."""
    tone: str
    """One of TONES."""
    address: str
    help: str = ""


def draw(month: date, today: date, entries: Mapping[date, Sequence[Entry]], days: Mapping[date, str]) -> None:
    """Draw the month of a day; `days` has the address that each day leads to."""
    weeks = calendar.Calendar(firstweekday=0).monthdatescalendar(month.year, month.month)
    head = "".join(f'<th scope="col">{name}</th>' for name in WEEKDAYS)
    rows = "".join(
        f"<tr>{''.join(_day(day, month, today, entries.get(day, ()), days.get(day, '')) for day in week)}</tr>"
        for week in weeks
    )
    table = f'<table aria-label="{month:%B %Y}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    st.html(f'<style>{_STYLE}</style><div class="sl-month">{table}</div>')


def _day(day: date, month: date, today: date, entries: Sequence[Entry], address: str) -> str:
    if day.month != month.month:
        return '<td class="out none"></td>'
    shown = entries if len(entries) <= MOST else entries[: MOST - 1]
    more = len(entries) - len(shown)
    marks = " ".join(["today"] * (day == today) + ["none"] * (not entries))
    number = f'<span class="long">{day:%A} </span>{day.day}<span class="long"> {day:%B}</span>'
    named = f"{day:%A} {day.day} {day:%B}: {len(entries)} send{'s' * (len(entries) != 1)}"
    link = f'<a class="day" href="{escape(address)}" aria-label="{named}">{number}</a>'
    rest = f'<a class="more" href="{escape(address)}" aria-label="All of {named}">+{more} more</a>'
    current = ' aria-current="date"' if day == today else ""
    head = link if entries else f'<span class="day">{number}</span>'
    return f'<td class="{marks}"{current}>{head}{"".join(map(_entry, shown))}{rest if more else ""}</td>'


def _entry(one: Entry) -> str:
    about = f' title="{escape(one.help)}"' if one.help else ""
    return (
        f'<a class="send {one.tone}" href="{escape(one.address)}"{about}><b>{one.at}</b>'
        f' {escape(one.title)} <span class="state"><span class="icon" aria-hidden="true">{one.icon}</span>'
        f" {escape(one.state)}</span></a>"
    )
