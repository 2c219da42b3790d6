"""`sightline sources`: what is read, from where and how far; adding, reading and taking away."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from core.base.errors import SightlineError
from core.context import Context
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, confirmed, opened, show, show_rows, told
from core.entrypoints.cli.saying import progress
from core.ingestion import overlaps, providers
from core.ingestion import service as ingestion
from core.ingestion.views import SourceView, SyncResult

app = typer.Typer(no_args_is_help=True)

Named = Annotated[str, typer.Argument(help="A source's name, path or id.", metavar="SOURCE")]
Several = Annotated[list[str], typer.Argument(help="Names, paths or ids; none means all.", metavar="[SOURCE…]")]


@app.command()
def add(
    kind: Annotated[str, typer.Argument(help="The provider: github or gitlab.", metavar="PROVIDER")],
    connection: Annotated[str, typer.Option("--connection", "-c", help="Name of the account's connection.")],
    repos: Annotated[
        list[str], typer.Option("--repos", "-r", help="owner/name, or a pattern such as 'owner/*'. Several.")
    ],
    exclude: Annotated[list[str], typer.Option("--exclude", help="A pattern to leave out. Several.")] = [],  # noqa: B006
    preview: Annotated[bool, typer.Option("--preview", help="Only show what is meant.")] = False,
    sync: Annotated[bool, typer.Option("--sync/--no-sync", help="Read them at once, in this process.")] = True,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Follow repositories of a provider: pull requests, reviews, issues and deployments are read.

    A pattern is kept: repositories that match later are found whenever all sources are read.

    Example: sightline sources add github --connection hub --repos 'acme/*' --exclude 'acme/old-*'
    """
    from core.connections import service as connections

    ctx = opened(workspace, create=True)
    account = connections.connection(ctx, connection)
    if account.plugin != kind:
        raise typer.BadParameter(f"'{connection}' is an account of {account.label}, not of {kind}.")
    if preview:
        show_rows([_candidate(one) for one in providers.preview(ctx, account.id, repos, exclude)], as_json=json)
        return
    made = [ingestion.source(ctx, source_id) for source_id in providers.add(ctx, account.id, repos, exclude)]
    if not made and not json:
        typer.echo("Every repository that is meant is a source already.")
    elif sync:
        _read(ctx, made, json=json)
    else:
        show_rows([{"name": view.name, "path": view.path, "state": view.status} for view in made], as_json=json)


