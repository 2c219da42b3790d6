"""`sightline insights`: what a workspace decides about whose numbers are shown, and what its numbers say as a whole."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from core.access import insights, looks
from core.base.errors import BadInput
from core.base.period import named
from core.catalogue import milestones as planned
from core.catalogue import shipping
from core.catalogue.listing import Listed
from core.catalogue.scope import Scope
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show, show_rows
from core.people import service as people

app = typer.Typer(no_args_is_help=True)


@app.command()
def settings(workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """Show what the workspace has decided: snapshots, smallest group, leaderboards, what needs attention."""
    show(insights.settings(opened(workspace)).model_dump(), as_json=as_json)


@app.command("set")
def set_(
    changes: Annotated[list[str], typer.Argument(metavar="NAME=VALUE…", help="Settings, as `settings` names them.")],
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Decide anew.

    Example: sightline insights set least_group=8 leaderboards=true snapshot_kinds=weekly,monthly
    """
    given = dict(_pair(text) for text in changes)
    show(insights.change(opened(workspace), given).model_dump(), as_json=as_json)


@app.command()
def leads(
    team: Annotated[str, typer.Argument(help="Team, by id or name, whose leads are set; default shows all.")] = "",
    user: Annotated[
        list[str] | None, typer.Option("--user", "-u", help="A lead's user name; give it once for each.")
    ] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Nobody leads the team.")] = False,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show who leads which team, or say it. Where leads see their teams, they see those people's numbers.

    Example: sightline insights leads Platform --user ada
    """
    ctx = opened(workspace)
    if team:
        if not user and not nobody:
            raise BadInput("Say who leads the team: --user NAME, or --nobody.")
        people.set_leads(ctx, team, [] if nobody else list(user or ()))
    names = {one.id: one.name for one in people.teams(ctx)}
    rows = [{"team": names[id_], "leads": led} for id_, led in people.leads(ctx).items() if id_ in names]
    show_rows(rows, as_json=as_json, title="Team leads", empty="Nobody leads a team yet.")


@app.command("looks")
def looks_(
    person: Annotated[str, typer.Option(help="Only at this person: an id, e-mail or name.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many.")] = 100,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show who looked at whose numbers: one line a viewer, person and day."""
    ctx = opened(workspace)
    if person:
        found_id = people.person(ctx, person).id
        teams = [span.team_id for span in people.memberships(ctx, person_id=found_id)]
        found = looks.looks_at(ctx, found_id, teams, limit)
    else:
        found = looks.looks(ctx, limit)
    names, teams_by_id = people.names(ctx), {team.id: team.name for team in people.teams(ctx)}
    rows: list[dict[str, Any]] = [
        {"day": one.day, "who": one.viewer,
         "looked_at": names.get(one.person_id) or f"a list of {teams_by_id.get(one.team_id, 'everybody')}"}
        for one in found
    ]  # fmt: skip
    show_rows(rows, as_json=as_json, empty="Nobody has looked at anybody else's numbers yet.")


@app.command()
def deployments(
    left: Annotated[bool, typer.Option("--left", help="Pull requests that no deployment took, and why.")] = False,
    search: Annotated[str, typer.Option(help="Words, or a number such as #17.")] = "",
    period: Annotated[str, typer.Option(help="last_30_days, 2026-01-01..2026-01-31, …")] = "last_30_days",
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show which pull requests each deployment took, and how: or those that none took.

    Example: sightline insights deployments --left --period last_90_days
    """
    ctx = opened(workspace)
    zone = ctx.workspace.time_zone
    scope = Scope(named(period, ctx.clock(), zone), time_zone=zone)
    empty = "Every merged pull request was deployed." if left else "There are no deployments in this period."
    _show((shipping.left if left else shipping.deployments)(ctx, scope, search), as_json, empty)


@app.command()
def milestones(
    state: Annotated[str, typer.Option(help="Only open, overdue or closed ones.")] = "",
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show what is planned: when each milestone is due, and how far its issues and pull requests are.

    Example: sightline insights milestones --state overdue
    """
    ctx = opened(workspace)
    if state and state not in planned.STATES:
        raise BadInput(f"There is no state '{state}'. Use one of {', '.join(planned.STATES)}.")
    _show(
        planned.milestones(ctx, Scope(None, time_zone=ctx.workspace.time_zone), state=state), as_json, "None is known."
    )


def _show(found: Listed, as_json: bool, empty: str) -> None:
    table = found.table
    rows = [{column.key: cell for column, cell in zip(table.cols, row, strict=True)} for row in table.rows]
    show_rows(rows, as_json=as_json, title=table.title, empty=empty)


def _pair(text: str) -> tuple[str, Any]:
    name, sign, value = (part.strip() for part in text.partition("="))
    if not sign:
        raise BadInput(f"'{text}' is no setting. Write NAME=VALUE, such as least_group=8.")
    return name, [one.strip() for one in value.split(",")] if name == "snapshot_kinds" else value
