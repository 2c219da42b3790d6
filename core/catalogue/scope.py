"""What a question is about: which days, which teams, repositories, components and people, compared with what."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.base.period import Period

UNASSIGNED = "unassigned"
"""Stands among the ids of components for what lies outside every one of them."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Empty tuples mean "all"; a `period` of None means all time."""

    period: Period | None
    compare: Period | None = None
    team_ids: tuple[str, ...] = ()
    repo_ids: tuple[str, ...] = ()
    person_ids: tuple[str, ...] = ()
    component_ids: tuple[str, ...] = ()
    """Parts of repositories; `UNASSIGNED` is what lies outside all of them."""
    folder: str = ""
    """Only a folder or file of the repositories, as in src/api; what is told of no file cannot be asked of it."""
    include_bots: bool = False
    include_generated: bool = False
    """Count generated and vendored lines too."""
    as_one: tuple[str, str] | None = None
    """Ask as if the second of these people were part of the first."""
    time_zone: str = "UTC"
    """Buckets of days and weeks fall on this zone's midnights."""

    def compared(self) -> Scope | None:
        """The same question about the comparison period, if there is one."""
        return replace(self, period=self.compare, compare=None) if self.compare else None
