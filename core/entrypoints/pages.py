"""A page of the app as a plan, for programs and shells: its board, with the days and the scope that it would show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from core.base.errors import BadInput, did_you_mean
from core.base.fields import accepted
from core.boards import service as boards
from core.boards.standard import STANDARD
from core.catalogue.scope import Scope
from core.context import Capability, Context
from core.reports import from_board
from core.reports.plan import Compare, PlanScope, ReportPlan, Window
from core.reports.references import check_window, checked_scope, metric_key
from core.reports.scopes import scope_of
from core.widgets.families import comparison

TAKES = {
    "compare": ("of", "metric"),
    "leaderboard": ("metric",),
    "productivity": ("grain", "by"),
    "delivery": ("year",),
}
"""What some pages let people choose beside days and scope."""
OF_ONE = {"developer": ("people", "person"), "team": ("teams", "team")}
"""Pages of one person or one team."""


class PageAsked(BaseModel):
    """What a program says of the page that it wants."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    page: str = Field(description=", ".join(STANDARD))
    date_range: str = Field("last_30_days", validation_alias=AliasChoices("date_range", "dateRange"))
    compare: Compare = "previous"
    teams: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    repos: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    of: str = ""
    """Of the page compare: team, person, component or period."""
    metric: str = ""
    """Of the pages compare and leaderboard."""
    grain: str = ""
    """Of the page productivity: day, week or month."""
    by: str = ""
    """Of the page productivity: team for a line each."""
    year: str = ""
    """Of the page delivery: whose DORA report its bands are of."""


def plan_of(ctx: Context, parameters: Mapping[str, Any]) -> ReportPlan:
    """The page as it would be shown now, with every name looked up; BadInput with a sentence for what is wrong."""
    ctx.require(Capability.EXPORT)
    ctx.require(Capability.VIEW_DASHBOARDS)
    if not parameters.get("page"):
        raise BadInput(f"An export 'page' is of a page: say which in its parameters, of {', '.join(STANDARD)}.")
    asked = accepted(PageAsked, dict(parameters), "The parameters", "field")
    if asked.page not in STANDARD:
        near = did_you_mean(asked.page, STANDARD)
        raise BadInput(f"There is no page '{asked.page}'.{near} Choose of {', '.join(STANDARD)}.")
    window = Window(range=asked.date_range, compare=asked.compare)
    check_window(ctx, window)
    wish = PlanScope(teams=asked.teams, people=asked.people, repos=asked.repos, components=asked.components)
    about = scope_of(ctx, window, checked_scope(ctx, wish), ctx.clock())
    _require_one(asked, about)
    return from_board.plan_of(ctx, boards.standard(ctx, asked.page, **_options(ctx, asked, about)), about)


def _require_one(asked: PageAsked, about: Scope) -> None:
    field, noun = OF_ONE.get(asked.page, ("", ""))
    if field and len({"people": about.person_ids, "teams": about.team_ids}[field]) != 1:
        raise BadInput(f"The page '{asked.page}' is about one {noun}: name it in '{field}'.")


def _options(ctx: Context, asked: PageAsked, about: Scope) -> dict[str, str]:
    """What the page's board takes, as the page itself would say it."""
    known = TAKES.get(asked.page, ())
    said = {name: given for name in ("of", "metric", "grain", "by", "year") if (given := getattr(asked, name))}
    for name in said:
        if name not in known:
            raise BadInput(f"The page '{asked.page}' takes no '{name}'.")
    if asked.metric:
        said["metric"] = metric_key(asked.metric)
    if asked.page == "compare" and said.setdefault("of", "team") in ("team", "person", "component"):
        said["subjects"] = ",".join(comparison.chosen(ctx, about, said["of"]))
    if asked.page == "code" and len(about.repo_ids) == 1:
        said["repo"] = about.repo_ids[0]
    return said
