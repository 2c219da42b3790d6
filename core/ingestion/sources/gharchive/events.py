"""One event to what it says of facts: the shapes of all years since 2015, and the small ones of late.

An event says only some columns of a row; which, stands with it. `order` is when it was told, so
that the latest word wins in whatever order files are read; of a commit the first push counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.ingestion.differences import SECONDS
from core.people.identities import identity_id

PROVIDER = "github"
Json = dict[str, Any]
Row = dict[str, Any]
Person = tuple[str, str, str, str]


@dataclass(slots=True)
class Sight:
    """Somebody, as often as a worker saw them since it last told."""

    is_bot: bool | None
    first_at: int
    last_at: int
    count: int = 0


@dataclass(slots=True)
class Gathered:
    """What was read and not handed over yet."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    people: dict[Person, Sight] = field(default_factory=dict)
    count: int = 0

    def add(self, table: str, row: Row) -> None:
        self.rows.setdefault(table, []).append(row)
        self.count += 1

    def user(self, told: Json | None, at: int) -> int:
        """The number of an account; 0 where it is gone."""
        if not told or not (login := told.get("login")):
            return 0
        kind = told.get("type")
        return self._seen(("", "", login, PROVIDER), at, None if kind is None else kind == "Bot")

    def author(self, told: Json, at: int) -> int:
        """The number of a commit's author; the archive hides the first part of addresses behind a hash."""
        return self._seen((told.get("email") or "", told.get("name") or "", "", "git"), at, None)

    def _seen(self, who: Person, at: int, is_bot: bool | None) -> int:
        if not any(who[:3]):
            return 0
        sight = self.people.get(who)
        if sight is None:
            sight = self.people[who] = Sight(is_bot, at, at)
        sight.count += 1
        if at < sight.first_at:
            sight.first_at = at
        elif at > sight.last_at:
            sight.last_at = at
        return identity_id(*who)


@dataclass(frozen=True, slots=True)
class Event:
    """An event's frame."""

    into: Gathered
    repo: str
    at: int
    actor: Json
    payload: Json

    def say(self, table: str, order: int | None = None, **row: Any) -> None:
        self.into.add(table, {"repo_id": self.repo, "_order": self.at if order is None else order, **row})


def push(event: Event) -> None:
    """Commits, as far as they are listed; of late they are not."""
    for told in event.payload.get("commits") or ():
        if told.get("distinct") is False:
            continue
        author = told.get("author") or {}
        who = event.into.author(author, event.at)
        # Nothing tells when it was written: its first push is as near as can be.
        event.say(
            "commits", SECONDS - event.at, sha=told["sha"], author_id=who, author_name=author.get("name") or "",
            author_email=author.get("email") or "", committer_id=who, authored_at=event.at, committed_at=event.at,
            date_suspect=1, parents=1, subject=(told.get("message") or "").partition("\n")[0][:500],
        )  # fmt: skip


def pull_request(event: Event) -> None:
    action, told = event.payload.get("action", ""), event.payload.get("pull_request") or {}
    _pull(event, told, event.payload.get("number") or told.get("number"), action)


def _pull(event: Event, told: Json, number: int | None, action: str) -> None:
    number = number or _number(told.get("url", ""))
    if not number:
        return
    row: Row = {"number": number}
    base, head = told.get("base") or {}, told.get("head") or {}
    row |= _some(base_branch=base.get("ref"), head_branch=head.get("ref"))
    row |= _some(url=told.get("html_url"), title=told.get("title"), merge_sha=told.get("merge_commit_sha"))
    row |= _moments(told, opened_at="created_at", merged_at="merged_at", closed_at="closed_at")
    for name, key in SIZES:
        if told.get(key) is not None:
            row[name] = told[key]
    if "draft" in told:
        row["is_draft"] = int(bool(told["draft"]))
    if told.get("labels"):
        row["labels"] = [label["name"] for label in told["labels"]]
    if who := event.into.user(told.get("user"), event.at):
        row["author_id"] = who
    if merger := event.into.user(told.get("merged_by"), event.at):
        row["merged_by_id"] = merger
    row |= _ended(event, told, action, row)
    event.say("pull_requests", **row)


def _ended(event: Event, told: Json, action: str, row: Row) -> Row:
    """State and moments, from the payload, or from what the event itself says where that is all there is."""
    if told.get("state"):
        merged = told.get("merged") or row.get("merged_at")
        return {"state": "merged" if merged else told["state"]}
    more: Row = {}
    if action == "opened":
        more = {"state": "open", "opened_at": event.at, "author_id": event.into.user(event.actor, event.at)}
    elif action == "reopened":
        more = {"state": "open"}
    elif action == "merged":
        more = {"state": "merged", "merged_at": event.at, "closed_at": event.at,
                "merged_by_id": event.into.user(event.actor, event.at)}  # fmt: skip
    elif action == "closed":
        more = {"state": "closed", "closed_at": event.at}
    return more


