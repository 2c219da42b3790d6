"""Reports, profiles and team figures as files: kept ones where there are, made from the frozen document where not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.base.errors import BadInput, NotFound
from core.catalogue import METRICS
from core.context import Capability, Context, Rooms
from core.documents import RENDERERS, Document, render
from core.documents.long import LongTable
from core.exports import kept, lists
from core.exports import service as exports
from core.exports.models import ExportJob
from core.exports.service import Download, ExportView
from core.reports import reading
from core.reports.build import build
from core.reports.exporting_rows import request_rows, wanted_of
from core.reports.plan import ReportPlan, read_parameters, read_plan
from core.reports.planner import default_plan
from core.reports.references import checked_parameters
from core.reports.rows import run_row
from core.stores.app import new_id

CATEGORIES = ("velocity", "efficiency", "quality", "sustainability", "collaboration")
"""What a profile is made of."""
LACKING = {"report": "run_id", "developer_profile": "person", "team_analytics": "team", "page": "page"}
"""What an export of each kind is of."""
WITHOUT = "without"
"""Names in the settings of an export the figures that are hidden in it."""


def execute(rooms: Rooms, workspace_id: str, export_id: str) -> None:
    """Make the file of an export that was asked for."""
    exports.execute(rooms, workspace_id, export_id, _source)


def request_report(ctx: Context, run_id: str, fmt: str) -> str:
    """Ask the worker for another format of a run; the id of the export."""
    with ctx.app.reading() as session:
        run_row(session, ctx, run_id, light=True)
    return exports.request(ctx, "report", fmt, {"run_id": run_id}, run_id=run_id)


def request_profile(ctx: Context, person: str, fmt: str, **parameters: Any) -> str:
    """Ask the worker for a file of one person's figures."""
    return _request(ctx, "developer_profile", fmt, "person", "people", person, parameters)


def request_team(ctx: Context, team: str, fmt: str, **parameters: Any) -> str:
    """Ask the worker for a file of one team's figures."""
    return _request(ctx, "team_analytics", fmt, "team", "teams", team, parameters)


def request_page(ctx: Context, plan: ReportPlan, fmt: str) -> str:
    """Ask the worker for a file of a page, as `core.reports.from_board` tells of it; the id of the export."""
    scope = {"people": list(plan.scope.people), "teams": list(plan.scope.teams)}
    return exports.request(ctx, "page", fmt, {"plan": plan.model_dump(mode="json"), **scope})


def request(
    ctx: Context,
    export_type: str,
    fmt: str,
    *,
    run_id: str = "",
    report_id: str = "",
    person: str = "",
    team: str = "",
    parameters: Mapping[str, Any] | None = None,
    page: Callable[[Context, Mapping[str, Any]], ReportPlan] | None = None,
) -> str:
    """Ask the worker for a file of any kind; BadInput where what it is of is not named. The id of the export.

    A report's is of a run, or of the newest of a report.
    `page` makes a page's plan of the parameters: boards are beside reports.
    """
    ctx.require(Capability.EXPORT)
    given = {name: value for name, value in (parameters or {}).items() if name not in ("scope", "people", "teams")}
    match export_type:
        case "report" if run_id:
            return request_report(ctx, run_id, fmt)
        case "report" if report_id:
            return request_report(ctx, _newest(ctx, report_id), fmt)
        case "developer_profile" if person:
            return _request(ctx, export_type, fmt, "person", "people", person, given)
        case "team_analytics" if team:
            return _request(ctx, export_type, fmt, "team", "teams", team, given)
        case "rows":
            return request_rows(ctx, wanted_of(ctx, parameters or {}), fmt)
        case "page" if page:
            return request_page(ctx, page(ctx, parameters or {}), fmt)
    if lacking := LACKING.get(export_type):
        raise BadInput(f"An export '{export_type}' is of a {lacking.replace('_id', '')}: say {lacking}.")
    raise BadInput(f"There is no export '{export_type}'. Choose of {', '.join(exports.TYPES)}.")


def _newest(ctx: Context, report_id: str) -> str:
    newest = reading.latest(ctx, report_id)
    if newest is None:
        raise NotFound("The report has no result yet. Run it first.")
    return newest.id


