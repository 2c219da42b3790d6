"""`sightline rules`: what counts as a deployment, and as an incident."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from core.base.errors import BadInput
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, opened, show_rows, told
from core.ingestion.rules import service
from core.ingestion.rules.kinds import FACTS, RULES, Rule, rule_of
from core.ingestion.rules.service import Preview

app = typer.Typer(no_args_is_help=True)

FactArgument = Annotated[str, typer.Argument(help=f"{' or '.join(FACTS)}.", metavar="FACT")]
KindArgument = Annotated[str, typer.Argument(help=f"One of {', '.join(dict.fromkeys(r.key for r in RULES))}.")]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", help="A setting, NAME=VALUE; may be given several times.")
]


@app.command("list")
def show(workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """List what counts: the workspace's default, and each repository."""
    rows = [
        {
            "fact": view.fact,
            "repository": view.repo,
            "rule": view.kind,
            "settings": dict(view.settings) if json else ", ".join(f"{k}={v}" for k, v in view.settings.items() if v),
            "own": view.is_own,
        }
        for view in service.rules(opened(workspace))
    ]
    show_rows(rows, as_json=json)


@app.command()
def preview(
    fact: FactArgument,
    kind: KindArgument,
    repo: Annotated[str, typer.Option(help="Repository to try it on.")],
    settings: SetOption = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Say what a rule would find in a repository: how many, the last ten, and how many a week.

    Example: sightline rules preview deployments tags --repo app --set pattern=v*
    """
    ctx = opened(workspace)
    rule = rule_of(fact, kind)
    found = service.preview(ctx, fact, kind, _settings(rule, settings), service.repository(ctx, repo))
    _told(found, as_json=json)


@app.command()
def choose(
    fact: FactArgument,
    kind: KindArgument,
    repo: Annotated[str, typer.Option(help="Repository; without it, the default of all that have no own rule.")] = "",
    settings: SetOption = None,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Let this count from now on; rows of a former rule go, and what sources tell stays.

    Example: sightline rules choose deployments tags --set pattern=v*
    """
    ctx = opened(workspace)
    changed = service.choose(ctx, fact, kind, _settings(rule_of(fact, kind), settings), repo)
    told(f"{changed:,} {fact} changed.", as_json=json, fact=fact, rule=kind, changed=changed)


@app.command()
def default(
    fact: FactArgument,
    repo: Annotated[str, typer.Option(help="Repository; without it, the default itself is forgotten.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Forget a repository's own rule, so that the default counts there again.

    Example: sightline rules default deployments --repo app
    """
    changed = service.back_to_default(opened(workspace), fact, repo)
    told(f"{changed:,} {fact} changed.", as_json=json, fact=fact, changed=changed)


def _settings(rule: Rule, given: list[str] | None) -> dict[str, Any]:
    found = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals:
            raise BadInput(f"'{text}' is no setting. Write NAME=VALUE, with {', '.join(rule.settings.model_fields)}.")
        found[name.strip()] = value
    return found


def _told(found: Preview, *, as_json: bool) -> None:
    last = [
        {"key": row.get("deployment_key") or row.get("incident_key"), "title": row["title"],
         "at": row.get("started_at") or row.get("opened_at"), "status": row.get("status", row.get("severity", ""))}
        for row in found.last
    ]  # fmt: skip
    if as_json:
        weeks = [{"week": day, "count": count} for day, count in found.weeks]
        show_rows([{"count": found.count, "last": last, "weeks": weeks, "note": found.note}], as_json=True)
        return
    typer.echo(f"{found.count:,} found. {found.note}".strip())
    if last:
        show_rows(last, as_json=False, title="The last")
        show_rows([{"week from": f"{day}", "count": count} for day, count in found.weeks], as_json=False)
