"""The kinds of records that may be pushed: each a model whose fields are its documentation, its check and its template.

A record is the whole of a row: pushed again under its key, it replaces what it said before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from core.base.errors import NotFound, did_you_mean
from core.base.period import zone_of

EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2106, 1, 1, tzinfo=UTC)
PRODUCTION = re.compile(r"prod|live|^main$", re.IGNORECASE)
UNSIGNED = 2**32 - 1


def _planned(value: datetime, info: ValidationInfo) -> datetime:
    """A time without an offset is one of the zone that was named with the push."""
    told = info.context or {}
    at = value if value.tzinfo else value.replace(tzinfo=zone_of(told.get("time_zone", "UTC")))
    if not EARLIEST <= at < LATEST:
        raise ValueError("lies outside of 1970 to 2106")
    return at


def _aware(value: datetime, info: ValidationInfo) -> datetime:
    """The same of something that has happened."""
    told, at = info.context or {}, _planned(value, info)
    if (now := told.get("now")) and at > now + timedelta(days=1):
        raise ValueError("lies in the future")
    return at


def _split(value: Any) -> Any:
    """Cells of a table hold lists as text: parted by commas, semicolons or blanks."""
    if isinstance(value, str):
        return [part.strip() for part in re.split(r"[,;]", value) if part.strip()]
    return value


def _numbers(value: Any) -> Any:
    if isinstance(value, str):
        return [part.lstrip("#") for part in re.split(r"[,;\s]+", value) if part]
    return value


def _word(value: Any) -> Any:
    return re.sub(r"[\s-]+", "_", value.strip().lower()) if isinstance(value, str) else value


Moment = Annotated[datetime, AfterValidator(_aware)]
Planned = Annotated[datetime, AfterValidator(_planned)]
Count = Annotated[int, Field(ge=0, le=UNSIGNED)]
Number = Annotated[int, Field(ge=1, le=UNSIGNED)]
Reference = Annotated[int, Field(ge=0, le=UNSIGNED)]
Texts = Annotated[list[str], BeforeValidator(_split)]
Numbers = Annotated[list[Number], BeforeValidator(_numbers)]
Who = Annotated[str, Field(max_length=500)]
Key = Annotated[str, Field(min_length=1, max_length=300)]
Short = Annotated[str, Field(max_length=300)]
Line = Annotated[str, Field(max_length=4000)]


class Record(BaseModel):
    """What all kinds have."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, coerce_numbers_to_str=True)

    repository: Short = Field("", description="Name of the repository, if the push is about several.")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: Any) -> Any:
        """An empty cell says nothing, as a field that is not there."""
        if isinstance(values, dict):
            return {name: value for name, value in values.items() if value is not None and value != ""}
        return values


class Deployment(Record):
    """A release of the code to an environment. Feeds deployment frequency, lead time and change failure rate."""

    key: Key = Field(description="What makes it the same deployment: its number or id where it comes from.")
    environment: Short = Field("production", description="Where to.")
    is_production: bool | None = Field(
        None, description="Whether it counts as production; left out, the environment's name decides (prod, live)."
    )
    status: Annotated[
        Literal["success", "failure", "cancelled", "skipped", "in_progress", "pending"], BeforeValidator(_word)
    ] = Field("success", description="How it ended.")
    started_at: Moment = Field(description="When it began.")
    finished_at: Moment | None = Field(
        None, description="When it ended. Left out of one that has ended, it is when it began."
    )
    sha: Short = Field("", description="The commit that was deployed.")
    creator: Who = Field("", description="Who started it.")
    pull_requests: Numbers = Field(
        default=[],
        description="Numbers of the pull requests in it; left out, the next deployment after a merge has it.",
    )
    failed: bool | None = Field(
        None, description="Whether it made something fail in production; left out, it did if it ended as a failure."
    )
    restored_at: Moment | None = Field(None, description="When that was put right.")
    url: Line = Field("", description="A page about it.")


class Incident(Record):
    """Something that was broken in production. Feeds change failure rate and the time to resolve."""

    key: Key = Field(description="What makes it the same incident.")
    title: Line = Field("", description="What happened, in a line.")
    severity: Short = Field("", description="As your team says it: critical, sev1, …")
    opened_at: Moment = Field(description="When it began.")
    acknowledged_at: Moment | None = Field(None, description="When somebody took it up.")
    resolved_at: Moment | None = Field(None, description="When it was over; left out while it lasts.")
    deployment: Short = Field("", description="Key of the deployment that caused it.")
    url: Line = Field("", description="A page about it.")


