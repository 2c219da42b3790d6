"""`sightline components`: parts of repositories by path, and what is counted of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from core.base.counted import counted
from core.base.errors import BadInput
from core.components import codeowners, service
from core.components.codeowners import Choice
from core.components.views import ComponentView, Lines, Preview, Wish
from core.context import Context
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, confirmed, opened, show, show_rows, told

app = typer.Typer(no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="The component's name.")]
RepoOption = Annotated[str, typer.Option("--repo", help="The repository that the patterns are of.")]
PatternOption = Annotated[
    list[str] | None,
    typer.Option("--pattern", "-p", help="A path as in a .gitignore, such as services/billing/; the last that matches"
                 " decides, ! takes out. May be repeated."),
]  # fmt: skip
TeamOption = Annotated[str | None, typer.Option("--team", help="The team that owns it; '' for none.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command("list")
def listed(workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """List the components: their team, repositories, and what they are made of.

    Example: sightline components list --json
    """
    rows = [
        {
            "component": one.name,
            "team": one.team,
            "repositories": list(one.repos),
            "made_of": [text for line in one.lines for text in (*line.patterns, *line.owners)],
            "paths": one.paths,
        }
        for one in service.components(opened(workspace))
    ]
    show_rows(rows, as_json=json, empty="There are none yet. Make one: sightline components set --help")


@app.command()
def preview(
    name: NameArgument,
    repo: RepoOption,
    pattern: PatternOption = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Say what a component would be: paths, commits of the last 90 days, and lines that match nothing.

    Example: sightline components preview Billing --repo shop -p services/billing/ -p '!services/billing/docs/'
    """
    ctx = opened(workspace)
    wish, ref = _wish(ctx, name, repo, pattern, None)
    _show(service.preview(ctx, wish, ref), as_json=json)


