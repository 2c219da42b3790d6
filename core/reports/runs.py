"""Runs of reports: asked for, executed once under a lease, frozen, told to whoever waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import users, workspaces
from core.access.models import DataChange
from core.base.errors import Conflict, NotAllowed, NotFound
from core.context import SYSTEM, Capability, Context, Rooms
from core.documents import render
from core.exports import kept
from core.reports import quotas, versions
from core.reports.build import Built, build
from core.reports.models import ReportRun, SavedReport
from core.reports.outgoing import Outgoing, require_sending
from core.reports.plan import Parameters, ReportPlan
from core.reports.planner import default_plan
from core.reports.references import check_sources
from core.reports.rows import light_columns, readable, run_row
from core.reports.views import RunView, run_view
from core.stores.app import heartbeats, lease, work
from core.stores.app.lease import Lease


def run_now(ctx: Context, report_id: str, *, triggered_by: str = "manual") -> RunView:
    """Ask the worker to run a report. A run that still waits or runs is returned instead of a second one."""
    ctx.require(Capability.RUN_REPORTS)
    with ctx.app.session() as session:
        report = _runnable(session, ctx, report_id)
        row = session.scalar(_open_runs(report_id).where(ReportRun.portion == "").limit(1)) or begin(
            session, ctx, report_id, as_of=ctx.clock(), triggered_by=triggered_by
        )
        workspaces.note(session, ctx, "report.run", report.name, report=report_id, run=row.id)
    ctx.queue.put("report", ctx.workspace.id, row.id)
    return run_view(row)


def run_again(ctx: Context, run_id: str) -> RunView:
    """Run the definition of an earlier run once more, for the same days, with the facts as they are now."""
    ctx.require(Capability.RUN_REPORTS)
    with ctx.app.session() as session:
        earlier = run_row(session, ctx, run_id)
        if earlier.plan is None:
            raise Conflict("That run ended before its definition was settled. Run the report as it is now instead.")
        report = _runnable(session, ctx, earlier.report_id)
        require_sending(ctx, ReportPlan.model_validate(earlier.plan), report.report_plan)
        row = begin(
            session, ctx, report.id, as_of=earlier.as_of, triggered_by="manual", plan=earlier.plan,
            version=earlier.version, portion=earlier.portion,
        )  # fmt: skip
        workspaces.note(session, ctx, "report.run", report.name, report=report.id, run=row.id, again=run_id)
    ctx.queue.put("report", ctx.workspace.id, row.id)
    return run_view(row)


def _runnable(session: Session, ctx: Context, report_id: str) -> SavedReport:
    report = readable(session, ctx, report_id)
    if report.is_template:
        raise Conflict(f"'{report.name}' is a template. Make a report from it, and run that.")
    if not report.is_active:
        raise Conflict(f"'{report.name}' is paused. {report.paused_reason} Make it active in its settings.".strip())
    return report


def begin(
    session: Session,
    ctx: Context,
    report_id: str,
    *,
    as_of: datetime,
    triggered_by: str = "manual",
    occurrence_id: str | None = None,
    plan: Mapping[str, Any] | None = None,
    version: int | None = None,
    portion: str = "",
    burst: str | None = None,
) -> ReportRun:
    """A pending run, in the caller's transaction. Put the task "report" when it has committed.

    With `plan` it runs that one, and not what the report says when its turn comes: a team's `portion` of it, say.
    Conflict where the month's reports are used up; all runs of one `burst` are one report of the month.
    """
    quotas.require(session, ctx, burst)
    return work.create(
        session, ReportRun, ctx.workspace.id, ctx.clock(), triggered_by=triggered_by, actor_id=ctx.actor.user_id,
        report_id=report_id, as_of=as_of, occurrence_id=occurrence_id, provenance_records=[], failures=[],
        individual={}, data_version=0, announced=False, plan=plan, version=version, portion=portion, burst=burst,
    )  # fmt: skip


def execute(rooms: Rooms, workspace_id: str, run_id: str, worker: str = "") -> None:
    """Run a report to its end; quiet if somebody else does or did. Whoever waits for it is told."""
    held = lease.take(rooms.app, ReportRun, run_id, worker or heartbeats.me(), rooms.clock)
    if held is None:
        return
    try:
        with held:
            _execute(rooms, workspace_id, held)
    finally:
        conclude(rooms, workspace_id, run_id)


def conclude(rooms: Rooms, workspace_id: str, run_id: str) -> None:
    """Write the ending into the report, and tell the schedule that asked for it. Safe to repeat."""
    with rooms.app.session() as session:
        row = session.get(ReportRun, run_id)
        if row is None or row.status not in work.DONE:
            return
        newest = (SavedReport.last_run_at.is_(None)) | (SavedReport.last_run_at <= row.finished_at)
        session.execute(
            sa.update(SavedReport)
            .where(SavedReport.id == row.report_id, newest)
            .values(last_run_at=row.finished_at, last_run_status=row.status)
        )
        tell = bool(row.occurrence_id) and not row.announced
    if tell:
        rooms.queue.put("run_finished", workspace_id, run_id)


def announced(rooms: Rooms, workspace_id: str, run_id: str) -> None:
    """The schedule knows of this run's end: it need not be told again."""
    with rooms.app.session() as session:
        session.execute(
            sa.update(ReportRun)
            .where(ReportRun.id == run_id, ReportRun.workspace_id == workspace_id)
            .values(announced=True)
        )