class PullRequest(Record):
    """A change under review. Feeds cycle times, sizes, merge rates and the phases of a pull request."""

    number: Number = Field(description="Its number in the repository.")
    title: Line = Field("", description="Its title.")
    author: Who = Field("", description="Who opened it.")
    state: Annotated[Literal["open", "merged", "closed"] | None, BeforeValidator(_word)] = Field(
        None, description="Left out, it follows from merged_at and closed_at."
    )
    is_draft: bool = Field(False, description="Whether it is a draft now.")
    opened_at: Moment = Field(description="When it was opened.")
    ready_at: Moment | None = Field(None, description="When it first was ready for review, if it began as a draft.")
    first_commit_at: Moment | None = Field(None, description="When its earliest commit was made.")
    merged_at: Moment | None = Field(None, description="When it was merged.")
    closed_at: Moment | None = Field(None, description="When it was closed; left out of a merged one, that is when.")
    merged_by: Who = Field("", description="Who merged it.")
    base_branch: Short = Field("", description="Where it goes.")
    head_branch: Short = Field("", description="Where it comes from.")
    merge_sha: Short = Field("", description="The commit that brought it in.")
    additions: Count = Field(0, description="Lines added.")
    deletions: Count = Field(0, description="Lines removed.")
    files: Count = Field(0, description="Files changed.")
    commits: Count = Field(0, description="Commits in it.")
    labels: Texts = Field(default=[], description="Its labels.")
    milestone: Reference = Field(0, description="Number of the milestone that it is planned for.")
    url: Line = Field("", description="Its page.")


class Review(Record):
    """One answer to a pull request. Feeds review times, depth and who works with whom."""

    pull_request: Number = Field(description="Number of the pull request.")
    key: Short = Field("", description="What makes it the same review; left out, reviewer and time do.")
    reviewer: Who = Field(min_length=1, description="Who reviewed.")
    state: Annotated[
        Literal["approved", "changes_requested", "commented", "dismissed"], BeforeValidator(_word)
    ] = Field(description="What they said.")  # fmt: skip
    submitted_at: Moment = Field(description="When.")
    comments: Count = Field(0, description="How many comments it has.")
    body_length: Count = Field(0, description="How many letters its text has.")


class ReviewComment(Record):
    """One remark in a review. Feeds review depth."""

    pull_request: Number = Field(description="Number of the pull request.")
    key: Key = Field(description="What makes it the same comment.")
    author: Who = Field(min_length=1, description="Who wrote it.")
    created_at: Moment = Field(description="When.")
    path: Line = Field("", description="The file that it is about.")
    body_length: Count = Field(0, description="How many letters it has.")
    in_reply_to: Short = Field("", description="Key of the comment that it answers.")


class Issue(Record):
    """A piece of work that somebody wrote down."""

    number: Number = Field(description="Its number.")
    title: Line = Field("", description="Its title.")
    author: Who = Field("", description="Who opened it.")
    assignees: Texts = Field(default=[], description="Who works on it.")
    state: Annotated[Literal["open", "closed"] | None, BeforeValidator(_word)] = Field(
        None, description="Left out, it follows from closed_at."
    )
    type: Short = Field("issue", description="issue, bug, task, …")
    opened_at: Moment = Field(description="When it was opened.")
    closed_at: Moment | None = Field(None, description="When it was closed.")
    labels: Texts = Field(default=[], description="Its labels; a rule can make incidents of those with one of them.")
    milestone: Reference = Field(0, description="Number of the milestone that it is planned for.")
    url: Line = Field("", description="Its page.")


class Milestone(Record):
    """What issues and pull requests are planned for."""

    number: Number = Field(description="Its number, which issues and pull requests name.")
    title: Line = Field(min_length=1, description="Its name.")
    state: Annotated[Literal["open", "closed"] | None, BeforeValidator(_word)] = Field(
        None, description="Left out, it follows from closed_at."
    )
    opened_at: Moment = Field(description="When it was made.")
    due_at: Planned | None = Field(None, description="The day that it is due.")
    closed_at: Moment | None = Field(None, description="When it was closed.")
    url: Line = Field("", description="Its page.")


