"""`sightline records`: facts that a team tells itself, from files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, Annotated

import typer

from core.base.errors import BadInput, NotFound
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, confirmed, opened, show_rows, told
from core.ingestion.records import service, templates
from core.ingestion.records.checking import report
from core.ingestion.records.kinds import KINDS, kind_of
from core.ingestion.records.reading import FORMATS, format_of
from core.ingestion.records.service import Push, Pushed

app = typer.Typer(no_args_is_help=True)

KindArgument = Annotated[str, typer.Argument(help=f"One of {', '.join(KINDS)}.", metavar="KIND")]


@app.command()
def push(
    kind: KindArgument,
    file: Annotated[Path, typer.Argument(help="A CSV, JSON or NDJSON file; - reads what is piped in.", metavar="FILE")],
    repo: Annotated[str, typer.Option(help="Repository of every row that names none.")] = "",
    source: Annotated[str, typer.Option(help="What the records come from; default the file's name.")] = "",
    fmt: Annotated[str, typer.Option("--format", help=f"{', '.join(FORMATS)}; default by the file's ending.")] = "",
    time_zone: Annotated[str, typer.Option(help="Zone of times without an offset.")] = "UTC",
    logins_of: Annotated[str, typer.Option(help="Whose logins bare words are: github, gitlab, …")] = "github",
    create_repo: Annotated[bool, typer.Option("--create-repo", help="Create repositories that are missing.")] = False,
    ignore_unknown: Annotated[bool, typer.Option("--ignore-unknown", help="Leave unknown fields out.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    refused: Annotated[Path | None, typer.Option(help="Write why rows were refused to this CSV file.")] = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Push records of one kind. The same file twice changes nothing; a row replaces what its key said before.

    Rows that are not well are refused one by one with the reason, and the others are taken: exit code 3 then.

    Example: sightline records push deployment deploys.csv --repo app --dry-run
    """
    piped = str(file) == "-"
    if not piped and not file.is_file():
        raise NotFound(f"There is no file '{file}'.")
    chosen = fmt or ("ndjson" if piped else format_of(file.name))
    name = source or ("stdin" if piped else file.name)
    ctx = opened(workspace, create=not dry_run)
    how = Push(kind, repo, name, "" if piped else file.name, time_zone, logins_of, create_repo, ignore_unknown, dry_run)
    with _piped() if piped else file.open("rb") as stream:
        pushed = service.push(ctx, stream, chosen, how)
    if refused:
        refused.write_bytes(report(pushed.refusals))
    _told(pushed, as_json=json)
    if pushed.refused:
        raise typer.Exit(3 if pushed.accepted else BadInput.exit_code)


@app.command()
def template(
    kind: KindArgument,
    fmt: Annotated[str, typer.Option("--format", help=f"{', '.join(FORMATS)}.")] = "csv",
    json: JsonOption = False,
) -> None:
    """Print a file of one example to fill in, with every field as heading.

    Example: sightline records template deployment > deploys.csv
    """
    found = kind_of(kind)
    if json:
        show_rows(list(templates.described(found)), as_json=True)
        return
    if fmt not in FORMATS:
        raise BadInput(f"'{fmt}' is no format. Use one of {', '.join(FORMATS)}.")
    typer.echo(templates.template(kind, fmt).decode(), nl=False)


@app.command("list")
def show(workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """List what was pushed, the newest first."""
    rows = [
        {
            "id": view.id,
            "source": view.source,
            "kind": view.kind,
            "repositories": list(view.repositories),
            "rows": view.rows,
            "added": view.added,
            "changed": view.changed,
            "refused": view.refused,
            "by": view.made_by,
            "at": view.updated_at,
        }
        for view in service.uploads(opened(workspace))
    ]
    show_rows(rows, as_json=json, empty="Nothing was pushed yet. Begin: sightline records template deployment")


@app.command()
def remove(
    ref: Annotated[str, typer.Argument(help="An upload's id, or a source's name.", metavar="UPLOAD|SOURCE")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Take back what was pushed: an upload, or everything of a source.

    Example: sightline records remove deploys.csv
    """
    ctx = opened(workspace)
    confirmed(f"Everything that was pushed as '{ref}' leaves every figure. Remove it?", yes=yes)
    gone = service.remove(ctx, ref)
    told(f"{gone:,} {'row was' if gone == 1 else 'rows were'} removed.", as_json=json, removed=ref, rows=gone)


def _piped() -> IO[bytes]:
    import io

    return io.BytesIO(sys.stdin.buffer.read())


def _told(pushed: Pushed, *, as_json: bool) -> None:
    refusals = [{"row": one.row, "field": one.field, "reason": one.reason} for one in pushed.refusals]
    if as_json:
        show_rows(
            [{"kind": pushed.kind, "source": pushed.source, "upload": pushed.upload_id, "dry_run": pushed.dry_run,
              "rows": pushed.rows, "added": pushed.added, "changed": pushed.changed, "unchanged": pushed.unchanged,
              "refused": pushed.refused, "refusals": refusals, "new_repositories": list(pushed.new_repositories)}],
            as_json=True,
        )  # fmt: skip
        return
    typer.echo(pushed.sentence)
    if pushed.new_repositories:
        typer.echo(f"New repositories: {', '.join(pushed.new_repositories)}.")
    if refusals:
        show_rows(refusals[:20], as_json=False, title="Refused")
    if len(refusals) > 20:
        typer.echo(f"… and {len(refusals) - 20:,} more. Write them all to a file: --refused refused.csv")
