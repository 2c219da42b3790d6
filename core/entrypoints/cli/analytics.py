"""`sightline analytics`: who works with whom, what people know, and where and when they work."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from core.analysis import collaboration, expertise
from core.analysis import zones as time_zones
from core.base.errors import BadInput
from core.base.period import named
from core.catalogue.scope import Scope
from core.context import Context
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show_rows
from core.people import service as people

app = typer.Typer(no_args_is_help=True)

PeriodOption = Annotated[str, typer.Option(help="As the scope bar names it, or 2026-01-01..2026-01-31.")]
TeamOption = Annotated[str, typer.Option(help="Only this team, by id or name.")]


@app.command()
def network(
    period: PeriodOption = "last_30_days",
    team: TeamOption = "",
    ties: Annotated[bool, typer.Option("--ties", help="Ties instead of people.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many, the strongest first.")] = 50,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show who works with whom: people with their measures, or their ties.

    Example: sightline analytics network --team Platform --ties
    """
    ctx = opened(workspace)
    found = collaboration.network(ctx, _scope(ctx, period, team))
    teams = {one.id: one.name for one in people.teams(ctx)}
    names = {one.id: one.name for one in found.members}
    rows: list[dict[str, Any]] = (
        [
            {"who": names[tie.source], "helped": names[tie.target], "strength": round(tie.strength_score, 2),
             "reviews": tie.review_count, "comments": tie.comment_count, "co_written": tie.co_author_count}
            for tie in found.ties[:limit]
        ]
        if ties
        else [
            {"person": one.name, "team": teams.get(one.team, ""), "community": one.community or "isolated",
             "works_with": one.degree, "strength": round(one.weighted_degree, 2), "pagerank": round(one.pagerank, 4),
             "betweenness": round(one.betweenness, 4)}
            for one in found.members[:limit]
        ]
    )  # fmt: skip
    show_rows(rows, as_json=as_json, title="Ties" if ties else "People", empty="Nobody was active in this period.")


@app.command()
def skills(
    period: PeriodOption = "last_30_days",
    team: TeamOption = "",
    of: Annotated[str, typer.Option(help="language, framework or area.")] = "language",
    by: Annotated[str, typer.Option(help="person or team.")] = "person",
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many, the best known first.")] = 50,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show what people or teams know, told from the files that they changed.

    Example: sightline analytics skills --of area --by team
    """
    if of not in ("language", "framework", "area") or by not in ("person", "team"):
        raise BadInput("Say --of language, --of framework or --of area, and --by person or --by team.")
    ctx = opened(workspace)
    ask = expertise.of_teams if by == "team" else expertise.of_people
    found = ask(ctx, _scope(ctx, period, team), of)  # type: ignore[arg-type]
    rows: list[dict[str, Any]] = [
        {by: found.subjects[one.subject], "skill": found.labels[one.key], "proficiency": round(one.proficiency, 1),
         "confidence": round(one.confidence, 2), "depth": one.depth, "commits": one.commit_count,
         "lines": one.lines_of_code, "last": f"{one.last_activity_at:%Y-%m-%d}"}
        for one in found.skills[:limit]
    ]  # fmt: skip
    show_rows(rows, as_json=as_json, title="Skills", empty="Nobody changed a file in these three years.")


@app.command()
def zones(
    period: PeriodOption = "last_30_days",
    team: TeamOption = "",
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show people by time zone, where the workspace has turned that on (`sightline insights set zone_map=true`)."""
    ctx = opened(workspace)
    found = time_zones.zones(ctx, _scope(ctx, period, team))
    rows: list[dict[str, Any]] = [
        {"zone": one.name, "people": one.people, "from": time_zones.clock(one.start_minute),
         "to": time_zones.clock(one.end_minute), "commits": sum(one.commits)}
        for one in found.zones
    ]  # fmt: skip
    show_rows(rows, as_json=as_json, title="Time zones", empty="Nobody was active, or too few to be shown.")


def _scope(ctx: Context, period: str, team: str) -> Scope:
    zone = ctx.workspace.time_zone
    team_ids = (people.team(ctx, team).id,) if team else ()
    return Scope(named(period, ctx.clock(), zone), team_ids=team_ids, time_zone=zone)
