"""The first argument of every service: who asks, in which workspace, with which stores, at what time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from core.base.errors import NotAllowed, NotFound
from core.base.queue import Queue
from core.base.settings import Settings

if TYPE_CHECKING:
    from core.stores.app import AppStore
    from core.stores.files import FileStore
    from core.stores.metrics import MetricsStore


class Capability(StrEnum):
    """What an actor may do. Roles are sets of these; doors and services ask for one, never for a role."""

    VIEW_DASHBOARDS = "view dashboards"
    VIEW_REPORTS = "view reports"
    EDIT_REPORTS = "create and edit reports"
    RUN_REPORTS = "run reports"
    EXPORT = "export data"
    SCHEDULE_REPORTS = "schedule reports"
    MANAGE_ALERTS = "manage alerts"
    MANAGE_PEOPLE = "manage people and teams"
    MANAGE_SOURCES = "manage sources"
    MANAGE_WORKSPACE = "manage the workspace"
    MANAGE_USERS = "manage users"
    OPERATE = "operate the system"


ROLES: dict[str, frozenset[Capability]] = {
    "viewer": frozenset({Capability.VIEW_DASHBOARDS, Capability.VIEW_REPORTS}),
}
ROLES["member"] = ROLES["viewer"] | {
    Capability.EDIT_REPORTS,
    Capability.RUN_REPORTS,
    Capability.EXPORT,
}
ROLES["manager"] = ROLES["member"] | {
    Capability.SCHEDULE_REPORTS,
    Capability.MANAGE_ALERTS,
    Capability.MANAGE_PEOPLE,
    Capability.MANAGE_SOURCES,
}
ROLES["admin"] = frozenset(Capability)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `user_id` is empty for the system itself."""

    user_id: str
    name: str
    role: str
    capabilities: frozenset[Capability]
    person_id: str | None = None
    """The person this user is, if known: their own numbers are always theirs to see."""
    email: str = ""
    led_team_ids: frozenset[str] = frozenset()
    """Teams that the user leads, with those inside; only where leads see their teams."""
    led_person_ids: frozenset[str] = frozenset()
    """Who is in them today."""
    is_background: bool = False
    """Something runs with this user's rights, and nobody sits before it."""
    is_token: bool = False
    """A program asks with a token of this user, which may less than they."""

    @property
    def owner_id(self) -> str | None:
        """What is written down as the owner of things that the actor makes: None for the system's own."""
        return self.user_id or None


SYSTEM = Actor("", "Sightline", "admin", frozenset(Capability))


LEAST_GROUP = 5
"""People that a wellbeing figure of a group is made of at least, where a workspace says nothing else."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """What services need to know of the workspace at hand."""

    id: str
    slug: str
    name: str
    time_zone: str = "UTC"
    is_demo: bool = False
    data_version: int = 0
    """Grows whenever facts, people or teams change: part of every cache key."""
    individuals: str = "open"
    """Who sees individuals' numbers: open (viewers too), members (all but viewers), managers, leads (of their own
    teams, and admins), or self (one's own)."""
    least_group: int = LEAST_GROUP
    """Wellbeing figures of fewer people are for those alone who may see each of them."""


def _no_account(ctx: Context, connection_id: str) -> Any:
    raise NotFound("There are no connections here.")


@dataclass(frozen=True, slots=True)
class Context:
    """Handed down, never looked up."""

    actor: Actor
    workspace: Workspace
    app: AppStore
    metrics: MetricsStore
    files: FileStore
    queue: Queue
    clock: Callable[[], datetime] = field(repr=False)
    account: Callable[[Context, str], Any] = field(default=_no_account, repr=False)
    """Opens the account of a connection by its id: with it sources are read. Its room lies above those that read."""

    def may(self, capability: Capability) -> bool:
        return capability in self.actor.capabilities

    def require(self, capability: Capability) -> None:
        """Return quietly if the actor may; NotAllowed if not."""
        if not self.may(capability) and self.actor.is_token:
            raise NotAllowed(
                f"{self.actor.name} in '{self.workspace.name}' may not {capability.value}: it was not made for that, or"
                " whoever made it may not either. Make one that may, under API tokens."
            )
        if not self.may(capability):
            raise NotAllowed(
                f"Your role '{self.actor.role}' in '{self.workspace.name}' may not {capability.value}."
                " Ask an admin of this workspace."
            )

    def sees_person(self, person_id: str) -> bool:
        """Whether the actor may see this individual's numbers."""
        return person_id in self.own_people or self.sees_individuals()

    @property
    def own_people(self) -> frozenset[str]:
        """Whom the actor may always see: themselves, and who is in the teams that they lead."""
        own = frozenset({self.actor.person_id}) if self.actor.person_id else frozenset[str]()
        return own | self.actor.led_person_ids

    def sees_scope(self, person_ids: Iterable[str] = (), team_ids: Iterable[str] = ()) -> bool:
        """Whether the actor may see the individuals behind a number of these people, or of these whole teams."""
        people, teams = set(person_ids), set(team_ids)
        if self.sees_individuals():
            return True
        return people <= self.own_people if people else bool(teams) and teams <= self.actor.led_team_ids

    def seen_as(self) -> str:
        """Whom the actor may see, in a text: part of the key of whatever is remembered of what they saw."""
        return "everybody" if self.sees_individuals() else ",".join(sorted(self.own_people | self.actor.led_team_ids))

    def sees_individuals(self) -> bool:
        """Whether the actor may see every individual's numbers in this workspace."""
        role = self.actor.role
        match self.workspace.individuals:
            case "open":
                return True
            case "members":
                return role != "viewer"
            case "managers":
                return role in ("manager", "admin")
            case "leads":
                return role == "admin"
        return not self.actor.user_id

    def require_person(self, person_id: str) -> None:
        """Return quietly if the actor may see this person's numbers; NotAllowed if not."""
        if not self.sees_person(person_id):
            raise NotAllowed(f"The workspace '{self.workspace.name}' does not show this person's numbers to you.")

    def as_actor(self, actor: Actor) -> Context:
        """The same workspace as somebody else: a report runs as its owner."""
        return replace(self, actor=actor)

    def on_behalf_of(self, actor: Actor) -> Context:
        """The same with somebody's rights while nobody sits before it: what they see there, they have not looked at."""
        return replace(self, actor=replace(actor, is_background=True))


class Rooms(Protocol):
    """What background work needs of the house: its settings, its stores, and a context for any workspace."""

    @property
    def settings(self) -> Settings: ...
    @property
    def app(self) -> AppStore: ...
    @property
    def metrics(self) -> MetricsStore: ...
    @property
    def files(self) -> FileStore: ...
    @property
    def queue(self) -> Queue: ...
    @property
    def clock(self) -> Callable[[], datetime]: ...

    def context(self, workspace: Workspace, actor: Actor = SYSTEM) -> Context: ...
