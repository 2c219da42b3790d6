"""The delivery log for programs: what left the house, to whom, by which channel, and each answer to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.base.errors import NotFound
from core.context import Capability, Context
from core.delivery.models import Delivery, Receipt
from core.delivery.posting import OUTPUT
from core.delivery.said import became
from core.reports import sending
from core.reports.models import ReportRun, SavedReport
from core.reports.rows import run_row, visible
from core.schedules import reading, service
from core.schedules.models import Occurrence
from core.stores.app.paging import Page, Place, paged


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What the channel answered to one attempt."""

    attempt: int
    at: datetime
    outcome: str
    answer: str
    """The server's own words, or what went wrong on the way to it."""
    seconds: float


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One letter, message or output, with every attempt to send it."""

    id: str
    report_id: str
    report_name: str
    run_id: str
    schedule_id: str | None
    """None where a person ran the report."""
    portion: str
    """The team that it is about alone; empty for the whole report."""
    channel: str
    recipient: str
    """An address, a channel of Slack, or the name of an output."""
    subject: str
    status: str
    """A word of `core.delivery.said`."""
    attempts: int
    detail: str
    """Why it is not there; else the last answer."""
    created_at: datetime
    next_attempt_at: datetime | None
    finished_at: datetime | None
    receipts: list[ReceiptView]


def page(ctx: Context, place: Place, *, schedule_id: str = "", run_id: str = "") -> Page[DeliveryView]:
    """What was sent of the reports that the actor may see, the newest first: of a schedule, of a run, or all.

    Addresses are for those who may write them; others see the outputs of one run, as on the report's page.
    """
    ctx.require(Capability.VIEW_REPORTS if run_id and not schedule_id else Capability.SCHEDULE_REPORTS)
    asked = _asked(ctx)
    with ctx.app.reading() as session:
        if run_id:
            run_row(session, ctx, run_id, light=True)
            asked = asked.where(Delivery.run_id == run_id)
        if schedule_id:
            reading.row(session, ctx, schedule_id, ended=True)
            asked = asked.where(Delivery.run_id.in_(_runs_of(schedule_id)))
        rows, total, cursor = paged(session, asked, place, Delivery.created_at, Delivery.id)
        return Page(_views(session, rows), total, cursor)


def get(ctx: Context, delivery_id: str) -> DeliveryView:
    """One of them with its receipts; NotFound if it is of no report that the actor may see."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    with ctx.app.reading() as session:
        row = session.scalar(_asked(ctx).where(Delivery.id == delivery_id))
        if row is None:
            raise NotFound("There is no such delivery in this workspace. Look at the delivery log.")
        return _views(session, [row])[0]


def send_again(ctx: Context, delivery_id: str) -> DeliveryView:
    """Send once more what failed for good; Conflict if it has not failed."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    again = sending.send_again if get(ctx, delivery_id).channel == OUTPUT else service.send_again
    again(ctx, delivery_id)
    return get(ctx, delivery_id)


def _runs_of(schedule_id: str) -> sa.Select[str | None]:
    return sa.select(Occurrence.run_id).where(Occurrence.schedule_id == schedule_id)


def _asked(ctx: Context) -> sa.Select[Delivery]:
    runs = sa.select(ReportRun.id).where(ReportRun.report_id.in_(visible(ctx).with_only_columns(SavedReport.id)))
    asked = sa.select(Delivery).where(Delivery.workspace_id == ctx.workspace.id, Delivery.run_id.in_(runs))
    return asked if ctx.may(Capability.SCHEDULE_REPORTS) else asked.where(Delivery.channel == OUTPUT)


def _views(session: Session, rows: Sequence[Delivery]) -> list[DeliveryView]:
    """A question for all reports, one for all schedules and one for all receipts."""
    runs = {row.run_id for row in rows}
    of_report = (
        sa.select(ReportRun.id, SavedReport.id, SavedReport.name)
        .join(SavedReport, SavedReport.id == ReportRun.report_id)
        .where(ReportRun.id.in_(runs))
    )
    reports = {run: (report, name) for run, report, name in session.execute(of_report)}
    of_schedule = sa.select(Occurrence.run_id, Occurrence.schedule_id, Occurrence.portion_name)
    found = session.execute(of_schedule.where(Occurrence.run_id.in_(runs)))
    schedules = {run: (schedule, portion) for run, schedule, portion in found}
    receipts: dict[str, list[ReceiptView]] = defaultdict(list)
    answered = sa.select(Receipt).where(Receipt.delivery_id.in_([row.id for row in rows])).order_by(Receipt.attempt)
    for one in session.scalars(answered):
        receipts[one.delivery_id].append(ReceiptView(one.attempt, one.at, one.outcome, one.answer, one.seconds))
    views = []
    for row in rows:
        (report_id, name), (schedule_id, portion) = reports[row.run_id or ""], schedules.get(row.run_id, (None, ""))
        views.append(_view(row, report_id, name, schedule_id, portion, receipts[row.id]))
    return views


def _view(
    row: Delivery, report_id: str, report: str, schedule_id: str | None, portion: str, receipts: list[ReceiptView]
) -> DeliveryView:
    return DeliveryView(
        id=row.id,
        report_id=report_id,
        report_name=report,
        run_id=row.run_id or "",
        schedule_id=schedule_id,
        portion=portion,
        channel=row.channel,
        recipient=row.recipient,
        subject=row.subject,
        status=became(row, receipts[-1].outcome if receipts else None),
        attempts=row.attempt,
        detail=row.last_error or (receipts[-1].answer if receipts else ""),
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at if row.status == "pending" else None,
        finished_at=row.finished_at,
        receipts=receipts,
    )
