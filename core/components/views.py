"""What services tell of components."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.base.counted import counted


@dataclass(frozen=True, slots=True)
class Lines:
    """What a component is made of in one repository."""

    repo_id: str
    patterns: tuple[str, ...] = ()
    """As a .gitignore has them, the last that matches deciding."""
    owners: tuple[str, ...] = ()
    """As the repository's CODEOWNERS names them."""


@dataclass(frozen=True, slots=True)
class ComponentView:
    """A component as people see it."""

    id: str
    name: str
    team_id: str
    team: str
    lines: tuple[Lines, ...]
    repos: tuple[str, ...]
    """Names of its repositories."""
    paths: int
    changed_at: datetime
    changed_by: str
    can_undo: bool


@dataclass(frozen=True, slots=True)
class RuleHits:
    """One line and how many paths it matches by itself."""

    repo: str
    text: str
    hits: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a component would be, before it is kept."""

    paths: int
    of: int
    """Paths that there are in its repositories."""
    commits: int
    """Commits of the last 90 days that changed one of them."""
    shared: int
    """Paths that belong to another component too."""
    unassigned: int
    """Paths of its repositories that would belong to no component."""
    rules: tuple[RuleHits, ...]
    examples: tuple[str, ...]

    @property
    def idle(self) -> tuple[RuleHits, ...]:
        """Lines that match nothing."""
        return tuple(rule for rule in self.rules if not rule.hits)

    @property
    def words(self) -> str:
        """In one line."""
        shared = f"; {self.shared:,} of them shared with other components" if self.shared else ""
        return (
            f"{self.paths:,} of {counted(self.of, 'path')}, {counted(self.commits, 'commit')} in the last 90 days"
            f"{shared};"
            f" {counted(self.unassigned, 'path', ('belongs', 'belong'))} to no component."
        )


@dataclass(frozen=True, slots=True)
class OwnerView:
    """An owner that a CODEOWNERS names."""

    owner: str
    paths: int
    component: str
    """Name of the component that is made of it; empty where there is none."""
    suggested_name: str
    suggested_team_id: str
    suggested_team: str
    why: str
    """Why this team is suggested; empty where none is."""


@dataclass(frozen=True, slots=True)
class OwnersView:
    """A repository's CODEOWNERS as it was read."""

    repo_id: str
    repo: str
    path: str
    dialect: str
    read_at: datetime
    changed_at: datetime
    is_given: bool
    rules: int
    idle: tuple[str, ...]
    """Lines that match no path."""
    unread: tuple[str, ...]
    """Lines that say nothing to this host."""
    owners: tuple[OwnerView, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: int
    """What its last change did."""

    @property
    def change(self) -> str:
        """The last change in words; empty where there was none."""
        if not (self.added or self.removed):
            return ""
        came, went = len(self.added), len(self.removed)
        return f"lines came: {came:,}, went: {went:,}; paths that belong elsewhere now: {self.moved:,}."


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks a component to be."""

    name: str
    team_id: str = ""
    lines: tuple[Lines, ...] = ()
    """Every repository's; those not named are taken out."""
