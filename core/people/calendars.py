"""When people work: weekly schedules with the workspace's default, public holidays, leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.base.errors import BadInput, did_you_mean
from core.base.period import zone_of
from core.context import Context
from core.people.merging import roots
from core.people.models import Identity, Leave, Person, Schedule
from core.people.views import LeaveView, ScheduleView

DEFAULT = ""
"""`person_id` of the workspace's own default."""
MONDAY_TO_FRIDAY = (1, 2, 3, 4, 5)
LONGEST_LEAVE_DAYS = 3 * 366


def schedules(session: Session, ctx: Context) -> dict[str, ScheduleView]:
    """Every schedule that somebody set, by person after merges, and the default under ''."""
    ends = roots(session, ctx.workspace.id)
    own = {DEFAULT: _built_in(ctx)}
    found = session.scalars(sa.select(Schedule).where(Schedule.workspace_id == ctx.workspace.id))
    # A person's own schedule wins over that of somebody merged into it.
    for row in sorted(found, key=lambda row: (row.person_id not in ends, row.person_id)):
        own[ends.get(row.person_id, row.person_id)] = _view(row)
    return own


def schedule_of(known: dict[str, ScheduleView], person_id: str) -> ScheduleView:
    """This person's schedule, or the workspace's default."""
    return known.get(person_id) or known[DEFAULT]


def keep_schedule(session: Session, ctx: Context, view: ScheduleView) -> None:
    """Check and store a schedule; an empty person sets the default."""
    _check(view)
    row = session.get(Schedule, (ctx.workspace.id, view.person_id))
    row = row or Schedule(workspace_id=ctx.workspace.id, person_id=view.person_id)
    row.working_weekdays = sorted(set(view.working_weekdays))
    row.start_minute, row.end_minute = view.start_minute, view.end_minute
    row.time_zone, row.country = view.time_zone, view.country.upper()
    session.add(row)


def check_leave(first_day: date, last_day: date) -> None:
    """Return quietly if somebody can be away so long; BadInput if not."""
    if last_day < first_day:
        raise BadInput(f"The leave ends ({last_day}) before it starts ({first_day}).")
    if (last_day - first_day).days > LONGEST_LEAVE_DAYS:
        raise BadInput("A leave may last three years at most. Enter the next years when they come.")


def keep_leave(session: Session, ctx: Context, person_id: str, first_day: date, last_day: date, reason: str) -> Leave:
    """Check and store a span of leave."""
    check_leave(first_day, last_day)
    row = Leave(
        workspace_id=ctx.workspace.id, person_id=person_id, first_day=first_day, last_day=last_day, reason=reason[:40]
    )
    session.add(row)
    session.flush()
    return row


def leaves(session: Session, ctx: Context, person_id: str = "") -> list[LeaveView]:
    """Spans of leave, newest first, of one person or of all."""
    ends = roots(session, ctx.workspace.id)
    found = session.scalars(
        sa.select(Leave).where(Leave.workspace_id == ctx.workspace.id).order_by(Leave.first_day.desc(), Leave.id)
    )
    views = [
        LeaveView(row.id, ends.get(row.person_id, row.person_id), row.first_day, row.last_day, row.reason)
        for row in found
    ]
    return [view for view in views if not person_id or view.person_id == person_id]


def resolved_schedules(session: Session, ctx: Context) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The row of every person, defaults filled in, as the metrics store keeps it."""
    known = schedules(session, ctx)
    rows = {}
    for person in _persons(session, ctx):
        own = schedule_of(known, person)
        rows[(person,)] = (list(own.working_weekdays), own.time_zone, own.start_minute, own.end_minute)
    return rows


def resolved_days_off(session: Session, ctx: Context) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Every person's free days: public holidays of their country, and leave."""
    known = schedules(session, ctx)
    rows: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    if any(view.country for view in known.values()):
        first, last = _span(session, ctx)
        for person in _persons(session, ctx):
            country = schedule_of(known, person).country
            rows.update({(person, day): ("holiday",) for day in holidays_of(country, first, last)})
    for leave in leaves(session, ctx):
        rows.update({(leave.person_id, day): (leave.reason,) for day in _days(leave.first_day, leave.last_day)})
    return rows


def _persons(session: Session, ctx: Context) -> list[str]:
    return list(
        session.scalars(
            sa.select(Person.id).where(Person.workspace_id == ctx.workspace.id, Person.merged_into_id.is_(None))
        )
    )


def _span(session: Session, ctx: Context) -> tuple[int, int]:
    """The years that holidays are worked out for: since anybody was seen, until next year."""
    earliest = session.scalar(
        sa.select(sa.func.min(Identity.first_seen_at)).where(Identity.workspace_id == ctx.workspace.id)
    )
    now = ctx.clock()
    return min((earliest or now).year, now.year), now.year + 1


@lru_cache(maxsize=256)
def holidays_of(country: str, first: int, last: int) -> tuple[date, ...]:
    """Public holidays from one year to another, both inside; none without a country."""
    if not country:
        return ()
    import holidays

    nation, _, part = country.partition("-")
    try:
        return tuple(sorted(holidays.country_holidays(nation, subdiv=part or None, years=range(first, last + 1))))
    except NotImplementedError as error:
        near = did_you_mean(nation, holidays.list_supported_countries())
        raise BadInput(
            f"Nothing is known of the public holidays of '{country}'. Write DE, IN or US-CA.{near}"
        ) from error


def named_holidays(country: str, first: date, last: date) -> dict[date, str]:
    """Public holidays with their names, as the country calls them in English where that is known."""
    if not country:
        return {}
    import holidays

    holidays_of(country, first.year, last.year)
    nation, _, part = country.partition("-")
    years = range(first.year, last.year + 1)
    try:
        known = holidays.country_holidays(nation, subdiv=part or None, years=years, language="en_US")
    except (NotImplementedError, AttributeError):
        known = holidays.country_holidays(nation, subdiv=part or None, years=years)
    return {day: name for day, name in sorted(known.items()) if first <= day <= last}


def _days(first: date, last: date) -> Iterator[date]:
    for step in range((last - first).days + 1):
        yield first + timedelta(days=step)


def _check(view: ScheduleView) -> None:
    zone_of(view.time_zone)
    holidays_of(view.country.upper(), 2000, 2000)
    if not view.working_weekdays or not set(view.working_weekdays) <= set(range(1, 8)):
        raise BadInput("A schedule needs one working weekday at least; 1 is Monday, 7 is Sunday.")
    if not 0 <= view.start_minute < view.end_minute <= 24 * 60:
        raise BadInput("Working hours must begin before they end, within one day.")


def _built_in(ctx: Context) -> ScheduleView:
    return ScheduleView(DEFAULT, MONDAY_TO_FRIDAY, 9 * 60, 18 * 60, ctx.workspace.time_zone, "", is_default=True)


def _view(row: Schedule) -> ScheduleView:
    return ScheduleView(
        row.person_id, tuple(row.working_weekdays), row.start_minute, row.end_minute, row.time_zone, row.country,
        is_default=row.person_id == DEFAULT,
    )  # fmt: skip
