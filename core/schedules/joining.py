"""Whoever may see a report has it sent to themselves too, or no more; nobody needs to ask its owner."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from core.access import workspaces
from core.base.errors import BadInput
from core.context import Capability, Context
from core.delivery import domains, optout
from core.delivery.addresses import MOST_RECIPIENTS, address
from core.reports.rows import readable
from core.schedules import reading
from core.schedules.going import going
from core.schedules.models import ScheduledReport, letter_channel
from core.schedules.views import ScheduleView
from core.schedules.wish import Wish


def join(ctx: Context, schedule_id: str) -> ScheduleView:
    """Send it to the actor too, who may have unsubscribed before. BadInput where no letter can reach them."""
    ctx.require(Capability.VIEW_REPORTS)
    if not ctx.actor.email:
        raise BadInput("Your account has no mail address to send it to.")
    with ctx.app.session() as session:
        row = reading.row(session, ctx, schedule_id, lock=True)
        mine = _address(ctx, row)
        optout.put_back(session, ctx.workspace.id, row.id, mine)
        if not reading.reaches(ctx, row, mine):
            _add(session, ctx, row, mine)
        workspaces.note(session, ctx, "schedule.join", row.id)
    return reading.views(ctx, schedule_id=schedule_id)[0]


def leave(ctx: Context, schedule_id: str) -> ScheduleView:
    """Send it to the actor no more, also where their team gets it: as the link in its letters does."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.session() as session:
        row = reading.row(session, ctx, schedule_id, lock=True)
        if ctx.actor.email and reading.reaches(ctx, row, ctx.actor.email):
            optout.take_off(session, ctx.workspace.id, row.id, ctx.actor.email, ctx.clock())
            workspaces.note(session, ctx, "schedule.leave", row.id)
    return reading.views(ctx, schedule_id=schedule_id)[0]


def _address(ctx: Context, row: ScheduledReport) -> str:
    channel = letter_channel(row.delivery_method)
    if channel != "email":
        raise BadInput("This one does not go by e-mail. Read it where it is posted, or on its report's page.")
    if lacking := reading.mail_ready(channel):
        raise BadInput(lacking)
    mine = address(ctx.actor.email)
    domains.require_allowed(ctx, [mine])
    return mine


def _add(session: Session, ctx: Context, row: ScheduledReport, mine: str) -> None:
    if len(row.recipients) >= MOST_RECIPIENTS:
        raise BadInput(f"It goes to {MOST_RECIPIENTS} recipients already. Ask its owner to name teams instead.")
    if row.bursts:
        alone = going(ctx, replace(Wish.of(row), recipients=(mine,)), readable(session, ctx, row.report_id))
        if not alone.shares:
            raise BadInput(" ".join(alone.unreached))
    row.recipients = [*row.recipients, mine]
    row.updated_at = ctx.clock()
