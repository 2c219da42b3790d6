"""What pages and commands see of schedules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.base.period import Period
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
    reaches_you: bool
    """Whether its letters come to whoever asks."""
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
    """The team that it is about alone; empty for the whole report, and for a word about the schedule itself."""
    recipient: str
    status: str
    """waiting, sending, delivered, failed, bounced (another server sent it back later) or called off."""
    attempts: int
    detail: str
    """The server's last words, or when the next attempt comes."""
    run_id: str | None
    delivery_id: str

    @property
    def has_failed(self) -> bool:
        """Whether it did not arrive, and is not tried again by itself."""
        return self.status in ("failed", "bounced")


SEND_STATES = {
    "coming": "Planned",
    "paused": "Paused",
    "due": "About to start",
    "running": "Running",
    "sending": "On its way",
    "sent": "Sent",
    "kept": "Run and kept",
    "partly": "Partly sent",
    "unsure": "Waits for a person",
    "failed": "Failed",
    "skipped": "Not sent",
    "cancelled": "Called off",
}
"""What becomes of a time of a schedule, in readers' words."""


@dataclass(frozen=True, slots=True)
class Send:
    """One time of a schedule, past or coming, with all portions of it."""

    due_at: datetime
    """The time by its rhythm. It may start later: after downtime, or to spread the load."""
    schedule_id: str
    report_id: str
    report_name: str
    state: str
    """One of SEND_STATES."""
    detail: str = ""
    """What did not arrive, or why nothing was sent; empty where there is nothing to say."""
    teams: int | None = 0
    """How many teams' portions it has; 0 for the whole report, None for as many as there will be."""
    run_id: str | None = None
    """The run that it came of; of several, the first that stands as it does."""

    @property
    def state_text(self) -> str:
        return SEND_STATES[self.state]

    @property
    def teams_text(self) -> str:
        """ "3 teams", empty for the whole report."""
        if self.teams is None:
            return "each their own team's"
        return f"{self.teams} team{'s' * (self.teams != 1)}" if self.teams else ""

    @property
    def leads_to(self) -> tuple[str, dict[str, str]]:
        """The page that tells more, with what stands behind its question mark: the run, else the report's schedules."""
        if self.run_id:
            return "report", {"report": self.report_id, "run": self.run_id}
        return "schedules", {"report": self.report_id}


@dataclass(frozen=True, slots=True)
class Sends:
    """All sends of some days, the earliest first."""

    period: Period
    time_zone: str
    """The zone that its days are counted in."""
    items: tuple[Send, ...]
    cut_at: datetime | None = None
    """There were too many: from here on they are missing. None where all are there."""


@dataclass(frozen=True, slots=True)
class Fire:
    """A coming time, as its own zone and the reader's show it."""

    at: datetime
    local: str
    """ "Mon 30 Mar 2026 09:00 CEST"."""
    yours: str
