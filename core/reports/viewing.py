"""The view blocks of a plan: its datasources opened, its views drawn. Needs no store of ours unless one is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from core.base.arrow import arrow
from core.base.errors import BadInput
from core.base.fields import accepted
from core.datasources.datasource import Datasource
from core.datasources.desk import Desk, Opener
from core.datasources.registry import DATASOURCES
from core.datasources.window import Window
from core.reports.assembly import placed
from core.reports.plan import PlanDatasource, ReportPlan, ViewBlock
from core.views.making import Made, Progress, Wanted, make
from core.views.view import Face

if TYPE_CHECKING:
    from core.context import Context

House = Callable[[], "Context"]
"""Opens this installation's stores, for those that need them."""


def openers(plan: ReportPlan, house: House, reader: Context | None = None) -> dict[str, Opener]:
    """A way to open each datasource of the plan; nothing is opened yet.

    With `reader`, a report of the app runs as that actor, who may not ask whatever this machine can reach.
    """
    return {name: partial(_opened, name, source, house, reader) for name, source in plan.datasources.items()}


def made_views(
    plan: ReportPlan,
    window: Window,
    sources: Mapping[str, Opener],
    progress: Progress = lambda fraction, text: None,
    desk: Desk | None = None,
    meanwhile: Callable[[], object] = arrow,
) -> dict[str, Made]:
    """Every view of the plan by the key of its block."""
    places = {key: block for key, block in placed(plan) if isinstance(block, ViewBlock)}
    if not places:
        return {}
    asked = desk or Desk(window, sources)
    try:
        wanted = [_wanted(block) for block in places.values()]
        return dict(zip(places, make(wanted, asked, plan.theme, progress, meanwhile), strict=True))
    finally:
        if desk is None:
            asked.close()


def _wanted(block: ViewBlock) -> Wanted:
    return Wanted(Face(block.id, block.title, block.description, block.columns), block.view, dict(block.args))


def _opened(name: str, source: PlanDatasource, house: House, reader: Context | None, window: Window) -> Datasource:
    if reader is not None and reader.actor.user_id:
        return _opened_for(reader, name, source, house, window)
    if source.connection:
        from core.connections.service import opened

        return opened(house(), source.connection, window)
    return _made(name, source, house, window)


def _opened_for(reader: Context, name: str, source: PlanDatasource, house: House, window: Window) -> Datasource:
    """The same for a report of the app, within what its actor may ask."""
    from core.connections.service import opened
    from core.connections.settings import admitted
    from core.reports.connected import require_own_address

    if source.connection:
        return opened(reader, source.connection, window)
    if not source.plugin or DATASOURCES.get(source.plugin).needs_house:
        return _made(name, source, house, window)
    require_own_address(reader, name)
    return DATASOURCES.get(source.plugin)(admitted(source.plugin, source.args), window)


def _made(name: str, source: PlanDatasource, house: House, window: Window) -> Datasource:
    if not source.plugin:
        raise BadInput(f"The datasource '{name}' names neither a plugin nor a connection.")
    kind = DATASOURCES.get(source.plugin)
    made = kind(accepted(kind.Args, source.args, f"The datasource '{name}' ({source.plugin})", "argument"), window)
    if kind.needs_house:
        made.house = house
    return made
