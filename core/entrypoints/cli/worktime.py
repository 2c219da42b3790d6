"""`sightline worktime`: when people work, which days are free, and who is away."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from core.base.errors import BadInput, NotFound
from core.context import Context
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show_rows
from core.people import service
from core.people.service import ScheduleView

app = typer.Typer(no_args_is_help=True)

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Of = Annotated[str, typer.Option("--person", help="Whose: id, e-mail or name; default the workspace's default.")]


@app.command("list")
def list_(workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """Show the workspace's default and everybody who has working time of their own."""
    ctx = opened(workspace)
    names = service.names(ctx)
    show_rows([_row(view, names) for view in service.schedules(ctx)], as_json=as_json, title="Working time")


@app.command("set")
def set_(
    person: Of = "",
    days: Annotated[str, typer.Option(help="Working weekdays, such as Mon-Fri or Sun,Mon,Tue,Wed,Thu.")] = "",
    hours: Annotated[str, typer.Option(help="From and until, such as 09:00-17:30.")] = "",
    zone: Annotated[str, typer.Option(help="IANA time zone.")] = "",
    holidays: Annotated[
        str | None, typer.Option(help="Country whose public holidays are free: DE, IN, US-CA; '' for none.")
    ] = None,
    default: Annotated[
        bool, typer.Option("--default", help="Let the workspace's default count for them again.")
    ] = False,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Set when everybody works, or one person. What is not named stays.

    Example: sightline worktime set --person ada@example.org --days Mon-Thu --hours 08:00-16:00 --holidays DE
    """
    ctx = opened(workspace)
    who = service.person(ctx, person).id if person else ""
    if default:
        service.clear_schedule(ctx, who)
    else:
        _set(ctx, who, days, hours, zone, holidays)
    show_rows([_row(service.schedule(ctx, who), service.names(ctx), who)], as_json=as_json)


@app.command()
def holidays(person: Of = "", workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """List the public holidays of the coming year."""
    ctx = opened(workspace)
    found = service.holidays_ahead(ctx, service.person(ctx, person).id if person else "")
    rows = [{"day": day, "weekday": DAYS[day.weekday()], "holiday": name} for day, name in found.items()]
    show_rows(rows, as_json=as_json, empty="No country is set. Set it: sightline worktime set --holidays DE")


@app.command()
def leave(
    person: Of = "",
    add: Annotated[tuple[str, str] | None, typer.Option(help="First and last day that --person is away.")] = None,
    reason: Annotated[str, typer.Option(help="Of --add.")] = "leave",
    remove: Annotated[str, typer.Option(help="Id of a span to take back.")] = "",
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """List who is away when; add a span, or take one back.

    Example: sightline worktime leave --person ada@example.org --add 2026-08-03 2026-08-21
    """
    ctx = opened(workspace)
    who = service.person(ctx, person).id if person else ""
    if add:
        if not who:
            raise BadInput("Say who is away: --person ada@example.org.")
        service.add_leave(ctx, who, _day(add[0]), _day(add[1]), reason)
    if remove:
        service.remove_leave(ctx, remove)
    names = service.names(ctx)
    rows = [
        {"id": one.id, "person": names.get(one.person_id, ""), "first": one.first_day, "last": one.last_day,
         "reason": one.reason}
        for one in service.leave(ctx, who)
    ]  # fmt: skip
    show_rows(rows, as_json=as_json, title="Leave", empty="Nobody's leave is known.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV (person, first_day, last_day, reason) or a calendar (ICS).")],
    person: Annotated[str, typer.Option("--person", help="Whose calendar it is; else each row names somebody.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be kept.")] = False,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Read leave from a file, row by row. The same file twice adds nothing.

    Example: sightline worktime import leave.csv --dry-run
    """
    if not file.is_file():
        raise NotFound(f"There is no file '{file}'.")
    ctx = opened(workspace)
    plan = service.plan_leave(ctx, file.read_bytes(), file.name, person)
    if not dry_run:
        service.take_leave(ctx, plan, file.name)
    rows = [
        {"place": one.place, "person": one.person or one.who, "first": one.first_day, "last": one.last_day,
         "reason": one.reason, "state": one.state, "why": one.why}
        for one in plan.rows
    ]  # fmt: skip
    show_rows(rows, as_json=as_json)
    if not as_json:
        typer.echo(plan.sentence + (" Nothing was kept: this was a dry run." if dry_run else ""))


def _set(ctx: Context, who: str, days: str, hours: str, zone: str, country: str | None) -> None:
    now = service.schedule(ctx, who)
    start, end = _hours(hours) if hours else (now.start_minute, now.end_minute)
    service.set_schedule(
        ctx, who, working_weekdays=_weekdays(days) if days else now.working_weekdays, start_minute=start,
        end_minute=end, time_zone=zone or now.time_zone, country=now.country if country is None else country,
    )  # fmt: skip


def _weekdays(text: str) -> list[int]:
    """ "Mon-Fri" or "Sun,Mon" as numbers from 1 for Monday."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = (word.strip()[:3].title() for word in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            raise BadInput(f"'{part}' is no weekday. Write Mon-Fri, or Sun,Mon,Tue,Wed,Thu.")
        begin, end = DAYS.index(first), DAYS.index(last if dash else first)
        found += [place % 7 + 1 for place in range(begin, end + 1 if end >= begin else end + 8)]
    return found


def _hours(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return _minute(first), _minute(last) or 24 * 60


def _minute(text: str) -> int:
    hour, _, minute = text.strip().partition(":")
    if not hour.isdigit() or not (minute or "0").isdigit():
        raise BadInput(f"'{text}' is no time of day. Write 09:00-17:30.")
    return int(hour) * 60 + int(minute or 0)


def _row(view: ScheduleView, names: dict[str, str], who: str | None = None) -> dict[str, Any]:
    person_id = view.person_id if who is None else who
    return {
        "who": names.get(person_id, person_id) if person_id else "everybody",
        "days": ", ".join(DAYS[day - 1] for day in view.working_weekdays),
        "hours": f"{_clock(view.start_minute)}–{_clock(view.end_minute)}",
        "time_zone": view.time_zone,
        "holidays": view.country,
        "is_default": view.is_default,
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"'{text}' is no day. Write 2026-01-31.") from error
