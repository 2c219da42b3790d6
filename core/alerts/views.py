"""What pages and commands see of alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.alerts.wish import Wish
from core.figures import Explain


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What the last look saw of one subject."""

    subject: str
    first: date | None
    state: str
    """fired, quiet, thin, rests, refused, or why there is no value: no_data, not_collected, stale, unsupported."""
    text: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule, ready to be shown."""

    id: str
    name: str
    wish: Wish
    sentence: str
    """ "Every week, when Commits of each team is outside of what is usual for it by more than 30 %"."""
    is_active: bool
    paused_reason: str
    muted_until: datetime | None
    """None where it is not muted, or not any more."""
    created_by: str
    checked_at: datetime | None
    outcomes: tuple[OutcomeView, ...]
    findings: int
    """In the last 90 days."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding, ready to be shown."""

    id: str
    rule_id: str
    rule: str
    metric: str
    metric_label: str
    subject: str
    period_label: str
    first: date
    value_text: str
    sentence: str
    untold: str
    """Why nobody was told, in words; empty where somebody was."""
    created_at: datetime
    explain: Explain
    history: tuple[tuple[date, float | None], ...]


@dataclass(frozen=True, slots=True)
class SentView:
    """What became of a finding's letter to one recipient."""

    id: str
    recipient: str
    channel: str
    status: str
    """waiting, sending, delivered, failed, bounced (another server sent it back later) or called off."""
    attempts: int
    detail: str
    at: datetime

    @property
    def has_failed(self) -> bool:
        """Whether it did not arrive, and is not tried again by itself."""
        return self.status in ("failed", "bounced")
