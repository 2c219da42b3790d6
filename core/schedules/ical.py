"""Sends as an iCalendar file (RFC 5545), to be opened in whatever calendar somebody has."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from core.base.settings import settings
from core.context import Context
from core.schedules.views import Send, Sends

if TYPE_CHECKING:
    from icalendar import Event

LASTS = timedelta(minutes=15)
"""How long an entry is in a calendar: a send is a moment, which many do not show."""
LEFT_OUT = frozenset({"paused", "skipped", "cancelled"})


def file_of(ctx: Context, found: Sends) -> bytes:
    """What was sent and will be. What nobody gets is left out; an entry that is taken in again replaces the first."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//Sightline//Scheduled reports//EN")
    made.add("version", "2.0")
    for one in found.items:
        if one.state not in LEFT_OUT:
            made.add_component(_event(ctx, one))
    written: bytes = made.to_ical()
    return written


def _event(ctx: Context, one: Send) -> Event:
    from icalendar import Event

    made = Event()
    page, named = one.leads_to
    link = f"{settings().url}/{page}?{urlencode(named)}"
    made.add("uid", f"{one.schedule_id}-{one.due_at:%Y%m%dT%H%M%SZ}@sightline")
    made.add("dtstamp", ctx.clock())
    made.add("dtstart", one.due_at)
    made.add("duration", LASTS)
    made.add("summary", one.report_name)
    made.add("description", " ".join(filter(None, (f"{one.state_text}.", one.detail, link))))
    made.add("url", link)
    made.add("transp", "TRANSPARENT")
    return made
