"""What pages and commands see of schedules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.schedules.rhythm import Rhythm

CATCH_UP = {
    "run_once": "Send the newest missed one when Sightline is back",
    "skip": "Wait for the next time",
}


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A schedule, ready to be shown."""

    id: str
    report_id: str
    report_name: str
    rhythm: Rhythm
    time_zone: str
    sentence: str
    """ "every Monday at 09:00 Europe/Berlin"."""
    recipients: list[str]
    """As they are kept: addresses, "team:<id>", "leads:<id>", "person:<id>"."""
    names: list[str]
    """What each of them is called."""
    bursts: bool
    """Whether each recipient gets their own team's figures."""
    unsubscribed: list[str]
    """Addresses that want no more of it."""
    formats: list[str]
    delivery_method: str
    """email, slack, both, or the key of another channel."""
    slack_connection: str
    slack_channels: list[str]
    """Empty for the connection's own."""
    condition: str
    """As it is written; empty for always."""
    condition_text: str
    """ "only if a week was unusual"; empty for always."""
    is_active: bool
    paused_reason: str
    catch_up: str
    jitter_s: int
    offset_s: int
    """It starts so many seconds after its time."""
    next_run_at: datetime | None
    """None while it is paused."""
    last_sent_at: datetime | None
    last_note: str
    """Why nothing was sent the last time, though nothing went wrong; empty if it was."""
    last_error: str
    """Why the newest time or letter failed; empty when it went well."""
    created_by: str
    """Name of whoever made it."""
    created_at: datetime

    @property
    def jitter_text(self) -> str:
        """ "starts 2 min 17 s later, to spread the load", empty if it starts on time."""
        if not self.offset_s:
            return ""
        minutes, seconds = divmod(self.offset_s, 60)
        parts = [f"{minutes} min" if minutes else "", f"{seconds} s" if seconds else ""]
        return f"starts {' '.join(filter(None, parts))} later, to spread the load"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One recipient's letter, with what became of it."""

    at: datetime
    report: str
    portion: str
    """The team that it is about alone; empty for the whole report."""
    recipient: str
    status: str
    """waiting, sending, delivered, failed or called off."""
    attempts: int
    detail: str
    """The server's last words, or when the next attempt comes."""
    run_id: str | None
    delivery_id: str


@dataclass(frozen=True, slots=True)
class Fire:
    """A coming time, as its own zone and the reader's show it."""

    at: datetime
    local: str
    """ "Mon 30 Mar 2026 09:00 CEST"."""
    yours: str
