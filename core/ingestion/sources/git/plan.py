"""What of a history has to be read, given how far it was read before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.ingestion.sources.git.command import asked, run
from core.ingestion.sources.git.message import understood
from core.ingestion.sources.git.repository import Repository
from core.ingestion.sources.git.rows import text

MOST_VANISHED = 500
"""Vanished commits beyond which everything is read anew, rather than each named in a statement."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read, and what to take away."""

    base: str = ""
    """The tip that was read before, if only what is not behind it has to be read."""
    vanished: tuple[str, ...] = ()
    """Commits of an older tip that the new one does not reach."""
    anew: bool = False
    """Whether all is read again, and every row that is not written again goes."""


def planned(repository: Repository, cursor: dict[str, Any], tip: str, mark: str) -> Plan:
    """The least reading after which the rows are what a first import would write."""
    old, unfinished = cursor.get("tip", ""), cursor.get("unfinished", {}).get("what", {})
    strayed = bool(unfinished) and not reaches(repository, tip, unfinished["tip"])
    if not old:
        return Plan(anew=bool(unfinished))
    if strayed or cursor.get("mark") != mark or not tip or not exists(repository, old):
        return Plan(anew=True)
    if reaches(repository, tip, old):
        return Plan(base=old)
    both = run(repository.path, "rev-list", "--left-right", "--parents", f"{old}...{tip}", "--").decode().splitlines()
    vanished = tuple(line[1:].split()[0] for line in both if line[0] == "<")
    merges = any(line.count(" ") > 1 for line in both)
    # What went may have decided to whom or to which pull request other commits belong: then all is read.
    if merges or len(vanished) > MOST_VANISHED or _tells_of_pulls(repository, f"{tip}..{old}"):
        return Plan(anew=True)
    return Plan(base=old, vanished=vanished)


def exists(repository: Repository, sha: str) -> bool:
    """Whether the clone still has this commit."""
    return asked(repository.path, "cat-file", "-e", f"{sha}^{{commit}}") is not None


def reaches(repository: Repository, tip: str, sha: str) -> bool:
    """Whether `sha` lies behind `tip`."""
    return bool(tip and sha) and asked(repository.path, "merge-base", "--is-ancestor", sha, tip) is not None


def _tells_of_pulls(repository: Repository, span: str) -> bool:
    messages = run(repository.path, "log", "-z", "--no-show-signature", "--encoding=UTF-8", "--format=%B", span, "--")
    return any(understood(text(message), is_merge=False).pull for message in messages.split(b"\0"))
