"""A plan to a document: blocks in parallel, each distinct question asked once, a failure told in its place."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import structlog

from core.base.errors import BadInput, SightlineError, StoreUnreachable
from core.catalogue import service as catalogue
from core.catalogue.scope import Scope
from core.context import Context
from core.datasources.desk import Asked, Desk
from core.documents import Document
from core.figures import Figure, Notice
from core.narrative.voice import voice
from core.reports.assembly import placed, sections
from core.reports.narrating import Telling, narrated
from core.reports.plan import PlanScope, ReportPlan, WidgetBlock
from core.reports.references import standing
from core.reports.scopes import has_its_own, of_block, scope_of
from core.reports.viewing import made_views, openers
from core.reports.windows import resolved
from core.reports.words import failures, texts, values
from core.views.making import Made
from core.widgets import WIDGETS, Params, Widget
from core.widgets.asking import Question, gathered
from core.widgets.focus import focused

log = structlog.get_logger(__name__)

THREADS = 4
Report = Callable[[float, str], None]
Whose = tuple[Sequence[str], Sequence[str]]
"""The people, and the teams, that an answer is narrowed to; both empty for everybody."""


@dataclass(frozen=True)
class Built:
    """A finished document, and what the run should tell of it."""

    document: Document
    failures: tuple[str, ...]
    """A sentence for each block that became a notice, and for what a scope has lost."""
    individual: Mapping[str, Sequence[Whose]]
    """Figures that show individuals' numbers, by key, and whose: not for every reader."""
    scope: Scope
    views: tuple[Made, ...] = ()
    """What became of each view block."""
    asked: tuple[Asked, ...] = ()
    """What the views asked of datasources."""
    lost: Mapping[str, str] = field(default_factory=dict)
    """A sentence for each widget that failed, by the key of its block."""


@dataclass
class _Work:
    """One block on its way to a figure."""

    key: str
    block: WidgetBlock
    scope: Scope
    widget: Widget[Any] | None = None
    params: Params | None = None
    questions: list[Question] = field(default_factory=list)
    figure: Figure | None = None
    error: Exception | None = None
    whose: list[Whose] = field(default_factory=list)
    """Of what it shows of individuals: whoever may see all of these may see it."""
    gone: str = ""
    """What its own filters have lost, as a sentence."""

    @property
    def title(self) -> str:
        own = self.block.title or self.block.params.get("title")
        return str(own or (self.widget.title if self.widget else self.block.widget))

    def print(self, ctx: Context) -> str:
        """What its figure depends on: another figure, another text."""
        told = (ctx.workspace.id, ctx.workspace.data_version, ctx.seen_as(), self.block.widget, self.scope, self.params)
        return sha256(repr(told).encode()).hexdigest()


def build(
    ctx: Context,
    plan: ReportPlan,
    as_of: datetime,
    *,
    author: str = "",
    progress: Report = lambda fraction, text: None,
    always: bool = False,
    held: MutableMapping[str, Figure] | None = None,
) -> Built:
    """The document of `plan` as of a moment. A block that fails becomes a notice in its place.

    Figures that are `held` are not made again, and those that are made are held.
    Unless it is to be made `always`, raises what the first block raised if not one of them could be made, and
    StoreUnreachable if one met it: a report of which only the parts stand that ask no store is worse than none.
    """
    if not always and not any(section.blocks for section in plan.sections):
        raise BadInput("The report has no parts, so there is nothing to make. Choose Edit and add some.")
    found = standing(ctx, plan.scope)
    scope = scope_of(ctx, plan.window, found.scope, as_of)
    works = [_prepared(ctx, plan, work, as_of) for work in _works(plan, scope)]
    _draw_all(ctx, works, progress, {} if held is None else held)
    desk = Desk(resolved(plan.window, as_of, scope.time_zone), openers(plan, lambda: ctx, ctx))
    with closing(desk):
        views = made_views(plan, desk.window, {}, progress, desk)
    if not always:
        _give_up([*works, *views.values()])
    gone = [found.sentence] if found.gone else []
    gone += [f"{work.title}: {work.gone}" for work in works if work.gone]
    words = texts(plan, _said(ctx, plan, found.scope, scope))
    figures = {work.key: (_figure(work),) for work in works} | {key: one.figures for key, one in views.items()} | words
    individual = {work.key: work.whose for work in works if work.whose} | {
        figure.key: one.whose for one in views.values() if one.whose for figure in one.figures
    }
    narratives = narrated(plan, Telling(figures, individual, *_dates(scope), voice(ctx)))
    document = _document(ctx, plan, found.scope, scope, figures | narratives.figures)
    lost = {work.key: f"{work.title}: {_sentence(work)}" for work in works if work.error}
    notices = [Notice(level="warning", text=text) for text in gone]
    return Built(
        document.model_copy(update={"author": author, "notices": notices}),
        (*gone, *lost.values(), *(one.failure for one in views.values() if one.failure), *failures(words)),
        individual | narratives.individual,
        scope,
        tuple(views.values()),
        tuple(desk.asked()),
        lost,
    )


def _dates(scope: Scope) -> tuple[str, str]:
    """The period and the comparison, as the document says them."""
    now, before = scope.period, scope.compare
    return (now.label(scope.time_zone) if now else ""), (before.label(scope.time_zone) if before else "")


