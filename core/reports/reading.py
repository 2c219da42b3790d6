"""Results as a reader may see them: a run is made with its owner's rights, and read with one's own."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Sequence
from datetime import datetime
from typing import Any

from core.access.looks import looked
from core.base.errors import NotFound, SightlineError
from core.base.period import Period
from core.catalogue.scope import Scope
from core.components import service as components
from core.context import Capability, Context
from core.documents import Document
from core.figures import Figure, Notice, Stat
from core.reports.assembly import placed
from core.reports.build import Whose
from core.reports.models import ReportRun
from core.reports.plan import ReportPlan, WidgetBlock
from core.reports.references import standing
from core.reports.rows import run_row
from core.reports.runs import runs
from core.reports.scopes import has_its_own, of_block
from core.reports.views import RunView
from core.widgets import Params
from core.widgets.focus import asked, focused

HIDDEN = (
    "This part shows individuals' numbers, or the wellbeing of a group of too few, which this workspace hides from"
    " whoever reads this."
)
EVERYBODY: tuple[Whose, ...] = (((), ()),)
"""Whose numbers a figure shows of which nothing else was kept."""


def document(ctx: Context, run_id: str, also_hidden: Collection[str] = ()) -> Document:
    """The frozen document of a run, with the parts hidden that the actor may not see, and those that another may not.

    A letter shows what both who sends it and who gets it may see.
    """
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        row = run_row(session, ctx, run_id)
    if row.document is None:
        raise NotFound(row.error or "The run has not finished yet, so there is nothing to show.")
    looked_at(ctx, row)
    return without(Document.model_validate(row.document), hidden(ctx, row), also_hidden)


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
    row, plan, whole = _ran(ctx, run_id)
    return [(figure, about) for figure in figures if (about := _about(ctx, plan, whole, figure, row.as_of))]


def scope(ctx: Context, run_id: str) -> Scope:
    """Whom and which days a run is about, to ask for the rows behind its numbers."""
    return _ran(ctx, run_id)[2]


def _ran(ctx: Context, run_id: str) -> tuple[ReportRun, ReportPlan, Scope]:
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        row = run_row(session, ctx, run_id)
    if row.plan is None or row.period_start is None or row.period_end is None:
        raise NotFound(row.error or "The run has not finished yet, so there is nothing to explain.")
    plan = ReportPlan.model_validate(row.plan)
    about = standing(ctx, plan.scope).scope
    return (
        row,
        plan,
        Scope(
            period=Period(row.period_start, row.period_end),
            team_ids=about.teams,
            repo_ids=about.repos,
            person_ids=about.people,
            component_ids=components.chosen(ctx, about.components),
            include_bots=about.include_bots,
            time_zone=plan.window.time_zone or ctx.workspace.time_zone,
        ),
    )


def _about(ctx: Context, plan: ReportPlan, whole: Scope, figure: Figure, as_of: datetime) -> Scope | None:
    if isinstance(figure, Stat) and figure.explain:
        return asked(ctx, figure.explain)
    block = next((block for key, block in placed(plan) if key == figure.key), None)
    if not isinstance(block, WidgetBlock):
        return whole
    narrowing = Params.model_validate({name: block.params.get(name, "") for name in ("person", "team", "component")})
    try:
        if has_its_own(block):
            whole, _ = of_block(ctx, plan, block, as_of)
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


def hidden(ctx: Context, row: ReportRun) -> frozenset[str]:
    """Keys of the figures that the actor may not see: those that show somebody whose numbers are not theirs to see."""
    if ctx.sees_individuals():
        return frozenset()
    return frozenset(key for key, whose in individual(row).items() if not all(ctx.sees_scope(*one) for one in whose))


def individual(row: ReportRun) -> dict[str, Sequence[Whose]]:
    """Whose numbers each figure shows; everybody's in a run of before that was kept."""
    kept: Any = row.individual
    return kept if isinstance(kept, dict) else dict.fromkeys(kept, EVERYBODY)


def sees_all(ctx: Context, row: ReportRun) -> bool:
    """Whether the actor may see every figure of the run."""
    return not hidden(ctx, row)


def looked_at(ctx: Context, row: ReportRun) -> None:
    """Note that the actor reads individuals' numbers in this run."""
    unseen = hidden(ctx, row)
    for key, whose in individual(row).items():
        for people, teams in whose if key not in unseen else ():
            looked(ctx, people, teams, listed=not people)


def read(ctx: Context, run_id: str) -> None:
    """Note that the actor reads a run that a page has remembered."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        looked_at(ctx, run_row(session, ctx, run_id))


def without(whole: Document, *hidden: Collection[str]) -> Document:
    """The document with a word in place of each figure that is hidden, and nobody named whom it was about."""
    if not any(hidden):
        return whole
    sections = [
        section.model_copy(update={"blocks": [_seen(figure, hidden) for figure in section.blocks]})
        for section in whole.sections
    ]
    filters = [one for one in whole.filters if not one.startswith("Person: ")]
    return whole.model_copy(update={"sections": sections, "filters": filters})


def _seen(figure: Figure, hidden: Iterable[Container[str]]) -> Figure:
    if not any(figure.key in keys for keys in hidden):
        return figure
    return Notice(key=figure.key, columns=figure.columns, text=HIDDEN)
