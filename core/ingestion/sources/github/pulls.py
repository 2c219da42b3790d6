"""A pull request as GitHub tells it, as rows: itself, its commits, reviews, comments and requests for review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from core.ingestion.sources import requests
from core.ingestion.sources.github.people import Names
from core.ingestion.sources.progressing import Row
from core.ingestion.sources.provider import moment


def rows(node: Mapping[str, Any], names: Names) -> Iterator[Row]:
    """Every row of one pull request."""
    commits = list(_commits(node, names))
    yield "pull_requests", _pull(node, names, commits)
    yield from (("pr_commits", row) for row in commits)
    for review in node["reviews"]["nodes"]:
        if review and review["submittedAt"]:
            yield "reviews", _review(node["number"], review, names)
            yield from (("review_comments", _said(node["number"], one, names)) for one in review["comments"]["nodes"])
    yield from (("review_comments", _said(node["number"], one, names)) for one in node["comments"]["nodes"])
    yield from (("review_requests", row) for row in _requests(node, names))


def _pull(node: Mapping[str, Any], names: Names, commits: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    opened, merged = moment(node["createdAt"]), moment(node["mergedAt"])
    return {
        "number": node["number"],
        "title": node["title"],
        "author_id": names.of(node["author"], opened),
        "state": str(node["state"]).lower(),
        "is_draft": node["isDraft"],
        "opened_at": opened,
        "ready_at": _ready_at(node),
        "first_commit_at": min((row["authored_at"] for row in commits), default=None),
        "merged_at": merged,
        "closed_at": moment(node["closedAt"]),
        "merged_by_id": names.of(node["mergedBy"], merged) if merged else 0,
        "base_branch": node["baseRefName"],
        "head_branch": node["headRefName"],
        "merge_sha": (node["mergeCommit"] or {}).get("oid", "") if merged else "",
        "additions": node["additions"],
        "deletions": node["deletions"],
        "files": node["changedFiles"],
        "commits": len(commits),
        "milestone": (node["milestone"] or {}).get("number", 0),
        "labels": [label["name"] for label in (node["labels"] or {}).get("nodes", ())],
        "url": node["url"],
        "approximate": 0,
    }


def _ready_at(node: Mapping[str, Any]) -> datetime | None:
    """When it was first ready for review; None while it has only been a draft.

    The first thing that happened to it as a draft tells whether it was opened as one.
    """
    turns = sorted((at, what) for what, at in _turns(node))
    if turns and turns[0][1] == "ReadyForReviewEvent":
        return moment(turns[0][0])
    return None if node["isDraft"] and not turns else moment(node["createdAt"])


def _turns(node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for event in node["timelineItems"]["nodes"]:
        if event and event["__typename"] in ("ReadyForReviewEvent", "ConvertToDraftEvent"):
            yield event["__typename"], event["createdAt"]


def _commits(node: Mapping[str, Any], names: Names) -> Iterator[dict[str, Any]]:
    forced = _forced(node)
    for one in node["commits"]["nodes"]:
        commit = one["commit"]
        authored = moment(commit["authoredDate"])
        # GitHub tells no moment of an ordinary push: a commit is not pushed before it is made, nor before the force
        # push that brought it.
        pushed = max(str(commit["committedDate"]), forced.get(commit["oid"], ""))
        yield {
            "pr_number": node["number"],
            "sha": commit["oid"],
            "author_id": names.of_commit(commit["author"], authored),
            "authored_at": authored,
            "pushed_at": moment(pushed),
        }


def _forced(node: Mapping[str, Any]) -> dict[str, str]:
    """Commit → the last force push that made it the branch's tip."""
    return {
        event["afterCommit"]["oid"]: event["createdAt"]
        for event in sorted(
            (e for e in node["timelineItems"]["nodes"] if e and e["__typename"] == "HeadRefForcePushedEvent"),
            key=lambda event: str(event["createdAt"]),
        )
        if event["afterCommit"]
    }


def _review(number: int, review: Mapping[str, Any], names: Names) -> dict[str, Any]:
    at = moment(review["submittedAt"])
    return {
        "pr_number": number,
        "review_key": str(review["databaseId"]),
        "reviewer_id": names.of(review["author"], at),
        "state": str(review["state"]).lower(),
        "submitted_at": at,
        "comments": review["comments"]["totalCount"],
        "body_length": len(review["body"] or ""),
        "approximate": 0,
    }


def _said(number: int, comment: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """A comment on a line, or on the whole: the latter has no path, and a key that no line's comment has."""
    at, on_line = moment(comment["createdAt"]), "path" in comment
    reply = comment.get("replyTo") or {}
    return {
        "pr_number": number,
        "comment_key": f"{'' if on_line else 'issue-'}{comment['databaseId']}",
        "author_id": names.of(comment["author"], at),
        "created_at": at,
        "path": comment.get("path") or "",
        "body_length": len(comment["body"] or ""),
        "in_reply_to": str(reply.get("databaseId") or ""),
    }


def _requests(node: Mapping[str, Any], names: Names) -> Iterator[dict[str, Any]]:
    return requests.rows(
        node["number"],
        _reviewers(node, "ReviewRequestedEvent", names),
        _reviewers(node, "ReviewRequestRemovedEvent", names),
    )


def _reviewers(node: Mapping[str, Any], kind: str, names: Names) -> Iterator[requests.Moment]:
    for event in node["timelineItems"]["nodes"]:
        if not event or event["__typename"] != kind:
            continue
        asked, at = event["requestedReviewer"], moment(event["createdAt"])
        if at and not (asked and asked["__typename"] == "Team"):  # a team is nobody: a review tells who of it it was
            yield names.of(asked, at), at
