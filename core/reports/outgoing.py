"""What of a run goes out by the outputs of its report, entered with the run's ending: neither is without the other.

A delivery for each output, sent and tried again as mails are; `sending` does it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import User, WorkspaceMember
from core.base.settings import settings
from core.connections.opening import kind_of
from core.context import Capability, Context
from core.delivery import posting
from core.delivery.letter import Letter, keep
from core.delivery.models import Delivery
from core.delivery.posting import OUTPUT, Batch
from core.documents import Document
from core.reports.models import ReportRun, SavedReport
from core.reports.plan import PlanOutput, ReportPlan

TEST = "test"
"""What asked for a run whose result goes to one person only."""


def sendable(plan: ReportPlan | None) -> dict[str, PlanOutput]:
    """The outputs that the app sends to: those that name a connection."""
    return {name: one for name, one in plan.outputs.items() if one.connection} if plan else {}


def require_sending(ctx: Context, plan: ReportPlan | None, before: Mapping[str, object] | None) -> None:
    """Return quietly if the actor may have a report sent where `plan` says; what it says already is nobody's news."""
    wanted = sendable(plan)
    known = sendable(ReportPlan.model_validate(before)) if before else {}
    if any(known.get(name) != one for name, one in wanted.items()):
        ctx.require(Capability.SCHEDULE_REPORTS)


class Outgoing:
    """The deliveries of one run, kept ready before its ending is written."""

    def __init__(self, ctx: Context, report: SavedReport, run: ReportRun, plan: ReportPlan, document: Document) -> None:
        self.ctx = ctx
        self.names = [] if run.triggered_by == TEST else _ordered(ctx, sendable(plan))
        self.batch = Batch(f"outputs:{run.id}", None, run.id, OUTPUT, run.triggered_by)
        self.letter = _letter(ctx, report, run, document)
        self.rows: Sequence[Delivery] = ()
        if self.names:
            keep(ctx.files, self.batch.name, self.letter)

    def enter(self, session: Session) -> None:
        """Write them in the transaction that ends the run."""
        if self.names:
            self.rows = posting.enter(session, self.ctx, self.batch, self.letter, self.names)

    def queue(self) -> None:
        """Put them on the queue, once that transaction has committed. If this is lost, the clock does it."""
        posting.queued(self.ctx, self.rows)


def _ordered(ctx: Context, outputs: Mapping[str, PlanOutput]) -> list[str]:
    """Those that put files where others may point to go first."""
    return sorted(outputs, key=lambda name: not getattr(kind_of(ctx, outputs[name].connection), "serves", False))


def _letter(ctx: Context, report: SavedReport, run: ReportRun, document: Document) -> Letter:
    """What the owner is told of, should one of them fail for good. The report itself is the run's frozen document."""
    return Letter(
        subject=": ".join(filter(None, (document.title, document.period_label))),
        text="",
        html="",
        is_demo=ctx.workspace.is_demo,
        owners=_owners(ctx, report),
        link=f"{settings().url}/report?report={report.id}&run={run.id}",
    )


def _owners(ctx: Context, report: SavedReport) -> list[str]:
    """The owner's address; the admins' if nobody owns it."""
    asked = sa.select(User.email).join(WorkspaceMember, WorkspaceMember.user_id == User.id)
    here = asked.where(WorkspaceMember.workspace_id == ctx.workspace.id, User.is_active).order_by(User.email)
    with ctx.app.reading() as session:
        mine = session.scalars(here.where(User.id == report.owner_id)).all() if report.owner_id else []
        return list(mine or session.scalars(here.where(WorkspaceMember.role == "admin")))
