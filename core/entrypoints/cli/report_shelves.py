"""`sightline report templates`, `from`, `say`, `versions`, `archive`, `share` and `members`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show, show_rows, told

if TYPE_CHECKING:
    from core.context import Context
    from core.reports.spoken import Understood
    from core.reports.suggesting import Suggestion
    from core.reports.views import ReportView

ReportArgument = Annotated[str, typer.Argument(help="The report's name or id.")]
UserArgument = Annotated[str, typer.Argument(help="Name or address of a user of the workspace.")]


def templates(workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """List the templates that reports can be made from: the workspace's, then Sightline's own.

    Example: sightline report templates
    """
    from core.reports import templates as kept

    rows = [
        {
            "key": one.key,
            "name": one.name,
            "about": one.about,
            "for": one.audience,
            "kept_by": one.owner_name or "Sightline",
        }
        for one in kept.templates(opened(workspace))
    ]
    show_rows(rows, as_json=json, title="Templates")


def from_(
    template: Annotated[str, typer.Argument(help="Key or name of a template: see `sightline report templates`.")],
    name: Annotated[str, typer.Argument(help="Name of the report; default the template's.")] = "",
    team: Annotated[list[str] | None, typer.Option(help="Only this team; may be given again.")] = None,
    repo: Annotated[list[str] | None, typer.Option(help="Only this repository; may be given again.")] = None,
    person: Annotated[list[str] | None, typer.Option(help="Only this person; may be given again.")] = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Make a report from a template.

    Example: sightline report from dora-monthly "DORA of Platform" --team Platform
    """
    from core.reports import templates as kept

    made = kept.create_from(opened(workspace), template, name, teams=team or [], repos=repo or [], people=person or [])
    show_rows([{"id": made.id, "name": made.name}], as_json=json)


