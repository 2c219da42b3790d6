"""`sightline snapshots`: generate them and see which periods are done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer

from core.base.errors import BadInput
from core.base.period import PeriodType
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show, show_rows
from core.entrypoints.cli.saying import progress
from core.people import service as people
from core.snapshots import service

app = typer.Typer(
    no_args_is_help=True,
    help="Snapshots keep every person's and team's metrics by day, week, two weeks and month.\n\n"
    "The worker makes them by itself; these commands make them now and show how they stand.",
)

KindOption = Annotated[
    list[PeriodType] | None,
    typer.Option("--kind", "-k", help="daily, weekly, biweekly or monthly; may be given several times. Default: all."),
]
DayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A date, such as 2026-01-31.")]


@app.command()
def generate(
    kind: KindOption = None,
    first: DayOption = None,
    last: DayOption = None,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Make snapshots now, for all people and teams at once.

    Without dates: the periods that are missing, due or dirty. With --first or
    --last: every period that touches those days, again.

    Example: sightline snapshots generate --kind weekly --first 2026-01-01
    """
    ctx = opened(workspace)
    with progress("Snapshots", quiet=as_json) as report:
        made = service.generate(ctx, kind, _day(first), _day(last), progress=report, triggered_by="cli")
    show({"run_id": made.run_id, "periods": made.periods, "rows": made.rows}, as_json=as_json, title="Generated")


@app.command()
def status(
    kind: KindOption = None,
    periods: Annotated[bool, typer.Option("--periods", help="One line a period instead of a summary.")] = False,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show how the periods stand: final, running (not over yet), dirty (to be made again) or missing.

    Example: sightline snapshots status --periods --kind weekly
    """
    ctx = opened(workspace)
    if periods:
        show_rows([_line(view) for view in service.status(ctx, kind)], as_json=as_json)
        return
    rows = [row for row in service.summary(ctx) if not kind or row["period_type"] in kind]
    show_rows(rows, as_json=as_json)


@app.command()
def history(
    metric: Annotated[str, typer.Argument(help="A metric's key, such as commits_count.")],
    person: Annotated[str, typer.Option(help="Whose: an id, e-mail or name.")] = "",
    team: Annotated[str, typer.Option(help="Or which team's: an id or name.")] = "",
    kind: Annotated[PeriodType, typer.Option("--kind", "-k", help="daily, weekly, biweekly or monthly.")] = (
        PeriodType.WEEKLY
    ),
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show a person's or a team's metric period by period, as it was kept.

    Example: sightline snapshots history commits_count --team Platform --kind monthly
    """
    if bool(person) == bool(team):
        raise BadInput("Say either --person or --team.")
    ctx = opened(workspace)
    subject = ("person", people.person(ctx, person).id) if person else ("team", people.team(ctx, team).id)
    points = service.history(ctx, *subject, kind, metric)
    rows = [
        {"key": p.first, "last": p.last, "value": p.value, "n": p.n, "state": p.state.value, "status": p.status}
        for p in points
    ]
    show_rows(rows, as_json=as_json, empty="Nothing is kept of them yet. Make it: sightline snapshots generate")


def _line(view: service.PeriodView) -> dict[str, Any]:
    return {
        "period_type": view.kind,
        "first": view.first,
        "last": view.last,
        "status": view.status,
        "rows": view.rows,
        "generated_at": view.generated_at,
        "generations": view.generations,
        "dirty_since": view.dirty_since,
        "cause": view.cause,
    }


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None
