"""Small histories by hand: rows of facts with sensible defaults, and who feeds them.

`History(ctx)` gathers rows and `ingest()` puts them into the metrics store in one go.
People are named by one word; "ann" has the identity ann@example.com and is the person "ann".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa

from core.access import workspaces
from core.base.period import between
from core.catalogue.models import Feed, Repository
from core.catalogue.scope import Scope
from core.catalogue.service import Value, measure
from core.context import Context
from core.people.identities import identity_id

FACTS = (
    "commits",
    "commit_files",
    "pull_requests",
    "reviews",
    "review_comments",
    "review_requests",
    "pr_commits",
    "deployments",
    "incidents",
    "line_changes",
    "tree_files",
)
FAR = date(2149, 6, 6)
_serial = count(1)
WEEK = Scope(between(date(2026, 3, 2), date(2026, 3, 8)))
"""Monday to Sunday; the tests' clock stands at the Wednesday after."""


def answered(ctx: Context, key: str, scope: Scope = WEEK, person: str = "", **narrowed: Any) -> Value:
    """One number over the scope, of one person if named."""
    if person:
        narrowed["person_ids"] = (person,)
    return measure(ctx, [key], replace(scope, **narrowed)).get(key)


def at(text: str) -> datetime:
    """ "2026-03-02 09:30" in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def who(name: str) -> int:
    """The identity of a person named by one word."""
    return identity_id(f"{name}@example.com", name)


@dataclass
class History:
    """Rows to be ingested, by table."""

    ctx: Context
    version: int = 1
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    repos: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def _add(self, table: str, **row: Any) -> dict[str, Any]:
        row = {"workspace_id": self.ctx.workspace.id, "version": self.version} | row
        self.tables[table].append(row)
        return row

    def repo(self, name: str) -> str:
        """The id of a repository, made at its first mention."""
        if name not in self.repos:
            with self.ctx.app.session() as session:
                row = Repository(workspace_id=self.ctx.workspace.id, name=name, created_at=self.ctx.clock())
                session.add(row)
                session.flush()
                self.repos[name] = row.id
        return self.repos[name]

    def person(
        self, name: str, *, identities: Iterable[str] = (), is_bot: bool = False, weekdays: Iterable[int] | None = None
    ) -> None:
        """Somebody whom the workspace knows, with the words that stand for their identities."""
        self.known.add(name)
        for word in identities or (name,):
            self._add("identity_people", identity_id=who(word), person_id=name, is_bot=int(is_bot))
        if weekdays is not None:
            self._add(
                "work_schedules", person_id=name, working_weekdays=list(weekdays), time_zone="UTC", start_minute=540,
                end_minute=1020,
            )  # fmt: skip

    def off(self, name: str, *days: str) -> None:
        for day in days:
            self._add("days_off", person_id=name, day=date.fromisoformat(day), reason="leave")

    def member(self, name: str, team: str, since: str = "2000-01-01", until: str = "") -> None:
        self._add(
            "team_members", team_id=team, person_id=name, valid_from=date.fromisoformat(since),
            valid_to=date.fromisoformat(until) if until else FAR,
        )  # fmt: skip

    def commit(self, author: str, when: str, *, repo: str = "app", offset: int = 0, **given: Any) -> dict[str, Any]:
        """A commit of 10 lines added and 2 removed, unless said otherwise. `when` is UTC."""
        row = {
            "repo_id": self.repo(repo), "sha": f"{next(_serial):040x}", "author_id": who(author),
            "author_name": author, "author_email": f"{author}@example.com", "committer_id": who(author),
            "authored_at": at(when), "author_offset": offset, "committed_at": at(when), "parents": 1, "is_merge": 0,
            "additions": 10, "deletions": 2, "files": 1, "generated_additions": 0, "generated_deletions": 0,
            "generated_files": 0, "co_author_ids": [], "reviewer_ids": [], "subject": "Change", "kind": "",
            "breaking": 0, "reverts": "", "pr_number": 0, "deleted": 0,
        }  # fmt: skip
        return self._add("commits", **row | given)

    def merge(self, author: str, when: str, **given: Any) -> dict[str, Any]:
        """A merge commit, which carries no lines."""
        return self.commit(author, when, parents=2, is_merge=1, additions=0, deletions=0, files=0, **given)

    @staticmethod
    def ids(*names: str) -> list[int]:
        """The identities of these people."""
        return [who(name) for name in names]

    def file(self, author: str, when: str, path: str, *, repo: str = "app", **given: Any) -> dict[str, Any]:
        """A path that a commit changed."""
        row = {
            "repo_id": self.repo(repo), "sha": f"{next(_serial):040x}", "path": path, "old_path": "",
            "author_id": who(author), "authored_at": at(when), "language": "", "additions": 1, "deletions": 0,
            "is_binary": 0, "generated": 0, "deleted": 0,
        }  # fmt: skip
        return self._add("commit_files", **row | given)

    def line(
        self,
        author: str,
        when: str,
        path: str,
        *,
        lines: int = 0,
        previous: str = "",
        written: str = "",
        repo: str = "app",
        **given: Any,
    ) -> dict[str, Any]:
        """Lines that a commit changed: of somebody, written lately, or older ones of nobody in particular."""
        row = {
            "repo_id": self.repo(repo), "sha": f"{next(_serial):040x}", "path": path,
            "previous_sha": f"{next(_serial):040x}" if previous else "",
            "previous_id": who(previous) if previous else 0, "previous_at": at(written or when),
            "author_id": who(author), "authored_at": at(when), "lines": lines,
            "unknown": 0, "source": "test",
        }  # fmt: skip
        return self._add("line_changes", **row | given)

    def tree(self, path: str, *, repo: str = "app", **given: Any) -> dict[str, Any]:
        """A file that is there."""
        row = {
            "repo_id": self.repo(repo), "path": path, "blob": "", "former": [], "language": "", "lines": 0,
            "complexity": 0, "known": 1, "generated": 0, "source": "test",
        }  # fmt: skip
        return self._add("tree_files", **row | given)

    def pr(self, author: str, number: int, *, repo: str = "app", **given: Any) -> dict[str, Any]:
        """A pull request; give its moments as text: opened, ready, first_commit, merged, closed."""
        for name in ("opened", "ready", "first_commit", "merged", "closed"):
            given[f"{name}_at"] = at(text) if (text := given.pop(name, None)) else None
        by = given.pop("merged_by", "")
        row = {
            "repo_id": self.repo(repo), "number": number, "title": f"Change {number}", "author_id": who(author),
            "state": "merged" if given["merged_at"] else "closed" if given["closed_at"] else "open", "is_draft": 0,
            "merged_by_id": who(by) if by else 0, "base_branch": "main", "head_branch": "", "merge_sha": "",
            "additions": 10, "deletions": 2, "files": 1, "commits": 1, "labels": [], "url": "", "source": "test",
            "approximate": 0, "deleted": 0,
        }  # fmt: skip
        return self._add("pull_requests", **row | given)

    def review(
        self, reviewer: str, number: int, when: str, state: str = "approved", *, repo: str = "app", **given: Any
    ) -> dict[str, Any]:
        row = {
            "repo_id": self.repo(repo), "pr_number": number, "review_key": f"r{next(_serial)}",
            "reviewer_id": who(reviewer), "state": state, "submitted_at": at(when), "comments": 0, "body_length": 0,
            "source": "test", "approximate": 0, "deleted": 0,
        }  # fmt: skip
        return self._add("reviews", **row | given)

    def comment(self, author: str, number: int, when: str, *, repo: str = "app") -> dict[str, Any]:
        return self._add(
            "review_comments", repo_id=self.repo(repo), pr_number=number, comment_key=f"c{next(_serial)}",
            author_id=who(author), created_at=at(when), path="", body_length=10, in_reply_to="", source="test",
        )  # fmt: skip

    def request(
        self, reviewer: str, number: int, when: str, *, repo: str = "app", withdrawn: str = ""
    ) -> dict[str, Any]:
        return self._add(
            "review_requests", repo_id=self.repo(repo), pr_number=number, reviewer_id=who(reviewer),
            requested_at=at(when), withdrawn_at=at(withdrawn) if withdrawn else None, source="test",
        )  # fmt: skip

    def pr_commit(self, author: str, number: int, pushed: str, *, repo: str = "app") -> dict[str, Any]:
        return self._add(
            "pr_commits", repo_id=self.repo(repo), pr_number=number, sha=f"{next(_serial):040x}",
            author_id=who(author), authored_at=at(pushed), pushed_at=at(pushed), source="test",
        )  # fmt: skip

    def deploy(
        self, finished: str | None, status: str = "success", *, repo: str = "app", **given: Any
    ) -> dict[str, Any]:
        """A production deployment that started ten minutes before it finished."""
        end = at(finished) if finished else None
        restored = given.pop("restored", None)
        row = {
            "repo_id": self.repo(repo), "deployment_key": f"d{next(_serial)}", "environment": "production",
            "is_production": 1, "status": status,
            "started_at": end - timedelta(minutes=10) if end else given.pop("started"), "finished_at": end,
            "sha": "", "creator_id": 0, "pr_numbers": [], "failed": 0, "failure_link": "",
            "restored_at": at(restored) if restored else None, "url": "", "source": "test",
        }  # fmt: skip
        return self._add("deployments", **row | given)

    def incident(self, opened: str, resolved: str | None = None, *, repo: str = "app", **given: Any) -> dict[str, Any]:
        row = {
            "repo_id": self.repo(repo), "incident_key": f"i{next(_serial)}", "title": "Down", "severity": "high",
            "opened_at": at(opened), "acknowledged_at": None, "resolved_at": at(resolved) if resolved else None,
            "deployment_key": "", "url": "", "source": "test",
        }  # fmt: skip
        return self._add("incidents", **row | given)

    def feed(self, *facts: str, until: str = "2030-01-01", approximate: bool = False, repo: str = "app") -> None:
        """Say that a source collects these facts of a repository; all of them by default."""
        repo_id = self.repo(repo)
        with self.ctx.app.session() as session:
            for fact in facts or FACTS:
                session.merge(
                    Feed(
                        workspace_id=self.ctx.workspace.id, repo_id=repo_id, fact=fact, source="test",
                        is_approximate=approximate, complete_until=at(until) if until else None,
                        updated_at=self.ctx.clock(),
                    )
                )  # fmt: skip

    def ingest(self, *, feeds: bool = True) -> Context:
        """Put every row into the store; returns the context as of the data's new version."""
        for table, rows in self.tables.items():
            self.ctx.metrics.insert_rows(table, rows)
        if feeds:
            for repo in list(self.repos) or ["app"]:
                self.feed(repo=repo)
        return fresh(self.ctx)


def fresh(ctx: Context) -> Context:
    """The same context after the workspace's data changed."""
    with ctx.app.session() as session:
        workspaces.data_changed(session, ctx.workspace.id, ctx.clock(), "import")
    with ctx.app.reading() as session:
        version = session.scalar(
            sa.text("SELECT data_version FROM workspaces WHERE id = :id"), {"id": ctx.workspace.id}
        )
    return replace(ctx, workspace=replace(ctx.workspace, data_version=version))
