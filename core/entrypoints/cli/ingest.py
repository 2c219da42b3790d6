"""`sightline ingest`: bring data in, now, in this process."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from core.base.errors import SightlineError
from core.context import Context
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show_rows
from core.entrypoints.cli.saying import progress
from core.ingestion import overlaps
from core.ingestion import service as ingestion

app = typer.Typer(no_args_is_help=True)


@app.callback()
def sources() -> None:
    """Read a source: git histories, or hourly files of GH Archive."""


@app.command()
def git(
    paths: Annotated[
        list[str], typer.Argument(help="Folders of clones, bare or not, on this machine.", metavar="PATH…")
    ],
    since: Annotated[str, typer.Option(help="Read only commits from this day on: 2024-01-31; later `all`.")] = "",
    branch: Annotated[str, typer.Option(help="Branch to read; default what is checked out; later `HEAD`.")] = "",
    name: Annotated[str, typer.Option(help="What to call the repository; default its origin's name.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Read git repositories: every commit the first time, only what is new after that.

    Works while the app is running. The same repository again adds nothing twice, a rewritten history
    is put right, and an interrupted reading is gone on with. Nothing in the repository is changed or run.

    Example: sightline ingest git ~/code/app ~/code/site.git --since 2023-01-01
    """
    if name and len(paths) > 1:
        raise typer.BadParameter("--name goes with one PATH.")
    ctx = opened(workspace, create=True)
    rows, failure = [], None
    for path in paths:
        try:
            rows.append(_read(ctx, path, since, branch, name, quiet=json))
        except SightlineError as error:
            rows.append({"key": str(path), "value": None, "n": 0, "state": "failed", "error": error.message})
            failure = error
            if not json:
                typer.echo(error.message, err=True)
    if json or failure is None or len(paths) > 1:
        show_rows(rows if json else [_shown(row) for row in rows], as_json=json)
    if failure:
        if json:
            typer.echo(failure.message, err=True)
        raise typer.Exit(3 if len(paths) > sum(row["state"] == "failed" for row in rows) else failure.exit_code)


@app.command()
def gharchive(
    paths: Annotated[
        list[str], typer.Argument(help="Hourly files, 2024-01-31-15.json.gz, or folders of them.", metavar="PATH…")
    ],
    match: Annotated[
        str, typer.Option(help="Repositories, by commas: owner/name, owner/*, -owner/name to leave out, * for all.")
    ],
    name: Annotated[str, typer.Option(help="What to call them under Records.")] = "GH Archive",
    commits: Annotated[
        bool, typer.Option("--commits", help="Commits of pushes too, dated by the push and without lines.")
    ] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Read hourly files of GH Archive: pull requests, reviews, issues and releases of public repositories.

    The same files again change nothing, and their order does not matter. `sightline records remove` takes them back.

    Example: sightline ingest gharchive ~/archive/2024 --match "apache/*"
    """
    from core.ingestion.sources.gharchive import reading

    ctx = opened(workspace, create=True)
    with progress(name, quiet=json) as report:
        found = reading.read(ctx, paths, match.split(","), name, report, commits=commits)
    counts = found.written.counts
    changed = ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in counts.items())
    row = {
        "files": found.files,
        "events": found.events,
        "taken": found.taken,
        "repositories": found.repositories,
        "changed": counts if json else changed,
        "complete_until": found.complete_until,
        "notes": list(found.notes),
    }
    show_rows([row], as_json=json)


def _read(ctx: Context, path: str, since: str, branch: str, name: str, *, quiet: bool) -> dict[str, Any]:
    source = ingestion.add_git(ctx, path, name=name, branch=branch, since=since)
    with progress(source.name, quiet=quiet) as report:
        result = ingestion.sync(ctx, source.id, report)
    return {
        "key": result.name,
        "value": result.commits_added,
        "n": result.commits_added,
        "state": "read" if result.commits_added or result.commits_removed else "nothing new",
        "commits_added": result.commits_added,
        "commits_removed": result.commits_removed,
        "files_added": result.files_added,
        "complete_until": result.complete_until,
        "seconds": round(result.seconds, 3),
        "notes": [*result.notes, *(overlap.sentence for overlap in overlaps.of_source(ctx, source.id))],
    }


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    if row["state"] == "failed":
        return {"repository": row["key"], "commits": None, "removed": None, "files": None, "known until": None,
                "seconds": None, "notes": row["error"]}  # fmt: skip
    return {
        "repository": row["key"],
        "commits": row["commits_added"],
        "removed": row["commits_removed"],
        "files": row["files_added"],
        "known until": row["complete_until"],
        "seconds": row["seconds"],
        "notes": " ".join(row["notes"]),
    }
