"""One commit, as git prints it, to the lines of the tables that it goes into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.base.pulls import UNNUMBERED
from core.ingestion.sources.git.attributes import Attributes
from core.ingestion.sources.git.languages import language
from core.ingestion.sources.git.message import REVIEW_STATES, Message, PullRequest, understood
from core.people.identities import identity_id

COLUMNS = {
    "commits": (
        "workspace_id", "repo_id", "sha", "author_id", "author_name", "author_email", "committer_id", "authored_at",
        "author_offset", "committed_at", "date_suspect", "parents", "is_merge", "additions", "deletions", "files",
        "generated_additions", "generated_deletions", "generated_files", "co_author_ids", "reviewer_ids", "subject",
        "kind", "breaking", "reverts", "pr_number", "version",
    ),
    "commit_files": (
        "workspace_id", "repo_id", "sha", "path", "old_path", "author_id", "authored_at", "language", "additions",
        "deletions", "is_binary", "generated", "version",
    ),
    "pull_requests": (
        "workspace_id", "repo_id", "number", "title", "author_id", "state", "first_commit_at", "merged_at",
        "closed_at", "merged_by_id", "base_branch", "head_branch", "merge_sha", "additions", "deletions", "files",
        "commits", "source", "approximate", "version",
    ),
    "reviews": (
        "workspace_id", "repo_id", "pr_number", "review_key", "reviewer_id", "state", "submitted_at", "comments",
        "body_length", "source", "approximate", "version",
    ),
}  # fmt: skip
"""What is written of each table, in this order, as TabSeparated."""

LATEST = 2**32 - 1
"""The last second that the store's DateTime holds."""
EARLIEST_LIKELY = 315_532_800
"""1980: a commit dated before is a mistake of some clock."""
DAY = 86_400
FORGES = frozenset({"noreply@github.com", "noreply@gitlab.com"})
"""Committers that are a button of a web page."""

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0"})


@dataclass(slots=True)
class Block:
    """Lines for the store, and who was seen."""

    lines: dict[str, list[str]] = field(default_factory=lambda: {table: [] for table in COLUMNS})
    people: set[tuple[str, str]] = field(default_factory=set)
    """(email, name) of everybody but authors, whom the commits themselves keep."""
    commits: int = 0
    files: int = 0
    suspect: int = 0
    first_at: int = LATEST
    last_at: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What every row of one sync has in common."""

    workspace_id: str
    repo_id: str
    version: int
    """Its lower 32 bits are free: where several commits tell of one thing, the latest of them is to win."""
    now: int
    branch: str
    attributes: Attributes
    boundary: frozenset[str] = frozenset()
    """Where a shallow clone was cut off: what these commits changed is not known."""
    mapped: Callable[[str, str], tuple[str, str]] = lambda email, name: (email, name)
    """What the mailmap makes of a trailer's (email, name); authors and committers come mapped."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of one commit: `additions` is negative for a binary one."""

    path: str
    old_path: str
    additions: int
    deletions: int


def text(raw: bytes) -> str:
    """Bytes that are UTF-8 as they should be, or else Latin-1, which is never wrong."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def escaped(value: str) -> str:
    """Text as TabSeparated wants it."""
    return value.translate(_ESCAPES) if "\\" in value or "\t" in value or not value.isprintable() else value


def moment(raw: bytes) -> tuple[int, int, bool]:
    """Seconds, offset in minutes and whether both are likely, of git's raw date `1234567890 +0530`."""
    seconds, _, zone = raw.partition(b" ")
    try:
        at = int(seconds)
        sign = -1 if zone[:1] == b"-" else 1
        hours, minutes = divmod(int(zone[1:] or 0), 100)
    except ValueError:
        return 0, 0, False
    offset = sign * (hours * 60 + minutes)
    zone_likely = -12 * 60 <= offset <= 14 * 60 and minutes < 60
    likely = zone_likely and EARLIEST_LIKELY <= at <= LATEST
    return min(max(at, 0), LATEST), offset if zone_likely else 0, likely


