"""`sightline report clone`, `rename`, `pause`, `resume`, `delete`, `restore`, `cancel` and `again`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from core.base.errors import BadInput, NotFound
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, confirmed, opened, told

if TYPE_CHECKING:
    from core.context import Context

ReportArgument = Annotated[str, typer.Argument(help="The report's name or id.")]
OPEN = ("pending", "running")


def clone(
    report: ReportArgument,
    name: Annotated[str, typer.Argument(help="Name of the copy; default 'Copy of' and its name.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Make a copy of a report to change; its schedule and its history are not copied.

    Example: sightline report clone "Weekly health" "Weekly health of Platform"
    """
    from core.reports import service

    ctx = opened(workspace)
    made = service.clone(ctx, service.find(ctx, report).id, name)
    told(f"'{made.name}' was made: {made.id}", as_json=json, id=made.id, name=made.name)


def rename(
    report: ReportArgument,
    name: Annotated[str, typer.Argument(help="The new name.")],
    description: Annotated[
        str | None, typer.Option("--description", "-d", help="What it is for, too; left out, it stays.")
    ] = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Call a report something else, at the head of its results too.

    Example: sightline report rename "Weekly health" "How we are"
    """
    from core.reports import service

    ctx = opened(workspace)
    found = service.find(ctx, report)
    kept = service.rename(ctx, found.id, name, found.description if description is None else description)
    told(f"'{found.name}' is called '{kept.name}' now.", as_json=json, id=kept.id, name=kept.name)


def pause(report: ReportArgument, workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """Let a report neither run nor go out until it is resumed."""
    _set_active(opened(workspace), report, json, is_active=False)


def resume(report: ReportArgument, workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """Let a paused report run again, its schedules too."""
    _set_active(opened(workspace), report, json, is_active=True)


def delete(
    report: ReportArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Delete a report with its schedule. It can be brought back for 30 days: sightline report restore ID."""
    from core.reports import service

    ctx = opened(workspace)
    found = service.find(ctx, report)
    confirmed(f"Delete '{found.name}'?", yes=yes)
    service.delete(ctx, found.id)
    sentence = f"Deleted '{found.name}'. Bring it back: sightline report restore {found.id}"
    told(sentence, as_json=json, id=found.id, name=found.name, state="deleted")


def restore(
    report: Annotated[str, typer.Argument(help="The deleted report's name or id.")],
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Bring a deleted report back, within 30 days. What there is: sightline report list --shelf deleted"""
    from core.reports import service

    ctx = opened(workspace)
    found = service.restore(ctx, service.find(ctx, report, shelf="deleted").id)
    told(f"'{found.name}' is back.", as_json=json, id=found.id, name=found.name, state="active")


def cancel(
    run: Annotated[str, typer.Argument(help="Id of a run, or the name of its report for the run that is open.")],
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Stop a run that waits or runs. Its earlier results stay.

    Example: sightline report cancel "Weekly health"
    """
    from core.reports import service

    ctx = opened(workspace)
    run_id = _meant(ctx, run)
    name = service.get(ctx, service.run(ctx, run_id).report_id).name
    service.cancel(ctx, run_id)
    told(f"The run of '{name}' was stopped.", as_json=json, id=run_id, report=name, status="cancelled")


def again(
    run: Annotated[str, typer.Argument(help="Id of a run: see `sightline report runs`.")],
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Run the definition of an earlier run once more, for the same days. A worker does it.

    Example: sightline report again 3f0c9a6d2b5e4c1f8a7d6e5b4c3a2f1e
    """
    from core.reports import service

    ctx = opened(workspace)
    begun = service.run_again(ctx, run)
    told(f"The run {begun.id} waits for a worker.", as_json=json, id=begun.id, status=begun.status)


def _set_active(ctx: Context, report: str, json: bool, *, is_active: bool) -> None:
    from core.reports import service

    found = service.update(ctx, service.find(ctx, report).id, is_active=is_active)
    said = f"'{found.name}' runs again." if is_active else f"'{found.name}' is paused."
    told(said, as_json=json, id=found.id, name=found.name, state="active" if is_active else "paused")


def _meant(ctx: Context, ref: str) -> str:
    """The run with this id, else the open run of the report that is called so."""
    from core.reports import service

    try:
        return service.run(ctx, ref).id
    except NotFound:
        found = service.find(ctx, ref)
    waiting = [one.id for one in service.runs(ctx, found.id) if one.status in OPEN]
    if not waiting:
        raise BadInput(f"No run of '{found.name}' waits or runs. See: sightline report runs '{found.name}'")
    return waiting[0]
