"""GitHub over real HTTP: GraphQL and REST from plain dicts, with the faults that the real one has."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.servers.graphql import Answering, Document
from tests.servers.replies import Asked, Replies, Reply, serving

TOKEN = "ghp_right"
BUSY = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}
SPENT = {"message": "API rate limit exceeded for user ID 1."}
Fault = Callable[[Reply], Reply]


def broken(status: int) -> Fault:
    return lambda reply: Reply({"message": "Server Error"}, status)


def busy(status: int, wait: str = "0") -> Fault:
    return lambda reply: Reply(BUSY, status, {"Retry-After": wait})


def spent(reply: Reply) -> Reply:
    """The hour's limit is used up, and begins anew at once."""
    return Reply(SPENT, 403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) - 1)})


def limited(reply: Reply) -> Reply:
    """The same as GraphQL says it: in an answer that looks well."""
    return Reply(
        {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}, 200, {"Retry-After": "0"}
    )


def too_much(reply: Reply) -> Reply:
    said = "Something went wrong while executing your query. This may be the result of a timeout"
    return Reply({"data": None, "errors": [{"message": said}]})


def truncated(reply: Reply) -> Reply:
    content, _ = reply.content()
    return Reply(content[: len(content) // 2].decode("utf-8", "replace"), reply.status)


def hung_up(reply: Reply) -> Reply:
    raise ConnectionResetError("the line was cut")


@dataclass
class GitHubReplies(Replies):
    """Repositories by owner/name, and what goes wrong with which question."""

    repositories: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: dict[int, Fault] = field(default_factory=dict)
    """Number of the question, from 1 → what goes wrong with it."""
    wrong: dict[str, Fault] = field(default_factory=dict)
    """Words of a question → what goes wrong with it, whenever it is asked: questions are asked side by side."""
    always: Fault | None = None
    """What goes wrong with every question from now on."""
    forbidden: set[str] = field(default_factory=set)
    """Parts that the token may not see: deployments, runs …"""
    teams: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Teams by organisation."""
    most: int = 100
    """The most that a page holds, however many were asked for."""
    unseen: bool = False
    """Whether the token may not see a detail: whoever was asked first to review something."""
    most_at_once: int = 100
    """The most pull requests in one question that it has the time for."""
    jumbled: bool = False
    """Whether pages come in any order within, with some of what came before once more."""
    latency_s: float = 0.0
    tokens: tuple[str, ...] = (TOKEN,)
    count: int = 0

    def put(self, *repositories: dict[str, Any]) -> None:
        self.repositories |= {one["nameWithOwner"]: one for one in repositories}

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        self.count += 1
        number = self.count
        if self.latency_s:
            time.sleep(self.latency_s)
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Reply({"message": "Bad credentials"}, 401)
        if asked.path in self.routes:
            found = self.routes[asked.path]
            assert isinstance(found, Reply)
            return found
        reply = self._graphql(asked.json) if asked.path == "/api/graphql" else self._rest(asked)
        said = asked.body.decode() if self.wrong else ""
        fault = next((fault for words, fault in self.wrong.items() if words in said), None)
        fault = fault or self.faults.get(number) or self.always
        return fault(reply) if fault else reply

    def _graphql(self, told: Mapping[str, Any]) -> Reply:
        question = Answering(Document(told["query"]), told["variables"], self._page)
        if told["query"].count(": pullRequest(") > self.most_at_once:
            return Reply({"message": "We couldn't respond to your request in time."}, 504)
        if found := [part for part in self.forbidden if f"{part}(" in told["query"]]:
            said = f"Resource not accessible by personal access token: {found[0]}"
            return Reply({"data": None, "errors": [{"type": "FORBIDDEN", "message": said}]})
        data = question.answer(
            {
                "repository": self._repository,
                "repositoryOwner": self._owner,
                "organization": self._organization,
                "node": self._node,
                "rateLimit": {"cost": 1, "remaining": 4999, "resetAt": "2026-03-11T13:00:00Z"},
            }
        )
        unseen = {"type": "FORBIDDEN", "path": ["repository", "p1", "timelineItems", "nodes", 0, "requestedReviewer"]}
        if self.unseen and "pullRequest(" in told["query"]:
            return Reply({"data": data, "errors": [{**unseen, "message": "Resource not accessible by integration"}]})
        missing = [name for name, value in data.items() if value is None]
        errors = [{"type": "NOT_FOUND", "path": [name], "message": f"Could not resolve {name}"} for name in missing]
        return Reply({"data": data, **({"errors": errors} if errors else {})})

    def _repository(self, owner: str, name: str) -> dict[str, Any] | None:
        found = self.repositories.get(f"{owner}/{name}")
        if found is None:
            return None
        pulls = {one["number"]: one for one in found["pullRequests"]}
        return {**found, "pullRequest": pulls.get}

    def _owner(self, login: str) -> dict[str, Any] | None:
        mine = [one for path, one in self.repositories.items() if path.startswith(f"{login}/")]
        return {"repositories": mine} if mine else None

    def _organization(self, login: str) -> dict[str, Any] | None:
        if login not in self.teams:
            return None
        crews = self.teams[login]
        return {"teams": crews, "team": lambda slug: next(one for one in crews if one["slug"] == slug)}

    def _node(self, id: str) -> Any:
        reviews = (r for repo in self.repositories.values() for p in repo["pullRequests"] for r in p["reviews"])
        return next(review for review in reviews if review["id"] == id)

    def _page(self, name: str, listed: list[Any], args: Mapping[str, Any]) -> dict[str, Any]:
        rows = _chosen(listed, args)
        size = min(args.get("first") or 100, self.most)
        after = args.get("after")
        start = int(base64.b64decode(after)) if after else 0
        nodes, end = rows[start : start + size], start + size
        if self.jumbled:
            nodes = [*nodes, *rows[max(start - 2, 0) : start]]
            random.Random(start).shuffle(nodes)
        mark = base64.b64encode(str(end).encode()).decode()
        return {
            "totalCount": len(rows),
            "pageInfo": {"hasNextPage": end < len(rows), "endCursor": mark if nodes else None},
            "nodes": nodes,
        }

    def _rest(self, asked: Asked) -> Reply:
        *_, owner, name, rest = asked.path.split("/", 6)
        found = self.repositories.get(f"{owner}/{name}")
        if found is None:
            return Reply({"message": "Not Found"}, 404)
        if rest == "actions/runs":
            if "runs" in self.forbidden:
                return Reply({"message": "Resource not accessible by personal access token"}, 403)
            return self._runs(found["runs"], asked)
        parts = rest.split("/")
        pull = next((one for one in found["pullRequests"] if len(parts) == 2 and str(one["number"]) == parts[1]), None)
        return Reply(_as_rest(pull)) if pull else Reply({"message": "Not Found"}, 404)

    def _runs(self, runs: list[dict[str, Any]], asked: Asked) -> Reply:
        size, page = min(int(asked.params["per_page"]), self.most), int(asked.params["page"])
        newest = sorted(runs, key=lambda one: (one["created_at"], one["id"]), reverse=True)
        rows = newest[(page - 1) * size : page * size]
        if self.jumbled:
            random.Random(page).shuffle(rows)
        told = {"total_count": len(runs), "workflow_runs": rows}
        tag = f'W/"{hashlib.md5(json.dumps(told).encode(), usedforsecurity=False).hexdigest()}"'
        if asked.headers.get("if-none-match") == tag:
            return Reply("", 304, {"ETag": tag})
        return Reply(told, headers={"ETag": tag})


def _chosen(listed: list[Any], args: Mapping[str, Any]) -> list[Any]:
    """What of a list is meant, in the order that is wished."""
    rows = listed
    if states := args.get("states"):
        rows = [one for one in rows if one["state"] in states]
    if kinds := args.get("itemTypes"):
        named = {"".join(word.title() for word in kind.split("_")) for kind in kinds}
        rows = [one for one in rows if one["__typename"] in named]
    field_of = {"CREATED_AT": "createdAt", "UPDATED_AT": "updatedAt", "NAME": "nameWithOwner", "NUMBER": "number"}
    order = args.get("orderBy")
    if order and order["field"] in field_of:
        key = field_of[order["field"]]
        rows = sorted(
            rows,
            key=lambda one: (one.get(key) or one["name"], one.get("number", 0)),
            reverse=order["direction"] == "DESC",
        )
    elif order:
        rows = sorted(rows, key=lambda one: str(one["name"]), reverse=True)
    return rows


def _as_rest(pull: Mapping[str, Any]) -> dict[str, Any]:
    """A pull request as REST tells it: what a walk of one call each gets."""
    return {
        "number": pull["number"], "title": pull["title"], "state": "open" if pull["state"] == "OPEN" else "closed",
        "created_at": pull["createdAt"], "updated_at": pull["updatedAt"], "merged_at": pull["mergedAt"],
        "user": pull["author"], "additions": pull["additions"], "deletions": pull["deletions"],
        "commits": len(pull["commits"]), "comments": len(pull["comments"]),
    }  # fmt: skip


@contextmanager
def github(*repositories: dict[str, Any]) -> Iterator[GitHubReplies]:
    """A running Enterprise server with these repositories."""
    with serving(GitHubReplies()) as replies:
        replies.put(*repositories)
        yield replies
