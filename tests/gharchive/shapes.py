"""Events as GH Archive keeps them, of all years: hand-made after the documented shapes of GitHub's events."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

DAY = datetime(2024, 1, 8, 0, 0, tzinfo=UTC)
"""A Monday."""


def moment(hours: float) -> str:
    return f"{DAY + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"


def event(kind: str, hours: float, repo: str = "acme/app", actor: str = "ann", **payload: Any) -> dict[str, Any]:
    return {
        "id": str(10_000_000_000 + int(hours * 3600)),
        "type": kind,
        "actor": {"id": 1, "login": actor, "display_login": actor, "gravatar_id": "",
                  "url": f"https://api.github.com/users/{actor}", "avatar_url": "https://avatars.githubusercontent.com/u/1?"},
        "repo": {"id": 7, "name": repo, "url": f"https://api.github.com/repos/{repo}"},
        "payload": payload,
        "public": True,
        "created_at": moment(hours),
    }  # fmt: skip


def user(login: str, kind: str = "User") -> dict[str, Any]:
    return {"login": login, "id": 3, "type": kind, "site_admin": False, "url": f"https://api.github.com/users/{login}"}


def pull(number: int, **more: Any) -> dict[str, Any]:
    """The whole pull request, as events told it from 2015 to the autumn of 2025."""
    return {
        "id": 900 + number, "number": number, "url": f"https://api.github.com/repos/acme/app/pulls/{number}",
        "html_url": f"https://github.com/acme/app/pull/{number}", "state": "open", "locked": False,
        "title": f"Change {number}", "user": user("ann"), "body": "Because.", "created_at": moment(1),
        "updated_at": moment(1), "closed_at": None, "merged_at": None, "merge_commit_sha": "c" * 40, "assignee": None,
        "draft": False, "labels": [{"name": "feature", "color": "fff"}], "merged": False, "merged_by": None,
        "comments": 0, "commits": 2, "additions": 30, "deletions": 4, "changed_files": 3,
        "head": {"label": "acme:topic", "ref": "topic", "sha": "a" * 40},
        "base": {"label": "acme:main", "ref": "main", "sha": "b" * 40},
        **more,
    }  # fmt: skip


def small(number: int) -> dict[str, Any]:
    """What is left of it since then."""
    return {
        "id": 900 + number, "number": number, "url": f"https://api.github.com/repos/acme/app/pulls/{number}",
        "head": {"ref": "topic", "sha": "a" * 40, "repo": {"id": 7, "name": "app", "url": "…"}},
        "base": {"ref": "main", "sha": "b" * 40, "repo": {"id": 7, "name": "app", "url": "…"}},
    }  # fmt: skip


def push(hours: float, *commits: tuple[str, str], **more: Any) -> dict[str, Any]:
    told = [
        {"sha": sha, "author": {"email": "5f2a9c@acme.example", "name": "Ann"}, "message": f"{text}\n\nMore.",
         "distinct": True, "url": f"https://api.github.com/repos/acme/app/commits/{sha}"}
        for sha, text in commits
    ]  # fmt: skip
    return event("PushEvent", hours, push_id=5, size=len(told), distinct_size=len(told), ref="refs/heads/main",
                 head="d" * 40, before="e" * 40, commits=told, **more)  # fmt: skip


def write(folder: Path, events: Iterable[dict[str, Any]]) -> list[Path]:
    """Hourly files of these events."""
    hours: dict[str, list[str]] = {}
    for one in events:
        at = datetime.fromisoformat(one["created_at"])
        hours.setdefault(f"{at:%Y-%m-%d}-{at.hour}.json.gz", []).append(json.dumps(one, separators=(",", ":")))
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in hours.items():
        (folder / name).write_bytes(gzip.compress(("\n".join(lines) + "\n").encode()))
    return sorted(folder / name for name in hours)
