"""A repository to fill, and what the store holds after it was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.context import Context
from core.ingestion import service
from core.ingestion.views import SyncResult
from tests.ingestion import clones

TABLES = {
    "commits": "sha, author_id, author_name, author_email, committer_id, authored_at, author_offset, committed_at,"
    " date_suspect, parents, is_merge, additions, deletions, files, generated_additions, generated_deletions,"
    " generated_files, co_author_ids, reviewer_ids, subject, kind, breaking, reverts, pr_number",
    "commit_files": "sha, path, old_path, author_id, authored_at, language, additions, deletions, is_binary, generated",
    "pull_requests": "number, title, author_id, state, first_commit_at, merged_at, merged_by_id, base_branch,"
    " head_branch, merge_sha, additions, deletions, files, commits, source, approximate",
    "pr_commits": "pr_number, sha, author_id, authored_at, pushed_at, source",
    "reviews": "pr_number, review_key, reviewer_id, state, submitted_at, source, approximate",
}


@pytest.fixture
def clone(tmp_path: Path) -> clones.Clone:
    return clones.new(tmp_path / "app")


class Read:
    """What was read of one repository of a workspace."""

    def __init__(self, ctx: Context, source_id: str) -> None:
        self.ctx, self.source_id = ctx, source_id
        self.repo_id = next(view.repo_id for view in service.sources(ctx) if view.id == source_id)

    def rows(self, table: str = "commits", order: str = "ALL") -> list[dict[str, Any]]:
        return self.ctx.metrics.rows(
            f"SELECT {TABLES[table]} FROM {table} FINAL"
            f" WHERE workspace_id = {{w:String}} AND repo_id = {{r:String}} ORDER BY {order}",
            {"w": self.ctx.workspace.id, "r": self.repo_id},
        )

    def commit(self, sha: str) -> dict[str, Any]:
        return next(row for row in self.rows() if row["sha"] == sha)

    def files(self, sha: str) -> dict[str, dict[str, Any]]:
        return {row["path"]: row for row in self.rows("commit_files") if row["sha"] == sha}

    def by_email(self) -> Counter[str]:
        return Counter(row["author_email"] for row in self.rows() if not row["is_merge"])

    def lines(self) -> tuple[int, int]:
        rows = self.rows()
        return (
            sum(row["additions"] + row["generated_additions"] for row in rows),
            sum(row["deletions"] + row["generated_deletions"] for row in rows),
        )

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        return {table: self.rows(table) for table in TABLES}


Importing = Callable[..., tuple[Read, SyncResult]]


@pytest.fixture
def imported(ctx: Context) -> Importing:
    """`imported(clone)` reads it (again) and returns what the store holds and what the reading brought."""

    def do(clone: clones.Clone, **settings: str) -> tuple[Read, SyncResult]:
        source = service.add_git(ctx, clone.path, **settings)
        result = service.sync(ctx, source.id)
        return Read(ctx, source.id), result

    return do
