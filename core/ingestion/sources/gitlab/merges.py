"""A merge request as GitLab tells it, as rows. What happened and when stands in its system notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.ingestion.sources import requests
from core.ingestion.sources.gitlab.people import Names
from core.ingestion.sources.progressing import Row
from core.ingestion.sources.provider import moment

STATES = {"opened": "open", "locked": "open"}
"""A merge request is locked for the moment in which it is merged."""
DRAFT = re.compile(r"^marked (?:this merge request )?as (?:a )?\W*(?:draft|work in progress)", re.IGNORECASE)
READY = re.compile(
    r"^(?:marked (?:this merge request )?as \W*ready|"
    r"unmarked (?:this merge request )?as a \W*(?:draft|work in progress))",
    re.IGNORECASE,
)
_NAMES = r"((?:@[\w.-]+(?:\s*,\s*and\s+|\s*,\s*|\s+and\s+)?)+)"
ASKED = re.compile(rf"requested review from {_NAMES}", re.IGNORECASE)
TAKEN_OFF = re.compile(rf"removed review request for {_NAMES}", re.IGNORECASE)
VERDICTS = (
    ("approved", re.compile(r"^approved this merge request", re.IGNORECASE)),
    ("dismissed", re.compile(r"^(?:unapproved this merge request|.*removed approval)", re.IGNORECASE)),
    ("changes_requested", re.compile(r"^requested changes", re.IGNORECASE)),
)
TOGETHER = timedelta(seconds=60)
"""Comments of one person within so long were sent as one review."""


def rows(told: Mapping[str, Any], names: Names) -> Iterator[Row]:
    """Every row of one merge request."""
    number, notes = told["iid"], sorted(told["notes"], key=lambda note: (note["created_at"], note["id"]))
    system, said = [n for n in notes if n["system"]], [n for n in notes if not n["system"]]
    commits = list(_commits(told, names))
    yield "pull_requests", _pull(told, system, commits, names)
    yield from (("pr_commits", row) for row in commits)
    yield from (("reviews", row) for row in _verdicts(told, system, names))
    yield from (("reviews", row) for row in _remarks(told, said, names))
    yield from (("review_comments", _comment(number, note, names)) for note in said)
    yield from (("review_requests", row) for row in _requests(number, system, names))


def _pull(
    told: Mapping[str, Any], system: Sequence[Mapping[str, Any]], commits: Sequence[Mapping[str, Any]], names: Names
) -> dict[str, Any]:
    opened, merged = moment(told["created_at"]), moment(told["merged_at"])
    size = told["size"]
    return {
        "number": told["iid"],
        "title": told["title"],
        "author_id": names.of(told["author"], opened),
        "state": STATES.get(told["state"], told["state"]),
        "is_draft": bool(told.get("draft", told.get("work_in_progress"))),
        "opened_at": opened,
        "ready_at": _ready_at(told, system),
        "first_commit_at": min((row["authored_at"] for row in commits), default=None),
        "merged_at": merged,
        "closed_at": moment(told["closed_at"]) or merged,
        "merged_by_id": names.of(told.get("merge_user") or told.get("merged_by"), merged) if merged else 0,
        "base_branch": told["target_branch"],
        "head_branch": told["source_branch"],
        "merge_sha": (told.get("merge_commit_sha") or told.get("squash_commit_sha") or told.get("sha") or "")
        if merged
        else "",
        "additions": size.get("additions", 0),
        "deletions": size.get("deletions", 0),
        "files": size.get("fileCount", 0),
        "commits": len(commits),
        "milestone": (told.get("milestone") or {}).get("id", 0),
        "labels": list(told["labels"]),
        "url": told["web_url"],
        "approximate": 0,
    }


def _ready_at(told: Mapping[str, Any], system: Sequence[Mapping[str, Any]]) -> datetime | None:
    """When it was first ready for review; the first turn tells whether it was opened as a draft."""
    turns = [
        (READY.match(note["body"]), note) for note in system if DRAFT.match(note["body"]) or READY.match(note["body"])
    ]
    if turns and turns[0][0]:
        return moment(turns[0][1]["created_at"])
    is_draft = bool(told.get("draft", told.get("work_in_progress")))
    return None if is_draft and not turns else moment(told["created_at"])


def _commits(told: Mapping[str, Any], names: Names) -> Iterator[dict[str, Any]]:
    for commit in told["commits"]:
        authored = moment(commit["authored_date"])
        yield {
            "pr_number": told["iid"],
            "sha": commit["id"],
            "author_id": names.of_commit(commit, authored),
            "authored_at": authored,
            "pushed_at": moment(commit["committed_date"]),
        }


def _verdicts(told: Mapping[str, Any], system: Sequence[Mapping[str, Any]], names: Names) -> Iterator[dict[str, Any]]:
    """Approvals by their notes; one that was taken back is dismissed. An approval that no note tells has no moment of
    its own: it counts as of the merge, and as approximate."""
    given: dict[str, dict[str, Any]] = {}
    found: list[dict[str, Any]] = []
    for note in system:
        verdict = next((state for state, sign in VERDICTS if sign.match(note["body"])), "")
        login = (note["author"] or {}).get("username", "")
        if verdict == "dismissed":
            if before := given.pop(login, None):
                before["state"] = "dismissed"
        elif verdict:
            found.append(_review(told["iid"], f"note-{note['id']}", verdict, note, names))
            if verdict == "approved":
                given[login] = found[-1]
    yield from found
    for one in told["approved_by"]:
        if (user := one["user"])["username"] not in given:
            at = one.get("approved_at") or told["merged_at"] or told["closed_at"] or told["updated_at"]
            note = {"author": user, "created_at": at}
            exact = bool(one.get("approved_at"))
            yield _review(told["iid"], f"approval-{user['id']}", "approved", note, names) | {
                "approximate": int(not exact)
            }


def _remarks(told: Mapping[str, Any], said: Sequence[Mapping[str, Any]], names: Names) -> Iterator[dict[str, Any]]:
    """Comments on lines by somebody else, those sent together as one review."""
    groups: list[list[Mapping[str, Any]]] = []
    newest: dict[str, list[Mapping[str, Any]]] = {}
    author = (told["author"] or {}).get("username")
    for note in said:
        login = (note["author"] or {}).get("username", "")
        if note.get("type") != "DiffNote" or login == author:
            continue
        group = newest.get(login)
        if group and _apart(group[-1], note) <= TOGETHER:
            group.append(note)
        else:
            newest[login] = [note]
            groups.append(newest[login])
    for group in groups:
        yield _review(told["iid"], f"diff-{group[0]['id']}", "commented", group[0], names) | {"comments": len(group)}


def _apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> timedelta:
    return datetime.fromisoformat(other["created_at"]) - datetime.fromisoformat(one["created_at"])


def _review(number: int, key: str, state: str, note: Mapping[str, Any], names: Names) -> dict[str, Any]:
    at = moment(note["created_at"])
    return {
        "pr_number": number, "review_key": key, "reviewer_id": names.of(note["author"], at), "state": state,
        "submitted_at": at, "comments": 0, "body_length": 0, "approximate": 0,
    }  # fmt: skip


def _comment(number: int, note: Mapping[str, Any], names: Names) -> dict[str, Any]:
    at, place = moment(note["created_at"]), note.get("position") or {}
    return {
        "pr_number": number,
        "comment_key": str(note["id"]),
        "author_id": names.of(note["author"], at),
        "created_at": at,
        "path": place.get("new_path") or place.get("old_path") or "",
        "body_length": len(note["body"] or ""),
        "in_reply_to": "",
    }


def _requests(number: int, system: Sequence[Mapping[str, Any]], names: Names) -> Iterator[dict[str, Any]]:
    return requests.rows(number, _named(system, ASKED, names), _named(system, TAKEN_OFF, names))


def _named(system: Sequence[Mapping[str, Any]], what: re.Pattern[str], names: Names) -> Iterator[requests.Moment]:
    for note in system:
        at = moment(note["created_at"])
        if at is None:
            continue
        for found in what.finditer(note["body"]):
            for login in re.findall(r"@([\w.-]*\w)", found.group(1)):
                yield names.of({"username": login}, at), at
