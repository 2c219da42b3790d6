"""`sightline report compare`: two results of a report beside each other."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from core.base.errors import BadInput
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show_rows


def compare(
    report: Annotated[str, typer.Argument(help="The report's name or id.")],
    run: Annotated[str, typer.Option("--run", help="Id of a run; default the newest that has a result.")] = "",
    other: Annotated[str, typer.Option("--with", help="Id of another; default the newest before it.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Show every number that differs between two results of a report, and what only one of them has.

    Example: sightline report compare "Weekly health"
    """
    from core.reports import comparing, service

    ctx = opened(workspace)
    found = service.find(ctx, report)
    done = [one.id for one in service.runs(ctx, found.id) if one.has_document]
    later = run or next(iter(done), "")
    before = other or next(iter(done[done.index(later) + 1 :] if later in done else done), "")
    if not later or not before:
        raise BadInput(f"'{found.name}' has no two results to compare. Run it: sightline report run '{found.name}'")
    told = comparing.compared(ctx, before, later)
    show_rows(
        [asdict(one) for one in told.differences], as_json=json, title=f"{told.before.id} beside {told.after.id}",
        empty="No number differs.",
    )  # fmt: skip
    if json:
        return
    typer.echo(f"Numbers that are the same: {told.same:,}.")
    for said, parts in (("Only before", told.gone), ("Only after", told.new)):
        if parts:
            typer.echo(f"{said}: {', '.join(parts)}")
