"""`sightline metrics`: list them, show their numbers, explain one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from core.base.errors import BadInput
from core.base.period import Period, between, zone_of
from core.catalogue import METRICS, Metric, periods
from core.catalogue import service as catalogue
from core.catalogue.metrics import CATEGORIES
from core.catalogue.scope import Scope
from core.context import Context
from core.documents import wording
from core.entrypoints.cli.files import streamed
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show, show_rows
from core.entrypoints.cli.saying import progress
from core.figures import State, number_text

app = typer.Typer(
    no_args_is_help=True,
    help="Every number that Sightline knows, from one catalogue.\n\n"
    "A value is measured, no_data (nothing happened that it needs), not_collected (no source feeds it), stale (the"
    " source was not read up to the end of the period) or unsupported. Missing is never 0.",
)

KeyArgument = Annotated[str, typer.Argument(help="A metric, such as commits_count; see `sightline metrics list`.")]
FromOption = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day. Default: 30 days before --to.")
]
ToOption = Annotated[
    datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d"], help="The day after the last: it is not counted. Default: today."),
]
AllTimeOption = Annotated[bool, typer.Option("--all-time", help="Everything there is, whatever its date.")]
BotsOption = Annotated[bool, typer.Option("--include-bots", help="Count bots too.")]
GeneratedOption = Annotated[
    bool, typer.Option("--include-generated", help="Count lines of generated and vendored files too.")
]
PersonOption = Annotated[
    list[str] | None, typer.Option("--person", help="Only this person (address, name or id); may be repeated.")
]
TeamOption = Annotated[list[str] | None, typer.Option("--team", help="Only this team and those below it.")]
RepoOption = Annotated[list[str] | None, typer.Option("--repo", help="Only this repository.")]
ComponentOption = Annotated[
    list[str] | None, typer.Option("--component", help="Only this component, or 'unassigned'; may be repeated.")
]


@app.command("list")
def list_(
    category: Annotated[str, typer.Option(help=f"Only one of {', '.join(CATEGORIES)}.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List every metric with its unit, kind and definition.

    Example: sightline metrics list --category delivery
    """
    if category and category not in CATEGORIES:
        raise BadInput(f"There is no category '{category}'. Use one of {', '.join(CATEGORIES)}.")
    rows = [_declared(metric, as_json) for metric in METRICS if category in ("", metric.category)]
    show_rows(rows, as_json=as_json, title="Metrics")


@app.command("show")
def show_(
    key: KeyArgument,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            "-b",
            help="email, person, team, repo, component, day, week, biweek, month or hour_of_week; may be repeated.",
        ),
    ] = None,
    first: FromOption = None,
    after: ToOption = None,
    all_time: AllTimeOption = False,
    person: PersonOption = None,
    team: TeamOption = None,
    repo: RepoOption = None,
    component: ComponentOption = None,
    include_bots: BotsOption = False,
    include_generated: GeneratedOption = False,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show a metric, in one number or by group.

    Days are counted from --from up to but without --to, in the workspace's time zone. By day, week or month every one
    of them is listed with its state, of --all-time from the first that has a value to the last.

    Examples:
      sightline metrics show commits_count --by person --all-time
      sightline metrics show avg_pr_cycle_time_hours --by week --from 2026-01-01 --to 2026-04-01 --json
    """
    ctx = opened(workspace)
    METRICS.get(key)
    scope = _scope(ctx, first, after, all_time, person, team, repo, component)
    scope = replace(scope, include_bots=include_bots, include_generated=include_generated)
    answer = catalogue.measure(ctx, [key], scope, by or [])
    called = _names(ctx, by or [])
    values = [answer.get(key, *group) for group in periods.every(answer, scope)]
    rows = [_row(value, called) for value in sorted(values, key=lambda value: _order(value, by or []))]
    if as_json:
        show_rows(rows, as_json=True)
        return
    _table(METRICS.get(key), scope, rows, answer)


@app.command("explain")
def explain(
    key: KeyArgument,
    first: FromOption = None,
    after: ToOption = None,
    all_time: AllTimeOption = False,
    person: PersonOption = None,
    team: TeamOption = None,
    repo: RepoOption = None,
    component: ComponentOption = None,
    rows: Annotated[int, typer.Option(help="How many of the rows behind the number to show.")] = 10,
    csv: Annotated[Path | None, typer.Option(help="Write every row behind the number to this CSV file.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="… and to this workbook, whatever its length.")] = None,
    sql: Annotated[bool, typer.Option("--sql", help="Show the statement that answered.")] = False,
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Explain a number: what it means, how it was counted, what was left out, and the rows behind it.

    Example: sightline metrics explain lines_added --person ada@work.example --csv rows.csv
    """
    ctx = opened(workspace)
    METRICS.get(key)
    scope = _scope(ctx, first, after, all_time, person, team, repo, component)
    told = catalogue.explain(ctx, key, scope)
    facts = _facts(told, scope) | ({"sql": told.sql} if sql else {})
    facts |= {fmt: _file(ctx, key, scope, fmt, path) for fmt, path in (("csv", csv), ("xlsx", xlsx)) if path}
    if as_json:
        show(facts, as_json=True)
        return
    show(facts, as_json=False, title=METRICS.get(key).label)
    if rows and told.value.n:
        table = catalogue.evidence(ctx, key, scope, limit=rows)
        listed = [dict(zip([col.label for col in table.cols], row, strict=True)) for row in table.rows]
        show_rows(listed, as_json=False, title=f"{len(listed)} of {told.n:,} rows behind it")


