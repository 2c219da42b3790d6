"""What stands around the code at GitLab, as rows: issues, releases, tags, deployments and pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.ingestion.sources.deployed import PRODUCTION
from core.ingestion.sources.gitlab.people import Names
from core.ingestion.sources.kinds_of_issue import kind_of
from core.ingestion.sources.provider import moment

ENDED = {"success": "success", "failed": "failure", "canceled": "cancelled", "skipped": "skipped"}
"""What ends a deployment or a pipeline, in the words that all providers share."""


def issue(told: Mapping[str, Any], names: Names) -> dict[str, Any]:
    opened, labels = moment(told["created_at"]), list(told["labels"])
    is_incident = str(told.get("issue_type") or told.get("type") or "").lower() == "incident"
    return {
        "number": told["iid"],
        "title": told["title"],
        "author_id": names.of(told["author"], opened),
        "assignee_ids": [names.of(one, opened) for one in told.get("assignees") or ()],
        "state": "open" if told["state"] == "opened" else told["state"],
        "kind": "bug" if is_incident else kind_of(labels),
        "opened_at": opened,
        "closed_at": moment(told["closed_at"]),
        "milestone": (told.get("milestone") or {}).get("id", 0),
        "labels": labels,
        "url": told["web_url"],
    }


def milestone(told: Mapping[str, Any]) -> dict[str, Any]:
    """A milestone of the project or of a group that it is in: by its id, since each counts by itself."""
    closed = told["state"] == "closed"
    return {
        "number": told["id"], "title": told["title"], "state": "closed" if closed else "open",
        "opened_at": moment(told["created_at"]),
        "due_at": moment(f"{told['due_date']}T00:00:00+00:00") if told.get("due_date") else None,
        "closed_at": moment(told["updated_at"]) if closed else None, "url": told.get("web_url") or "",
    }  # fmt: skip


def release(told: Mapping[str, Any], names: Names) -> dict[str, Any]:
    created = moment(told["created_at"])
    return {
        "release_key": told["tag_name"], "tag": told["tag_name"], "name": told.get("name") or "",
        "sha": (told.get("commit") or {}).get("id", ""), "branch": "", "is_draft": 0, "is_prerelease": 0,
        "created_at": created, "published_at": moment(told.get("released_at")) or created,
        "author_id": names.of(told.get("author"), created), "url": (told.get("_links") or {}).get("self", ""),
    }  # fmt: skip


def tag(told: Mapping[str, Any], names: Names) -> dict[str, Any] | None:
    commit = told.get("commit") or {}
    at = moment(told.get("created_at") or commit.get("committed_date") or commit.get("created_at"))
    if at is None:
        return None
    return {
        "name": told["name"], "sha": commit.get("id", ""), "tagged_at": at, "tagger_id": names.of_commit(commit, at),
        "url": "",
    }  # fmt: skip


def deployment(told: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """A deployment with the moments of its job, where it has one."""
    job, place = told.get("deployable") or {}, told.get("environment") or {}
    created = moment(told["created_at"])
    status = ENDED.get(told["status"], told["status"])
    ended = moment(job.get("finished_at")) or moment(told["updated_at"])
    name = place.get("name") or ""
    return {
        "deployment_key": str(told["id"]),
        "environment": name,
        "is_production": place["tier"] == "production" if place.get("tier") else bool(PRODUCTION.match(name)),
        "status": status,
        "started_at": moment(job.get("started_at")) or created,
        "finished_at": ended if told["status"] in ENDED else None,
        "sha": told["sha"],
        "creator_id": names.of(told.get("user"), created),
        "url": place.get("external_url") or job.get("web_url") or "",
    }


def pipeline(told: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """A pipeline, as a run of a workflow."""
    ended = ENDED.get(told["status"])
    return {
        "run_key": str(told["id"]), "name": told.get("name") or "Pipeline", "path": ".gitlab-ci.yml",
        "branch": told.get("ref") or "", "event": told.get("source") or "",
        "status": "completed" if ended else told["status"], "conclusion": ended or "", "attempt": 1,
        "sha": told["sha"], "started_at": moment(told["created_at"]),
        "finished_at": moment(told["updated_at"]) if ended else None, "actor_id": 0, "url": told["web_url"],
    }  # fmt: skip