def commit(block: Block, frame: Frame, fields: Sequence[bytes], entries: Sequence[Entry], given_number: int) -> None:
    """Add everything that one commit says.

    `fields` are sha, parents, author's name, email and date, committer's name, email and date, and the message.
    `given_number` is the pull request that brought it; below zero, the one that it ended without telling a number.
    """
    sha, parents = fields[0].decode(), fields[1].count(b" ") + 1 if fields[1] else 0
    author = text(fields[2]), text(fields[3])
    authored_at, offset, likely = moment(fields[4])
    committed_at, _, committed_likely = moment(fields[7])
    suspect = not (likely and committed_likely and authored_at <= min(committed_at, frame.now) + DAY)
    said = understood(text(fields[8]), is_merge=parents > 1, own_number=max(-given_number, 0))
    author_id = identity_id(author[1], author[0])
    number = said.pull.number if said.pull else given_number
    totals = _files(block, frame, sha, author_id, authored_at, entries)
    co_authors, reviewers = _helpers(block, frame, said, author_id)
    who = f"{author_id}\t{escaped(author[0])}\t{escaped(author[1])}\t{_committer(block, fields)}"
    when = f"{authored_at:010d}\t{offset}\t{committed_at:010d}\t{suspect:d}\t{min(parents, 255)}\t{parents > 1:d}"
    helped = f"[{','.join(map(str, co_authors))}]\t[{','.join(str(reviewer) for reviewer, _ in reviewers)}]"
    what = f"{escaped(said.subject)}\t{said.kind}\t{said.breaking:d}\t{said.reverts}\t{number}"
    block.lines["commits"].append(
        f"{frame.workspace_id}\t{frame.repo_id}\t{sha}\t{who}\t{when}\t{totals}\t{helped}\t{what}\t{frame.version}\n"
    )
    if said.pull:
        block.lines["pull_requests"].append(
            _pull(frame, said.pull, sha, author_id, authored_at, committed_at, fields, totals)
        )
    # Whether a branch without a number was a pull request is known at the end, so its merge's reviewers stand alone.
    reviewed = 0 if parents > 1 and number >= UNNUMBERED else number
    for reviewer_id, state in reviewers:
        key = str(reviewer_id) if reviewed else f"{sha}:{reviewer_id}"
        block.lines["reviews"].append(
            f"{frame.workspace_id}\t{frame.repo_id}\t{reviewed}\t{key}\t{reviewer_id}\t{state}\t{committed_at:010d}\t0\t0\tgit\t1\t"
            f"{frame.version + committed_at}\n"
        )
    block.commits += 1
    block.suspect += suspect
    block.first_at, block.last_at = min(block.first_at, authored_at), max(block.last_at, authored_at)


def _files(block: Block, frame: Frame, sha: str, author_id: int, authored_at: int, entries: Sequence[Entry]) -> str:
    """Add the files' lines; returns the commit's six sums, by hand and generated, ready for its own line."""
    added = removed = files = made_added = made_removed = made_files = 0
    cut_off = sha in frame.boundary
    head = f"{frame.workspace_id}\t{frame.repo_id}\t{sha}\t"
    rest = f"\t{author_id}\t{authored_at:010d}\t"
    lines = block.lines["commit_files"]
    for entry in entries:
        made = cut_off or frame.attributes.generated(entry.path)
        binary = entry.additions < 0
        plus, minus = (0, 0) if binary else (entry.additions, entry.deletions)
        if made:
            made_added, made_removed, made_files = made_added + plus, made_removed + minus, made_files + 1
        else:
            added, removed, files = added + plus, removed + minus, files + 1
        lines.append(
            f"{head}{escaped(entry.path)}\t{escaped(entry.old_path)}{rest}{language(entry.path)}\t{plus}\t{minus}\t"
            f"{binary:d}\t{made:d}\t{frame.version}\n"
        )
    block.files += len(entries)
    return f"{added}\t{removed}\t{files}\t{made_added}\t{made_removed}\t{made_files}"


def _helpers(block: Block, frame: Frame, said: Message, author_id: int) -> tuple[list[int], list[tuple[int, str]]]:
    co_authors: set[int] = set()
    reviewers: dict[int, str] = {}
    for key, *written in said.helpers:
        email, name = frame.mapped(written[1], written[0])
        helper = identity_id(email, name)
        if helper == author_id:
            continue
        block.people.add((email, name))
        if key == "co-authored-by":
            co_authors.add(helper)
        elif reviewers.get(helper) != "approved":
            reviewers[helper] = REVIEW_STATES[key]
    return sorted(co_authors), sorted(reviewers.items())


def _committer(block: Block, fields: Sequence[bytes]) -> int:
    if fields[6] == fields[3] and fields[5] == fields[2]:
        return identity_id(text(fields[6]), text(fields[5]))
    email, name = text(fields[6]), text(fields[5])
    if email.lower() in FORGES:
        return 0
    block.people.add((email, name))
    return identity_id(email, name)


def _pull(
    frame: Frame, pull: PullRequest, sha: str, author_id: int, authored_at: int, committed_at: int,
    fields: Sequence[bytes], totals: str,
) -> str:  # fmt: skip
    # Who pressed the button of a squash is not told when the forge itself commits; its author date then is the
    # moment of the merge too, and tells nothing of when work began.
    forge = text(fields[6]).lower() in FORGES
    merger = author_id if pull.merged else 0 if forge else identity_id(text(fields[6]), text(fields[5]))
    began = f"{authored_at:010d}" if not pull.merged and authored_at < committed_at - 60 else "\\N"
    added, removed, files = totals.split("\t")[:3]
    where = f"{escaped(pull.base or frame.branch)}\t{escaped(pull.head)}\t{sha}"
    ended = f"{committed_at:010d}\t{committed_at:010d}\t{merger}"
    return (
        f"{frame.workspace_id}\t{frame.repo_id}\t{pull.number}\t{escaped(pull.title)}\t{author_id}\tmerged\t{began}\t"
        f"{ended}\t{where}\t{added}\t{removed}\t{files}\t{0 if pull.merged else 1}\tgit\t1\t"
        f"{frame.version + committed_at}\n"
    )
