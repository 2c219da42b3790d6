"""`sightline alerts`: rules over metrics, tried on the past before they watch."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import typer

from core.alerts import service
from core.alerts.evaluation import Trial
from core.alerts.views import RuleView
from core.alerts.wish import SHARE, Wish
from core.base.errors import BadInput
from core.base.period import PeriodType
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, confirmed, opened, show, show_rows, told

app = typer.Typer(
    no_args_is_help=True,
    help="Alert rules watch a metric, period by period, and tell by e-mail or in Slack what leaves its bounds.",
)

Ref = Annotated[str, typer.Argument(help="Id or name of the rule.")]
Metric = Annotated[str, typer.Argument(help="A metric's key, such as commits_count.")]
Name = Annotated[str, typer.Option(help="What to call it; default a name made of the rest.")]
Of = Annotated[
    Literal["workspace", "team", "repo", "component", "person"], typer.Option("--of", help="Whom it watches.")
]
Only = Annotated[
    list[str],
    typer.Option("--only", help="A team, repository, component or person; give it once for each. Default: each one."),
]
When = Annotated[
    Literal["above", "below", "change", "outlier"],
    typer.Option("--when", help="Above or below a value, a change against the period before, or unusual for it."),
]
Threshold = Annotated[str, typer.Option("--threshold", "-t", help="In the metric's unit, or a percentage such as 30%.")]
Direction = Annotated[Literal["both", "up", "down"], typer.Option(help="Of a change or an outlier.")]
Every = Annotated[PeriodType, typer.Option("--every", help="daily, weekly, biweekly or monthly.")]
LeastRows = Annotated[int, typer.Option(help="Judge no value with fewer rows behind it.")]
LeastZ = Annotated[float, typer.Option(help="The robust z that an outlier takes.")]
LeastHistory = Annotated[int, typer.Option(help="Earlier periods that tell what is usual.")]
Cooldown = Annotated[int, typer.Option(help="Periods to rest after a finding.")]
To = Annotated[list[str], typer.Option("--to", help="E-mail address; give it once for each.")]
Slack = Annotated[str, typer.Option(help="Slack connection of this workspace.")]
Channel = Annotated[list[str], typer.Option("--channel", help="Slack channel; give it once for each.")]
Days = Annotated[int, typer.Option(min=7, max=1000, help="How far back.")]


@app.command("list")
def list_(workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """List every rule with what it saw last."""
    empty = "There is no alert rule yet. Make one: sightline alerts create commits_count --when outlier"
    show_rows([_row(view) for view in service.rules(opened(workspace))], as_json=as_json, title="Alerts", empty=empty)


@app.command("show")
def show_(ref: Ref, workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """Show one rule, and what it saw last of each subject."""
    view = service.get(opened(workspace), ref)
    if as_json:
        show(_row(view) | {"outcomes": [_outcome(one) for one in view.outcomes]}, as_json=True)
        return
    show(_row(view), as_json=False, title=view.name)
    show_rows([_outcome(one) for one in view.outcomes], as_json=False, empty="It has not looked yet.")


@app.command()
def create(
    metric: Metric,
    when: When = "outlier",
    threshold: Threshold = "30%",
    of: Of = "workspace",
    only: Only = [],  # noqa: B006 - typer reads it
    every: Every = PeriodType.WEEKLY,
    direction: Direction = "both",
    least_rows: LeastRows = 1,
    least_z: LeastZ = 3.5,
    least_history: LeastHistory = 8,
    cooldown: Cooldown = 0,
    to: To = [],  # noqa: B006
    slack: Slack = "",
    channel: Channel = [],  # noqa: B006
    name: Name = "",
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Watch a metric from now on.

    Example: sightline alerts create lead_time_hours --when change --threshold 50% --direction up
    """
    wish = Wish(
        name, metric, of, tuple(only), when, _number(threshold, when), direction, least_z, least_history, least_rows,
        every.value, cooldown, tuple(to), slack, tuple(channel),
    )  # fmt: skip
    show(_row(service.create(opened(workspace), wish)), as_json=as_json)


