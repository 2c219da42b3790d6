"""`sightline people`: who is whom."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from core.base.errors import BadInput, NotFound
from core.context import Context
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, confirmed, opened, show_rows
from core.people import service

app = typer.Typer(no_args_is_help=True)

Ref = Annotated[str, typer.Argument(help="An id, an email, a login or a name.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command("list")
def everybody(
    bots: Annotated[bool, typer.Option("--include-bots", help="Bots too.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """List everybody, with teams of today and all identities.

    Example: sightline people list --include-bots --json
    """
    ctx = opened(workspace)
    teams = {team.id: team.name for team in service.teams(ctx)}
    rows = [
        {
            "id": _id(one.id, json),
            "name": one.name,
            "email": one.email,
            "teams": [teams[id_] for id_ in one.team_ids],
            "time_zone": one.time_zone,
            "bot": one.is_bot,
            "locked": one.is_locked,
            "identities": [_named(identity) for identity in one.identities] if json else len(one.identities),
        }
        for one in service.people(ctx, include_bots=bots)
    ]
    show_rows(rows, as_json=json, title="People", empty="Nobody yet. Read a repository: sightline ingest git PATH")


@app.command()
def suggestions(workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """Pairs that may be one person, likeliest first, with the reasons. Nothing is merged.

    Example: sightline people suggestions --json
    """
    rows = [
        {"score": found.score, "into": f"{found.into_name} <{found.into_email}>", "into_id": _id(found.into_id, json),
         "from": f"{found.from_name} <{found.from_email}>", "from_id": _id(found.from_id, json),
         "reasons": list(found.reasons)}
        for found in service.suggestions(opened(workspace))
    ]  # fmt: skip
    show_rows(rows, as_json=json, title="May be one person", empty="Nobody looks like somebody else.")


@app.command()
def merge(
    into: Ref,
    other: Annotated[str, typer.Argument(metavar="FROM", help="Who becomes part of INTO: id, email, login or name.")],
    yes: YesOption = False,
    preview: Annotated[bool, typer.Option("--preview", help="Only show what would move.")] = False,
    numbers: Annotated[
        bool, typer.Option("--numbers", help="Only show every number that would change, of the days that move.")
    ] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Make FROM part of INTO, after showing what moves. `unmerge` gives everything back.

    Example: sightline people merge ada@work.example ada@home.example --preview
    """
    if json and not (yes or preview or numbers):
        raise BadInput("With --json nobody is asked: add --yes to merge, or --preview or --numbers to look.")
    ctx = opened(workspace)
    seen = service.preview_merge(ctx, service.person(ctx, into).id, service.person(ctx, other).id)
    if numbers:
        _show_numbers(ctx, seen, as_json=json)
        return
    if preview or not yes:
        _show_preview(seen, as_json=json)
    if preview:
        return
    confirmed(f"Make '{seen.from_name}' part of '{seen.into_name}'?", yes=yes)
    made = service.merge(ctx, seen.into_id, seen.from_id)
    show_rows([{"merge": made, "into": seen.into_name, "from": seen.from_name,
                "identities": len(seen.identities)}], as_json=json)  # fmt: skip


