"""`sightline report`: saved reports, and report files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from core.base.errors import BadInput
from core.entrypoints.cli import report_ask, report_compare, report_deeds, report_folder, report_shelves
from core.entrypoints.cli.files import formats_of
from core.entrypoints.cli.out import (
    JsonOption,
    WorkspaceOption,
    opened,
    show_rows,
)
from core.entrypoints.cli.report_files import commands as file_commands
from core.entrypoints.cli.report_files.options import (
    DryOption,
    EndOption,
    FilesCommand,
    FilesOption,
    LenientOption,
    LicenseOption,
    StartOption,
    StrictOption,
    ThemeOption,
    VerboseOption,
    WatchOption,
    chosen,
)
from core.entrypoints.cli.report_files.running import Wish
from core.entrypoints.cli.report_files.running import run as run_files
from core.entrypoints.cli.report_files.starting import init
from core.entrypoints.cli.saved_runs import run_saved, written

app = typer.Typer(no_args_is_help=True)

ReportArgument = Annotated[str, typer.Argument(help="The report's name or id.")]
FormatOption = Annotated[
    str, typer.Option("--format", "-f", help="Formats by commas: pdf, xlsx, csv, html, markdown, json.")
]
OutOption = Annotated[Path | None, typer.Option("--out", "-o", help="Folder to write the files to.")]


@app.command("list")
def list_(
    search: Annotated[str, typer.Argument(help="Words in the name or description.")] = "",
    shelf: Annotated[
        str, typer.Option(help="Which reports: reports (in use), mine, templates, archived or deleted.")
    ] = "reports",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """List saved reports, the latest changed first.

    Example: sightline report list --json
    """
    from core.reports import service

    rows = [
        {
            "id": one.id,
            "name": one.name,
            "owner": one.owner_name,
            "range": one.parameters.date_range,
            "active": one.is_active,
            "last_run": one.last_run_at,
            "status": one.last_run_status,
        }
        for one in service.listed(opened(workspace), search, shelf=shelf).items
    ]
    none = (
        "There is none."
        if search or shelf != "reports"
        else "There is none yet. Make one: sightline report create NAME"
    )
    show_rows(rows, as_json=json, title=service.SHELVES[shelf], empty=none)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Name of the report.")],
    description: Annotated[str, typer.Option("--description", "-d", help="What it is for.")] = "",
    team: Annotated[list[str] | None, typer.Option(help="Only this team; may be given again.")] = None,
    repo: Annotated[list[str] | None, typer.Option(help="Only this repository; may be given again.")] = None,
    person: Annotated[list[str] | None, typer.Option(help="Only this person; may be given again.")] = None,
    component: Annotated[
        list[str] | None, typer.Option(help="Only this component, beside any of these; may be given again.")
    ] = None,
    period: Annotated[
        str, typer.Option("--range", help="last_30_days, last_month, this_quarter, … or 2026-01-01..2026-01-31.")
    ] = "last_30_days",
    compare: Annotated[str, typer.Option(help="Compare with: previous, year or none.")] = "previous",
    metric: Annotated[
        list[str] | None, typer.Option("--metric", "-m", help="A metric by key or label; may be given again.")
    ] = None,
    formats: FormatOption = "pdf,xlsx",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Save a report. It is planned anew from these choices at each run.

    Example: sightline report create "Weekly health" -m deployment_frequency --team Platform --range last_7_days
    """
    from core.reports import service

    chosen = {"team": team, "repo": repo, "person": person}
    given = [scope for scope, refs in chosen.items() if refs]
    if len(given) > 1:
        raise BadInput(f"A report is about one kind of thing: choose --{given[0]} or --{given[1]}, not both.")
    parameters: dict[str, Any] = {
        "scope": given[0] if given else "org",
        "teams": team or [],
        "repos": repo or [],
        "people": person or [],
        "components": component or [],
        "date_range": period,
        "compare": compare,
        "metrics": metric or [],
        "formats": formats_of(formats),
    }
    made = service.create(opened(workspace), name, parameters, description=description)
    show_rows([{"id": made.id, "name": made.name}], as_json=json)


