"""`sightline users`: who may sign in."""

from __future__ import annotations

from typing import Annotated

import typer

from core.access import first_start, links, signing_in, users
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, confirmed, opened, ready, show_rows

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="User name or e-mail address.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command("list")
def show(workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """List the members of a workspace."""
    rows = [
        {
            "username": user.username,
            "name": user.name,
            "email": user.email,
            "role": user.role,
            "active": user.is_active,
            "has_password": user.has_password,
            "last_seen_at": user.last_seen_at,
        }
        for user in users.members(opened(workspace))
    ]
    show_rows(rows, as_json=json, title="Users", empty="Nobody yet. Add somebody: sightline users add NAME EMAIL")


@app.command()
def add(
    username: Annotated[str, typer.Argument(help="What they sign in with.")],
    email: Annotated[str, typer.Argument(help="Where mails for them go.")],
    role: Annotated[str, typer.Option(help="viewer, member, manager or admin.")] = "member",
    first_name: Annotated[str, typer.Option(help="First name.")] = "",
    last_name: Annotated[str, typer.Option(help="Last name.")] = "",
    password: Annotated[bool, typer.Option("--password", help="Ask for their password now.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Let somebody into a workspace; prints the link with which they set their password."""
    ctx = opened(workspace)
    chosen = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if password else ""
    path = users.add(
        ctx, username=username, email=email, role=role, first_name=first_name, last_name=last_name, password=chosen
    )
    show_rows(
        [{"username": username, "role": role, "workspace": ctx.workspace.slug, "link": _whole(path)}], as_json=json
    )


@app.command()
def passwd(
    username: Name,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read the password from standard input.")] = False,
) -> None:
    """Set a user's password, and sign all of their browsers out."""
    rooms = ready()
    first_start.first_admin(rooms.app, rooms.clock())
    user = users.named(rooms.app, username)
    if stdin:
        new = typer.get_text_stream("stdin").readline().rstrip("\r\n")
    else:
        new = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
    signing_in.set_password(rooms.app, user.id, new)
    typer.echo(f"The password of '{user.username}' is set. Browsers where they were signed in are signed out.")


@app.command()
def link(username: Name, json: JsonOption = False) -> None:
    """Print a link with which a user sets their own password, once, within three days."""
    rooms = ready()
    first_start.first_admin(rooms.app, rooms.clock())
    user = users.named(rooms.app, username)
    show_rows([{"username": user.username, "link": _whole(links.setup_link(user))}], as_json=json)


@app.command()
def role(
    username: Name,
    to: Annotated[str, typer.Argument(metavar="ROLE", help="viewer, member, manager or admin.")],
    workspace: WorkspaceOption = "",
) -> None:
    """Give a member another role."""
    users.set_role(opened(workspace), username, to)
    typer.echo(f"'{username}' is {to} now.")


@app.command()
def remove(username: Name, workspace: WorkspaceOption = "", yes: Yes = False) -> None:
    """Take somebody out of a workspace; their reports stay."""
    ctx = opened(workspace)
    confirmed(f"Take '{username}' out of '{ctx.workspace.name}'?", yes=yes)
    users.remove(ctx, username)
    typer.echo(f"'{username}' can no longer enter '{ctx.workspace.name}'.")


@app.command()
def disable(username: Name, workspace: WorkspaceOption = "", yes: Yes = False) -> None:
    """Keep a user out everywhere and sign their browsers out; `enable` undoes it."""
    ctx = opened(workspace)
    confirmed(f"Keep '{username}' out?", yes=yes)
    users.set_active(ctx, username, False)
    typer.echo(f"'{username}' is signed out and cannot sign in.")


@app.command()
def enable(username: Name, workspace: WorkspaceOption = "") -> None:
    """Let a disabled user in again."""
    users.set_active(opened(workspace), username, True)
    typer.echo(f"'{username}' may sign in again.")


def _whole(path: str) -> str:
    return f"{ready().settings.url}{path}" if path else ""
