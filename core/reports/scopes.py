"""The days and whom a report, or a block of its own mind, is about: worked out once, as of a moment."""

from __future__ import annotations

from datetime import datetime

from core.base.period import Period
from core.catalogue.scope import Scope
from core.components import service as components
from core.context import Context
from core.reports.plan import Compare, PlanScope, ReportPlan, WidgetBlock, Window
from core.reports.references import Standing, standing
from core.reports.windows import resolved


def scope_of(ctx: Context, window: Window, scope: PlanScope, as_of: datetime) -> Scope:
    """The window resolved to days, once for the whole report."""
    zone = window.time_zone or ctx.workspace.time_zone
    period = resolved(window, as_of, zone).period
    return Scope(
        period=period,
        compare=compared(period, window.compare, zone),
        team_ids=scope.teams,
        repo_ids=scope.repos,
        person_ids=scope.people,
        component_ids=components.chosen(ctx, scope.components),
        include_bots=scope.include_bots,
        time_zone=zone,
    )


def has_its_own(block: WidgetBlock) -> bool:
    """Whether a block is about other days or others than its report."""
    return bool(block.scope or block.range or block.compare)


def of_block(ctx: Context, plan: ReportPlan, block: WidgetBlock, as_of: datetime) -> tuple[Scope, Standing]:
    """The scope of a block with days or filters of its own, and what of its filters is still there."""
    found = standing(ctx, narrowed(plan.scope, block.scope))
    return scope_of(ctx, window_of(plan.window, block), found.scope, as_of), found


def narrowed(whole: PlanScope, own: PlanScope | None) -> PlanScope:
    """Each kind that a block names in place of the report's."""
    if own is None:
        return whole
    kinds = ("teams", "repos", "people", "components")
    named = {kind: getattr(own, kind) or getattr(whole, kind) for kind in kinds}
    bots = whole.include_bots or own.include_bots
    return PlanScope(**named, include_bots=bots, names={**whole.names, **own.names})


def window_of(whole: Window, block: WidgetBlock) -> Window:
    """The report's window with what a block says otherwise."""
    compare = block.compare or whole.compare
    if not block.range:
        return whole.model_copy(update={"compare": compare})
    return Window(range=block.range, compare=compare, time_zone=whole.time_zone)


def compared(period: Period, how: Compare, zone: str) -> Period | None:
    """The days that a period is compared with."""
    match how:
        case "previous":
            return period.previous(zone)
        case "year":
            return period.year_before(zone)
    return None