def _give_up(parts: Sequence[_Work | Made]) -> None:
    """Return quietly if there is something to show."""
    errors = [part.error for part in parts if part.error]
    away = [error for error in errors if isinstance(error, StoreUnreachable)]
    if away or (errors and len(errors) == len(parts)):
        raise (away or errors)[0]


def _works(plan: ReportPlan, scope: Scope) -> Iterator[_Work]:
    for key, block in placed(plan):
        if isinstance(block, WidgetBlock):
            yield _Work(key, block, scope)


def _prepared(ctx: Context, plan: ReportPlan, work: _Work, as_of: datetime) -> _Work:
    try:
        if has_its_own(work.block):
            work.scope, found = of_block(ctx, plan, work.block, as_of)
            work.gone = found.sentence if found.gone else ""
        work.widget = WIDGETS.get(work.block.widget)
        work.params = work.widget.accept(work.block.params)
        work.questions = list(work.widget.questions(ctx, work.scope, work.params))
        work.whose = list(_whose(ctx, work.widget, work.params, focused(ctx, work.scope, work.params), work.questions))
    except SightlineError as error:
        work.error = error
    return work


def _whose(
    ctx: Context, widget: Widget[Any], params: Params, scope: Scope, questions: Sequence[Question]
) -> Iterator[Whose]:
    """Whose numbers a block shows, each of its questions by itself: a person may stand beside their team."""
    named = widget.names_people and ctx.sees_scope(scope.person_ids, scope.team_ids)
    by_person = "person" in (getattr(params, "by", ""), getattr(params, "of", ""))
    if widget.individual or named or by_person or scope.person_ids:
        yield scope.person_ids, scope.team_ids
    for asked in questions:
        if catalogue.shows_people(ctx, asked.keys, asked.scope, asked.by):
            yield asked.scope.person_ids, asked.scope.team_ids


def _draw_all(ctx: Context, works: list[_Work], progress: Report, held: MutableMapping[str, Figure]) -> None:
    """Draw every block that can be. The questions that blocks share are asked together first."""
    for work in works:
        work.figure = None if work.error else held.get(work.print(ctx))
    ready = [work for work in works if not work.error and not work.figure]
    progress(0.05, "Asking the metrics store")
    shared = [question for work in ready for question in work.questions]
    with ThreadPoolExecutor(THREADS, thread_name_prefix="block") as pool:
        jobs = [pool.submit(_draw, ctx, work) for work in ready if not work.questions]
        with gathered(ctx, shared):
            # What was gathered is in a context variable, which a thread sees only in a copy of this context.
            jobs += [pool.submit(contextvars.copy_context().run, _draw, ctx, work) for work in ready if work.questions]
        for done, job in enumerate(as_completed(jobs), start=1):
            job.result()
            progress(0.1 + 0.6 * done / len(jobs), f"{done} of {len(jobs)} parts")
    held.update({work.print(ctx): work.figure for work in ready if work.figure})


def _draw(ctx: Context, work: _Work) -> None:
    assert work.widget
    assert work.params
    try:
        work.figure = work.widget.build(ctx, work.scope, work.params)
    except SightlineError as error:
        work.error = error
    except Exception as error:  # one faulty widget must not cost the reader the report
        log.exception("block_failed", block=work.key, widget=work.block.widget)
        work.error = error


def _sentence(work: _Work) -> str:
    if isinstance(work.error, SightlineError):
        return work.error.message
    return f"it could not be made: a fault of ours ({type(work.error).__name__}). The log has the details."


def _figure(work: _Work) -> Figure:
    figure = work.figure
    if figure is None:
        blamed = isinstance(work.error, SightlineError) and work.error.fault == "user"
        figure = Notice(title=work.title, level="warning" if blamed else "error", text=_sentence(work))
    told = {"title": work.block.title, "description": work.block.description}
    own = {name: text for name, text in told.items() if text and not isinstance(figure, Notice)}
    return figure.model_copy(update={"key": work.key, "columns": work.block.columns, **own})


def _said(ctx: Context, plan: ReportPlan, chosen: PlanScope, scope: Scope) -> dict[str, str]:
    assert scope.period
    zone, compared = scope.time_zone, scope.compare
    return values(
        plan, ctx.clock(), zone, scope.period.label(zone), comparison=compared.label(zone) if compared else "",
        workspace=ctx.workspace.name, filters=_filters(chosen),
    )  # fmt: skip


def _document(
    ctx: Context, plan: ReportPlan, chosen: PlanScope, scope: Scope, figures: Mapping[str, Sequence[Figure]]
) -> Document:
    zone = scope.time_zone
    return Document(
        title=plan.title,
        subtitle=plan.description,
        workspace=ctx.workspace.name,
        is_demo=ctx.workspace.is_demo,
        period_label=_dates(scope)[0],
        comparison_label=_dates(scope)[1],
        time_zone=zone,
        audience=plan.audience,
        filters=_filters(chosen),
        generated_at=ctx.clock(),
        watermark=catalogue.watermark(ctx),
        columns=plan.theme.num_columns if plan.theme else 6,
        theme=plan.theme,
        sections=sections(plan, figures),
    )


def _filters(scope: PlanScope) -> list[str]:
    named_kinds = (
        ("Team", scope.teams), ("Repository", scope.repos), ("Person", scope.people), ("Component", scope.components),
    )  # fmt: skip
    said = [f"{kind}: {scope.names.get(ref, ref)}" for kind, refs in named_kinds for ref in refs]
    return [*said, "Bots included"] if scope.include_bots else said
