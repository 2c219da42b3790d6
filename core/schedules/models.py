"""Rows of schedules and of each time that one came round."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.schedules.cron import Cron
from core.schedules.rhythm import Rhythm
from core.stores.app import Base, new_id

METHODS = {"email": "E-mail", "slack": "Slack", "both": "E-mail and Slack"}
POSTED = ("slack", "both")


AT_ONCE = "now"
"""Kind of an occurrence that somebody asked for, and no clock."""
UNREACHED = "notice:unreached:"
"""How the batch of a notice begins that is about a whole time of a schedule, whichever portion's run it hangs on."""


def letter_channel(method: str) -> str:
    """By what the letters of a method go; empty where there are none."""
    return {"slack": "", "both": "email"}.get(method, method)


class ScheduledReport(Base):
    """A report that goes out by a clock."""

    __tablename__ = "scheduled_reports"
    __table_args__ = (sa.Index("ix_scheduled_reports_due", "is_active", "next_run_at"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    report_id: Mapped[str] = mapped_column(sa.ForeignKey("saved_reports.id", ondelete="CASCADE"), index=True)
    cron: Mapped[str] = mapped_column(sa.String(120))
    """Five fields. The preset, day and time that forms show are read from it."""
    time_zone: Mapped[str] = mapped_column(sa.String(64))
    recipients: Mapped[list[str]]
    """Addresses, and people, teams and leads by their ids: see `recipients`."""
    recipient_names: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What each of those was called when it was saved, to name one that is gone."""
    bursts: Mapped[bool] = mapped_column(default=False)
    """Whether each recipient gets their own team's figures instead of the whole report."""
    formats: Mapped[list[str]]
    """Files that go with it: pdf, xlsx, csv, html, markdown, json."""
    delivery_method: Mapped[str] = mapped_column(sa.String(32), default="email")
    """email, slack, both, or the key of another channel."""
    slack_connection: Mapped[str] = mapped_column(sa.String(80), default="")
    """Name of the connection that it is posted by."""
    slack_channels: Mapped[list[str]] = mapped_column(default=list)
    """Empty for the connection's own."""
    condition: Mapped[str] = mapped_column(sa.String(160), default="")
    """A `Condition`; empty to send whatever came of the run."""
    is_active: Mapped[bool] = mapped_column(default=True)
    paused_reason: Mapped[str] = mapped_column(sa.Text, default="")
    """Why it does not run, as a sentence; empty while it does."""
    catch_up: Mapped[str] = mapped_column(sa.String(16), default="run_once")
    """After downtime: run_once sends the newest missed one, skip waits for the next."""
    jitter_s: Mapped[int] = mapped_column(default=0)
    """Starts up to so many seconds late, always by the same amount, so that not everything starts at nine."""
    next_due_at: Mapped[datetime]
    """The next time by the rhythm."""
    next_run_at: Mapped[datetime]
    """The same with its jitter: when the clock takes it."""
    created_by: Mapped[str | None] = mapped_column(sa.String(32))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    @property
    def channel(self) -> str:
        """By what its letters go; empty where it is only posted."""
        return letter_channel(self.delivery_method)

    @property
    def is_posted(self) -> bool:
        return self.delivery_method in POSTED

    @property
    def clockwork(self) -> Cron:
        return Cron(self.cron, self.time_zone)

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm.of(self.cron)

    @property
    def offset(self) -> timedelta:
        """By how much it starts late: the same every time, spread evenly over schedules."""
        digest = hashlib.sha256(f"jitter:{self.id}".encode()).digest()
        return timedelta(seconds=int.from_bytes(digest[:8]) % (self.jitter_s + 1))

    def plan_after(self, moment: datetime) -> None:
        """Set the next run to the first one after `moment`."""
        self.next_due_at = self.clockwork.next(moment - self.offset)
        self.next_run_at = self.next_due_at + self.offset


class Occurrence(Base):
    """One time that a schedule came round, or one team's portion of it. Unique, so that no two clocks send it twice."""

    __tablename__ = "occurrences"
    __table_args__ = (sa.UniqueConstraint("schedule_id", "due_at", "portion", name="uq_occurrences_once"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.String(32), index=True)
    schedule_id: Mapped[str] = mapped_column(sa.ForeignKey("scheduled_reports.id", ondelete="CASCADE"))
    due_at: Mapped[datetime]
    portion: Mapped[str] = mapped_column(sa.String(32), default="")
    """The team that it is about; empty for the whole report."""
    portion_name: Mapped[str] = mapped_column(sa.String(120), default="")
    recipients: Mapped[list[str] | None] = mapped_column(sa.JSON(none_as_null=True))
    """Addresses that were meant when it came round. None in rows of before that was kept: the schedule's own."""
    unreached: Mapped[list[str]] = mapped_column(default=list)
    """A sentence for each who was meant and could not be reached; its owner is told."""
    kind: Mapped[str] = mapped_column(sa.String(8), default="due")
    """due; test: sent to one person who asked for it; or now: somebody had it sent to all at once."""
    test_recipient: Mapped[str] = mapped_column(sa.String(254), default="")
    status: Mapped[str] = mapped_column(sa.String(16), default="claimed", index=True)
    """claimed, running, posted (its letters are on their way), failed, cancelled or skipped."""
    claimed_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    """How often a clock tried to start its run."""
    run_id: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    """Why it was skipped or failed, as a sentence."""
