"""The verbs of working time: schedules, their default, and leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from core.access.workspaces import note
from core.base.errors import NotFound
from core.context import Capability, Context
from core.people import calendars
from core.people.directory import own_row
from core.people.footprint import mark_days
from core.people.models import Leave, Schedule
from core.people.publishing import changing
from core.people.views import LeaveView, ScheduleView


def schedule(ctx: Context, person_id: str = "") -> ScheduleView:
    """When this person works; without a person, the workspace's default."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    with ctx.app.reading() as session:
        return replace(calendars.schedule_of(calendars.schedules(session, ctx), person_id), person_id=person_id)


def set_schedule(
    ctx: Context,
    person_id: str,
    *,
    working_weekdays: Iterable[int],
    start_minute: int,
    end_minute: int,
    time_zone: str,
    country: str = "",
) -> None:
    """Set when a person works; an empty `person_id` sets the workspace's default."""
    view = ScheduleView(
        person_id, tuple(working_weekdays), start_minute, end_minute, time_zone, country, is_default=not person_id
    )
    with changing(ctx) as session:
        who = own_row(session, ctx, person_id).name if person_id else "everybody"
        calendars.keep_schedule(session, ctx, view)
        note(session, ctx, "people.schedule", who, person_id=person_id, weekdays=list(view.working_weekdays),
             time_zone=time_zone, country=country)  # fmt: skip
        mark_days(session, ctx, "schedule", None, None)


def clear_schedule(ctx: Context, person_id: str) -> None:
    """Let the workspace's default count for this person again."""
    with changing(ctx) as session:
        who = own_row(session, ctx, person_id).name if person_id else "everybody"
        session.execute(
            sa.delete(Schedule).where(Schedule.workspace_id == ctx.workspace.id, Schedule.person_id == person_id)
        )
        note(session, ctx, "people.schedule", who, person_id=person_id, cleared=True)
        mark_days(session, ctx, "schedule", None, None)


def schedules(ctx: Context) -> list[ScheduleView]:
    """The workspace's default first, then everybody who has working time of their own."""
    ctx.require(Capability.MANAGE_PEOPLE)
    with ctx.app.reading() as session:
        known = calendars.schedules(session, ctx)
    return [replace(view, person_id=person_id) for person_id, view in sorted(known.items())]


def holidays_ahead(ctx: Context, person_id: str = "", days: int = 366) -> dict[date, str]:
    """The public holidays to come of a person, or of the workspace's default, by day."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    today = ctx.clock().date()
    return calendars.named_holidays(schedule(ctx, person_id).country, today, today + timedelta(days=days))


def leave(ctx: Context, person_id: str = "") -> list[LeaveView]:
    """Spans of leave, newest first, of one person or of all."""
    ctx.require(Capability.MANAGE_PEOPLE)
    with ctx.app.reading() as session:
        return calendars.leaves(session, ctx, person_id)


def add_leave(ctx: Context, person_id: str, first_day: date, last_day: date, reason: str = "leave") -> LeaveView:
    """Note that a person is away, both days inside."""
    with changing(ctx) as session:
        who = own_row(session, ctx, person_id)
        row = calendars.keep_leave(session, ctx, person_id, first_day, last_day, reason)
        note(session, ctx, "people.leave", who.name, person_id=person_id, first_day=str(first_day),
             last_day=str(last_day))  # fmt: skip
        mark_days(session, ctx, "schedule", first_day, last_day)
        return LeaveView(row.id, person_id, first_day, last_day, row.reason)


def remove_leave(ctx: Context, leave_id: str) -> None:
    """Take a span of leave back."""
    with changing(ctx) as session:
        row = session.get(Leave, leave_id)
        if row is None or row.workspace_id != ctx.workspace.id:
            raise NotFound("This leave is not there any more. Look the person up again.")
        note(session, ctx, "people.leave_removed", row.person_id, first_day=str(row.first_day))
        mark_days(session, ctx, "schedule", row.first_day, row.last_day)
        session.delete(row)
