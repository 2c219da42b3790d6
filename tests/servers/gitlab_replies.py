"""GitLab over real HTTP: REST pages and a little GraphQL from plain dicts, with the faults that the real one has."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from tests.servers.github_data import BEGIN, PEOPLE, sha
from tests.servers.replies import Asked, Replies, Reply, serving

TOKEN = "glpat-right"
Fault = Callable[[Reply], Reply]


def text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def user(login: str) -> dict[str, Any]:
    return {"id": sum(map(ord, login)), "username": login, "name": login.title(), "state": "active"}


def note(id_: int, login: str, at: datetime, body: str, **more: Any) -> dict[str, Any]:
    """A remark of a person."""
    return {
        "id": id_,
        "author": user(login),
        "created_at": text(at),
        "body": body,
        "system": False,
        "type": None,
        **more,
    }


def told(id_: int, login: str, at: datetime, body: str) -> dict[str, Any]:
    """A note of GitLab itself: that somebody did something."""
    return note(id_, login, at, body, system=True)


def on_line(id_: int, login: str, at: datetime, path: str = "app/main.py") -> dict[str, Any]:
    return note(id_, login, at, "Why?", type="DiffNote", position={"new_path": path, "old_path": path})


def commit(word: str, login: str, at: datetime) -> dict[str, Any]:
    return {
        "id": sha(word),
        "authored_date": text(at),
        "committed_date": text(at + timedelta(minutes=1)),
        "author_name": login.title(),
        "author_email": f"{login}@example.org",
    }


def merge_request(
    iid: int, login: str, opened: datetime, merged: datetime | None = None, **given: Any
) -> dict[str, Any]:
    closed = given.pop("closed", None)
    return {
        "iid": iid,
        "title": f"Change {iid}",
        "state": "merged" if merged else "closed" if closed else "opened",
        "created_at": text(opened),
        "updated_at": text(merged or closed or opened),
        "merged_at": text(merged) if merged else None,
        "closed_at": text(closed) if closed else None,
        "author": user(login),
        "merge_user": user("ben") if merged else None,
        "draft": False,
        "source_branch": f"topic/{iid}",
        "target_branch": "main",
        "labels": ["bug"] if iid % 3 == 0 else [],
        "milestone": {"id": 501, "iid": 1} if iid % 5 == 0 else None,
        "merge_commit_sha": sha(f"merge {iid}") if merged else None,
        "squash_commit_sha": None,
        "sha": sha(f"{iid}-0"),
        "web_url": f"https://gitlab.com/acme/api/-/merge_requests/{iid}",
        "size": {"additions": iid * 3, "deletions": iid, "fileCount": 1 + iid % 5},
        "notes": [],
        "commits": [commit(f"{iid}-0", login, opened - timedelta(hours=2))],
        "approved_by": [],
        **given,
    }


def ordinary(iid: int) -> dict[str, Any]:
    opened = BEGIN + timedelta(hours=3 * iid)
    other = PEOPLE[(iid + 1) % 5]
    return merge_request(
        iid,
        PEOPLE[iid % 5],
        opened,
        None if iid % 7 == 0 else opened + timedelta(hours=30),
        notes=[
            told(iid * 10, PEOPLE[iid % 5], opened + timedelta(minutes=5), f"requested review from @{other}"),
            on_line(iid * 10 + 1, other, opened + timedelta(hours=4)),
            on_line(iid * 10 + 2, other, opened + timedelta(hours=4, seconds=20)),
            told(iid * 10 + 3, other, opened + timedelta(hours=5), "approved this merge request"),
        ],
        approved_by=[{"user": user(other)}],
    )


def project(path: str = "acme/api", requests: int = 0, **given: Any) -> dict[str, Any]:
    return {
        "path_with_namespace": path,
        "web_url": f"https://gitlab.com/{path}",
        "default_branch": "main",
        "archived": False,
        "merge_requests": [ordinary(iid) for iid in range(1, requests + 1)],
        "issues": [],
        "milestones": [],
        "releases": [],
        "repository/tags": [],
        "deployments": [],
        "pipelines": [],
        **given,
    }


@dataclass
class GitLabReplies(Replies):
    """Projects by their path, and what goes wrong with which question."""

    projects: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: dict[int, Fault] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    most: int = 100
    jumbled: bool = False
    """Whether pages come in any order within, with some of what came before once more."""
    latency_s: float = 0.0
    count: int = 0

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        self.count += 1
        if self.latency_s:
            time.sleep(self.latency_s)
        fault = self.faults.get(self.count)
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Reply({"message": "401 Unauthorized"}, 401)
        reply = self._graphql(asked.json) if asked.path == "/api/graphql" else self._rest(asked)
        return fault(reply) if fault else reply

    def _graphql(self, told: Any) -> Reply:
        asked = told["variables"]
        found = {str(one["iid"]): one for one in self.projects[asked["path"]]["merge_requests"]}
        nodes = [{"iid": iid, "diffStatsSummary": found[iid]["size"]} for iid in asked["iids"]]
        return Reply({"data": {"project": {"mergeRequests": {"nodes": nodes}}}})

    def _rest(self, asked: Asked) -> Reply:
        kind, _, rest = asked.path.removeprefix("/api/v4/").partition("/")
        if kind == "user":
            return Reply(user("ada"), headers={"RateLimit-Remaining": "1990", "RateLimit-Limit": "2000"})
        if kind == "personal_access_tokens":
            return Reply({"scopes": ["read_api"], "expires_at": "2027-01-01"})
        name, _, what = rest.partition("/")
        path = unquote(name)
        if kind == "groups":
            mine = [self._shown(one) for there, one in self.projects.items() if there.startswith(f"{path}/")]
            return self._page(mine, asked) if mine else Reply({"message": "404 Group Not Found"}, 404)
        if kind != "projects" or path not in self.projects:
            return Reply({"message": "404 Project Not Found"}, 404)
        if what in self.forbidden:
            return Reply({"message": "403 Forbidden"}, 403)
        return self._of(self.projects[path], what, asked)

    def _of(self, found: dict[str, Any], what: str, asked: Asked) -> Reply:
        if not what:
            return Reply(self._shown(found))
        if what in found:
            return self._page(_chosen(found[what], asked.params), asked)
        _, iid, part = what.split("/")
        one = next(one for one in found["merge_requests"] if str(one["iid"]) == iid)
        return Reply({"approved_by": one["approved_by"]}) if part == "approvals" else self._page(one[part], asked)

    def _shown(self, found: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in found.items() if not isinstance(value, list)}

    def _page(self, rows: list[Any], asked: Asked) -> Reply:
        size, number = min(int(asked.params["per_page"]), self.most), int(asked.params["page"])
        shown = [{k: v for k, v in row.items() if k not in ("notes", "commits", "approved_by", "size")} for row in rows]
        more = str(number + 1) if number * size < len(rows) else ""
        page = shown[(number - 1) * size : number * size]
        if self.jumbled:
            page = [*page, *shown[max((number - 1) * size - 2, 0) : (number - 1) * size]]
            random.Random(number).shuffle(page)
        return Reply(page, headers={"X-Next-Page": more})


def _chosen(rows: list[Any], asked: dict[str, str]) -> list[Any]:
    if asked.get("state") not in (None, "all"):
        rows = [row for row in rows if row["state"] == asked["state"]]
    if asked.get("order_by") == "updated_at":
        rows = sorted(rows, key=lambda row: str(row["updated_at"]), reverse=asked["sort"] == "desc")
        after, before = (asked.get(f"updated_{end}") for end in ("after", "before"))
        at = lambda row: datetime.fromisoformat(row["updated_at"])  # noqa: E731
        rows = [row for row in rows if not after or at(row) >= datetime.fromisoformat(after)]
        rows = [row for row in rows if not before or at(row) <= datetime.fromisoformat(before)]
    return rows


@contextmanager
def gitlab(*projects: dict[str, Any]) -> Iterator[GitLabReplies]:
    """A running server with these projects."""
    with serving(GitLabReplies()) as replies:
        replies.projects = {one["path_with_namespace"]: one for one in projects}
        yield replies
