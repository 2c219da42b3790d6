"""A report's figures as they are now, for whoever asks: nothing is kept."""

from __future__ import annotations

from core.access.looks import looked
from core.context import Capability, Context
from core.documents import Document
from core.reports import service
from core.reports.build import Built, build
from core.reports.narrating import by_rules
from core.reports.plan import ReportPlan, Window
from core.reports.planner import default_plan
from core.reports.reading import without
from core.reports.references import check_sources, check_window


def figures(ctx: Context, report_id: str, *, date_range: str = "") -> Document:
    """The document of a report made with the actor's own rights, about its own days or others."""
    ctx.require(Capability.RUN_REPORTS)
    report = service.get(ctx, report_id)
    plan = report.report_plan or default_plan(ctx, report.parameters, title=report.name, description=report.description)
    plan = _about(ctx, plan, date_range)
    check_sources(plan)
    built = build(ctx, by_rules(plan), ctx.clock(), author=ctx.actor.name, always=True)
    return _seen(ctx, built)


def _about(ctx: Context, plan: ReportPlan, date_range: str) -> ReportPlan:
    if not date_range:
        return plan
    window = Window(range=date_range, compare=plan.window.compare, time_zone=plan.window.time_zone)
    check_window(ctx, window)
    return plan.model_copy(update={"window": window})


def _seen(ctx: Context, built: Built) -> Document:
    """The document without what the actor may not see, and a note of what they saw."""
    hidden = {key for key, whose in built.individual.items() if not all(ctx.sees_scope(*one) for one in whose)}
    for key, whose in built.individual.items():
        for people, teams in whose if key not in hidden else ():
            looked(ctx, people, teams, listed=not people)
    return without(built.document, hidden)
