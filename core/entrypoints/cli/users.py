"""`sightline users`: who may sign in."""

from __future__ import annotations

from typing import Annotated

import typer

from core.access import first_start, links, signing_in, users
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, confirmed, opened, ready, show_rows, told

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
    """Let somebody into a workspace; prints the link with which they set their password.

    Example: sightline users add ada ada@example.org --role manager --first-name Ada
    """
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
    json: JsonOption = False,
) -> None:
    """Set a user's password, and sign all of their browsers out.

    It is asked for twice, or read as one line: pass show work/sightline | sightline users passwd ada --stdin
    """
    rooms = ready()
    first_start.first_admin(rooms.app, rooms.clock())
    user = users.named(rooms.app, username)
    if stdin:
        new = typer.get_text_stream("stdin").readline().rstrip("\r\n")
    else:
        new = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
    signing_in.set_password(rooms.app, user.id, new)
    sentence = f"The password of '{user.username}' is set. Browsers where they were signed in are signed out."
    told(sentence, as_json=json, username=user.username, state="password set")


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
    json: JsonOption = False,
) -> None:
    """Give a member another role: viewers read, members also run and export, managers also schedule, admins rule."""
    users.set_role(opened(workspace), username, to)
    told(f"'{username}' is {to} now.", as_json=json, username=username, role=to)


@app.command()
def remove(username: Name, workspace: WorkspaceOption = "", yes: Yes = False, json: JsonOption = False) -> None:
    """Take somebody out of a workspace; their reports stay."""
    ctx = opened(workspace)
    confirmed(f"Take '{username}' out of '{ctx.workspace.name}'?", yes=yes)
    users.remove(ctx, username)
    sentence = f"'{username}' can no longer enter '{ctx.workspace.name}'."
    told(sentence, as_json=json, username=username, workspace=ctx.workspace.slug, state="removed")


@app.command()
def disable(username: Name, workspace: WorkspaceOption = "", yes: Yes = False, json: JsonOption = False) -> None:
    """Keep a user out everywhere and sign their browsers out; `enable` undoes it."""
    ctx = opened(workspace)
    confirmed(f"Keep '{username}' out?", yes=yes)
    users.set_active(ctx, username, False)
    told(f"'{username}' is signed out and cannot sign in.", as_json=json, username=username, state="disabled")


@app.command()
def enable(username: Name, workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """Let a disabled user in again."""
    users.set_active(opened(workspace), username, True)
    told(f"'{username}' may sign in again.", as_json=json, username=username, state="active")


def _whole(path: str) -> str:
    return f"{ready().settings.url}{path}" if path else ""
