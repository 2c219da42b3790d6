"""Rows of alert rules and of what they found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.stores.app import Base, new_id


class AlertRule(Base):
    """A metric that somebody wants to hear of when it leaves its bounds."""

    __tablename__ = "alert_rules"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "name"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    metric: Mapped[str] = mapped_column(sa.String(80))
    subject_kind: Mapped[str] = mapped_column(sa.String(16))
    """workspace, team, repo, component or person."""
    subject_ids: Mapped[list[str]]
    """Empty for the workspace, and for each team, repository or component there is."""
    condition: Mapped[str] = mapped_column(sa.String(16))
    """above, below, change or outlier."""
    threshold: Mapped[float]
    """In the metric's unit; of a change or an outlier a ratio, 0.3 for 30 %."""
    direction: Mapped[str] = mapped_column(sa.String(8), default="both")
    """up, down or both; of a change or an outlier."""
    least_z: Mapped[float] = mapped_column(default=3.5)
    least_history: Mapped[int] = mapped_column(default=8)
    """Periods with a value that an outlier is told from."""
    least_rows: Mapped[int] = mapped_column(default=1)
    """Rows behind a value that is judged at all."""
    period_type: Mapped[str] = mapped_column(sa.String(16))
    cooldown: Mapped[int] = mapped_column(default=0)
    """Periods after a finding in which the same subject is not told again."""
    recipients: Mapped[list[str]]
    slack_connection: Mapped[str] = mapped_column(sa.String(80), default="")
    slack_channels: Mapped[list[str]]
    is_active: Mapped[bool] = mapped_column(default=True)
    paused_reason: Mapped[str] = mapped_column(sa.Text, default="")
    muted_until: Mapped[datetime | None]
    created_by: Mapped[str | None] = mapped_column(sa.String(32))
    """Whose rights decide what it may look at; None for the system itself."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    watched_from: Mapped[date]
    """Periods that ended before this day are history: they are not told."""
    queued_until: Mapped[datetime | None]
    """Already on the queue; put there again only if nobody took it by then."""
    checked_at: Mapped[datetime | None]
    checked_version: Mapped[int] = mapped_column(default=-1)
    """The workspace's data version that was judged last."""
    checked_until: Mapped[date | None]
    """Everything that ended by this day was judged for good."""
    outcomes: Mapped[list[Any]]
    """What the last look saw of each subject: {"subject", "first", "state", "text", "private"}."""


class AlertFinding(Base):
    """A rule, a subject and a period that met: made once, told once."""

    __tablename__ = "alert_findings"
    __table_args__ = (
        sa.UniqueConstraint(
            "rule_id", "subject_kind", "subject_id", "period_type", "period_start", name="uq_alert_findings_once"
        ),
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    rule_id: Mapped[str] = mapped_column(sa.ForeignKey("alert_rules.id", ondelete="CASCADE"), index=True)
    metric: Mapped[str] = mapped_column(sa.String(80))
    metric_version: Mapped[int]
    subject_kind: Mapped[str] = mapped_column(sa.String(16))
    subject_id: Mapped[str] = mapped_column(sa.String(32), default="")
    subject_name: Mapped[str] = mapped_column(sa.String(240), default="")
    is_individual: Mapped[bool] = mapped_column(default=False)
    """For those alone who may see each of its people: see `core.alerts.watching.is_private`."""
    period_type: Mapped[str] = mapped_column(sa.String(16))
    period_start: Mapped[date]
    period_end: Mapped[date]
    """First day after it."""
    time_zone: Mapped[str] = mapped_column(sa.String(64))
    value: Mapped[float]
    rows: Mapped[int] = mapped_column(default=0)
    compared: Mapped[float | None]
    """What it was held against: the threshold, the period before, or the usual value."""
    score: Mapped[float | None]
    """The robust z of an outlier."""
    sentence: Mapped[str] = mapped_column(sa.Text)
    history: Mapped[list[Any]]
    """[first day, value or None] of the periods up to it."""
    untold: Mapped[str] = mapped_column(sa.String(16), default="")
    """Why nobody was told: muted, late (its period had long ended) or nobody (the rule names none)."""
    created_at: Mapped[datetime] = mapped_column(index=True)
