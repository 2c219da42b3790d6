"""What the sources page and the commands show of sources and their runs."""

from __future__ import annotations

from dataclasses import dataclass
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
