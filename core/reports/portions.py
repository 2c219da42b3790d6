"""One team's portion of a report: its plan narrowed to that team, and never to more than the report itself shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.base.errors import BadInput, SightlineError
from core.context import Context
from core.people.reaching import Reach
from core.reports.models import SavedReport
from core.reports.plan import Block, Parameters, PlanScope, ProseBlock, ReportPlan, ViewBlock, WidgetBlock
from core.reports.planner import default_plan
from core.widgets.focus import team_id

OTHERS = "This part is about another team, and is left out here."
PEOPLE = "This part is about a person, and is left out of what each team gets."


def obstacle(plan: ReportPlan | None, parameters: Parameters) -> str:
    """Why a report cannot be told team by team, as a sentence; empty if it can."""
    people = parameters.people if plan is None else plan.scope.people
    if people:
        return "It is about people. Make its scope the whole organization, or teams, to send each team its own figures."
    if plan and (view := next(plan.views(), None)):
        return (
            f"Its part '{view.title or view.id}' asks a datasource, which cannot be narrowed to a team."
            " Take it out, or send everybody the whole report."
        )
    return ""


def require_divisible(report: SavedReport) -> None:
    """Return quietly if a report can be told team by team; BadInput with what stands in the way."""
    if said := obstacle(*_saved(report)):
        raise BadInput(f"'{report.name}' cannot be told team by team. {said}")


def about(report: SavedReport, reach: Reach, team: str) -> tuple[str, ...]:
    """The team as far as the report is about it; empty if it is about other teams."""
    own, parameters = _saved(report)
    wanted = own.scope.teams if own else parameters.teams if parameters.scope == "team" else ()
    return _common(reach, wanted, team)


def plan_of(ctx: Context, report: SavedReport, team: str) -> ReportPlan:
    """The report's plan for one team alone, which it is about."""
    require_divisible(report)
    reach = Reach.of(ctx)
    own, parameters = _saved(report)
    plan = own or default_plan(ctx, _of_team(parameters, team), title=report.name, description=report.description)
    teams, name = about(report, reach, team), reach.teams[team].name
    if not teams:
        raise BadInput(f"'{report.name}' is not about the team '{name}'.")
    scope = plan.scope.model_copy(update={"teams": teams, "names": {**plan.scope.names, team: name}})
    sections = tuple(
        section.model_copy(update={"blocks": tuple(_narrowed(ctx, reach, block, team) for block in section.blocks)})
        for section in plan.sections
    )
    return plan.model_copy(update={"title": f"{plan.title} · {name}", "scope": scope, "sections": sections})


def _saved(report: SavedReport) -> tuple[ReportPlan | None, Parameters]:
    own = ReportPlan.model_validate(report.report_plan) if report.report_plan else None
    return own, Parameters.model_validate(report.parameters)


def _of_team(parameters: Parameters, team: str) -> Parameters:
    """As if somebody had made it for this team. Nobody is named whom the report does not name."""
    if parameters.scope not in ("org", "team"):
        return parameters
    named = parameters.name_people and parameters.scope == "team"
    return parameters.model_copy(update={"scope": "team", "teams": (team,), "name_people": named})


def _common(reach: Reach, wanted: Sequence[str], team: str) -> tuple[str, ...]:
    """The team as far as it is in `wanted`, which means all where it is empty."""
    if not wanted or any(team in reach.below(one) for one in wanted):
        return (team,)
    return tuple(one for one in wanted if one in reach.teams and one in reach.below(team))


def _narrowed(ctx: Context, reach: Reach, block: Block, team: str) -> Block:
    """The block about this team; a word in its place where it is about others."""
    assert not isinstance(block, ViewBlock)
    if not isinstance(block, WidgetBlock):
        return block
    own = block.scope or PlanScope()
    if own.people or block.params.get("person"):
        return _left_out(block, PEOPLE)
    update: dict[str, Any] = {}
    if own.teams:
        if not (teams := _common(reach, own.teams, team)):
            return _left_out(block, OTHERS)
        update["scope"] = own.model_copy(update={"teams": teams})
    if ref := block.params.get("team"):
        if not (teams := _common(reach, _named(ctx, ref), team)):
            return _left_out(block, OTHERS)
        update["params"] = {**block.params, "team": teams[0]}
    return block.model_copy(update=update)


def _named(ctx: Context, ref: str) -> tuple[str, ...]:
    try:
        return (team_id(ctx, ref),)
    except SightlineError:
        return ("gone",)


def _left_out(block: WidgetBlock, why: str) -> ProseBlock:
    return ProseBlock(title=block.title, markdown=f"*{why}*", columns=block.columns)