SIZES = (("additions", "additions"), ("deletions", "deletions"), ("files", "changed_files"), ("commits", "commits"))


def review(event: Event) -> None:
    told, pull = event.payload.get("review") or {}, event.payload.get("pull_request") or {}
    number = pull.get("number") or _number(pull.get("url", ""))
    if not number or not told.get("id"):
        return
    _pull(event, pull, number, "")
    at = seconds(told.get("submitted_at")) or event.at
    event.say(
        "reviews",
        pr_number=number,
        review_key=str(told["id"]),
        submitted_at=at,
        state=(told.get("state") or "").lower(),
        reviewer_id=event.into.user(told.get("user") or event.actor, at),
        body_length=len(told.get("body") or ""),
    )


def review_comment(event: Event) -> None:
    told, pull = event.payload.get("comment") or {}, event.payload.get("pull_request") or {}
    number = pull.get("number") or _number(told.get("pull_request_url") or pull.get("url", ""))
    if not number or not told.get("id"):
        return
    if pull:
        _pull(event, pull, number, "")
    _comment(event, told, number, str(told["id"]), told.get("path") or "", str(told.get("in_reply_to_id") or ""))


def issue_comment(event: Event) -> None:
    """A remark in a pull request's conversation counts as one of its comments; those on issues do not."""
    told, issue = event.payload.get("comment") or {}, event.payload.get("issue") or {}
    if "pull_request" in issue and told.get("id") and issue.get("number"):
        _comment(event, told, issue["number"], f"issue-{told['id']}", "", "")


def _comment(event: Event, told: Json, number: int, key: str, path: str, reply: str) -> None:
    at = seconds(told.get("created_at")) or event.at
    event.say(
        "review_comments", pr_number=number, comment_key=key, created_at=at, path=path, in_reply_to=reply,
        author_id=event.into.user(told.get("user") or event.actor, at), body_length=len(told.get("body") or ""),
    )  # fmt: skip


def issue(event: Event) -> None:
    told, action = event.payload.get("issue") or {}, event.payload.get("action", "")
    if "pull_request" in told or not told.get("number"):
        return
    row: Row = {"number": told["number"], "kind": "issue"}
    row |= _some(title=told.get("title"), url=told.get("html_url"), state=told.get("state"))
    row |= _moments(told, opened_at="created_at", closed_at="closed_at")
    row.setdefault("state", {"closed": "closed"}.get(action, "open"))
    if action == "opened":
        row.setdefault("opened_at", event.at)
    if who := event.into.user(told.get("user") or (event.actor if action == "opened" else None), event.at):
        row["author_id"] = who
    if told.get("labels"):
        row["labels"] = [label["name"] for label in told["labels"]]
    if told.get("assignees"):
        row["assignee_ids"] = [event.into.user(one, event.at) for one in told["assignees"]]
    event.say("issues", **row)


def release(event: Event) -> None:
    told = event.payload.get("release") or {}
    if not told.get("id"):
        return
    published = seconds(told.get("published_at")) or event.at
    event.say(
        "releases", release_key=str(told["id"]), tag=told.get("tag_name") or "", name=told.get("name") or "",
        branch=told.get("target_commitish") or "", is_draft=int(bool(told.get("draft"))),
        is_prerelease=int(bool(told.get("prerelease"))), created_at=seconds(told.get("created_at")) or published,
        published_at=published, author_id=event.into.user(told.get("author") or event.actor, published),
        url=told.get("html_url") or "",
    )  # fmt: skip


WANTED: dict[str, Callable[[Event], None]] = {
    "PushEvent": push,
    "PullRequestEvent": pull_request,
    "PullRequestReviewEvent": review,
    "PullRequestReviewCommentEvent": review_comment,
    "IssueCommentEvent": issue_comment,
    "IssuesEvent": issue,
    "ReleaseEvent": release,
}


def seconds(text: str | None) -> int | None:
    """Seconds since 1970 of a moment as GitHub writes it; None for none."""
    if not text:
        return None
    at = int(datetime.fromisoformat(text).timestamp())
    return at if 0 < at <= SECONDS else None


def _some(**told: Any) -> Row:
    return {name: value for name, value in told.items() if value}


def _moments(told: Json, **names: str) -> Row:
    return _some(**{name: seconds(told.get(key)) for name, key in names.items()})


def _number(url: str) -> int | None:
    tail = url.rpartition("/")[2]
    return int(tail) if tail.isdigit() else None
