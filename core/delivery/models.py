"""Rows of deliveries, their receipts, and those who want no more mail."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.stores.app import Base, WorkRow, new_id

LEAVING = "leaving"
ACCEPTED = "accepted"
BOUNCED = "bounced"


class Delivery(WorkRow, Base):
    """One letter to one recipient by one channel: sent once, however many clocks and workers there are."""

    __tablename__ = "deliveries"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "batch", "recipient", "channel", name="uq_deliveries_once"),
        sa.Index("ix_deliveries_due", "status", "next_attempt_at"),
    )

    batch: Mapped[str] = mapped_column(sa.String(80), index=True)
    """What is sent at once: "run:<id>", "test:<id>", "notice:<subject>"."""
    topic: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    """What a recipient can unsubscribe from: a schedule's id."""
    run_id: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    recipient: Mapped[str] = mapped_column(sa.String(254))
    channel: Mapped[str] = mapped_column(sa.String(32), default="email")
    letter_key: Mapped[str] = mapped_column(sa.String(200))
    """The kept letter: a retry sends what was made, not something made anew."""
    subject: Mapped[str] = mapped_column(sa.String(300), default="")
    next_attempt_at: Mapped[datetime | None]
    queued_until: Mapped[datetime | None]
    """Already on the queue; put there again only if nobody took it by then."""
    last_error: Mapped[str] = mapped_column(sa.Text, default="")
    """Why the last attempt failed, kept while the next one waits."""


class Receipt(Base):
    """What the channel answered to one attempt."""

    __tablename__ = "delivery_receipts"
    __table_args__ = (sa.UniqueConstraint("delivery_id", "attempt", name="uq_delivery_receipts_attempt"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    delivery_id: Mapped[str] = mapped_column(sa.ForeignKey("deliveries.id", ondelete="CASCADE"), index=True)
    attempt: Mapped[int]
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(sa.String(16))
    """LEAVING (the channel was about to take it), then ACCEPTED, deferred (tried again later) or refused (for good);
    BOUNCED if it was accepted, and another server sent it back later."""
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    """The server's own words, or what went wrong on the way to it."""
    seconds: Mapped[float] = mapped_column(default=0.0)


class OptOut(Base):
    """An address that wants no more mail on a topic."""

    __tablename__ = "opt_outs"

    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    recipient: Mapped[str] = mapped_column(sa.String(254), primary_key=True)
    at: Mapped[datetime]
