"""`sightline workspaces`: the tenants of this installation."""

from __future__ import annotations

from typing import Annotated

import typer

from core.access import workspaces
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, ready, show_rows
from core.entrypoints.cli.workspace_voice import voice

app = typer.Typer(no_args_is_help=True)
app.command()(voice)


@app.command("list")
def show(json: JsonOption = False) -> None:
    """List every workspace."""
    rows = [
        {"slug": w.slug, "name": w.name, "time_zone": w.time_zone, "demo": w.is_demo, "individuals": w.individuals}
        for w in workspaces.every(ready().app)
    ]
    show_rows(
        rows, as_json=json, title="Workspaces", empty="There is none yet. Make one: sightline workspaces create NAME"
    )


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What people call it.")],
    slug: Annotated[str, typer.Option(help="Short name for commands; default from NAME.")] = "",
    zone: Annotated[str, typer.Option(help="IANA time zone, such as Europe/Berlin.")] = "UTC",
    individuals: Annotated[
        str, typer.Option(help="Who sees individuals' numbers: open, members, managers, leads or self.")
    ] = "open",
    json: JsonOption = False,
) -> None:
    """Make a workspace."""
    rooms = ready()
    made = workspaces.create(
        rooms.app, name=name, slug=slug, time_zone=zone, individuals=individuals, now=rooms.clock()
    )
    show_rows([{"slug": made.slug, "name": made.name, "id": made.id}], as_json=json)


@app.command()
def plan(
    chosen: Annotated[str, typer.Argument(help="explore (5 reports a month), operate (31), scale or custom.")] = "",
    limit: Annotated[int | None, typer.Option("--limit", help="Reports a month, for custom.")] = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Show how many reports may run this month and how many did, or choose the plan.

    Example: sightline workspaces plan custom --limit 200
    """
    from core.reports import quotas

    ctx = opened(workspace)
    if chosen:
        quotas.choose(ctx, chosen, limit)
    now = quotas.quota(ctx)
    facts = {"plan": now.plan, "a_month": now.limit, "used": now.used, "left": now.left, "renews_at": now.renews_at}
    show_rows([facts], as_json=json)


@app.command("mail-domains")
def mail_domains(
    chosen: Annotated[
        list[str] | None, typer.Argument(help="Domains, such as example.org; 'any' for anywhere.")
    ] = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Show the domains that mail may go to beside members, or choose them.

    Example: sightline workspaces mail-domains example.org example.com
    """
    from core.delivery import domains

    ctx = opened(workspace)
    if chosen:
        domains.choose(ctx, [] if chosen == ["any"] else chosen)
    rows = [{"domain": one} for one in domains.domains(ctx)]
    show_rows(rows, as_json=json, empty="Mail may go anywhere.")
