"""`sightline schedule`: reports that go out by a clock."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from core.base.errors import BadInput, NotFound, SightlineError, did_you_mean
from core.context import Context
from core.delivery import bounces
from core.delivery.dsn import MOST_BYTES
from core.entrypoints.cli import schedule_options as options
from core.entrypoints.cli.files import formats_of, whole
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, confirmed, opened, ready, show, show_rows, told
from core.reports import service as reports
from core.schedules import deliveries, ical, service
from core.schedules.views import ScheduleView
from core.schedules.wish import Wish

app = typer.Typer(no_args_is_help=True)

PIPED = "-"
AGAIN_LATER = 75
"""What mail servers take for a failure that will pass (EX_TEMPFAIL of sysexits.h)."""

Ref = Annotated[str, typer.Argument(help="Id of the schedule, or the name of its report.")]


@app.command("list")
def list_(workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """List every schedule with its next time and its last error."""
    found = [_row(view) for view in service.schedules(opened(workspace))]
    empty = "There is no schedule yet. Make one: sightline schedule create REPORT --to you@example.org"
    show_rows(found, as_json=json, title="Schedules", empty=empty)


@app.command()
def create(
    report: Annotated[str, typer.Argument(help="Id or name of the report.")],
    to: Annotated[list[str], options.TO] = [],  # noqa: B006 - typer reads it
    cron: Annotated[str, options.CRON] = "weekly",
    zone: Annotated[str, options.ZONE] = "",
    formats: Annotated[str, options.FORMATS] = "pdf",
    catch_up: Annotated[str, options.CATCH_UP] = "run_once",
    jitter: Annotated[int, options.JITTER] = 0,
    only_if: Annotated[str, options.ONLY_IF] = "",
    own_team: Annotated[
        bool, typer.Option("--own-team", help="Each recipient gets the figures of their own team alone.")
    ] = False,
    method: Annotated[str, options.METHOD] = "email",
    slack: Annotated[str, options.SLACK] = "",
    channel: Annotated[list[str], options.CHANNEL] = [],  # noqa: B006 - typer reads it
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Send a report by e-mail or to Slack at fixed times.

    Example: sightline schedule create "Weekly health" --to team:Platform --cron "0 9 * * 1" --zone Europe/Berlin
    """
    ctx = opened(workspace)
    wish = Wish(cron, zone, tuple(to), tuple(formats_of(formats)), catch_up=catch_up, jitter_s=jitter)
    wish = replace(wish, condition=only_if, bursts=own_team, delivery_method=method)
    wish = replace(wish, slack_connection=slack, slack_channels=tuple(channel))
    made = service.create(ctx, reports.find(ctx, report).id, wish)
    show(_row(made), as_json=json)


