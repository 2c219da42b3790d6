# ruff: noqa: S608 - the only names put into a statement are tables named here; every value is a parameter
"""What git guesses of pull requests gives way where a provider knows them."""

from __future__ import annotations

from core.context import Context
from core.ingestion.writing import FactWriter

GUESSED = ("pull_requests", "pr_commits", "reviews")
"""What git guesses and a provider knows."""


def guessed(ctx: Context, repo_id: str) -> bool:
    """Whether any guess stands."""
    mine = "FINAL WHERE workspace_id = {workspace:String} AND repo_id = {repo:String} AND source = 'git'"
    counts = " + ".join(f"(SELECT count() FROM {table} {mine})" for table in GUESSED)
    return bool(ctx.metrics.scalar(f"SELECT {counts}", {"workspace": ctx.workspace.id, "repo": repo_id}))


def no_guesses(writer: FactWriter) -> None:
    """Say that they have given way."""
    for table in GUESSED:
        writer.replace_guesses(table)
