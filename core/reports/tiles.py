"""A report as a list of widgets, each with its place on a grid: how programs lay one out, and read it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from core.figures import MOST_COLUMNS
from core.reports.plan import PlanScope, PlanSection, ReportPlan, WidgetBlock, Window
from core.reports.references import metric_key

WIDTH = 6
"""Columns of the grid, where a theme says nothing else."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Position(_Part):
    """Where a widget stands: rows from the top, columns from the left, of a grid of six columns."""

    x: int = Field(0, ge=0, le=MOST_COLUMNS - 1)
    y: int = Field(0, ge=0, le=10_000)
    w: int = Field(WIDTH, ge=1, le=MOST_COLUMNS)


class Tile(_Part):
    """One widget."""

    type: str = Field(description="Key of a widget, as `metric.stat`.")
    metric: str = Field("", description="Key or label; what else the widget wants stands in `config`.")
    config: dict[str, Any] = {}
    position: Position = Position()


class Filters(_Part):
    """Which days, teams and people all widgets are about."""

    date_range: str = "last_30_days"
    team_ids: tuple[str, ...] = ()
    developer_ids: tuple[str, ...] = ()


def plan_of(name: str, tiles: Sequence[Tile], filters: Filters) -> ReportPlan:
    """The plan of a report that is laid out like this."""
    ordered = sorted(tiles, key=lambda one: (one.position.y, one.position.x))
    return ReportPlan(
        title=name,
        window=Window(range=filters.date_range),
        scope=PlanScope(teams=filters.team_ids, people=filters.developer_ids),
        sections=(PlanSection(blocks=tuple(_block(one) for one in ordered)),),
    )


def tiles_of(plan: ReportPlan | None) -> list[Tile]:
    """The widgets of a plan in reading order; where a plan has text or views too, those are not among them."""
    found: list[Tile] = []
    x = y = 0
    for block in plan.widgets() if plan else ():
        if x and x + block.columns > WIDTH:
            x, y = 0, y + 1
        config = {name: value for name, value in block.params.items() if name != "metric"}
        position = Position(x=x, y=y, w=block.columns)
        found.append(
            Tile(type=block.widget, metric=str(block.params.get("metric", "")), config=config, position=position)
        )
        x += block.columns
    return found


def filters_of(plan: ReportPlan | None) -> Filters:
    """What all widgets of a plan are about."""
    if plan is None:
        return Filters()
    return Filters(date_range=plan.window.range, team_ids=plan.scope.teams, developer_ids=plan.scope.people)


def _block(tile: Tile) -> WidgetBlock:
    params = dict(tile.config)
    if tile.metric:
        params["metric"] = metric_key(tile.metric)
    return WidgetBlock(widget=tile.type, params=params, columns=tile.position.w)
