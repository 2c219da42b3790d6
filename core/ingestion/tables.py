"""The tables of facts as a writer needs them: what makes a row the same row, and of which moments it tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FactTable:
    """One table of the metrics store. Workspace and repository come first in every key."""

    name: str
    key: tuple[str, ...]
    """Columns that tell one row of a repository from another."""
    moments: tuple[str, ...]
    """Times that a row speaks of: a changed row makes these days old."""
    place: tuple[str, ...] = ()
    """Columns of the sorting key beside `key`: a row whose place moves leaves a tombstone where it was."""
    parent: str = ""
    """The column with the number of the pull request that a row belongs to: it moves that one's figures too."""
    git_knows_best: bool = False
    """Rows that git itself tells are exact, and nobody else's word replaces them."""


TABLES = {
    table.name: table
    for table in (
        FactTable("commits", ("sha",), ("authored_at",), place=("authored_at",), git_knows_best=True),
        FactTable("commit_files", ("sha", "path"), ("authored_at",), place=("authored_at",), git_knows_best=True),
        FactTable("pull_requests", ("number",), ("first_commit_at", "opened_at", "ready_at", "merged_at", "closed_at")),
        FactTable("pr_commits", ("pr_number", "sha"), ("authored_at", "pushed_at"), parent="pr_number"),
        FactTable("reviews", ("pr_number", "review_key"), ("submitted_at",), parent="pr_number"),
        FactTable("review_comments", ("pr_number", "comment_key"), ("created_at",), parent="pr_number"),
        FactTable(
            "review_requests",
            ("pr_number", "reviewer_id", "requested_at"),
            ("requested_at", "withdrawn_at"),
            parent="pr_number",
        ),
        FactTable("issues", ("number",), ("opened_at", "closed_at")),
        FactTable("milestones", ("number",), ("opened_at", "closed_at")),
        FactTable("releases", ("release_key",), ("created_at", "published_at")),
        FactTable("workflow_runs", ("run_key",), ("started_at", "finished_at")),
        FactTable("tags", ("name",), ("tagged_at",)),
        FactTable("deployments", ("deployment_key",), ("started_at", "finished_at", "restored_at")),
        FactTable("incidents", ("incident_key",), ("opened_at", "acknowledged_at", "resolved_at")),
    )
}
"""Parents before what belongs to them: in this order they are written."""