@app.command("list")
def list_sources(workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """List the sources, how far each is read, and which of them share commits that count twice.

    A clone is read with `sightline ingest git PATH`, repositories of a provider are followed with `sources add`.
    """
    ctx = opened(workspace)
    shared: dict[str, list[str]] = {}
    for overlap in overlaps.found(ctx):
        shared.setdefault(overlap.source_id, []).append(overlap.sentence)
    rows = [
        {
            "name": view.name,
            "kind": view.kind,
            "path": view.path,
            "state": _state(view),
            "known_until": view.complete_until,
            "lag": _lag(ctx, view),
            "notes": [*view.notes, *shared.get(view.id, [])] if json
            else " ".join([view.error, *view.notes, *shared.get(view.id, [])]).strip(),
        }
        for view in ingestion.sources(ctx)
    ]  # fmt: skip
    show_rows(rows, as_json=json, empty="Nothing is read yet. Read a clone: sightline ingest git PATH")


@app.command("show")
def show_source(source: Named, workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """Show one source: how far it is read, how far a reading is under way, and what the last ones brought."""
    ctx = opened(workspace)
    view = ingestion.source(ctx, source)
    facts = {
        "name": view.name, "kind": view.kind, "path": view.path, "state": _state(view),
        "known_until": view.complete_until, "lag": _lag(ctx, view), "last_read": view.synced_at,
        "brought": _brought(view.counts), "error": view.error, "notes": list(view.notes),
    }  # fmt: skip
    runs = ingestion.runs(ctx, view.id, limit=5)
    if json:
        show_rows([{**facts, "runs": [_run(run) for run in runs]}], as_json=True)
        return
    show(facts, as_json=False)
    show_rows([_run(run) for run in runs], as_json=False, empty="It has not been read yet.")


@app.command()
def sync(
    sources: Several = [],  # noqa: B006
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Read sources now, in this process. Without names: all of them, and new repositories that a pattern means."""
    ctx = opened(workspace)
    if sources:
        views = [ingestion.source(ctx, name) for name in sources]
    else:
        providers.expand(ctx)
        views = ingestion.sources(ctx)
    _read(ctx, views, json=json)


@app.command()
def patterns(
    forget: Annotated[str, typer.Option("--forget", help="Keep no patterns of this connection.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """List the patterns by which repositories are followed, or forget those of an account. Its sources stay."""
    from core.connections import service as connections

    ctx = opened(workspace)
    if forget:
        providers.unfollow(ctx, connections.connection(ctx, forget).id)
        told(f"New repositories of '{forget}' are not followed any more.", as_json=json, forgotten=forget)
        return
    names = {view.id: view.name for view in connections.connections(ctx)}
    rows = [
        {"connection": names.get(one.connection_id, one.connection_id), "patterns": list(one.patterns),
         "left_out": list(one.excluded)}
        for one in providers.followed(ctx)
    ]  # fmt: skip
    show_rows(rows, as_json=json, empty="No pattern is kept. Follow one with `sightline sources add`.")


@app.command()
def teams(
    connection: Annotated[str, typer.Option("--connection", "-c", help="Name of the account's connection.")],
    owner: Annotated[str, typer.Argument(help="An organisation, or a group of GitLab.", metavar="ORGANISATION")],
    apply: Annotated[bool, typer.Option("--apply", help="Take them over, from today on.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Show what taking over the teams of an organisation would change, or do it. Earlier days keep their members."""
    from core.connections import service as connections
    from core.ingestion import crews

    ctx = opened(workspace)
    account = connections.connection(ctx, connection)
    rows = [
        {"team": one.team, "new": one.is_new, "inside": one.parent, "join": list(one.joining),
         "leave": list(one.leaving), "stay": one.staying}
        for one in crews.preview(ctx, account.id, owner)
    ]  # fmt: skip
    show_rows(rows, as_json=json, empty="There are no teams there that this account may see.")
    if apply:
        changed = crews.take_over(ctx, account.id, owner)
        typer.echo(f"Memberships that began or ended today: {changed:,}.", err=True)


@app.command()
def remove(
    source: Named,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Forget a source with everything that was read from it. What was read, and people, stay where they are."""
    ctx = opened(workspace)
    view = ingestion.source(ctx, source)
    confirmed(f"Everything that was read from '{view.name}' ({view.path}) leaves every figure. Remove it?", yes=yes)
    ingestion.remove(ctx, view.id)
    show_rows([{"removed": view.name, "path": view.path}], as_json=json)


def _read(ctx: Context, views: list[SourceView], *, json: bool) -> None:
    """Read one after the other; one that fails costs the others nothing."""
    rows, failures = list[dict[str, Any]](), list[SightlineError]()
    for view in views:
        try:
            with progress(view.name, quiet=json) as report:
                rows.append(_result(ingestion.sync(ctx, view.id, report)))
        except SightlineError as error:
            rows.append({"name": view.name, "state": "failed", "brought": "", "known_until": view.complete_until,
                         "seconds": None, "notes": error.message})  # fmt: skip
            failures.append(error)
    show_rows(rows, as_json=json, empty="There is nothing to read. Add a source first.")
    if failures:
        raise typer.Exit(3 if len(rows) > len(failures) else failures[0].exit_code)


def _result(result: SyncResult) -> dict[str, Any]:
    commits = {"commits": result.commits_added + result.commits_removed}
    brought = {**({} if not commits["commits"] else commits), **result.counts}
    return {
        "name": result.name, "state": "read" if brought else "nothing new", "brought": _brought(brought),
        "known_until": result.complete_until, "seconds": round(result.seconds, 1), "notes": " ".join(result.notes),
    }  # fmt: skip


def _candidate(one: providers.Candidate) -> dict[str, Any]:
    state = one.left_out or ("a source already" if one.is_followed else "will be followed")
    return {"repository": one.path, "state": state, "archived": one.is_archived}


def _state(view: SourceView) -> str:
    """The state in a word; while it is read, how far."""
    return f"{view.progress:.0%} {view.progress_text}" if view.status == "running" else view.status


def _run(run: Any) -> dict[str, Any]:
    commits = {"commits": run.commits_added} if run.commits_added else {}
    return {
        "asked_for": run.created_at, "state": run.status, "seconds": run.duration_seconds,
        "brought": _brought({**commits, **run.counts}), "notes": run.error or " ".join(run.notes),
    }  # fmt: skip


def _brought(counts: Any) -> str:
    return ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in counts.items() if count)


def _lag(ctx: Context, view: SourceView) -> str:
    until: datetime | None = view.complete_until
    if until is None:
        return ""
    hours = max((ctx.clock() - until).total_seconds(), 0) / 3600
    return f"{hours:.0f} h" if hours >= 1 else f"{hours * 60:.0f} min"
