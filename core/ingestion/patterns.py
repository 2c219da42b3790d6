"""Which repositories a pattern means: acme/*, acme/api-*, or one by its whole path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from core.base.errors import BadInput
from core.ingestion.account import Account, Found


@dataclass(frozen=True, slots=True)
class Match:
    """A repository that some pattern means."""

    found: Found
    left_out: str = ""
    """Why it is not followed all the same; empty if it is."""


def cleaned(patterns: Iterable[str]) -> list[str]:
    """Patterns as they are kept, each once; BadInput for one without an owner."""
    kept = dict.fromkeys(word.strip().strip("/") for text in patterns for word in text.split())
    for pattern in kept:
        if "/" not in pattern or "*" in pattern.partition("/")[0]:
            raise BadInput(f"'{pattern}' names no owner. Write owner/name, or owner/* for all that the owner has.")
    return list(kept)


def is_wild(pattern: str) -> bool:
    """Whether it may mean repositories that are made later."""
    return any(sign in pattern for sign in "*?[")


def matched(account: Account, patterns: Sequence[str], excluded: Sequence[str] = ()) -> list[Match]:
    """Every repository that is meant, in the order of the patterns."""
    listed: dict[str, Sequence[Found]] = {}
    found: dict[str, Match] = {}
    for pattern in cleaned(patterns):
        for one in _meant(account, pattern, listed):
            why = _why_not(one, pattern, excluded)
            known = found.get(one.path.casefold())
            if known is None or (known.left_out and not why):
                found[one.path.casefold()] = Match(one, why)
    return list(found.values())


def _meant(account: Account, pattern: str, listed: dict[str, Sequence[Found]]) -> list[Found]:
    if not is_wild(pattern):
        return [account.repository(pattern)]
    owner = _owner(pattern)
    if owner not in listed:
        listed[owner] = account.repositories(owner)
    return [one for one in listed[owner] if fnmatchcase(one.path.casefold(), pattern.casefold())]


def _owner(pattern: str) -> str:
    """What stands before the first part with a sign of a pattern: a group may have groups within."""
    parts = pattern.split("/")
    return "/".join(parts[: next(place for place, part in enumerate(parts) if is_wild(part))])


def _why_not(one: Found, pattern: str, excluded: Sequence[str]) -> str:
    for other in excluded:
        if fnmatchcase(one.path.casefold(), other.strip().casefold()):
            return f"left out by {other}"
    if one.is_fork and is_wild(pattern):
        return "a fork: name it by its whole path to follow it"
    return ""
