"""`sightline sources`: what is read, how far, and taking one away."""

from __future__ import annotations

from typing import Annotated

import typer

from core.entrypoints.cli.out import JsonOption, WorkspaceOption, confirmed, opened, show_rows
from core.ingestion import overlaps
from core.ingestion import service as ingestion

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def show(workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """List the sources, how far each is read, and which of them share commits that count twice.

    A new one is read with `sightline ingest git PATH`.
    """
    ctx = opened(workspace)
    shared: dict[str, list[str]] = {}
    for overlap in overlaps.found(ctx):
        shared.setdefault(overlap.source_id, []).append(overlap.sentence)
    rows = [
        {
            "name": view.name,
            "path": view.path,
            "state": view.status,
            "known_until": view.complete_until,
            "notes": [*view.notes, *shared.get(view.id, [])] if json
            else " ".join([view.error, *view.notes, *shared.get(view.id, [])]).strip(),
        }
        for view in ingestion.sources(ctx)
    ]  # fmt: skip
    show_rows(rows, as_json=json, empty="Nothing is read yet. Read a clone: sightline ingest git PATH")


@app.command()
def remove(
    source: Annotated[str, typer.Argument(help="A source's name, path or id.", metavar="SOURCE")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Forget a source with everything that was read from it. The clone itself and people stay."""
    ctx = opened(workspace)
    view = ingestion.source(ctx, source)
    confirmed(f"Everything that was read from '{view.name}' ({view.path}) leaves every figure. Remove it?", yes=yes)
    ingestion.remove(ctx, view.id)
    show_rows([{"removed": view.name, "path": view.path}], as_json=json)
