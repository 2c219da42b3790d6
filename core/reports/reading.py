"""Results as a reader may see them: a run is made with its owner's rights, and read with one's own."""

from __future__ import annotations

from collections.abc import Container, Iterable

from core.access.looks import looked
from core.base.errors import NotFound, SightlineError
from core.base.period import Period
from core.catalogue.scope import Scope
from core.components import service as components
from core.context import Capability, Context
from core.documents import Document
from core.figures import Figure, Notice, Stat
from core.reports.assembly import placed
from core.reports.models import ReportRun
from core.reports.plan import ReportPlan, WidgetBlock
from core.reports.references import standing
from core.reports.rows import run_row
from core.reports.runs import runs
from core.reports.views import RunView
from core.widgets import Params
from core.widgets.focus import asked, focused

HIDDEN = "This part shows individuals' numbers, which this workspace hides from your role."


def document(ctx: Context, run_id: str) -> Document:
    """The frozen document of a run, with the parts hidden that the actor may not see."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        row = run_row(session, ctx, run_id)
    if row.document is None:
        raise NotFound(row.error or "The run has not finished yet, so there is nothing to show.")
    looked_at(ctx, row)
    return seen_by(ctx, Document.model_validate(row.document), row)


def markdown(ctx: Context, run_id: str) -> str:
    """What the run wrote as Markdown, with the same parts hidden."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        row = run_row(session, ctx, run_id)
    if row.rendered_markdown is None:
        raise NotFound(row.error or "The run has not finished yet, so there is nothing to show.")
    if sees_all(ctx, row):
        looked_at(ctx, row)
        return row.rendered_markdown
    from core.documents import render

    return render(document(ctx, run_id), "markdown").content.decode()


def counted(ctx: Context, run_id: str, figures: Iterable[Figure]) -> list[tuple[Figure, Scope]]:
    """Each figure of a run with the scope that its numbers were counted in: a block may be about one person or team.

    A block whose person or team is gone is left out: nobody can ask for its numbers again.
    """
    plan, whole = _ran(ctx, run_id)
    return [(figure, about) for figure in figures if (about := _about(ctx, plan, whole, figure))]


def scope(ctx: Context, run_id: str) -> Scope:
    """Whom and which days a run is about, to ask for the rows behind its numbers."""
    return _ran(ctx, run_id)[1]


def _ran(ctx: Context, run_id: str) -> tuple[ReportPlan, Scope]:
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        row = run_row(session, ctx, run_id)
    if row.plan is None or row.period_start is None or row.period_end is None:
        raise NotFound(row.error or "The run has not finished yet, so there is nothing to explain.")
    plan = ReportPlan.model_validate(row.plan)
    about = standing(ctx, plan.scope).scope
    return plan, Scope(
        period=Period(row.period_start, row.period_end),
        team_ids=about.teams,
        repo_ids=about.repos,
        person_ids=about.people,
        component_ids=components.chosen(ctx, about.components),
        include_bots=about.include_bots,
        time_zone=plan.window.time_zone or ctx.workspace.time_zone,
    )


def _about(ctx: Context, plan: ReportPlan, whole: Scope, figure: Figure) -> Scope | None:
    if isinstance(figure, Stat) and figure.explain:
        return asked(ctx, figure.explain)
    block = next((block for key, block in placed(plan) if key == figure.key), None)
    if not isinstance(block, WidgetBlock):
        return whole
    narrowing = Params.model_validate({name: block.params.get(name, "") for name in ("person", "team", "component")})
    try:
        return focused(ctx, whole, narrowing)
    except SightlineError:
        return None


def latest(ctx: Context, report_id: str) -> RunView | None:
    """The newest run with a document, if there is one."""
    return next((run for run in runs(ctx, report_id, limit=50) if run.has_document), None)


def provenance(ctx: Context, run_id: str) -> list[dict[str, object]]:
    """Where every number of the run came from: query, parameters, watermark, rows, versions."""
    ctx.require(Capability.VIEW_REPORTS)
    return [record.model_dump(mode="json") for record in document(ctx, run_id).origins()]


def sees_all(ctx: Context, row: ReportRun) -> bool:
    """Whether the actor may see every figure of the run: nobody is named, or the run is about those they may see."""
    if ctx.sees_individuals() or not row.individual:
        return True
    about = ReportPlan.model_validate(row.plan).scope if row.plan else None
    return about is not None and ctx.sees_scope(about.people, about.teams)


def looked_at(ctx: Context, row: ReportRun) -> None:
    """Note that the actor reads individuals' numbers in this run."""
    if row.individual and row.plan and sees_all(ctx, row):
        about = ReportPlan.model_validate(row.plan).scope
        looked(ctx, about.people, about.teams, listed=not about.people)


def read(ctx: Context, run_id: str) -> None:
    """Note that the actor reads a run that a page has remembered."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        looked_at(ctx, run_row(session, ctx, run_id))


def seen_by(ctx: Context, whole: Document, row: ReportRun) -> Document:
    """The document with the figures of individuals hidden from those who may not see them."""
    if sees_all(ctx, row):
        return whole
    individual = row.individual
    sections = [
        section.model_copy(update={"blocks": [_seen(figure, individual) for figure in section.blocks]})
        for section in whole.sections
    ]
    return whole.model_copy(update={"sections": sections})


def _seen(figure: Figure, individual: Container[str]) -> Figure:
    if figure.key not in individual:
        return figure
    return Notice(key=figure.key, title=figure.title, columns=figure.columns, text=HIDDEN)
