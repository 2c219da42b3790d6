"""`sightline tokens`: what programs show at the HTTP doors."""

from __future__ import annotations

from typing import Annotated

import typer

from core.access import tokens
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, confirmed, opened, show_rows, told

app = typer.Typer(no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Where it is used.")],
    may: Annotated[str, typer.Option(help=f"What it may do, by commas: {', '.join(tokens.OFFERED)}.")] = "push",
    days: Annotated[int, typer.Option(help="Days that it lasts; 0 for no end.")] = 0,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Make a token for a program; it is shown this once.

    Example: sightline tokens add jenkins --may push --days 365
    """
    words = [word.strip() for word in may.split(",") if word.strip()]
    token = tokens.make(opened(workspace), name, words, days or None)
    show_rows([{"name": name, "may": words, "token": token}], as_json=json)


@app.command("list")
def show(workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """List the tokens of a workspace; never the tokens themselves."""
    rows = [
        {
            "name": view.name,
            "begins": view.begins,
            "may": list(view.may),
            "made_by": view.made_by,
            "last_used": view.last_used_at,
            "expires": view.expires_at,
            "state": "revoked" if view.is_revoked else "ended" if view.has_ended else "good",
        }
        for view in tokens.tokens(opened(workspace))
    ]
    show_rows(rows, as_json=json, empty="No tokens yet. Make one: sightline tokens add NAME")


@app.command()
def revoke(
    token: Annotated[str, typer.Argument(help="Its name or first letters.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """End a token: whoever shows it next is refused.

    Example: sightline tokens revoke jenkins
    """
    ctx = opened(workspace)
    confirmed(f"Programs that show '{token}' are refused from now on. Revoke it?", yes=yes)
    name = tokens.revoke(ctx, token)
    told(f"'{name}' was revoked.", as_json=json, revoked=name)