@app.command()
def unmerge(
    merge_id: Annotated[str, typer.Argument(help="The id that `merge` printed; `merges` lists them.")],
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Undo one merge. Merges made before and after it stay.

    Example: sightline people unmerge 1f3c9a20
    """
    ctx = opened(workspace)
    whole = [one.id for one in service.merges(ctx, include_undone=True) if one.id.startswith(merge_id)]
    service.unmerge(ctx, whole[0] if len(whole) == 1 else merge_id)
    show_rows([{"merge": merge_id, "undone": True}], as_json=json)


@app.command()
def merges(
    undone: Annotated[bool, typer.Option("--all", help="Also those that were undone.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """List merges, newest first.

    Example: sightline people merges
    """
    rows = [
        {"merge": _id(one.id, json), "into": one.into_name, "from": one.from_name, "at": one.at, "by": one.actor_name,
         "reason": one.reason, "undone": one.undone_at is not None}
        for one in service.merges(opened(workspace), include_undone=undone)
    ]  # fmt: skip
    show_rows(rows, as_json=json, title="Merges", empty="Nobody was merged.")


@app.command()
def bots(
    mark: Annotated[str, typer.Option(help="Say that this one is a bot.")] = "",
    unmark: Annotated[str, typer.Option(help="Say that this one is a person.")] = "",
    add: Annotated[list[str] | None, typer.Option(help="Add a name, login or email to the list; * for any.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="Take an entry off the list.")] = None,
    show_list: Annotated[bool, typer.Option("--list", help="Show the workspace's list of bots.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """List bots and those that look like one; decide by hand, or edit the workspace's list.

    Example: sightline people bots --mark release@acme.example --add "acme-sync-*"
    """
    ctx = opened(workspace)
    for ref, is_bot in ((mark, True), (unmark, False)):
        if ref:
            service.set_bot(ctx, service.person(ctx, ref).id, is_bot)
    if add or remove:
        _edited(ctx, add or [], remove or [])
    if show_list:
        show_rows([{"entry": entry} for entry in service.bot_patterns(ctx)], as_json=json, title="List of bots")
        return
    rows = [
        {
            "id": _id(one.id, json),
            "name": one.name,
            "email": one.email,
            "bot": True,
            "seen": sum(identity.count for identity in one.identities),
            "reason": one.bot_reason,
        }
        for one in service.people(ctx, include_bots=True)
        if one.is_bot
    ] + [
        {
            "id": _id(one.person_id, json),
            "name": one.name,
            "email": one.email,
            "bot": False,
            "seen": one.seen,
            "reason": f"Look: {one.reason}",
        }
        for one in service.bot_candidates(ctx)
    ]
    show_rows(rows, as_json=json, title="Bots, and who may be one", empty="There are no bots.")


@app.command()
def teams(
    on: Annotated[str, typer.Option(help="Members of this day, YYYY-MM-DD; default today.")] = "",
    add: Annotated[str, typer.Option(help="Make a team of this name.")] = "",
    move: Annotated[tuple[str, str] | None, typer.Option(help="Move PERSON to TEAM, from --on or today.")] = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """List teams with their members; make one, or move somebody. Earlier days keep their members.

    Example: sightline people teams --move ada@work.example Payments --on 2026-03-01
    """
    ctx = opened(workspace)
    day = _day(on) if on else ctx.clock().date()
    if add:
        service.create_team(ctx, add)
    if move:
        service.move(ctx, service.person(ctx, move[0]).id, service.team(ctx, move[1]).id, day)
    names = service.names(ctx)
    rows = [
        {
            "id": _id(team.id, json),
            "team": team.name,
            "members": [names[id_] for id_ in team.member_ids if id_ in names],
        }
        for team in service.teams(ctx, day)
    ]
    show_rows(rows, as_json=json, title=f"Teams on {day}", empty="No team yet: sightline people teams --add NAME")


@app.command()
def mailmap(workspace: WorkspaceOption = "") -> None:
    """Print the list of people as a .mailmap: sightline people mailmap > .mailmap"""
    typer.echo(service.mailmap(opened(workspace)), nl=False)


@app.command()
def export(
    teams: Annotated[bool, typer.Option("--teams", help="Teams and who is in them when, instead.")] = False,
    workspace: WorkspaceOption = "",
) -> None:
    """Print who is whom, or the teams, as CSV to be changed and read again: sightline people export > people.csv"""
    ctx = opened(workspace)
    typer.echo((service.teams_csv(ctx) if teams else service.identities_csv(ctx)).decode(), nl=False)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV as `export` prints it, or a .mailmap.")],
    teams: Annotated[bool, typer.Option("--teams", help="It is a table of teams.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Take over who is whom, or the teams, from a file, line by line. Whoever is not in it stays as they are.

    Example: sightline people import people.csv --dry-run
    """
    if not file.is_file():
        raise NotFound(f"There is no file '{file}'.")
    ctx, content = opened(workspace), file.read_bytes()
    plan = service.plan_teams(ctx, content, file.name) if teams else service.plan_identities(ctx, content, file.name)
    if not dry_run and isinstance(plan, service.TeamPlan):
        service.take_teams(ctx, plan, file.name)
    elif not dry_run and isinstance(plan, service.IdentityPlan):
        service.take_identities(ctx, plan, file.name)
    hidden = () if json else ("person_id", "into_id")
    rows = [{name: value for name, value in asdict(one).items() if name not in hidden} for one in plan.rows]
    show_rows(rows, as_json=json)
    if not json:
        typer.echo(plan.sentence + (" Nothing was changed: this was a dry run." if dry_run else ""))


def _edited(ctx: Context, add: list[str], remove: list[str]) -> None:
    known = service.bot_patterns(ctx)
    gone = {entry.casefold() for entry in remove}
    if missing := gone - set(known):
        raise BadInput(f"'{min(missing)}' is not on the list. `sightline people bots --list` shows it.")
    service.set_bot_patterns(ctx, [entry for entry in (*known, *add) if entry not in gone])


def _show_preview(seen: service.Preview, *, as_json: bool) -> None:
    rows = [
        {"number": moved.what, seen.into_name: moved.into_now, f"{seen.from_name} (from)": moved.from_now,
         "together": moved.into_after}
        for moved in seen.numbers
    ]  # fmt: skip
    moving = ", ".join(_named(identity) for identity in seen.identities)
    if not as_json:
        typer.echo(f"These move to '{seen.into_name}': {moving}")
    show_rows(rows, as_json=as_json, empty="No facts stand behind either of them.")


def _show_numbers(ctx: Context, seen: service.Preview, *, as_json: bool) -> None:
    from core.analysis import merging
    from core.catalogue import METRICS
    from core.units import number_text

    found = merging.shifts(ctx, seen.into_id, seen.from_id, merging.touched(ctx, seen))
    rows: list[dict[str, object]] = [
        {"whose": one.name, "metric": one.metric, "now": one.now, "moving": one.moving, "together": one.after}
        for one in found
    ]
    if not as_json:
        for row in rows:
            unit = METRICS.get(str(row["metric"])).unit
            row |= {name: number_text(row[name], unit) for name in ("now", "moving", "together")}  # type: ignore[arg-type]
    show_rows(rows, as_json=as_json, empty="No number would change.")


def _named(identity: service.IdentityView) -> str:
    return f"{identity.name} <{identity.email}>"


def _id(whole: str, as_json: bool) -> str:
    """What people type: the first digits are enough."""
    return whole if as_json else whole[:8]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"'{text}' is no day. Write 2026-01-31.") from error