@app.command()
def change(
    ref: Ref,
    to: Annotated[list[str] | None, options.TO] = None,
    cron: Annotated[str | None, options.CRON] = None,
    zone: Annotated[str | None, options.ZONE] = None,
    formats: Annotated[str | None, options.FORMATS] = None,
    catch_up: Annotated[str | None, options.CATCH_UP] = None,
    jitter: Annotated[int | None, options.JITTER] = None,
    only_if: Annotated[str | None, options.ONLY_IF] = None,
    own_team: Annotated[
        bool | None,
        typer.Option("--own-team/--whole", help="Each gets the figures of their own team alone, or all the whole."),
    ] = None,
    method: Annotated[str | None, options.METHOD] = None,
    slack: Annotated[str | None, options.SLACK] = None,
    channel: Annotated[list[str] | None, options.CHANNEL] = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Change what is given of a schedule, and plan its next time anew; the rest stays.

    --to and --channel name all that there shall be, not one more.

    Example: sightline schedule change "Weekly health" --cron "0 8 * * 1" --to team:Platform --to boss@example.org
    """
    given = {
        "recipients": to, "cron": cron, "time_zone": zone, "formats": None if formats is None else formats_of(formats),
        "catch_up": catch_up, "jitter_s": jitter, "condition": only_if, "bursts": own_team, "delivery_method": method,
        "slack_connection": slack, "slack_channels": channel,
    }  # fmt: skip
    changes = {field: value for field, value in given.items() if value is not None and value != []}
    if not changes:
        raise BadInput("Say what to change: --cron, --to, --format and others. See: sightline schedule change --help")
    ctx = opened(workspace)
    show(_row(service.update(ctx, _found(ctx, ref).id, **changes)), as_json=json)


@app.command()
def pause(ref: Ref, workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """Send nothing until the schedule is resumed."""
    ctx = opened(workspace)
    show(_row(service.pause(ctx, _found(ctx, ref).id)), as_json=json)


@app.command()
def resume(ref: Ref, workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """Send again from the next time on."""
    ctx = opened(workspace)
    show(_row(service.resume(ctx, _found(ctx, ref).id)), as_json=json)


@app.command()
def delete(
    ref: Ref,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Take a schedule away; what still waits is not sent."""
    ctx = opened(workspace)
    found = _found(ctx, ref)
    confirmed(f"Delete the schedule of '{found.report_name}' ({found.sentence})?", yes=yes)
    service.delete(ctx, found.id)
    sentence = f"The schedule of '{found.report_name}' was deleted."
    told(sentence, as_json=json, id=found.id, report=found.report_name, state="deleted")


@app.command()
def who(ref: Ref, workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """Show who would get what if a schedule were sent now."""
    ctx = opened(workspace)
    found = _found(ctx, ref)
    whole = service.outlook(ctx, found.report_id, service.wish(ctx, found.id))
    rows = [{"team": one.team_name, "to": list(one.addresses), "why_not": ""} for one in whole.shares if one.addresses]
    rows += [{"team": "", "to": [], "why_not": said} for said in whole.unreached]
    show_rows(rows, as_json=json, title="Who gets what", empty="Nobody: it is run and kept.")


@app.command("next")
def coming(
    ref: Ref,
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=100, help="How many.")] = 5,
    zone: Annotated[str, typer.Option(help="Show them in this time zone too.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Show the next times of a schedule."""
    ctx = opened(workspace)
    fires = service.next_fires(ctx, _found(ctx, ref).id, count, zone)
    show_rows([{"local": fire.local, "yours": fire.yours, "utc": fire.at} for fire in fires], as_json=json)


@app.command()
def calendar(
    month: Annotated[str, typer.Option(help="A month, as 2026-12; default this one.")] = "",
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="The day after the last: it is not shown."),
    ] = None,
    zone: Annotated[str, typer.Option(help="IANA time zone of the days; default the workspace's.")] = "",
    ref: Annotated[str, typer.Option("--report", help="Id of a schedule, or the name of its report; else all.")] = "",
    ics: Annotated[Path | None, typer.Option("--ics", help="Write them to this iCalendar file.")] = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Show every send of a month, or of some days: past ones as they went, coming ones as they are planned.

    Example: sightline schedule calendar --month 2026-12
    """
    ctx = opened(workspace)
    report_id = _found(ctx, ref).report_id if ref else ""
    found = service.sends(
        ctx, month, first and first.date(), last and last.date(), time_zone=zone, report_id=report_id
    )  # fmt: skip
    if ics:
        whole(ics.expanduser(), [ical.file_of(ctx, found)])
    rows: list[dict[str, Any]] = [
        {"local": service.fire(one.due_at, found.time_zone, "").local, "report": one.report_name,
         "state": one.state_text.lower(), "teams": one.teams, "detail": one.detail}
        | ({"utc": one.due_at, "schedule_id": one.schedule_id, "run_id": one.run_id} if json else {})
        for one in found.items
    ]  # fmt: skip
    show_rows(rows, as_json=json, title="Sends", empty="Nothing was sent in these days, and nothing will be.")
    if found.cut_at:
        typer.echo(f"There are more, from {found.cut_at:%Y-%m-%d %H:%M} UTC on. Ask for fewer days.", err=True)


@app.command()
def test(
    ref: Ref,
    to: Annotated[str, typer.Option("--to", help="Address that the test goes to.")],
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Run the report now and send it to one address. A worker does it: see `sightline schedule log`."""
    ctx = opened(workspace)
    found = _found(ctx, ref)
    run_id = service.test(ctx, found.id, to)
    show_rows([{"report": found.report_name, "to": to, "run_id": run_id}], as_json=json)


@app.command("send-now")
def send_now(ref: Ref, workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """Run the report now and send it to everybody it is meant for. When it comes round next stays as it is."""
    ctx = opened(workspace)
    found = _found(ctx, ref)
    show_rows(
        [{"report": found.report_name, "run_id": run_id} for run_id in service.send_now(ctx, found.id)], as_json=json
    )


@app.command()
def log(
    ref: Annotated[str, typer.Argument(help="Id of a schedule, or the name of its report; default all.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many letters.")] = 50,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Show what was sent to whom, and what the mail server said."""
    ctx = opened(workspace)
    found = service.log(ctx, _found(ctx, ref).id if ref else "", limit)
    rows: list[dict[str, Any]] = [
        {"at": one.at, "report": one.report, "team": one.portion, "recipient": one.recipient, "status": one.status,
         "attempts": one.attempts, "detail": one.detail}
        | ({"id": one.delivery_id, "run_id": one.run_id} if json else {})
        for one in found
    ]  # fmt: skip
    show_rows(rows, as_json=json, title="Letters", empty="Nothing was sent yet.")


@app.command()
def bounced(
    files: Annotated[list[Path], typer.Argument(help="Mails as files; '-' for one from standard input.")],
    json: JsonOption = False,
) -> None:
    """Take in reports of failed delivery that another mail server sent back. Any other mail changes nothing.

    A mail server can pipe into it: exit code 75 asks for the mail again later.

    Example: sightline schedule bounced returned.eml
    """
    piped = PIPED in map(str, files)
    try:
        house = ready()
        taken = [(str(file), bounces.take(house, _mail(file))) for file in files]
    except SightlineError as error:
        if not piped or not error.retry:
            raise
        typer.echo(error.message, err=True)
        raise typer.Exit(AGAIN_LATER) from error
    rows = [
        {"file": name, "recipient": one.recipient, "what": one.what, "meaning": bounces.WHAT[one.what]}
        for name, one in taken
    ]
    show_rows(rows, as_json=json, title="Mails")
    if piped and any(one.what == "early" for _, one in taken):
        raise typer.Exit(AGAIN_LATER)


@app.command("send-again")
def send_again(
    letter: Annotated[str, typer.Argument(help="Id of a letter: see `sightline schedule log --json`.")],
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Send once more what failed for good: the letter that was kept, not one made anew. A worker does it."""
    sent = deliveries.send_again(opened(workspace), letter)
    told(f"It is sent to {sent.recipient} again.", as_json=json, id=sent.id, to=sent.recipient, status=sent.status)


@app.command("run-due")
def run_due(json: JsonOption = False) -> None:
    """Put everything that is due on the queue now, as the worker's clock does every few seconds."""
    started = service.tick(ready())
    show_rows([{"started": started}], as_json=json)


def _mail(file: Path) -> bytes:
    if str(file) == PIPED:
        head = sys.stdin.buffer.read(MOST_BYTES)
        while sys.stdin.buffer.read(MOST_BYTES):  # whoever pipes may take it for a failure if the rest is not read
            pass
        return head
    try:
        with file.open("rb") as mail:
            return mail.read(MOST_BYTES)
    except OSError as error:
        raise NotFound(f"The file '{file}' cannot be read: {error.strerror}.") from error


def _found(ctx: Context, ref: str) -> ScheduleView:
    known = service.schedules(ctx)
    same = [view for view in known if ref == view.id] or [
        view for view in known if ref.casefold() == view.report_name.casefold()
    ]
    if len(same) == 1:
        return same[0]
    if same:
        ids = ", ".join(f"{view.id} ({view.sentence})" for view in same)
        raise BadInput(f"'{ref}' has {len(same)} schedules. Name one by its id: {ids}")
    names = [view.report_name for view in known]
    raise NotFound(f"There is no schedule '{ref}'.{did_you_mean(ref, names)} See `sightline schedule list`.")


def _row(view: ScheduleView) -> dict[str, Any]:
    return {
        "id": view.id,
        "report": view.report_name,
        "when": view.sentence,
        "next": view.next_run_at,
        "only_if": view.condition,
        "to": view.names,
        "own_team": view.bursts,
        "method": view.delivery_method,
        "slack": [view.slack_connection, *view.slack_channels] if view.slack_connection else [],
        "formats": view.formats,
        "state": "active" if view.is_active else f"paused: {view.paused_reason}",
        "last_sent": view.last_sent_at,
        "last_error": view.last_error,
    }
