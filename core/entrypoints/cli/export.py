"""`sightline export`: figures as files, without saving a report first."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from core.base.errors import BadInput
from core.base.settings import settings
from core.context import Context
from core.entrypoints.cli.files import formats_of, write
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, ready, show_rows, told
from core.entrypoints.cli.saying import progress

app = typer.Typer(invoke_without_command=True)


@app.callback()
def export(
    asked: typer.Context,
    team: Annotated[str, typer.Option(help="A team's figures: its name or id.")] = "",
    person: Annotated[str, typer.Option(help="A person's figures: name, e-mail or id.")] = "",
    report: Annotated[str, typer.Option(help="The newest result of a saved report: its name or id.")] = "",
    page: Annotated[
        str, typer.Option(help="A page of the app: overview, delivery, health, team, …; --team and --person narrow it.")
    ] = "",
    component: Annotated[
        list[str] | None, typer.Option(help="Only this component of repositories; may be given again.")
    ] = None,
    period: Annotated[
        str, typer.Option("--range", help="last_30_days, last_month, … or 2026-01-01..2026-01-31.")
    ] = "last_30_days",
    compare: Annotated[str, typer.Option(help="Compare with: previous, year or none.")] = "previous",
    formats: Annotated[
        str, typer.Option("--format", "-f", help="Formats by commas: pdf, xlsx, csv, html, markdown, json.")
    ] = "pdf",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder to write the files to.")] = None,
    link: Annotated[
        bool, typer.Option("--link", help="Also print a link, good for a week, for whoever may export here.")
    ] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Write a report's newest result, one person's or one team's figures, or a page of the app to files.

    Example: sightline export --page delivery --range last_month --format pdf

    Example: sightline export --team Platform --range last_quarter --format pdf,xlsx --out ./files
    """
    if asked.invoked_subcommand:
        return
    from core.reports import exporting, reading
    from core.reports import service as reports

    if sum(map(bool, (team, person, report))) != 1 and not page:
        raise BadInput("Say what to export: --report NAME, --person NAME, --team NAME or --page NAME.")
    if report and page:
        raise BadInput("A report is no page of the app: say --report or --page, not both.")
    if report and component:
        raise BadInput("A report's result is as it was made. Save the report with --component and run it.")
    ctx, wanted = opened(workspace), formats_of(formats)
    about: dict[str, Any] = {"date_range": period, "compare": compare, "components": component or []}
    written: list[dict[str, str]] = []
    with progress("Exporting", quiet=json) as said:
        for done, fmt in enumerate(wanted):
            said(done / len(wanted), fmt)
            if report:
                found = reports.find(ctx, report)
                newest = reading.latest(ctx, found.id)
                if newest is None:
                    raise BadInput(f"'{found.name}' has no result yet. Run it: sightline report run '{found.name}'")
                kept = exporting.artifact(ctx, newest.id, fmt).id
                written.append(_row(ctx, kept, out, link))
                continue
            export_id = _asked(ctx, fmt, about, team=team, person=person, page=page)
            _made(ctx, export_id)
            written.append(_row(ctx, export_id, out, link))
    show_rows(written, as_json=json)


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many files.")] = 50,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """List the files that were asked for, the newest first."""
    from core.exports import service as exports
    from core.stores.app.paging import Place

    rows = [
        {
            "id": one.id, "what": one.export_type, "format": one.format, "status": one.status, "file": one.file_name,
            "bytes": one.file_size_bytes, "asked": one.created_at, "kept_until": one.expires_at, "error": one.error,
        }
        for one in exports.page(opened(workspace), Place(limit)).items
    ]  # fmt: skip
    show_rows(rows, as_json=json, title="Files", empty="No file was asked for yet.")


@app.command()
def cancel(
    file: Annotated[str, typer.Argument(help="Id of a file: see `sightline export list`.")],
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Stop the making of a file that waits or is being made."""
    from core.exports import service as exports

    exports.cancel(opened(workspace), file)
    told("The file is not made.", as_json=json, id=file, status="cancelled")


def _asked(ctx: Context, fmt: str, about: dict[str, Any], *, team: str, person: str, page: str) -> str:
    """Ask for the file of a page, a team or a person; its id."""
    from core.entrypoints import pages
    from core.reports import exporting

    if page:
        asked = about | {"page": page, "teams": [team] if team else [], "people": [person] if person else []}
        return exporting.request(ctx, "page", fmt, parameters=asked, page=pages.plan_of)
    if team:
        return exporting.request_team(ctx, team, fmt, **about)
    return exporting.request_profile(ctx, person, fmt, **about)


def _row(ctx: Context, export_id: str, folder: Path | None, link: bool) -> dict[str, str]:
    from core.exports import service as exports

    row = {"file": write(exports.sending(ctx, export_id), folder)}
    return row | {"link": f"{settings().url}/download/{exports.sign(ctx, export_id)}"} if link else row


def _made(ctx: Context, export_id: str) -> None:
    """Make the file here, unless a worker was quicker; then wait for it."""
    from core.exports import service as exports
    from core.reports import exporting

    exporting.execute(ready(), ctx.workspace.id, export_id)
    while exports.get(ctx, export_id).status in ("pending", "running"):
        time.sleep(0.2)
