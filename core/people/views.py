"""What this room's services answer with: frozen values, never rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """A sighting of somebody by a source."""

    email: str
    name: str
    login: str = ""
    """The account's login at `provider`; the one inside a GitHub no-reply address is found without it."""
    provider: str = "git"
    is_bot: bool | None = None
    """What the provider says of the account; None if it says nothing."""
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    count: int = 0
    """How often: the name that was seen most is the one shown."""


@dataclass(frozen=True, slots=True)
class IdentityView:
    id: int
    email: str
    name: str
    provider: str
    login: str
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    count: int


@dataclass(frozen=True, slots=True)
class PersonView:
    id: str
    name: str
    email: str
    is_bot: bool
    is_locked: bool
    team_ids: tuple[str, ...]
    """Teams of today."""
    time_zone: str
    identities: tuple[IdentityView, ...]
    bot_reason: str = ""


@dataclass(frozen=True, slots=True)
class TeamView:
    id: str
    name: str
    parent_id: str | None
    member_ids: tuple[str, ...]
    """Persons in it on the day asked for; those of teams inside it are not repeated here."""


@dataclass(frozen=True, slots=True)
class MembershipView:
    id: str
    team_id: str
    person_id: str
    from_day: date
    to_day: date | None
    """The first day outside; None while it lasts."""


@dataclass(frozen=True, slots=True)
class ScheduleView:
    person_id: str
    working_weekdays: tuple[int, ...]
    """1 is Monday, 7 is Sunday."""
    start_minute: int
    end_minute: int
    time_zone: str
    country: str
    is_default: bool
    """Whether this is the workspace's default, not the person's own."""


@dataclass(frozen=True, slots=True)
class LeaveView:
    id: str
    person_id: str
    first_day: date
    last_day: date
    """Inside."""
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two persons who may be one. A score is no proof: only a person merges."""

    into_id: str
    into_name: str
    into_email: str
    from_id: str
    from_name: str
    from_email: str
    score: float
    """0 to 1."""
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Footprint:
    """What facts a set of identities stands in."""

    counts: dict[str, int] = field(default_factory=dict)
    """Rows by what they are called for people: commits, pull requests, reviews, …"""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of a merge's preview."""

    what: str
    into_now: int
    from_now: int
    into_after: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would change."""

    into_id: str
    into_name: str
    from_id: str
    from_name: str
    identities: tuple[IdentityView, ...]
    """Those that would move."""
    numbers: tuple[Moved, ...]
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class MergeView:
    id: str
    into_id: str
    into_name: str
    from_id: str
    from_name: str
    at: datetime
    actor_name: str
    is_automatic: bool
    reason: str
    identities: int
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class BotCandidate:
    """A person who may be a bot, for somebody to decide."""

    person_id: str
    name: str
    email: str
    reason: str
    seen: int = 0
    """How often sources saw them: in a commit, a review, …"""
