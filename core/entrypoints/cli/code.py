"""`sightline code`: who knows which code, where it changes most, and how much is changed again soon."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show_rows
from core.entrypoints.cli.saying import progress
from core.ingestion.lines.service import LinesView

app = typer.Typer(no_args_is_help=True)

Several = Annotated[
    list[str], typer.Argument(help="Names, paths or ids of clones; none means all.", metavar="[SOURCE…]")
]

RepoOption = Annotated[str, typer.Option("--repo", help="Only this repository.")]
PathOption = Annotated[str, typer.Option("--path", help="Only this folder or file of it.")]
FromOption = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day. Default: 30 days before --to.")
]
ToOption = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The day after the last. Default: today.")
]


@app.command()
def read(
    sources: Several = [],  # noqa: B006
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Read the lines of clones now: how old those were that commits changed, and how deep files are.

    A worker does the same by itself after a clone is read, a piece at a time.
    """
    from core.ingestion import service as ingestion
    from core.ingestion.lines import service as lines

    ctx = opened(workspace)
    wanted = [ingestion.source(ctx, one).id for one in sources] or [view.source_id for view in lines.status(ctx)]
    rows = []
    for source_id in wanted:
        with progress(ingestion.source(ctx, source_id).name, quiet=as_json) as report:
            rows.append(_told(lines.read(ctx, source_id, report)))
    show_rows(rows, as_json=as_json, empty="There is no clone to read. Read one: sightline ingest git PATH")


@app.command()
def status(workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """Show how far the lines of each clone are read."""
    from core.ingestion.lines import service as lines

    rows = [_told(view) for view in lines.status(opened(workspace))]
    show_rows(rows, as_json=as_json, empty="There is no clone yet. Read one: sightline ingest git PATH")


def _told(view: LinesView) -> dict[str, object]:
    state = f"{view.progress:.0%} {view.progress_text}" if view.state == "running" else view.state
    return {
        "name": view.name, "state": "complete" if view.is_complete else state, "known_from": view.known_from,
        "known_until": view.known_until, "commits_left": view.remaining, "error": view.error,
    }  # fmt: skip


@app.command()
def owners(
    repo: RepoOption = "",
    path: PathOption = "",
    first: FromOption = None,
    last: ToOption = None,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show who owns the code, with the bus factor of each repository, or of each folder and file of one.

    Example: sightline code owners --repo api --path src/orders
    """
    _shown("code.owners", {"repo": repo, "path": path}, (first, last), workspace, as_json=as_json)


@app.command()
def hotspots(
    repo: RepoOption = "",
    path: PathOption = "",
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many.")] = 25,
    first: FromOption = None,
    last: ToOption = None,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show files that change often, by many hands, and are complex."""
    params = {"repo": repo, "path": path, "limit": limit}
    _shown("code.hotspots", params, (first, last), workspace, as_json=as_json)


@app.command()
def mix(
    repo: RepoOption = "",
    path: PathOption = "",
    first: FromOption = None,
    last: ToOption = None,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show what was changed, and what is there, by language."""
    _shown("code.mix", {"repo": repo, "path": path}, (first, last), workspace, as_json=as_json)


def _shown(
    widget: str, params: dict[str, object], days: tuple[datetime | None, datetime | None], workspace: str, *,
    as_json: bool,
) -> None:  # fmt: skip
    """A table of the page Code, as it stands there."""
    from core.catalogue.scope import Scope
    from core.entrypoints.cli.metrics import period_of
    from core.figures import Table
    from core.widgets import WIDGETS

    ctx = opened(workspace)
    known, scope = WIDGETS.get(widget), Scope(period_of(ctx, *days), time_zone=ctx.workspace.time_zone)
    table = known.build(ctx, scope, known.accept(params))
    assert isinstance(table, Table)
    rows = [dict(zip((column.key for column in table.cols), row, strict=True)) for row in table.rows]
    show_rows(rows, as_json=as_json, empty=table.state_text or "Nothing to show.")
    if not as_json and rows:
        typer.echo(table.note)
