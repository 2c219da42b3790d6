"""What stands around the code, as rows: issues, releases, tags, deployments and runs of workflows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.ingestion.sources.deployed import PRODUCTION
from core.ingestion.sources.github.people import Names
from core.ingestion.sources.kinds_of_issue import kind_of
from core.ingestion.sources.provider import moment

ENDED = {"SUCCESS": "success", "FAILURE": "failure", "ERROR": "failure"}
"""States that end a deployment. INACTIVE only says that a later one took its place."""


def issue(node: Mapping[str, Any], names: Names) -> dict[str, Any]:
    opened = moment(node["createdAt"])
    labels = [label["name"] for label in (node["labels"] or {}).get("nodes", ())]
    return {
        "number": node["number"],
        "title": node["title"],
        "author_id": names.of(node["author"], opened),
        "assignee_ids": [names.of(one, opened) for one in node["assignees"]["nodes"]],
        "state": str(node["state"]).lower(),
        "kind": kind_of(labels),
        "opened_at": opened,
        "closed_at": moment(node["closedAt"]),
        "milestone": (node["milestone"] or {}).get("number", 0),
        "labels": labels,
        "url": node["url"],
    }


def milestone(node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": node["number"],
        "title": node["title"],
        "state": str(node["state"]).lower(),
        "opened_at": moment(node["createdAt"]),
        "due_at": moment(node["dueOn"]),
        "closed_at": moment(node["closedAt"]),
        "url": node["url"],
    }


def release(node: Mapping[str, Any], names: Names) -> dict[str, Any]:
    created = moment(node["createdAt"])
    return {
        "release_key": str(node["databaseId"]),
        "tag": node["tagName"] or "",
        "name": node["name"] or "",
        "sha": (node["tagCommit"] or {}).get("oid", ""),
        "branch": "",
        "is_draft": node["isDraft"],
        "is_prerelease": node["isPrerelease"],
        "created_at": created,
        "published_at": moment(node["publishedAt"]),
        "author_id": names.of(node["author"], created),
        "url": node["url"],
    }


def tag(node: Mapping[str, Any], names: Names) -> dict[str, Any] | None:
    """A tag; None for one of a tree or a blob, which names no state of the code."""
    target = node["target"] or {}
    by, at = target.get("author"), target.get("committedDate")
    sha = target.get("oid", "")
    if target.get("__typename") == "Tag":
        inner, tagger = target["target"] or {}, target["tagger"] or {}
        by, at = tagger or None, tagger.get("date") or inner.get("committedDate")
        sha = inner.get("oid", "")
    tagged = moment(at)
    if tagged is None:
        return None
    return {"name": node["name"], "sha": sha, "tagged_at": tagged, "tagger_id": names.of_commit(by, tagged), "url": ""}


def deployment(node: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """A deployment by the last state that ended it. What rules say of it besides is left as it stands."""
    started = moment(node["createdAt"])
    states = sorted((node["statuses"] or {}).get("nodes", ()), key=lambda one: str(one["createdAt"]))
    ends = [one for one in states if one["state"] in ENDED]
    last = ends[-1] if ends else None
    status = ENDED[last["state"]] if last else str(node["state"] or "pending").lower()
    links = [link for one in reversed(states) if (link := one["environmentUrl"] or one["logUrl"])]
    return {
        "deployment_key": str(node["databaseId"]),
        "environment": node["environment"] or "",
        "is_production": bool(PRODUCTION.match(node["environment"] or "")),
        "status": status,
        "started_at": started,
        "finished_at": moment(last["createdAt"]) if last else None,
        "sha": node["commitOid"],
        "creator_id": names.of(node["creator"], started),
        "url": links[0] if links else "",
    }


def workflow_run(told: Mapping[str, Any], names: Names) -> dict[str, Any]:
    started = moment(told.get("run_started_at") or told["created_at"])
    return {
        "run_key": str(told["id"]),
        "name": told.get("name") or "",
        "path": str(told.get("path") or "").partition("@")[0],
        "branch": told.get("head_branch") or "",
        "event": told.get("event") or "",
        "status": told.get("status") or "",
        "conclusion": told.get("conclusion") or "",
        "attempt": told.get("run_attempt") or 1,
        "sha": told.get("head_sha") or "",
        "started_at": started,
        "finished_at": moment(told["updated_at"]) if told.get("status") == "completed" else None,
        "actor_id": names.of(told.get("triggering_actor") or told.get("actor"), started),
        "url": told.get("html_url") or "",
    }