def say(
    sentence: Annotated[str, typer.Argument(help="What the report is about, in words.")],
    name: Annotated[str, typer.Option("--name", help="Name of the report; default from the sentence.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what was understood.")] = False,
    take: Annotated[bool, typer.Option("--take", help="Take what the workspace's language model suggests.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Make a report from a sentence. Words that are not understood are told, never guessed.

    Where the workspace has a language model, it is asked what they mean. What it suggests is taken with --take.

    Exit code 2: something was not understood, and nothing was made; say it otherwise, or leave it out.

    Example: sightline report say "weekly DORA for the platform team, compared with last year" --dry-run
    """
    from core.reports import spoken, suggesting

    ctx = opened(workspace)
    asked = spoken.understood(ctx, sentence)
    found = suggesting.suggested(ctx, sentence, asked)
    for line in (*_not_understood(ctx, asked), *asked.remarks, *(_suggested(found) if found else ())):
        typer.echo(line, err=True)
    asked = found.asked if found and take else asked
    facts = dict(spoken.told(asked))
    if not dry_run and not asked.unknown:
        facts = {"id": spoken.made(ctx, asked, name).id, **facts}
    show(facts, as_json=json)
    if asked.unknown:
        raise typer.Exit(2)


def _not_understood(ctx: Context, asked: Understood) -> Iterator[str]:
    from core.reports import spoken

    yield from (f"'{word}' was not understood. {near}".strip() for word, near in spoken.suggestions(ctx, asked))


def _suggested(found: Suggestion) -> Iterator[str]:
    yield from found.remarks
    if found.added:
        said = ", ".join(f"{what}: {choice}" for what, choice in found.added)
        yield f"The language model {found.model} suggests {said}. Take it with --take."


def as_template(
    report: ReportArgument,
    name: Annotated[str, typer.Argument(help="Name of the template; default the report's.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Keep a report's definition as a template; the report goes on as it is."""
    from core.reports import service
    from core.reports import templates as kept

    ctx = opened(workspace)
    made = kept.save_as(ctx, service.find(ctx, report).id, name)
    show_rows([{"key": made.id, "name": made.name}], as_json=json)


def versions(
    report: ReportArgument,
    show: Annotated[
        int | None, typer.Option("--show", min=1, help="Print this version as `report pull` writes it.")
    ] = None,
    compare: Annotated[
        int | None, typer.Option("--compare", min=1, help="Show what changed since this version.")
    ] = None,
    to: Annotated[
        int | None, typer.Option("--to", min=1, help="Up to this version, in place of how it stands.")
    ] = None,
    back_to: Annotated[int | None, typer.Option("--back-to", min=1, help="Make this version the newest one.")] = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Show the versions of a report's definition, print one, compare two, or go back to one.

    Example: sightline report versions "Weekly health" --compare 3
    """
    from core.reports import service
    from core.reports import versions as kept

    ctx = opened(workspace)
    found = service.find(ctx, report)
    if show:
        text = kept.text(ctx, found.id, show)
        told(text.rstrip(), as_json=json, id=found.id, version=show, text=text)
    elif back_to:
        number = kept.go_back(ctx, found.id, back_to)
        told(f"'{found.name}' is as in version {back_to} again.", as_json=json, id=found.id, version=number)
    elif compare:
        changed = kept.compared(ctx, found.id, compare, to or 0)
        told(changed or "Nothing differs.", as_json=json, id=found.id, difference=changed)
    else:
        rows = [
            {"version": one.number, "saved": one.saved_at, "by": one.saved_by, "back_to": one.restored_from}
            for one in kept.versions(ctx, found.id)
        ]
        show_rows(rows, as_json=json, title=f"Versions of {found.name}")


def archive(
    report: ReportArgument,
    back: Annotated[bool, typer.Option("--back", help="Take it back from the archive.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Put a report out of the way with its results; it neither runs nor goes out until it is taken back."""
    from core.reports import service

    ctx = opened(workspace)
    if back:
        found = service.find(ctx, report, shelf="archived")
        service.unarchive(ctx, found.id)
        told(f"'{found.name}' is back and runs again.", as_json=json, id=found.id, state="active")
        return
    found = service.find(ctx, report)
    service.archive(ctx, found.id)
    said = f"Archived '{found.name}'. Take it back: sightline report archive {found.id} --back"
    told(said, as_json=json, id=found.id, state="archived")


def share(
    report: ReportArgument,
    user: UserArgument,
    edit: Annotated[bool, typer.Option("--edit", help="They may change it, too.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Take their part in it away.")] = False,
    give: Annotated[bool, typer.Option("--give", help="Make it theirs: it runs with their rights.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Share a report with somebody, take that back, or give it to them.

    Example: sightline report share "Weekly health" mara --edit
    """
    from core.reports import service, sharing

    ctx = opened(workspace)
    found = service.find(ctx, report)
    if give:
        sharing.transfer(ctx, found.id, user)
    elif stop:
        sharing.unshare(ctx, found.id, user)
    else:
        sharing.share(ctx, found.id, user, "editor" if edit else "viewer")
    _members(ctx, found, json)


def members(
    report: ReportArgument,
    private: Annotated[
        bool | None,
        typer.Option("--private/--public", help="Who sees it: those named here alone, or the whole workspace."),
    ] = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Show whose a report is and whom it is shared with, or choose who sees it.

    Example: sightline report members "Weekly health" --private
    """
    from core.reports import service

    ctx = opened(workspace)
    found = service.find(ctx, report)
    if private is not None:
        found = service.update(ctx, found.id, visibility="private" if private else "workspace")
    if not json:
        typer.echo(f"{found.owner_name} owns it. Seen by: {service.SEEN_BY[found.visibility]}.")
    _members(ctx, found, json)


def _members(ctx: Context, report: ReportView, json: bool) -> None:
    from core.reports import sharing

    rows = [{"user": one.username, "name": one.name, "part": one.role} for one in sharing.shared_with(ctx, report.id)]
    show_rows(rows, as_json=json, title=f"'{report.name}' is shared with", empty="It is shared with nobody.")
