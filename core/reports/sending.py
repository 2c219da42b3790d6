"""A finished run taken to the outputs of its report, one delivery each, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import users, workspaces
from core.access.readers import stranger
from core.base.errors import DeliveryFailed, NotFound, SightlineError
from core.base.period import zone_of
from core.connections.opening import output
from core.context import Capability, Context, Rooms
from core.delivery import service as delivery
from core.delivery.models import Delivery, Receipt
from core.delivery.outputs.output import PERHAPS, Output, Parcel
from core.delivery.outputs.sending import points
from core.delivery.posting import OUTPUT, queued
from core.reports import reading
from core.reports.models import ReportRun, SavedReport
from core.reports.outgoing import sendable
from core.reports.plan import ReportPlan
from core.reports.rows import run_row

STATES = {"pending": "waiting", "running": "sending", "success": "delivered", "failed": "failed"}
OPEN = ("pending", "running")


@dataclass(frozen=True, slots=True)
class SentView:
    """What became of one output of a run."""

    id: str
    name: str
    """As the report file calls it."""
    connection: str
    state: str
    """waiting, sending, delivered or failed."""
    said: str
    """Where it is now, or why it is not there."""
    at: datetime
    attempts: int
    next_at: datetime | None
    """When it is tried again."""

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "sending")


def sent(ctx: Context, run_id: str) -> list[SentView]:
    """What became of each output of a run."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        run_row(session, ctx, run_id, light=True)
        rows = session.scalars(_of_run(ctx, run_id).order_by(Delivery.created_at, Delivery.recipient)).all()
        plan = _plan(session.scalar(sa.select(ReportRun.plan).where(ReportRun.id == run_id))) if rows else None
        said = _answers(session, [row.id for row in rows])
    known = sendable(plan)
    now = ctx.clock()
    return [_view(row, known[row.recipient].connection, said.get(row.id, ""), now) for row in rows]


def send_again(ctx: Context, delivery_id: str) -> None:
    """Try an output once more that failed for good."""
    ctx.require(Capability.SCHEDULE_REPORTS)
    with ctx.app.session() as session:
        row = session.get(Delivery, delivery_id, with_for_update=True)
        if row is None or row.workspace_id != ctx.workspace.id or row.channel != OUTPUT or row.run_id is None:
            raise NotFound("There is no such output of a report in this workspace.")
        run_row(session, ctx, row.run_id, light=True)
        delivery.again(session, ctx, row)
        workspaces.note(session, ctx, "report.send_again", row.subject, output=row.recipient, run=row.run_id)
    queued(ctx, [row])


def send(house: Rooms, row: Delivery, cut_off: bool) -> str:
    """Send the frozen document, as its owner may see it now, and say where it is."""
    with house.app.reading() as session:
        run = session.get(ReportRun, row.run_id) if row.run_id else None
        report = session.get(SavedReport, run.report_id) if run else None
    if run is None or report is None or report.deleted_at:
        raise NotFound("The report was deleted before it was sent.")
    owner = _owner(house.context(workspaces.find(house.app, row.workspace_id)), report)
    plan = _plan(run.plan)
    mine = _opened(owner, plan, row.recipient)
    if cut_off and not mine.serves:
        raise DeliveryFailed(PERHAPS, retry=False)
    others = list(_others(owner, plan, row.recipient))
    if points(mine):
        _wait_for(house, row, {one.name for one in others if one.serves})
    return mine.send(parcel(owner, run, plan, shared=any(map(points, [mine, *others]))))


def _owner(ctx: Context, report: SavedReport) -> Context:
    """The report's owner, as the rows say now; NotAllowed if they may have nothing sent any more."""
    return users.acting(
        ctx, report.owner_id, Capability.SCHEDULE_REPORTS,
        f"The owner of '{report.name}' may have no reports sent in '{ctx.workspace.name}'. An admin can take it"
        " over on the report's page, and send it again.",
    )  # fmt: skip


def _opened(owner: Context, plan: ReportPlan, name: str) -> Output:
    wanted = plan.outputs[name]
    return output(owner, wanted.connection, name, wanted.args)


def _others(owner: Context, plan: ReportPlan, name: str) -> Iterator[Output]:
    """The other outputs, as far as they can be opened."""
    for other in sendable(plan):
        if other != name:
            with suppress(SightlineError):
                yield _opened(owner, plan, other)


def _wait_for(house: Rooms, row: Delivery, serving: set[str]) -> None:
    """Return quietly if what this output points to is there, or never will be; DeliveryFailed, for now, if not yet."""
    asked = sa.select(Delivery.recipient).where(
        Delivery.workspace_id == row.workspace_id, Delivery.batch == row.batch, Delivery.channel == OUTPUT,
        Delivery.recipient.in_(serving), Delivery.status.in_(OPEN),
    )  # fmt: skip
    with house.app.reading() as session:
        if name := session.scalar(asked.limit(1)):
            raise DeliveryFailed(f"It shows pictures that the output '{name}' has not put there yet, and waits for it.")


def parcel(owner: Context, run: ReportRun, plan: ReportPlan, *, shared: bool = False) -> Parcel:
    """A run as it leaves the house: what both its sender and somebody unknown may see."""
    assert run.period_start
    assert run.period_end
    zone = zone_of(plan.window.time_zone or owner.workspace.time_zone)
    start, end = (moment.astimezone(zone).date() for moment in (run.period_start, run.period_end))
    hidden = reading.hidden(stranger(owner), run)  # nobody signs in where it goes
    return Parcel(reading.document(owner, run.id, hidden), start, end, shared=shared)


def _plan(kept: object) -> ReportPlan:
    return ReportPlan.model_validate(kept)


def _of_run(ctx: Context, run_id: str) -> sa.Select[Delivery]:
    return sa.select(Delivery).where(
        Delivery.workspace_id == ctx.workspace.id, Delivery.run_id == run_id, Delivery.channel == OUTPUT
    )


def _answers(session: Session, ids: list[str]) -> dict[str, str]:
    """The last word on each."""
    asked = sa.select(Receipt).where(Receipt.delivery_id.in_(ids)).order_by(Receipt.attempt)
    return {one.delivery_id: one.answer for one in session.scalars(asked)}


def _view(row: Delivery, connection: str, answer: str, now: datetime) -> SentView:
    later = row.status == "pending" and row.next_attempt_at is not None and row.next_attempt_at > now
    return SentView(
        id=row.id,
        name=row.recipient,
        connection=connection,
        state=STATES.get(row.status, row.status),
        said=row.last_error or (answer if row.status == "success" else ""),
        at=row.finished_at or row.created_at,
        attempts=row.attempt,
        next_at=row.next_attempt_at if later else None,
    )