@app.command("set")
def set_(
    name: NameArgument,
    repo: RepoOption = "",
    pattern: PatternOption = None,
    team: TeamOption = None,
    rename: Annotated[str, typer.Option(help="Another name for it.")] = "",
    yes: YesOption = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Make a component, or change one: its patterns in a repository, its team, its name. All history follows.

    Examples:
      sightline components set Billing --repo shop -p services/billing/ --team Payments
      sightline components set Billing --team Platform
    """
    ctx = opened(workspace)
    wish, ref = _wish(ctx, name, repo, pattern, team)
    wish = replace(wish, name=rename or wish.name)
    if repo and not json:
        _show(service.preview(ctx, wish, ref), as_json=False)
    confirmed("Every number of it is counted anew, in all history. Keep it?", yes=yes or json)
    made = service.save(ctx, wish, ref)
    told(f"'{wish.name}' is kept. Undo: sightline components undo '{wish.name}'", as_json=json, id=made, name=wish.name)


@app.command("import")
def import_(
    repo: Annotated[str, typer.Argument(help="The repository whose CODEOWNERS is meant.")],
    file: Annotated[Path | None, typer.Option(help="Hand this file in, where no clone is read.")] = None,
    dialect: Annotated[str, typer.Option(help="Read it as github or gitlab does; default: told by the file.")] = "",
    owner: Annotated[
        list[str] | None,
        typer.Option("--owner", help="OWNER=COMPONENT or OWNER=COMPONENT:TEAM, such as @acme/pay=Billing:Payments."),
    ] = None,
    suggested: Annotated[
        bool, typer.Option("--suggested", help="Every owner under the name and team suggested.")
    ] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Make components of the owners that a CODEOWNERS names; without --owner, list the owners and what is suggested.

    Examples:
      sightline components import shop
      sightline components import shop --owner @acme/payments=Billing:Payments --owner @acme/web=Shop
    """
    ctx = opened(workspace)
    view = codeowners.give(ctx, repo, _read(file), dialect=dialect) if file else codeowners.of(ctx, repo)
    chosen = dict(_choice(ctx, text) for text in owner or ())
    if suggested:
        fresh = {
            one.owner: Choice(one.suggested_name, one.suggested_team_id) for one in view.owners if not one.component
        }
        chosen = fresh | chosen
    if chosen:
        made = codeowners.take(ctx, view.repo_id, chosen)
        told(f"Kept: {', '.join(made)}. All history follows.", as_json=json, components=made)
        return
    rows = [
        {"owner": one.owner, "paths": one.paths, "component": one.component or None,
         "suggested": one.suggested_name, "team": one.suggested_team or None}
        for one in view.owners
    ]  # fmt: skip
    show_rows(rows, as_json=json, title=f"{view.repo}: {view.path}, {view.rules} rules, as {view.dialect} reads them")
    if not json and view.change:
        typer.echo(f"Last change: {view.change}")
    for line in () if json else (*view.idle, *view.unread):
        typer.echo(f"Matches nothing, or says nothing to {view.dialect}: line {line}")


@app.command()
def remove(
    name: NameArgument, yes: YesOption = False, workspace: WorkspaceOption = "", json: JsonOption = False
) -> None:
    """Take a component away: its paths are unassigned unless other components have them.

    Example: sightline components remove Billing
    """
    ctx = opened(workspace)
    view = service.component(ctx, name)
    confirmed(
        f"'{view.name}' has {counted(view.paths, 'path')}. Numbers of it can be asked no more. Remove it?",
        yes=yes or json,
    )
    service.remove(ctx, view.id)
    told(f"'{view.name}' was removed. Undo: sightline components undo '{view.name}'", as_json=json, removed=view.name)


@app.command()
def undo(name: NameArgument, workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """Bring a removed component back, or a changed one to what it was before.

    Example: sightline components undo Billing
    """
    said = service.undo(opened(workspace), name)
    told(said, as_json=json, said=said)


def _wish(ctx: Context, name: str, repo: str, patterns: list[str] | None, team: str | None) -> tuple[Wish, str]:
    """What is asked, on top of what the component is now; and its id if there is one."""
    from core.catalogue import service as catalogue
    from core.people import service as people

    known = next((one for one in service.components(ctx) if one.name.casefold() == name.strip().casefold()), None)
    lines = {line.repo_id: line for line in known.lines} if known else {}
    if patterns and not repo:
        raise BadInput("Say of which repository the patterns are: --repo NAME.")
    if repo:
        repo_id = catalogue.repository(ctx, repo).id
        lines[repo_id] = replace(lines.get(repo_id, Lines(repo_id)), patterns=tuple(patterns or ()))
    owner = _team(known, team)
    if owner and team:
        owner = people.team(ctx, team).id
    return Wish(known.name if known else name, owner, tuple(lines.values())), known.id if known else ""


def _team(known: ComponentView | None, team: str | None) -> str:
    if team is None:
        return known.team_id if known else ""
    return team


def _choice(ctx: Context, text: str) -> tuple[str, Choice]:
    from core.people import service as people

    owner, equals, wanted = text.partition("=")
    name, _, team = wanted.partition(":")
    if not (equals and owner.strip() and name.strip()):
        raise BadInput(f"'{text}' names no owner and component. Write @acme/payments=Billing, or =Billing:Payments.")
    return owner.strip(), Choice(name.strip(), people.team(ctx, team).id if team.strip() else "")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise BadInput(f"The file '{file}' cannot be read: {error.strerror}.") from error


def _show(found: Preview, *, as_json: bool) -> None:
    if as_json:
        facts = {
            "paths": found.paths, "of": found.of, "commits_90_days": found.commits, "shared": found.shared,
            "unassigned": found.unassigned, "matches_nothing": [rule.text for rule in found.idle],
            "examples": list(found.examples),
        }  # fmt: skip
        show(facts, as_json=True)
        return
    typer.echo(found.words)
    for rule in found.idle:
        typer.echo(f"Matches nothing in {rule.repo}: {rule.text}")
