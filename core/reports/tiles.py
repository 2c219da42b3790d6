"""A report as a list of widgets, each with its place on a grid: how programs lay one out, and read it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from core.base.errors import BadInput
from core.documents.choice import ThemeChoice
from core.figures import MOST_COLUMNS
from core.reports.plan import Block, PlanScope, PlanSection, ReportPlan, WidgetBlock, Window
from core.reports.references import metric_key

WIDTH = 6
"""Columns of the grid, where a layout says nothing else."""
MOST_ROWS = 10_000


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Position(_Part):
    """Where a widget stands: rows from the top, columns from the left. Empty room closes up, left and up."""

    x: int = Field(0, ge=0, le=MOST_COLUMNS - 1)
    y: int = Field(0, ge=0, le=MOST_ROWS)
    w: int | None = Field(None, ge=1, le=MOST_COLUMNS, description="Columns; up to the right edge if left out.")


class Layout(_Part):
    """The grid that widgets stand on."""

    columns: int = Field(WIDTH, ge=1, le=MOST_COLUMNS)
    rows: int | None = Field(
        None, ge=0, le=MOST_ROWS + 1, description="What the widgets take; sent, no fewer than that."
    )
    responsive: bool = Field(True, description="Always true: on a narrow screen widgets stand below each other.")


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


def plan_of(
    name: str,
    tiles: Sequence[Tile],
    filters: Filters,
    layout: Layout | None = None,
    theme: ThemeChoice | None = None,
) -> ReportPlan:
    """The plan of a report that is laid out like this; BadInput if the widgets do not fit the grid."""
    layout = layout or Layout()
    plan = ReportPlan(
        title=name,
        window=Window(range=filters.date_range),
        scope=PlanScope(teams=filters.team_ids, people=filters.developer_ids),
        theme=_theme(theme, layout),
        sections=tuple(_sections(tiles, layout.columns)),
    )
    _fits(plan, layout)
    return plan


def changed(plan: ReportPlan, filters: Filters | None, layout: Layout | None) -> ReportPlan:
    """The same report with other days and people, or on another grid; all else stays."""
    update: dict[str, Any] = {}
    if filters:
        window = plan.window
        update["window"] = Window(range=filters.date_range, compare=window.compare, time_zone=window.time_zone)
        update["scope"] = plan.scope.model_copy(update={"teams": filters.team_ids, "people": filters.developer_ids})
    if layout:
        update["theme"] = _theme(plan.theme, layout)
    made = plan.model_copy(update=update)
    if layout:
        _fits(made, layout)
    return made


def tiles_of(plan: ReportPlan | None) -> list[Tile]:
    """The widgets of a plan in reading order; where a plan has text or views too, those are not among them."""
    found: list[Tile] = []
    for block, position in _places(plan) if plan else ():
        if isinstance(block, WidgetBlock):
            config = {name: value for name, value in block.params.items() if name != "metric"}
            metric = str(block.params.get("metric", ""))
            found.append(Tile(type=block.widget, metric=metric, config=config, position=position))
    return found


def grid_of(plan: ReportPlan | None) -> Layout:
    """The grid of a plan, however many rows."""
    return Layout(columns=_columns(plan)) if plan else Layout()


def layout_of(plan: ReportPlan | None) -> Layout:
    """The grid of a plan, and the rows that its parts take."""
    rows = max((position.y + 1 for _, position in _places(plan)), default=0) if plan else 0
    return grid_of(plan).model_copy(update={"rows": rows})


def filters_of(plan: ReportPlan | None) -> Filters:
    """What all widgets of a plan are about."""
    if plan is None:
        return Filters()
    return Filters(date_range=plan.window.range, team_ids=plan.scope.teams, developer_ids=plan.scope.people)


def _sections(tiles: Sequence[Tile], columns: int) -> Iterator[PlanSection]:
    """The widgets in reading order. A row closes when it is full; one that ends before that ends its section too."""
    ordered = sorted(enumerate(tiles, 1), key=lambda one: (one[1].position.y, one[1].position.x))
    blocks: list[WidgetBlock] = []
    used = row = 0
    for number, tile in ordered:
        block = _block(tile, _width(number, tile, columns))
        fits = used + block.columns <= columns
        if blocks and tile.position.y > row and fits:
            yield PlanSection(blocks=tuple(blocks))
            blocks, used = [], 0
        used = used + block.columns if fits else block.columns
        row = tile.position.y
        blocks.append(block)
    yield PlanSection(blocks=tuple(blocks))


def _width(number: int, tile: Tile, columns: int) -> int:
    place = tile.position
    width = max(1, columns - place.x) if place.w is None else place.w
    if place.x + width > columns:
        raise BadInput(
            f"Widget {number} ('{tile.type}') reaches to column {place.x + width} of a grid of {columns}."
            " Make it narrower, or say a layout with more columns."
        )
    return width


def _places(plan: ReportPlan) -> Iterator[tuple[Block, Position]]:
    """Every part of a plan that takes room, and where it stands; a section begins a row."""
    width, x, y = _columns(plan), 0, 0
    for section in plan.sections:
        x, y = 0, y + bool(x)
        for block in section.blocks:
            wide = min(getattr(block, "columns", 0), width)
            if x and (x + wide > width or not wide):
                x, y = 0, y + 1
            if wide:
                yield block, Position(x=x, y=y, w=wide)
                x += wide


def _columns(plan: ReportPlan) -> int:
    return plan.theme.num_columns if plan.theme else WIDTH


def _theme(theme: ThemeChoice | None, layout: Layout) -> ThemeChoice | None:
    if theme is None and layout.columns == WIDTH:
        return None
    return (theme or ThemeChoice()).model_copy(update={"num_columns": layout.columns})


def _fits(plan: ReportPlan, layout: Layout) -> None:
    """Return quietly if the layout says nothing of the plan that is not so."""
    if not layout.responsive:
        raise BadInput("A report always adapts to the width of the screen. Leave 'responsive' out, or say true.")
    taken = layout_of(plan).rows or 0
    if layout.rows is not None and layout.rows < taken:
        raise BadInput(
            f"The widgets take {taken} rows, and the layout has {layout.rows}. Leave 'rows' out, or say more."
        )


def _block(tile: Tile, columns: int) -> WidgetBlock:
    params = dict(tile.config)
    if tile.metric:
        params["metric"] = metric_key(tile.metric)
    return WidgetBlock(widget=tile.type, params=params, columns=columns)