def _file(ctx: Context, key: str, scope: Scope, fmt: str, path: Path) -> str:
    """Every row behind the number as a file, written as it comes from the store."""
    from core.exports import lists
    from core.exports.lists import Wanted

    table = lists.written(ctx, Wanted(of="metric", metric=key, scope=scope), catalogue.every_row(ctx, key, scope))
    with progress(f"Writing {path.name}") as said:
        return streamed(path, table, fmt, lambda rows: said(rows / max(table.total, 1), f"{rows:,} of {table.total:,}"))


def _declared(metric: Metric, as_json: bool) -> dict[str, Any]:
    short = {"key": metric.key, "label": metric.label, "category": metric.category, "unit": metric.unit.value}
    if not as_json:
        return short | {"about": metric.about}
    return short | {
        "about": metric.about,
        "kind": metric.kind.name,
        "better": metric.better.value,
        "formula": metric.formula,
        "needs": list(metric.needs),
        "version": metric.version,
    }


def _scope(
    ctx: Context,
    first: datetime | None,
    after: datetime | None,
    all_time: bool,
    people: Sequence[str] | None,
    teams: Sequence[str] | None,
    repos: Sequence[str] | None,
    components: Sequence[str] | None,
) -> Scope:
    if all_time and (first or after):
        raise BadInput("--all-time stands alone: leave --from and --to out.")
    from core.components import service as parts
    from core.people import service as room

    return Scope(
        None if all_time else period_of(ctx, first, after),
        time_zone=ctx.workspace.time_zone,
        person_ids=tuple(room.person(ctx, ref).id for ref in people or ()),
        team_ids=tuple(room.team(ctx, ref).id for ref in teams or ()),
        repo_ids=tuple(catalogue.repository(ctx, ref).id for ref in repos or ()),
        component_ids=parts.chosen(ctx, components or ()),
    )


def period_of(ctx: Context, first: datetime | None, after: datetime | None) -> Period:
    zone = ctx.workspace.time_zone
    end = after.date() if after else ctx.clock().astimezone(zone_of(zone)).date()
    try:
        start, last = first.date() if first else end - timedelta(days=30), end - timedelta(days=1)
    except OverflowError as error:
        raise BadInput(f"{end} is too early for the end of a period.") from error
    if last < start:
        raise BadInput(f"The period ends ({end}) before it begins ({start}); --to is the day after the last one.")
    if not (first or after):
        told = f"Days {start} to {last}: the last 30. Choose others with --from and --to, or --all-time."
        typer.echo(told, err=True)
    return between(start, last, zone)


def _names(ctx: Context, by: Sequence[str]) -> list[dict[str, str]]:
    """For each axis what its ids are called."""
    from core.components import service as parts
    from core.people import service as room

    called = {
        "component": lambda: parts.names(ctx),
        "person": lambda: room.names(ctx),
        "team": lambda: {team.id: team.name for team in room.teams(ctx)},
        "repo": lambda: {repo.id: repo.name for repo in catalogue.repositories(ctx)},
    }
    return [called[axis]() if axis in called else {} for axis in by]


def _row(value: catalogue.Value, called: Sequence[dict[str, str]]) -> dict[str, Any]:
    labels = [names.get(text, text) for names, text in zip(called, value.group, strict=True)]
    return {
        "key": " | ".join(value.group) or "all",
        "label": " | ".join(labels) or "all",
        "value": value.value,
        "n": value.n,
        "state": value.state.value,
        "state_text": value.state_text,
        "excluded": value.excluded,
    }


def _order(value: catalogue.Value, by: Sequence[str]) -> tuple[Any, ...]:
    """Time runs on; everything else comes by size, largest first."""
    if any(axis in ("day", "week", "biweek", "month") for axis in by):
        return (value.group,)
    if list(by) == ["hour_of_week"]:
        return (int(value.group[0]),)
    return (-(value.value if value.value is not None else float("-inf")), value.group)


def _table(metric: Metric, scope: Scope, rows: Sequence[dict[str, Any]], answer: catalogue.Measured) -> None:
    shown = [
        {
            "": row["label"],
            metric.label: number_text(row["value"], metric.unit),
            "n": row["n"],
            "state": row["state"].replace("_", " "),
        }
        for row in rows
    ]
    empty = answer.missing(metric.key, ("",) * len(answer.by)).state_text or "Nothing in this period."
    show_rows(shown, as_json=False, title=f"{metric.label} · {_when(scope)}", empty=empty)
    if left_out := wording.left_out_text(answer.excluded):
        typer.echo(f"Left out: {left_out}.")
    for text in sorted({row["state_text"] for row in rows if row["state"] != State.MEASURED and row["state_text"]})[:3]:
        typer.echo(text)


def _when(scope: Scope) -> str:
    return scope.period.label(scope.time_zone) if scope.period else "all time"


def _facts(told: catalogue.Explanation, scope: Scope) -> dict[str, Any]:
    metric = METRICS.get(told.metric)
    return {
        "key": told.metric,
        "value": told.value.value,
        "text": number_text(told.value.value, metric.unit),
        "state": told.value.state.value,
        "state_text": told.value.state_text,
        "n": told.n,
        "period": _when(scope),
        "definition": told.definition,
        "formula": told.formula,
        "version": told.version,
        "kind": metric.kind.name,
        "left_out": wording.left_out_text(told.excluded) or "nothing",
        "beside": ", ".join(f"{amount:,g} {name}" for name, amount in told.value.asides.items()),
        "sources": list(told.sources),
        "complete_until": told.watermark,
    }
