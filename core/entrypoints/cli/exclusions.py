"""`sightline exclusions`: which pull requests count in no number."""

from __future__ import annotations

from typing import Annotated

import typer

from core.catalogue import exclusions
from core.catalogue.exclusions import FIELDS, Wish
from core.entrypoints.cli.out import JsonOption, WorkspaceOption, confirmed, opened, show, show_rows, told

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def listed(workspace: WorkspaceOption = "", json: JsonOption = False) -> None:
    """List the rules: what each leaves out, why, and who made it."""
    rows = [
        {
            "id": rule.id[:8],
            "leaves_out": rule.words,
            "pull_requests": rule.count,
            "reason": rule.reason,
            "by": rule.created_by,
            "since": rule.created_at,
        }
        for rule in exclusions.rules(opened(workspace))
    ]
    show_rows(
        rows, as_json=json, empty="Every pull request counts. sightline exclusions add --help says how to change it."
    )


@app.command()
def add(
    field: Annotated[str, typer.Argument(help=f"One of {', '.join(FIELDS)}.")],
    pattern: Annotated[str, typer.Argument(help="What it is; * stands for anything. Of an age, days.")],
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why: whoever reads a number may ask.")] = "",
    repo: Annotated[str, typer.Option(help="Only in this repository.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would leave out.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Leave pull requests out of every number, now and later, until the rule is removed.

    Example: sightline exclusions add label dependencies --reason "Opened by a machine" --dry-run
    """
    ctx, wish = opened(workspace), Wish(field, pattern, repo, reason)
    seen = exclusions.preview(ctx, wish)
    facts = {"means": seen.count, "counted_today": seen.new, "of": seen.total, "examples": list(seen.examples)}
    if dry_run:
        show(facts, as_json=json, title="What it would leave out")
        return
    rule = exclusions.add(ctx, wish)
    told(f"{seen.new:,} pull requests count no more. Undo: sightline exclusions remove {rule[:8]}", as_json=json,
         id=rule, **facts)  # fmt: skip


@app.command()
def remove(
    rule: Annotated[str, typer.Argument(help="Its id or first letters, as `list` shows them.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """Take a rule back: what it left out counts again.

    Example: sightline exclusions remove 3f2a9c1d
    """
    ctx = opened(workspace)
    confirmed("What the rule left out counts again. Remove it?", yes=yes)
    exclusions.remove(ctx, rule)
    told("The rule was removed.", as_json=json, removed=rule)