@app.command(cls=FilesCommand)
def run(
    report: Annotated[str, typer.Argument(help="A saved report's name or id; none for a report file.")] = "",
    formats: FormatOption = "",
    out: OutOption = None,
    here: Annotated[bool, typer.Option("--here", help="Run in this process even if a worker is alive.")] = False,
    files: FilesOption = None,
    start: StartOption = "",
    end: EndOption = "",
    theme_dir: ThemeOption = None,
    verbose: VerboseOption = 0,
    strict: StrictOption = False,
    lenient: LenientOption = False,
    dry_run: DryOption = False,
    watch: WatchOption = False,
    license_file: LicenseOption = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Run a saved report, or a report file, now.

    sightline report run NAME waits for the worker if one is alive, else runs the saved report here. With --out, the
    chosen formats (default: the report's own) are written to that folder.

    sightline report run -c FILE… runs a report that is written in YAML, KPI Reporter's files too, and sends it to the
    outputs that it names. Options from --start-date to --license-file belong to it.

    Exit code 0: all well; 1: failed; 2: bad usage or a bad file; 3: some parts failed, all others were done.

    Example: sightline report run -c weekly.yaml -s 2026-01-01 -e 2026-02-01
    """
    if report and not files:
        run_saved(report, formats, out, here, workspace, json)
        return
    _reject(report, formats, out, here)
    wish = Wish(chosen(files), start, end, theme_dir, strict, verbose, json, workspace)
    if license_file:
        typer.echo("No license is needed; --license-file is not read.", err=True)
    if watch:
        from core.entrypoints.cli.report_files.watching import watch as follow

        follow(wish)
        return
    if code := run_files(wish, dry=dry_run, lenient=lenient):
        raise typer.Exit(code)


app.command("from")(report_shelves.from_)
app.command("as-template")(report_shelves.as_template)
app.command()(report_shelves.say)
app.command()(report_ask.ask)
app.command()(report_ask.questions)
app.command()(report_compare.compare)
app.command()(report_shelves.templates)
app.command()(report_shelves.versions)
app.command()(report_shelves.archive)
app.command()(report_deeds.clone)
app.command()(report_deeds.rename)
app.command()(report_deeds.pause)
app.command()(report_deeds.resume)
app.command()(report_deeds.delete)
app.command()(report_deeds.restore)
app.command()(report_deeds.cancel)
app.command()(report_deeds.again)
app.command()(report_shelves.share)
app.command()(report_shelves.members)
app.command()(report_folder.pull)
app.command()(report_folder.push)
app.command()(report_folder.diff)
app.command()(file_commands.validate)
app.command()(file_commands.schema)
app.command()(init)


def _reject(report: str, formats: str, out: Path | None, here: bool) -> None:
    """What a report file cannot take from the command line."""
    if report:
        raise BadInput(f"'{report}' is a saved report and -c names a file: run one of them.")
    if formats or out or here:
        raise BadInput("--format, --out and --here are for saved reports. A report file says it under 'outputs'.")


@app.command()
def export(
    report: ReportArgument,
    formats: FormatOption = "pdf",
    out: OutOption = None,
    run: Annotated[str, typer.Option("--run", help="Id of a run; default the newest that has a result.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Write the newest result of a report as files: the same frozen numbers in any format.

    Example: sightline report export "Weekly health" --format pdf,xlsx --out .
    """
    from core.reports import reading, service

    ctx = opened(workspace)
    found = service.find(ctx, report)
    newest = service.run(ctx, run) if run else reading.latest(ctx, found.id)
    if newest is None:
        raise BadInput(f"'{found.name}' has no result yet. Run it: sightline report run '{found.name}'")
    files = written(ctx, newest.id, formats_of(formats), out)
    show_rows([{"run": newest.id, "file": path} for path in files], as_json=json)


@app.command()
def runs(report: ReportArgument, workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """Show the history of a report's runs, the newest first.

    Example: sightline report runs "Weekly health"
    """
    from core.reports import service

    ctx = opened(workspace)
    rows = [
        {
            "id": one.id,
            "status": one.status,
            "started": one.started_at,
            "seconds": one.duration_seconds,
            "triggered_by": one.triggered_by,
            "attempt": one.attempt,
            "error": one.error,
        }
        for one in service.runs(ctx, service.find(ctx, report).id)
    ]
    show_rows(rows, as_json=json, title="Runs", empty="It has not run yet.")