class Commit(Record):
    """A change of the code, where no clone can be read. What git itself tells of a commit stays as git tells it."""

    sha: Annotated[str, Field(pattern="^[0-9a-fA-F]{7,64}$")] = Field(description="Its name.")
    author: Who = Field(min_length=1, description="Who wrote it.")
    authored_at: Moment = Field(description="When, best with the author's own offset: 2026-01-31T18:00:00+05:30.")
    committer: Who = Field("", description="Who put it in.")
    committed_at: Moment | None = Field(None, description="When it was put in; left out, when it was written.")
    subject: Line = Field("", description="The first line of its message.")
    parents: Annotated[int, Field(ge=0, le=255)] = Field(1, description="How many; two and more make it a merge.")
    additions: Count = Field(0, description="Lines added.")
    deletions: Count = Field(0, description="Lines removed.")
    files: Count = Field(0, description="Files changed.")
    co_authors: Texts = Field(default=[], description="Who wrote it together with the author.")
    pull_request: Annotated[int, Field(ge=0, le=UNSIGNED)] = Field(0, description="Number of its pull request.")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record."""

    key: str
    model: type[Record]
    fact: str
    """The table that it goes into."""
    moment: str
    """The field that every record of it has a time in."""
    example: dict[str, Any]


KINDS = {
    kind.key: kind
    for kind in (
        Kind("deployment", Deployment, "deployments", "started_at", {
            "key": "1042", "environment": "production", "status": "success", "started_at": "2026-01-31T09:30:00Z",
            "finished_at": "2026-01-31T09:34:00Z", "sha": "3f2a9c1d", "creator": "ada@example.org",
            "pull_requests": [17, 18], "failed": False}),
        Kind("incident", Incident, "incidents", "opened_at", {
            "key": "INC-7", "title": "Checkout answers slowly", "severity": "high", "opened_at": "2026-01-31T10:00:00Z",
            "acknowledged_at": "2026-01-31T10:05:00Z", "resolved_at": "2026-01-31T11:10:00Z", "deployment": "1042"}),
        Kind("pull_request", PullRequest, "pull_requests", "opened_at", {
            "number": 17, "title": "Let people pay by invoice", "author": "ada@example.org",
            "opened_at": "2026-01-28T08:00:00Z", "first_commit_at": "2026-01-27T15:00:00Z",
            "merged_at": "2026-01-30T16:20:00Z", "merged_by": "bob@example.org", "base_branch": "main",
            "additions": 120, "deletions": 14, "files": 6, "commits": 3, "labels": ["feature"]}),
        Kind("review", Review, "reviews", "submitted_at", {
            "pull_request": 17, "reviewer": "bob@example.org", "state": "approved",
            "submitted_at": "2026-01-29T13:45:00Z", "comments": 2}),
        Kind("review_comment", ReviewComment, "review_comments", "created_at", {
            "pull_request": 17, "key": "c-1", "author": "bob@example.org", "created_at": "2026-01-29T13:40:00Z",
            "path": "pay/invoice.py", "body_length": 84}),
        Kind("issue", Issue, "issues", "opened_at", {
            "number": 5, "title": "Invoices lack a due date", "author": "Cleo Day <cleo@example.org>",
            "opened_at": "2026-01-20T12:00:00Z", "closed_at": "2026-01-30T16:20:00Z", "labels": ["bug"]}),
        Kind("milestone", Milestone, "milestones", "opened_at", {
            "number": 3, "title": "Invoices", "opened_at": "2026-01-05T09:00:00Z", "due_at": "2026-02-15T00:00:00Z"}),
        Kind("commit", Commit, "commits", "authored_at", {
            "sha": "3f2a9c1d5e6b7a8091a2b3c4d5e6f708192a3b4c", "author": "Ada Lovelace <ada@example.org>",
            "authored_at": "2026-01-30T17:20:00+01:00", "subject": "Let people pay by invoice", "additions": 120,
            "deletions": 14, "files": 6, "pull_request": 17}),
    )
}  # fmt: skip


def kind_of(key: str) -> Kind:
    """The kind with this name, also written in the plural or with a hyphen."""
    word = key.strip().lower().replace("-", "_")
    for one in (word, word.removesuffix("s")):
        if one in KINDS:
            return KINDS[one]
    raise NotFound(f"There is no kind of record named '{key}'.{did_you_mean(word, KINDS)} Kinds: {', '.join(KINDS)}.")
