"""What a commit's message tells: subject, kind, breaking change, what it reverts, its pull request, who helped."""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = frozenset(
    {"build", "chore", "ci", "docs", "feat", "fix", "perf", "refactor", "revert", "style", "test"}
)  # fmt: skip
"""Types of the Conventional Commits convention; any other word before a colon is just a word."""

REVIEW_STATES = {
    "reviewed-by": "approved",
    "acked-by": "approved",
    "approved-by": "approved",
    "tested-by": "commented",
}

_CONVENTIONAL = re.compile(r"(\w+)(?:\([^()]*\))?(!)?: ")
_BREAKING = re.compile(r"^BREAKING[ -]CHANGE: ", re.MULTILINE)
_REVERTS = re.compile(r"\b[Rr]everts (?:commit )?([0-9a-f]{7,64})\b")
_TRAILER = re.compile(
    r"^(co-authored-by|reviewed-by|acked-by|approved-by|tested-by)\s*:\s*(.*?)\s*(?:<([^<>\n]*)>[^\n<>]*)?$",
    re.IGNORECASE | re.MULTILINE,
)
_SQUASH = re.compile(r"\(#(\d{1,9})\)$")
_MERGES = (
    re.compile(r"Merge pull request #(?P<number>\d{1,9}) (?:in \S+ )?from (?P<head>\S+)(?: (?:in)?to (?P<base>\S+))?"),
    re.compile(r"Merged? (?:PR|pull request) #?(?P<number>\d{1,9})\b:?(?P<head>)(?P<base>)"),
    re.compile(r"Merged in (?P<head>\S+) \(pull request #(?P<number>\d{1,9})\)(?P<base>)"),
    re.compile(r"Pull request #(?P<number>\d{1,9}):(?P<head>)(?P<base>)"),
    re.compile(r"(?:Auto merge of|Merge) #(?P<number>\d{1,9})\b(?: - (?P<head>\S+?),)?(?P<base>)"),
)
"""GitHub and Bitbucket Server; Azure; Bitbucket; Bitbucket Server's newer form; bors and homu."""
_BRANCHES = re.compile(
    r"Merge (?P<remote>remote-tracking )?branch '(?P<head>[^']+)'(?: of \S+)?(?: into '?(?P<base>[^' ]+)'?)?"
)
_GITLAB = re.compile(r"^See merge request \S*?!(\d{1,9})\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What a merge or a squashed commit says of the pull request that it ended."""

    number: int
    title: str
    head: str = ""
    base: str = ""
    merged: bool = False
    """Whether it came by a merge commit, not squashed into one."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message, understood."""

    subject: str
    kind: str
    breaking: bool
    reverts: str
    pull: PullRequest | None
    helpers: tuple[tuple[str, str, str], ...]
    """(trailer in lower case, name, email)"""


def understood(text: str, *, is_merge: bool, own_number: int = 0) -> Message:
    """Read one message. A merge with an `own_number` ended a pull request, also if it does not say of which number."""
    subject, body = split(text)
    pull = pull_request(subject, body, is_merge=is_merge)
    told = _CONVENTIONAL.match(subject)
    kind = told.group(1).lower() if told else ""
    if kind not in KINDS:
        kind = ""
    if subject.startswith('Revert "'):
        kind = "revert"
    reverts = _REVERTS.search(body) if "everts " in body else None
    return Message(
        subject=subject,
        kind=kind,
        breaking=bool((kind and told and told.group(2)) or ("BREAKING" in body and _BREAKING.search(body))),
        reverts=reverts.group(1) if reverts else "",
        pull=pull or (_branch(subject, body, own_number) if own_number else None),
        helpers=helpers(body) if "-by:" in body or "-By:" in body or "-BY:" in body else (),
    )


def split(text: str) -> tuple[str, str]:
    """The subject as git prints it (a first paragraph, joined), and the rest."""
    text = text.strip("\n").replace("\r\n", "\n") if "\r" in text else text.strip("\n")
    first, _, rest = text.partition("\n")
    if not rest or rest[0] == "\n":
        return first.strip(), rest[1:]
    paragraph, _, rest = text.partition("\n\n")
    return " ".join(line.strip() for line in paragraph.split("\n")), rest


def helpers(body: str) -> tuple[tuple[str, str, str], ...]:
    """Everybody whom a trailer names with a name or an address, once per trailer."""
    found = {(key.lower(), name.strip(' "'), email.strip()) for key, name, email in _TRAILER.findall(body)}
    return tuple(sorted(item for item in found if item[1] or item[2]))


def pull_request(subject: str, body: str, *, is_merge: bool) -> PullRequest | None:
    """The pull request that this commit ended, if its message tells."""
    if not is_merge:
        squashed = _SQUASH.search(subject) if subject.endswith(")") else None
        if squashed and int(squashed.group(1)):
            return PullRequest(int(squashed.group(1)), subject[: squashed.start()].strip())
        return None
    for pattern in _MERGES:
        if (found := pattern.match(subject)) and int(found["number"]):
            number, head, base = int(found["number"]), found["head"] or "", found["base"] or ""
            return PullRequest(number, _title(subject, body), head, base, merged=True)
    asked = _GITLAB.search(body)
    return _branch(subject, body, int(asked.group(1))) if asked and int(asked.group(1)) else None


def branches(subject: str) -> tuple[str, str] | None:
    """The branch that a merge brought in, as its remote calls it, and the one that it went into, if git said so."""
    found = _BRANCHES.match(subject)
    if found is None:
        return None
    head = found["head"].partition("/")[2] if found["remote"] else found["head"]
    return head, found["base"] or ""


def _branch(subject: str, body: str, number: int) -> PullRequest:
    head, base = branches(subject) or ("", "")
    return PullRequest(number, _title(subject, body), head, base, merged=True)


def _title(subject: str, body: str) -> str:
    first = next((line.strip() for line in body.split("\n") if line.strip()), "")
    return subject if not first or first.lstrip("# ") == "Conflicts:" else first
