"""What the sources page and the commands show of sources and their runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source as a person sees it."""

    id: str
    kind: str
    name: str
    repo_id: str
    path: str
    branch: str
    """Empty: whatever the repository has checked out."""
    since: str
    status: str
    """never, pending, running, success, partial, failed or cancelled: that of its newest run."""
    error: str
    """One sentence, if its newest run failed."""
    notes: tuple[str, ...]
    synced_at: datetime | None
    complete_until: datetime | None
    """The watermark: the last moment of which this source is known to have told all."""
    is_shallow: bool
    progress: float = 0.0
    progress_text: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Table → rows that the newest run changed."""
    connection_id: str = ""
    """What it is read with; empty for git."""

    @property
    def is_git(self) -> bool:
        return self.kind == "git"


@dataclass(frozen=True, slots=True)
class RunView:
    """One reading of a source."""

    id: str
    source_id: str
    source: str
    status: str
    triggered_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration_seconds: float | None
    progress: float
    progress_text: str
    commits_added: int
    commits_removed: int
    files_added: int
    notes: tuple[str, ...]
    error: str
    fault: str
    attempt: int
    counts: Mapping[str, int] = field(default_factory=dict)
    """Table → rows that changed, where they are more than commits."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What one reading brought."""

    source_id: str
    run_id: str
    name: str
    commits_added: int
    commits_removed: int
    files_added: int
    complete_until: datetime | None
    notes: tuple[str, ...]
    seconds: float
    counts: Mapping[str, int] = field(default_factory=dict)
