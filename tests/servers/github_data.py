"""An organisation at GitHub as its public API describes one: pull requests with all that happened to them.

Everything follows from the numbers alone, so that a test can say what must come out.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

BEGIN = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)
"""A Monday."""
PEOPLE = ("ada", "ben", "cleo", "dan", "eve")


def text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def user(login: str | None) -> dict[str, Any] | None:
    if login is None:
        return None
    if login.endswith("[bot]"):
        return {"__typename": "Bot", "login": login.removesuffix("[bot]")}
    return {"__typename": "User", "login": login, "name": login.title()}


def sha(word: str) -> str:
    return hashlib.sha1(word.encode()).hexdigest()


def commit(word: str, login: str, at: datetime, committed: datetime | None = None) -> dict[str, Any]:
    return {
        "commit": {
            "oid": sha(word),
            "authoredDate": text(at),
            "committedDate": text(committed or at),
            "author": {
                "name": login if login.endswith("[bot]") else login.title(),
                "email": f"{login}@example.org",
                "user": {"login": login},
            },
        }
    }


def comment(id_: int, login: str | None, at: datetime, body: str = "Hm.") -> dict[str, Any]:
    return {"databaseId": id_, "createdAt": text(at), "body": body, "author": user(login)}


def line_comment(
    id_: int, login: str | None, at: datetime, path: str = "app/main.py", reply: int | None = None
) -> dict[str, Any]:
    return {**comment(id_, login, at, "Why?"), "path": path, "replyTo": {"databaseId": reply} if reply else None}


def review(
    id_: int, login: str | None, state: str, at: datetime | None, comments: list[dict[str, Any]] | None = None,
    body: str = "",
) -> dict[str, Any]:  # fmt: skip
    return {
        "__typename": "PullRequestReview",
        "id": f"PRR_{id_}",
        "databaseId": id_,
        "state": state,
        "submittedAt": text(at) if at else None,
        "body": body,
        "author": user(login),
        "comments": comments or [],
    }


def event(kind: str, at: datetime, **more: Any) -> dict[str, Any]:
    return {"__typename": kind, "createdAt": text(at), **more}


def asked(login: str | None, at: datetime) -> dict[str, Any]:
    return event("ReviewRequestedEvent", at, requestedReviewer=user(login))


def pull(number: int, author: str | None, opened: datetime, **given: Any) -> dict[str, Any]:
    merged, closed = given.pop("merged", None), given.pop("closed", None)
    updated = given.pop("updated", None) or merged or closed or opened
    closed = closed or merged
    return {
        "__typename": "PullRequest",
        "number": number,
        "title": f"Change {number}",
        "url": f"https://github.com/acme/api/pull/{number}",
        "state": "MERGED" if merged else "CLOSED" if closed else "OPEN",
        "isDraft": False,
        "createdAt": text(opened),
        "updatedAt": text(updated),
        "closedAt": text(closed) if closed else None,
        "mergedAt": text(merged) if merged else None,
        "author": user(author),
        "mergedBy": user("ben") if merged else None,
        "baseRefName": "main",
        "headRefName": f"topic/{number}",
        "mergeCommit": {"oid": sha(f"merge {number}")} if merged else None,
        "additions": number * 3,
        "deletions": number,
        "changedFiles": 1 + number % 5,
        "milestone": {"number": 1} if number % 5 == 0 else None,
        "labels": [{"name": "bug"}] if number % 3 == 0 else [],
        "commits": [commit(f"{number}-0", author or "ada", opened - timedelta(hours=2))],
        "reviews": [],
        "comments": [],
        "timelineItems": [],
        **given,
    }


def ordinary(number: int) -> dict[str, Any]:
    """A pull request like most: asked for review, commented on, approved, merged by somebody else."""
    opened = BEGIN + timedelta(hours=3 * number)
    author, other = PEOPLE[number % 5], PEOPLE[(number + 1) % 5]
    first = opened + timedelta(hours=4)
    state = "APPROVED" if number % 4 else "CHANGES_REQUESTED"
    lines = [line_comment(number * 100 + n, other, first) for n in range(number % 3)]
    reviews = [review(number * 10, other, state, first, lines, body="See below." if lines else "")]
    if state != "APPROVED":
        reviews.append(review(number * 10 + 1, other, "APPROVED", first + timedelta(hours=20)))
    return pull(
        number, author, opened, merged=None if number % 7 == 0 else opened + timedelta(hours=30),
        closed=opened + timedelta(hours=31) if number % 14 == 0 else None,
        updated=opened + timedelta(hours=31),
        commits=[commit(f"{number}-{n}", author, opened - timedelta(hours=2 - n)) for n in range(1 + number % 3)],
        reviews=reviews,
        comments=[comment(number * 1000, author, opened + timedelta(hours=1))],
        timelineItems=[asked(other, opened + timedelta(minutes=5))],
    )  # fmt: skip


def issue(number: int, **given: Any) -> dict[str, Any]:
    opened = BEGIN + timedelta(hours=5 * number)
    closed = opened + timedelta(days=2) if number % 2 else None
    return {
        "number": number,
        "title": f"Trouble {number}",
        "url": f"https://github.com/acme/api/issues/{number}",
        "state": "CLOSED" if closed else "OPEN",
        "createdAt": text(opened),
        "updatedAt": text(closed or opened),
        "closedAt": text(closed) if closed else None,
        "author": user(PEOPLE[number % 5]),
        "milestone": {"number": 2} if number % 4 == 0 else None,
        "labels": [{"name": ("type: bug", "enhancement", "docs")[number % 3]}],
        "assignees": [user(PEOPLE[(number + 2) % 5])],
        **given,
    }


def deployment(id_: int, at: datetime, *states: tuple[str, float], environment: str = "production") -> dict[str, Any]:
    """One with the states that it went through, each so many minutes after it began."""
    return {
        "databaseId": id_,
        "environment": environment,
        "commitOid": sha(f"deployed {id_}"),
        "createdAt": text(at),
        "state": {"SUCCESS": "ACTIVE"}.get(states[-1][0], states[-1][0]) if states else "PENDING",
        "creator": user("ada"),
        "statuses": [
            {"state": state, "createdAt": text(at + timedelta(minutes=after)),
             "environmentUrl": "https://acme.example" if state == "SUCCESS" else None, "logUrl": None}
            for state, after in states
        ],
    }  # fmt: skip


def milestone(number: int, due: datetime | None = None, closed: datetime | None = None) -> dict[str, Any]:
    return {
        "number": number, "title": f"Plan {number}", "state": "CLOSED" if closed else "OPEN",
        "url": f"https://github.com/acme/api/milestone/{number}", "createdAt": text(BEGIN),
        "dueOn": text(due) if due else None, "closedAt": text(closed) if closed else None,
    }  # fmt: skip


def release(id_: int, tag: str, at: datetime, **given: Any) -> dict[str, Any]:
    return {
        "databaseId": id_, "tagName": tag, "name": f"Version {tag}", "isDraft": False, "isPrerelease": False,
        "url": f"https://github.com/acme/api/releases/tag/{tag}", "createdAt": text(at), "publishedAt": text(at),
        "tagCommit": {"oid": sha(tag)}, "author": user("cleo"), **given,
    }  # fmt: skip


def tag(name: str, at: datetime, *, annotated: bool = False) -> dict[str, Any]:
    by = {"name": "Cleo", "email": "cleo@example.org", "user": {"login": "cleo"}}
    plain = {"__typename": "Commit", "oid": sha(name), "committedDate": text(at), "author": by}
    if not annotated:
        return {"name": name, "target": plain}
    tagger = {**by, "date": text(at + timedelta(hours=1))}
    return {"name": name, "target": {"__typename": "Tag", "oid": sha("t" + name), "tagger": tagger, "target": plain}}


def run(id_: int, at: datetime, conclusion: str | None = "success", **given: Any) -> dict[str, Any]:
    """A run of a workflow, as REST tells it."""
    ended = at + timedelta(minutes=12)
    return {
        "id": id_, "name": "Deploy", "path": ".github/workflows/deploy.yml@refs/heads/main", "head_branch": "main",
        "event": "push", "status": "completed" if conclusion else "in_progress", "conclusion": conclusion,
        "run_attempt": 1, "head_sha": sha(f"run {id_}"), "run_started_at": text(at), "created_at": text(at),
        "updated_at": text(ended), "actor": {"login": "dan", "type": "User"},
        "triggering_actor": {"login": "dan", "type": "User"},
        "html_url": f"https://github.com/acme/api/actions/runs/{id_}", **given,
    }  # fmt: skip


def repository(name: str = "acme/api", pulls: int = 0, **given: Any) -> dict[str, Any]:
    """A repository with so many ordinary pull requests."""
    return {
        "nameWithOwner": name,
        "url": f"https://github.com/{name}",
        "isArchived": False,
        "isFork": False,
        "defaultBranchRef": {"name": "main"},
        "pullRequests": [ordinary(number) for number in range(1, pulls + 1)],
        "issues": [],
        "milestones": [],
        "releases": [],
        "refs": [],
        "deployments": [],
        "runs": [],
        **given,
    }


def odd() -> list[dict[str, Any]]:
    """Pull requests with what is rare, and must come out right all the same."""
    at = BEGIN + timedelta(days=100)
    hour = timedelta(hours=1)
    return [
        # Opened as a draft, made ready, back to a draft, ready again: the first time counts.
        pull(901, "ada", at, merged=at + 50 * hour, timelineItems=[
            event("ReadyForReviewEvent", at + 5 * hour), event("ConvertToDraftEvent", at + 6 * hour),
            event("ReadyForReviewEvent", at + 9 * hour)]),
        # Opened ready, a draft since: it was ready when it was opened.
        pull(902, "ben", at, isDraft=True, timelineItems=[event("ConvertToDraftEvent", at + 2 * hour)]),
        # A draft that never was anything else.
        pull(903, "cleo", at, isDraft=True),
        # Its author, one reviewer, a commenter and whoever was asked are gone.
        pull(904, None, at, merged=at + 30 * hour, mergedBy=None, reviews=[review(9040, None, "APPROVED", at + hour)],
             comments=[comment(90400, None, at + hour)], timelineItems=[
                 asked(None, at), asked("eve", at + hour), asked("eve", at + 3 * hour),
                 event("ReviewRequestRemovedEvent", at + 2 * hour, requestedReviewer=user("eve")),
                 event("ReviewRequestRemovedEvent", at + 2 * hour, requestedReviewer=user("ada"))]),
        # A bot's, reviewed by a bot first; a team was asked, which is nobody.
        pull(905, "dependabot[bot]", at, merged=at + 3 * hour,
             reviews=[review(9050, "linter[bot]", "COMMENTED", at + hour, body="Fine"),
                      review(9051, "ada", "APPROVED", at + 2 * hour), review(9052, "ben", "PENDING", None)],
             timelineItems=[event("ReviewRequestedEvent", at, requestedReviewer={"__typename": "Team"})]),
        # Rebased after its review: the force push is when its tip came.
        pull(906, "dan", at, merged=at + 40 * hour,
             commits=[commit(f"906-{n}", "dan", at - (5 - n) * hour, at + hour) for n in range(2)],
             reviews=[review(9060, "eve", "DISMISSED", at + 2 * hour)],
             timelineItems=[event("HeadRefForcePushedEvent", at + 4 * hour, afterCommit={"oid": sha("906-1")}),
                            event("HeadRefForcePushedEvent", at + 3 * hour, afterCommit={"oid": sha("906-gone")}),
                            event("HeadRefForcePushedEvent", at + 3 * hour, afterCommit=None)]),
        # A long talk, over many pages of each of its lists.
        pull(907, "eve", at, merged=at + 90 * hour,
             commits=[commit(f"907-{n}", "eve", at + n * hour) for n in range(7)],
             reviews=[review(9070 + n, "ada", "COMMENTED", at + n * hour,
                             [line_comment(90700 + 10 * n + m, "ada", at + n * hour, reply=1 if m else None)
                              for m in range(n)]) for n in range(6)],
             comments=[comment(907000 + n, "ben", at + n * hour) for n in range(9)],
             timelineItems=[asked("ada", at + n * hour) for n in range(5)]),
        # A commit whose author GitHub knows no account for.
        pull(908, "ada", at, commits=[{"commit": {
            "oid": sha("908"), "authoredDate": text(at), "committedDate": text(at),
            "author": {"name": "Old Hand", "email": "old@example.org", "user": None}}}]),
    ]  # fmt: skip


def acme() -> dict[str, Any]:
    """A repository with something of everything."""
    day = timedelta(days=1)
    return repository(
        pulls=60,
        issues=[issue(number) for number in range(1001, 1041)],
        milestones=[milestone(1, due=BEGIN + 40 * day), milestone(2), milestone(3, closed=BEGIN + 9 * day)],
        releases=[release(n, f"v1.{n}", BEGIN + n * day) for n in range(6)],
        refs=[tag(f"v1.{n}", BEGIN + n * day, annotated=n % 2 == 0) for n in range(6)],
        deployments=[
            deployment(1, BEGIN, ("IN_PROGRESS", 1), ("SUCCESS", 9), ("INACTIVE", 2000)),
            deployment(2, BEGIN + day, ("QUEUED", 0), ("FAILURE", 5)),
            deployment(3, BEGIN + 2 * day, ("ERROR", 4)),
            deployment(4, BEGIN + 3 * day, ("SUCCESS", 6)),
            deployment(5, BEGIN + 4 * day, ("IN_PROGRESS", 2)),
            deployment(6, BEGIN + 5 * day, ("SUCCESS", 3), environment="staging"),
        ],
        runs=[run(n, BEGIN + n * day, ("success", "failure", "cancelled")[n % 3]) for n in range(250)],
    ) | {"pullRequests": [*(ordinary(n) for n in range(1, 61)), *odd()]}