def remind(rooms: Rooms) -> None:
    """Tell schedules of runs that ended without their hearing of it, as after a kill at the wrong moment."""
    with rooms.app.reading() as session:
        unheard = session.execute(
            sa.select(ReportRun.workspace_id, ReportRun.id).where(
                ReportRun.status.in_(work.DONE), ReportRun.occurrence_id.is_not(None), ~ReportRun.announced
            )
        ).all()
    for workspace_id, run_id in unheard:
        conclude(rooms, workspace_id, run_id)


def runs(ctx: Context, report_id: str, *, limit: int = 50) -> list[RunView]:
    """The newest runs of a report."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        readable(session, ctx, report_id)
        asked = sa.select(ReportRun).where(ReportRun.report_id == report_id).options(*light_columns())
        rows = session.scalars(asked.order_by(ReportRun.created_at.desc(), ReportRun.id).limit(limit))
        return [run_view(row) for row in rows]


def changed_since(ctx: Context, run: RunView) -> datetime | None:
    """When facts, people or teams of a run's days changed last after it had ended; None if they are as they were.

    The run keeps its numbers; run again, they may be others.
    """
    ctx.require(Capability.VIEW_REPORTS)
    if run.finished_at is None or run.period_start is None or run.period_end is None:
        return None
    last_moment = run.period_end - timedelta(microseconds=1)
    first, last = run.period_start.astimezone(UTC).date(), last_moment.astimezone(UTC).date()
    asked = sa.select(sa.func.max(DataChange.at)).where(
        DataChange.workspace_id == ctx.workspace.id,
        DataChange.at > run.finished_at,
        DataChange.first_day.is_(None) | (DataChange.first_day <= last),
        DataChange.last_day.is_(None) | (DataChange.last_day >= first),
    )
    with ctx.app.reading() as session:
        return session.scalar(asked)


def run(ctx: Context, run_id: str) -> RunView:
    """One run."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        return run_view(run_row(session, ctx, run_id, light=True))


def cancel(ctx: Context, run_id: str) -> None:
    """Stop a run that waits or runs."""
    ctx.require(Capability.RUN_REPORTS)
    with ctx.app.session() as session:
        run_row(session, ctx, run_id, light=True)
        work.cancel(session, ReportRun, run_id, ctx.workspace.id, ctx.clock())
        workspaces.note(session, ctx, "report.cancel", run_id)


def cancel_open(session: Session, ctx: Context, report_id: str) -> None:
    """Stop every run of a report that waits or runs."""
    for row in session.scalars(_open_runs(report_id)).all():
        work.cancel(session, ReportRun, row.id, ctx.workspace.id, ctx.clock())


