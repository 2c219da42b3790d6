"""Every row of a list as a file: asked for from a page with its scope, or by a program with parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from core.base.fields import accepted
from core.base.period import named
from core.context import Capability, Context
from core.exports import lists
from core.exports import service as exports
from core.exports.lists import Wanted
from core.reports.plan import PlanScope, Window
from core.reports.references import checked_scope, metric_key
from core.reports.scopes import scope_of


class RowsAsked(BaseModel):
    """What a program says of the rows that it wants."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    list: str = Field("metric", description="metric, pulls, deployments, left or milestones.")
    metric: str = Field("", description="Whose rows, of the list 'metric': its key or its name.")
    date_range: str = Field("last_30_days", validation_alias=AliasChoices("date_range", "dateRange"))
    time_zone: str = Field("", validation_alias=AliasChoices("time_zone", "timeZone"))
    teams: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    repos: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    include_bots: bool = Field(False, validation_alias=AliasChoices("include_bots", "includeBots"))
    search: str = ""


def request_rows(ctx: Context, wanted: Wanted, fmt: str) -> str:
    """Ask the worker for a file of every row; the id of the export."""
    ctx.require(Capability.VIEW_DASHBOARDS)
    return exports.request(ctx, "rows", fmt, lists.config(lists.checked(wanted)))


def wanted_of(ctx: Context, parameters: Mapping[str, Any]) -> Wanted:
    """What a program asks for, with every name looked up; BadInput with a sentence for what is wrong."""
    asked = accepted(RowsAsked, dict(parameters), "The parameters", "field")
    named(asked.date_range, ctx.clock(), asked.time_zone or ctx.workspace.time_zone)
    about = checked_scope(
        ctx,
        PlanScope(
            teams=asked.teams, people=asked.people, repos=asked.repos, components=asked.components,
            include_bots=asked.include_bots,
        ),
    )  # fmt: skip
    window = Window(range=asked.date_range, compare="none", time_zone=asked.time_zone)
    return Wanted(
        of=asked.list,
        metric=metric_key(asked.metric) if asked.list == "metric" else "",
        scope=scope_of(ctx, window, about, ctx.clock()),
        words=asked.search,
    )