@app.command()
def edit(
    ref: Ref,
    threshold: Annotated[str, typer.Option("--threshold", "-t", help="Another threshold.")] = "",
    name: Annotated[str, typer.Option(help="Another name.")] = "",
    least_rows: Annotated[int | None, typer.Option(help="Judge no value with fewer rows behind it.")] = None,
    cooldown: Annotated[int | None, typer.Option(help="Periods to rest after a finding.")] = None,
    to: Annotated[list[str] | None, typer.Option("--to", help="E-mail addresses instead of those it has.")] = None,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Change a rule. With another threshold it begins anew, today.

    Example: sightline alerts edit "Failed changes" --threshold 20%
    """
    ctx = opened(workspace)
    view = service.get(ctx, ref)
    given: dict[str, Any] = {"name": name or None, "least_rows": least_rows, "cooldown": cooldown}
    given["threshold"] = _number(threshold, view.wish.condition) if threshold else None
    given["recipients"] = tuple(to) if to else None
    changes = {field: value for field, value in given.items() if value is not None}
    if not changes:
        raise BadInput("Say what to change: --threshold, --name, --least-rows, --cooldown or --to.")
    show(_row(service.update(ctx, view.id, **changes)), as_json=as_json)


@app.command()
def test(ref: Ref, days: Days = 90, workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """Say how often a rule would have fired, and when. Nobody is told.

    Example: sightline alerts test "Failed changes" --days 365
    """
    ctx = opened(workspace)
    _tried(service.trial(ctx, service.get(ctx, ref).wish, days), as_json)


@app.command("try")
def try_(
    metric: Metric,
    when: When = "outlier",
    threshold: Threshold = "30%",
    of: Of = "workspace",
    only: Only = [],  # noqa: B006
    every: Every = PeriodType.WEEKLY,
    direction: Direction = "both",
    days: Days = 90,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """The same for a rule that is not made yet.

    Example: sightline alerts try commits_count --when change --threshold 50%
    """
    wish = Wish(
        "", metric, of, tuple(only), when, _number(threshold, when), direction, period_type=every.value
    )  # fmt: skip
    _tried(service.trial(opened(workspace), wish, days), as_json)


@app.command()
def enable(ref: Ref, workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """Watch again, from now on."""
    ctx = opened(workspace)
    show(_row(service.enable(ctx, service.get(ctx, ref).id)), as_json=as_json)


@app.command()
def disable(ref: Ref, workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """Watch nothing until it is enabled."""
    ctx = opened(workspace)
    show(_row(service.disable(ctx, service.get(ctx, ref).id)), as_json=as_json)


@app.command()
def mute(
    ref: Ref,
    days: Annotated[int, typer.Option(min=0, max=366, help="How long; 0 ends it.")] = 7,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Keep what is found, and tell nobody for some days."""
    ctx = opened(workspace)
    until = ctx.clock() + timedelta(days=days) if days else None
    show(_row(service.mute(ctx, service.get(ctx, ref).id, until)), as_json=as_json)


@app.command()
def delete(
    ref: Ref,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Take a rule away with all that it found."""
    ctx = opened(workspace)
    found = service.get(ctx, ref)
    confirmed(f"Delete the rule '{found.name}' and its findings?", yes=yes)
    service.delete(ctx, found.id)
    told(f"The rule '{found.name}' was deleted.", as_json=as_json, id=found.id, name=found.name, state="deleted")


@app.command()
def findings(
    rule: Annotated[str, typer.Option(help="Only of this rule, by id or name.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """List what was found, the newest first."""
    ctx = opened(workspace)
    found = service.findings(ctx, service.get(ctx, rule).id if rule else "", limit)
    rows = [
        {"id": one.id, "rule": one.rule, "subject": one.subject, "period": one.period_label, "value": one.value_text,
         "why": one.sentence, "untold": one.untold}
        for one in found
    ]  # fmt: skip
    show_rows(rows, as_json=as_json, title="Findings", empty="Nothing was found yet.")


@app.command("check")
def check(workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """Judge every rule of a workspace now, as the worker's clock does."""
    from core.entrypoints.cli.out import ready

    ctx, rooms = opened(workspace), ready()
    for view in service.rules(ctx):
        if view.is_active:
            service.run(rooms, ctx.workspace.id, view.id)
    show_rows([_row(view) for view in service.rules(ctx)], as_json=as_json, empty="There is no alert rule yet.")


def _tried(trial: Trial, as_json: bool) -> None:
    rows = [
        {"subject": one.subject.name, "from": fired.point.first, "value": fired.point.value,
         "why": fired.verdict.sentence}
        for one in trial.subjects
        for fired in one.fired
    ]  # fmt: skip
    if not as_json:
        typer.echo(trial.sentence)
        for one in trial.subjects:
            if one.silent:
                typer.echo(f"{one.subject.name}: {one.silent}")
    if rows or as_json:
        show_rows(rows, as_json=as_json)


def _number(text: str, condition: str) -> float:
    plain = text.strip().replace(",", "")
    try:
        number = float(plain.rstrip("% ")) / (100 if plain.endswith("%") else 1)
    except ValueError as error:
        raise BadInput(f"'{text}' is no threshold. Write 12, 0.3 or 30%.") from error
    return number or (SHARE if condition in ("change", "outlier") else 0.0)


def _row(view: RuleView) -> dict[str, Any]:
    return {
        "id": view.id,
        "name": view.name,
        "rule": view.sentence,
        "state": _state(view),
        "to": [*view.wish.recipients, *view.wish.slack_channels],
        "findings_90_days": view.findings,
        "checked_at": view.checked_at,
    }


def _state(view: RuleView) -> str:
    if not view.is_active:
        return f"off: {view.paused_reason}" if view.paused_reason else "off"
    return f"muted until {_day(view.muted_until)}" if view.muted_until else "watches"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _outcome(one: Any) -> dict[str, Any]:
    return {"subject": one.subject, "period": one.first, "state": one.state, "why": one.text}
