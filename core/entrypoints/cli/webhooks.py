"""`sightline webhooks`: addresses that other tools tell their events to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.base.errors import BadInput
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, confirmed, opened, show_rows, told
from core.ingestion.webhooks import service
from core.ingestion.webhooks.kinds import KINDS

app = typer.Typer(no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="A webhook's name.", metavar="NAME")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Who sends to it.", metavar="NAME")],
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(KINDS)}.", metavar="KIND")],
    repo: Annotated[str, typer.Option(help="Repository of messages that name none.")] = "",
    paths: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help="FIELD=PATH of a record, for any tool; `each=PATH` for lists; FIELD==TEXT for a text."
        ),
    ] = None,
    unsigned: Annotated[bool, typer.Option("--unsigned", help="Without a secret: the address alone lets in.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Make an address for a tool; the address and the secret are shown this once.

    Example: sightline webhooks add deploys deployments --repo app --map key=build.id --map started_at=build.started
    """
    made = service.add(opened(workspace), name, kind, repo, _mapping(paths), sign=not unsigned)
    show_rows([{"name": name, "address": made.address, "secret": made.secret}], as_json=json)


@app.command("list")
def show(workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """List the webhooks, and when each was used last."""
    rows = [
        {
            "name": view.name,
            "kind": view.kind,
            "repository": view.repo,
            "signed": view.is_signed,
            "messages": view.messages,
            "last": view.last_at,
        }
        for view in service.webhooks(opened(workspace))
    ]
    show_rows(rows, as_json=json, empty="No webhooks yet. Make one: sightline webhooks add NAME KIND")


@app.command()
def log(name: NameArgument, workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """Show what came in lately, and what became of it.

    Example: sightline webhooks log pagerduty
    """
    rows = [
        {"at": one.received_at, "event": one.event, "outcome": one.outcome, "what_happened": one.said}
        for one in service.messages(opened(workspace), name)
    ]
    show_rows(rows, as_json=json, empty="Nothing came in yet.")


@app.command()
def test(
    name: NameArgument,
    body: Annotated[Path | None, typer.Option(help="A file with a message; default an example of its kind.")] = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Say what a message would do; nothing is changed.

    Example: sightline webhooks test pagerduty
    """
    if body and not body.is_file():
        raise BadInput(f"There is no file '{body}'.")
    received = service.test(opened(workspace), name, body.read_text() if body else "")
    told(received.said, as_json=json, outcome=received.outcome, said=received.said)


@app.command()
def remove(
    name: NameArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """End a webhook: its address is refused from now on. What it told stays.

    Example: sightline webhooks remove pagerduty
    """
    ctx = opened(workspace)
    confirmed(f"Messages to '{name}' are refused from now on. Remove it?", yes=yes)
    gone = service.remove(ctx, name)
    told(f"'{gone}' was removed.", as_json=json, removed=gone)


def _mapping(given: list[str] | None) -> dict[str, str]:
    found = {}
    for text in given or ():
        name, equals, path = text.partition("=")
        if not equals or not path:
            raise BadInput(f"'{text}' maps nothing. Write FIELD=PATH, such as key=build.id.")
        found[name.strip()] = path.strip()
    return found