def _execute(rooms: Rooms, workspace_id: str, held: Lease) -> None:
    system = rooms.context(workspaces.find(rooms.app, workspace_id))
    with rooms.app.reading() as session:
        row = session.get_one(ReportRun, held.run_id)
        report = session.get_one(SavedReport, row.report_id)
        version = row.version or versions.newest_number(session, report.id)
    ctx = _as_owner(system, report)
    parameters = Parameters.model_validate(report.parameters)
    plan = ReportPlan.model_validate(row.plan) if row.plan else _plan(ctx, report, parameters)
    check_sources(plan)
    built = build(ctx, plan, row.as_of, author=ctx.actor.name, progress=held.progress)
    out = Outgoing(ctx, report, row, plan, built.document)
    _keep(ctx, held, row, plan, built, parameters.formats, version, out)


def _plan(ctx: Context, report: SavedReport, parameters: Parameters) -> ReportPlan:
    if report.report_plan:
        return ReportPlan.model_validate(report.report_plan)
    return default_plan(ctx, parameters, title=report.name, description=report.description)


def _as_owner(ctx: Context, report: SavedReport) -> Context:
    """The report's owner, as the rows say now. An owner who may no longer run it pauses the report."""
    if report.deleted_at:
        raise NotFound(f"The report '{report.name}' was deleted before it ran.")
    if report.owner_id is None:
        return ctx.as_actor(SYSTEM)
    try:
        owner = ctx.on_behalf_of(users.actor_for(ctx.app, report.owner_id, ctx.workspace.id))
        owner.require(Capability.RUN_REPORTS)
    except NotAllowed as error:
        reason = f"The owner of '{report.name}' may no longer run it in '{ctx.workspace.name}', so it is paused."
        _pause(ctx, report.id, reason)
        raise NotAllowed(f"{reason} An admin can take it over on the report's page.") from error
    return owner


def _pause(ctx: Context, report_id: str, reason: str) -> None:
    with ctx.app.session() as session:
        session.execute(
            sa.update(SavedReport).where(SavedReport.id == report_id).values(is_active=False, paused_reason=reason)
        )
        workspaces.note(session, ctx, "report.pause", report_id, reason=reason)


def _keep(
    ctx: Context, held: Lease, row: ReportRun, plan: ReportPlan, built: Built, formats: Iterable[str],
    version: int | None, out: Outgoing,
) -> None:  # fmt: skip
    """Write the files, then the run's ending, the rows of its files and what is to be sent in one transaction."""
    document, wanted = built.document, list(dict.fromkeys(formats))
    markdown = render(document, "markdown").content.decode()
    folder = kept.prefix(ctx.workspace.id, row.id, held.fence)
    kept.clear(ctx.files, ctx.workspace.id, row.id, held.fence, wanted)
    files = kept.make(
        ctx.files, folder, document, wanted,
        lambda done, fmt: held.progress(0.7 + 0.25 * done / max(len(wanted), 1), f"Writing {fmt.upper()}"),
    )  # fmt: skip
    try:
        with ctx.app.session() as session:
            for file in files:
                kept.record(
                    session, ctx, file, export_type="report", run_id=row.id, individual=bool(built.individual),
                    triggered_by=row.triggered_by,
                )  # fmt: skip
            held.finish(
                "partial" if built.failures else "success",
                session=session,
                **_ending(ctx, plan, built, markdown, version),
            )
            out.enter(session)
    except BaseException:
        kept.drop(ctx.files, files)
        raise
    out.queue()


def _ending(ctx: Context, plan: ReportPlan, built: Built, markdown: str, version: int | None) -> dict[str, Any]:
    missing = len(built.failures)
    period = built.scope.period
    return {
        "rendered_markdown": markdown,
        "document": built.document.model_dump(mode="json"),
        "plan": plan.model_dump(mode="json"),
        "version": version,
        "provenance_records": [record.model_dump(mode="json") for record in built.document.origins()],
        "period_start": period.start if period else None,
        "period_end": period.end if period else None,
        "failures": list(built.failures),
        "individual": {key: [list(map(list, one)) for one in whose] for key, whose in built.individual.items()},
        "data_version": ctx.workspace.data_version,
        "error": f"{missing} part{'s are' if missing > 1 else ' is'} missing: {built.failures[0]}" if missing else None,
    }


def _open_runs(report_id: str) -> sa.Select[ReportRun]:
    open_now = ReportRun.status.in_(("pending", "running"))
    return sa.select(ReportRun).where(ReportRun.report_id == report_id, open_now).order_by(ReportRun.created_at)
