"""From a checked record to the row of a fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from core.ingestion.records.kinds import (
    PRODUCTION,
    Commit,
    Deployment,
    Incident,
    Issue,
    Milestone,
    PullRequest,
    Record,
    Review,
    ReviewComment,
)

Named = Callable[[str, datetime | None], int]
"""Gives the number of somebody, who was seen at that time."""
ENDED = ("success", "failure", "cancelled", "skipped")


def row_of(record: Record, named: Named) -> dict[str, Any]:
    """The row that a record says."""
    match record:
        case Deployment():
            return deployment(record, named)
        case Incident():
            return incident(record)
        case PullRequest():
            return pull_request(record, named)
        case Review():
            return review(record, named)
        case ReviewComment():
            return comment(record, named)
        case Issue():
            return issue(record, named)
        case Milestone():
            return milestone(record)
        case Commit():
            return commit(record, named)
    raise AssertionError(record)


def deployment(said: Deployment, named: Named) -> dict[str, Any]:
    is_production = said.is_production
    if is_production is None:
        is_production = bool(PRODUCTION.search(said.environment))
    finished = said.finished_at or (said.started_at if said.status in ENDED else None)
    return {
        "deployment_key": said.key,
        "environment": said.environment,
        "is_production": is_production,
        "status": said.status,
        "started_at": said.started_at,
        "finished_at": finished,
        "sha": said.sha,
        "creator_id": named(said.creator, said.started_at),
        "pr_numbers": sorted(set(said.pull_requests)),
        "failed": said.status == "failure" if said.failed is None else said.failed,
        "restored_at": said.restored_at,
        "url": said.url,
    }


def incident(said: Incident) -> dict[str, Any]:
    return {
        "incident_key": said.key,
        "title": said.title,
        "severity": said.severity,
        "opened_at": said.opened_at,
        "acknowledged_at": said.acknowledged_at,
        "resolved_at": said.resolved_at,
        "deployment_key": said.deployment,
        "url": said.url,
    }


def pull_request(said: PullRequest, named: Named) -> dict[str, Any]:
    state = said.state or ("merged" if said.merged_at else "closed" if said.closed_at else "open")
    return {
        "number": said.number,
        "title": said.title,
        "author_id": named(said.author, said.opened_at),
        "state": state,
        "is_draft": said.is_draft,
        "opened_at": said.opened_at,
        "ready_at": said.ready_at,
        "first_commit_at": said.first_commit_at,
        "merged_at": said.merged_at,
        "closed_at": said.closed_at or said.merged_at,
        "merged_by_id": named(said.merged_by, said.merged_at),
        "base_branch": said.base_branch,
        "head_branch": said.head_branch,
        "merge_sha": said.merge_sha,
        "additions": said.additions,
        "deletions": said.deletions,
        "files": said.files,
        "commits": said.commits,
        "labels": said.labels,
        "milestone": said.milestone,
        "url": said.url,
    }


def review(said: Review, named: Named) -> dict[str, Any]:
    reviewer = named(said.reviewer, said.submitted_at)
    return {
        "pr_number": said.pull_request,
        "review_key": said.key or f"{reviewer}:{int(said.submitted_at.timestamp())}",
        "reviewer_id": reviewer,
        "state": said.state,
        "submitted_at": said.submitted_at,
        "comments": said.comments,
        "body_length": said.body_length,
    }


def comment(said: ReviewComment, named: Named) -> dict[str, Any]:
    return {
        "pr_number": said.pull_request,
        "comment_key": said.key,
        "author_id": named(said.author, said.created_at),
        "created_at": said.created_at,
        "path": said.path,
        "body_length": said.body_length,
        "in_reply_to": said.in_reply_to,
    }


def issue(said: Issue, named: Named) -> dict[str, Any]:
    return {
        "number": said.number,
        "title": said.title,
        "author_id": named(said.author, said.opened_at),
        "assignee_ids": [named(who, None) for who in said.assignees],
        "state": said.state or ("closed" if said.closed_at else "open"),
        "kind": said.type,
        "opened_at": said.opened_at,
        "closed_at": said.closed_at,
        "labels": said.labels,
        "milestone": said.milestone,
        "url": said.url,
    }


def milestone(said: Milestone) -> dict[str, Any]:
    return {
        "number": said.number,
        "title": said.title,
        "state": said.state or ("closed" if said.closed_at else "open"),
        "opened_at": said.opened_at,
        "due_at": said.due_at,
        "closed_at": said.closed_at,
        "url": said.url,
    }


def commit(said: Commit, named: Named) -> dict[str, Any]:
    offset = said.authored_at.utcoffset()
    is_merge = said.parents > 1
    name, _, address = said.author.partition("<")
    return {
        "sha": said.sha.lower(),
        "author_id": named(said.author, said.authored_at),
        "author_name": name.strip(),
        "author_email": address.rstrip("> ") or (name.strip() if "@" in name else ""),
        "committer_id": named(said.committer or said.author, said.committed_at),
        "authored_at": said.authored_at,
        "author_offset": int(offset.total_seconds() // 60) if offset else 0,
        "committed_at": said.committed_at or said.authored_at,
        "parents": said.parents,
        "is_merge": is_merge,
        "additions": 0 if is_merge else said.additions,
        "deletions": 0 if is_merge else said.deletions,
        "files": 0 if is_merge else said.files,
        "co_author_ids": [named(who, said.authored_at) for who in said.co_authors],
        "subject": said.subject,
        "pr_number": said.pull_request,
    }
