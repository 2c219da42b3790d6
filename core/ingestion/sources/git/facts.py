# ruff: noqa: S608 - the only names put into a statement are those of TABLES below; every value is a parameter
"""Set-wise statements over the rows of one repository, after its commits are in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from core.base.pulls import UNNUMBERED
from core.context import Context
from core.people.views import Seen

TABLES = {
    "commits": ("sha", "authored_at"),
    "commit_files": ("sha", "path", "authored_at"),
    "pull_requests": ("number",),
    "pr_commits": ("pr_number", "sha"),
    "reviews": ("pr_number", "review_key"),
}
"""What this source writes, with the rest of each table's key: workspace and repository come first."""

MINE_ALONE = " AND source = 'git'"
"""Every one of these tables may be filled by others too; their rows are left alone."""

MINE = "workspace_id = {workspace:String} AND repo_id = {repo:String}"


SPACE = 32
"""Bits under a version, in which a row says of what second it tells."""


class Facts:
    """The facts of one repository at one version."""

    def __init__(self, ctx: Context, repo_id: str, version: int) -> None:
        self.ctx = ctx
        self.params: dict[str, Any] = {"workspace": ctx.workspace.id, "repo": repo_id, "version": version << SPACE}

    def present(self) -> set[bytes]:
        """Commits that this version has written already, before it was interrupted."""
        found = self.ctx.metrics.arrow(
            f"SELECT sha FROM commits FINAL WHERE {MINE} AND version = {{version:UInt64}}", self.params
        )
        return {str(sha).encode() for sha in found.column(0).to_pylist()}

    def complete_pull_requests(self) -> None:
        """Fill in what only the commits of each merged pull request tell."""
        self.ctx.metrics.command(
            f"""
            INSERT INTO pull_requests (workspace_id, repo_id, number, title, author_id, state, first_commit_at,
                merged_at, closed_at, merged_by_id, base_branch, head_branch, merge_sha, additions, deletions, files,
                commits, source, approximate, version)
            SELECT workspace_id, repo_id, number, title, c.author_id, state, c.first_at,
                merged_at, closed_at, merged_by_id, base_branch, head_branch, merge_sha, c.added, c.removed, c.touched,
                c.brought, source, approximate, version + 1
            FROM (SELECT * FROM pull_requests FINAL
                  WHERE {MINE} AND version >= {{version:UInt64}} AND source = 'git' AND commits = 0) AS p
            INNER JOIN (
                SELECT pr_number, argMin(author_id, authored_at) AS author_id, min(authored_at) AS first_at,
                    sum(additions) AS added, sum(deletions) AS removed, sum(files) AS touched, count() AS brought
                FROM commits FINAL
                WHERE {MINE} AND version = {{version:UInt64}} AND is_merge = 0 AND pr_number > 0
                GROUP BY pr_number
            ) AS c ON p.number = c.pr_number
            """,
            self.params,
        )

    def list_commits(self) -> None:
        """Say which commits each merged pull request brought."""
        self.ctx.metrics.command(
            f"""
            INSERT INTO pr_commits (workspace_id, repo_id, pr_number, sha, author_id, authored_at, pushed_at, source,
                version)
            SELECT workspace_id, repo_id, pr_number, sha, author_id, authored_at, committed_at, 'git', version
            FROM commits FINAL
            WHERE {MINE} AND version = {{version:UInt64}} AND is_merge = 0 AND pr_number > 0
            """,
            self.params,
        )

    def bury_empty_branches(self) -> None:
        """Tombstone merged branches without a number that brought nothing but other pull requests: releases, mostly."""
        which = "version >= {version:UInt64} AND number >= {unnumbered:UInt32} AND commits = 0"
        self._bury("pull_requests", which, {"unnumbered": UNNUMBERED})

    def bury_older(self) -> dict[str, Any]:
        """Tombstone every row that this version has not written anew; returns what went of the commits."""
        gone = self._went("version < {version:UInt64}", {})
        for table in TABLES:
            self._bury(table, "version < {version:UInt64}", {})
        return gone

    def bury_commits(self, shas: Sequence[str]) -> dict[str, Any]:
        """Tombstone what these commits wrote, none of which told of a pull request; returns what went."""
        if not shas:
            return {"commits": 0, "first_at": None, "last_at": None}
        named = {"shas": list(shas)}
        older = "version < {version:UInt64} AND sha IN {shas:Array(String)}"
        gone = self._went(older, named)
        for table in ("commits", "commit_files"):
            self._bury(table, older, named)
        of_them = "pr_number = 0 AND splitByChar(':', review_key)[1] IN {shas:Array(String)}"
        self._bury("reviews", of_them, named)
        return gone

    def bury_version(self) -> None:
        """Tombstone what this version wrote: an import that failed leaves nothing behind."""
        for table in TABLES:
            self._bury(table, "version >= {version:UInt64}", {})

    def bury_all(self, *, alone: bool = True) -> None:
        """Tombstone everything of the repository; what a provider wrote only if this source stands alone."""
        for table in TABLES:
            self._bury(table, "1", {}, shared=alone)

    def counts(self) -> dict[str, int]:
        """How many pull requests and reviews the history tells of."""
        found = self.ctx.metrics.rows(
            f"""
            SELECT (SELECT count() FROM pull_requests FINAL WHERE {MINE} AND source = 'git') AS pull_requests,
                (SELECT count() FROM reviews FINAL WHERE {MINE} AND source = 'git') AS reviews
            """,
            self.params,
        )
        return {str(name): int(count) for name, count in found[0].items()}

    def authors(self) -> list[Seen]:
        """Everybody who authored a commit that this version wrote, with what the whole workspace knows of them."""
        rows = self.ctx.metrics.rows(
            f"""
            SELECT author_email, author_name, count() AS seen, min(authored_at) AS first_at, max(authored_at) AS last_at
            FROM commits FINAL
            WHERE workspace_id = {{workspace:String}}
                AND author_id IN (SELECT author_id FROM commits WHERE {MINE} AND version = {{version:UInt64}})
            GROUP BY author_email, author_name
            """,
            self.params,
        )
        return [
            Seen(
                email=row["author_email"],
                name=row["author_name"],
                first_seen_at=row["first_at"].replace(tzinfo=UTC),
                last_seen_at=row["last_at"].replace(tzinfo=UTC),
                count=row["seen"],
            )
            for row in rows
        ]

    def _went(self, older: str, named: dict[str, Any]) -> dict[str, Any]:
        found = self.ctx.metrics.rows(
            f"SELECT count() AS commits, min(authored_at) AS first_at, max(authored_at) AS last_at"
            f" FROM commits FINAL WHERE {MINE} AND {older}{MINE_ALONE}",
            {**self.params, **named},
        )
        if not found or not found[0]["commits"]:
            return {"commits": 0, "first_at": None, "last_at": None}
        return found[0] | {end: found[0][end].replace(tzinfo=UTC) for end in ("first_at", "last_at")}

    def _bury(self, table: str, which: str, named: dict[str, Any], *, shared: bool = False) -> None:
        key = ", ".join(TABLES[table])
        own = "" if shared else MINE_ALONE
        columns = f"workspace_id, repo_id, {key}, source"
        self.ctx.metrics.command(
            f"INSERT INTO {table} ({columns}, version, deleted) SELECT {columns},"
            f" greatest(version + 1, {{version:UInt64}}), 1"
            f" FROM {table} FINAL WHERE {MINE} AND {which}{own}",
            {**self.params, **named},
        )
