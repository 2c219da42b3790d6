"""What a kind of source is: a key, a name for people, and a way to bring the store up to what the source holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.base.registry import Registry
from core.context import Context

Progress = Callable[[float, str], None]
"""Takes the share that is done, 0 to 1, and a few words."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the service asks of a kind."""

    config: dict[str, Any]
    cursor: dict[str, Any]
    """How far it was read before."""
    repo_id: str
    version: int
    """Higher than that of any earlier reading of this source."""
    provided: frozenset[str]
    """Facts that another source tells exactly, so that guesses at them are not wanted."""
    keep: Callable[[dict[str, Any]], None]
    """Writes a cursor down at once, before rows go in."""
    account: Any = None
    """What the kind signs in with, if it is one of a provider: an `Account`, open."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reading brought, once its rows are in. The service keeps it in one transaction."""

    cursor: dict[str, Any]
    complete_until: datetime | None
    """The watermark: evidence of the source itself, never the moment of reading."""
    feeds: dict[str, bool]
    """Fact → whether it is approximate."""
    commits_added: int = 0
    commits_removed: int = 0
    files_added: int = 0
    first_at: datetime | None = None
    """Earliest moment that a changed row speaks of; None if no row changed."""
    last_at: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    """Table → rows that really changed, where they are more than commits."""
    is_shallow: bool | None = None
    """Whether older history is missing; None if this kind cannot tell."""
    codeowners: Mapping[str, str] | None = None
    """Every CODEOWNERS of the tip, by its path; None if this kind cannot tell."""
    notes: list[str] = field(default_factory=list)
    """Sentences for people."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source. `read` raises SourceUnreachable or BadInput with its reason, and then has changed nothing."""

    key: str
    label: str
    read: Callable[[Context, Order, Progress], Reading]
    facts: tuple[str, ...] = ()
    """Tables that a kind of a provider fills, for the day when its source is removed."""
    needs_account: bool = False
    """Whether a connection of the same key signs in for it."""


KINDS: Registry[Kind] = Registry("kind of source", "sightline.sources")