def download(ctx: Context, run_id: str, fmt: str) -> Download:
    """A run as a file: the kept one if the actor may see all of it, else made now from what they may see."""
    ctx.require(Capability.EXPORT)
    if (found := _kept(ctx, run_id, fmt, ())) and (ctx.sees_individuals() or not found.individual):
        reading.read(ctx, run_id)
        return exports.content(ctx, found.id)
    document = reading.document(ctx, run_id)
    rendered = render(document, fmt)
    return Download(rendered.content, f"{document.file_stem()}{rendered.filename_suffix}", rendered.media_type)


def file_name(document: Document, fmt: str) -> str:
    """What a download of this document is called. Only CSV must be written to know: it may become a zip."""
    suffix = render(document, fmt).filename_suffix if fmt == "csv" else RENDERERS.get(fmt).suffix
    return f"{document.file_stem()}{suffix}"


def artifact(ctx: Context, run_id: str, fmt: str, also_hidden: frozenset[str] = frozenset()) -> ExportView:
    """The kept file of a run in a format, made and kept now if there is none: what a delivery attaches."""
    ctx.require(Capability.EXPORT)
    with ctx.app.reading() as session:
        row = run_row(session, ctx, run_id)
    hidden = sorted(reading.hidden(ctx, row) | also_hidden)
    if found := _kept(ctx, run_id, fmt, hidden):
        return exports.view(found)
    folder = f"{kept.prefix(ctx.workspace.id, run_id, row.fence)}/{new_id()}"
    files = kept.make(ctx.files, folder, reading.document(ctx, run_id, also_hidden), [fmt])
    try:
        with ctx.app.session() as session:
            return exports.view(
                kept.record(
                    session, ctx, files[0], export_type="report", run_id=run_id, config={WITHOUT: hidden},
                    individual=any(key not in hidden for key in row.individual),
                )
            )  # fmt: skip
    except BaseException:
        kept.drop(ctx.files, files)
        raise


def _kept(ctx: Context, run_id: str, fmt: str, hidden: Sequence[str]) -> ExportJob | None:
    """The newest file of the run with just these figures hidden."""
    with ctx.app.reading() as session:
        run_row(session, ctx, run_id, light=True)
        found = session.scalars(
            sa.select(ExportJob)
            .where(
                ExportJob.workspace_id == ctx.workspace.id,
                ExportJob.run_id == run_id,
                ExportJob.format == fmt,
                ExportJob.status == "success",
                ExportJob.expires_at > ctx.clock(),
            )
            .order_by(ExportJob.individual.desc(), ExportJob.created_at.desc())
        )
        return next((one for one in found if one.config.get(WITHOUT, []) == list(hidden)), None)


def _request(
    ctx: Context, export_type: str, fmt: str, scope: str, field: str, ref: str, parameters: dict[str, Any]
) -> str:
    metrics = [metric.key for metric in METRICS if metric.category in CATEGORIES]
    given = read_parameters({"metrics": metrics, **parameters, "scope": scope, field: [ref]})
    return exports.request(ctx, export_type, fmt, checked_parameters(ctx, given).model_dump(mode="json"))


def _source(ctx: Context, job: ExportJob) -> tuple[Document | LongTable, bool]:
    match job.export_type:
        case "rows":
            return lists.long_table(ctx, job.config)
        case "report" if job.run_id:
            with ctx.app.reading() as session:
                row = run_row(session, ctx, job.run_id)
            hidden = reading.hidden(ctx, row)
            return reading.document(ctx, job.run_id), any(key not in hidden for key in row.individual)
        case "developer_profile" | "team_analytics":
            parameters = checked_parameters(ctx, read_parameters(job.config))
            subject = ", ".join(parameters.names.get(ref, ref) for ref in (*parameters.people, *parameters.teams))
            title = f"Profile of {subject}" if job.export_type == "developer_profile" else f"Team {subject}"
            built = build(ctx, default_plan(ctx, parameters, title=title), job.created_at, author=ctx.actor.name)
            return built.document, bool(built.individual)
        case "page":
            built = build(ctx, read_plan(job.config["plan"]), job.created_at, author=ctx.actor.name)
            return built.document, bool(built.individual)
    raise BadInput(f"An export of the kind '{job.export_type}' cannot be made from {job.config}.")
