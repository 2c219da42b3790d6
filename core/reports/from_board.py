"""A board as a report: the same widgets, days and scope, for a file now or a report from now on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from core.base.errors import BadInput
from core.base.period import Period, zone_of
from core.catalogue.scope import Scope
from core.context import Context
from core.reports.plan import Compare, PlanScope, PlanSection, ReportPlan, WidgetBlock, Window
from core.reports.references import checked_plan


class Tile(Protocol):
    """A widget with settings and a width."""

    @property
    def widget(self) -> str: ...
    @property
    def params(self) -> dict[str, Any]: ...
    @property
    def columns(self) -> int: ...


class Section(Protocol):
    """Tiles under a heading."""

    @property
    def title(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def tiles(self) -> Sequence[Tile]: ...


class Board(Protocol):
    """What is drawn as a page."""

    @property
    def title(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def sections(self) -> Sequence[Section]: ...


def plan_of(ctx: Context, board: Board, scope: Scope, *, days: str = "") -> ReportPlan:
    """The board as a plan; `days` is a named range that goes on, in place of the very days that the page shows."""
    if scope.folder:
        raise BadInput(
            "A report is about whole repositories. Leave the folder, and export what is about the repository."
        )
    sections = (PlanSection(title=one.title, intro=one.about, blocks=_blocks(one)) for one in board.sections)
    plan = ReportPlan(
        title=board.title,
        description=board.about,
        window=Window(range=days or _days(scope), compare=_compared(scope), time_zone=scope.time_zone),
        scope=PlanScope(
            teams=scope.team_ids, repos=scope.repo_ids, people=scope.person_ids, components=scope.component_ids,
            include_bots=scope.include_bots,
        ),
        sections=tuple(section for section in sections if section.blocks),
    )  # fmt: skip
    return checked_plan(ctx, plan)


def _blocks(section: Section) -> tuple[WidgetBlock, ...]:
    return tuple(WidgetBlock(widget=one.widget, params=one.params, columns=one.columns) for one in section.tiles)


def _days(scope: Scope) -> str:
    if scope.period is None:
        raise BadInput("Choose a period first: a report is about some days.")
    return _written(scope.period, scope.time_zone)


def _written(period: Period, zone: str) -> str:
    """Its first and last day, as ranges are written."""
    first, after = period.start.astimezone(zone_of(zone)), period.end.astimezone(zone_of(zone))
    last = after.date() if after.time() > after.min.time() else after.date().fromordinal(after.toordinal() - 1)
    return f"{first:%Y-%m-%d}..{last:%Y-%m-%d}"


def _compared(scope: Scope) -> Compare:
    if scope.compare is None or scope.period is None:
        return "none"
    return "year" if (scope.period.start - scope.compare.start).days > 360 and scope.period.days < 360 else "previous"
