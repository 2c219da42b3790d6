"""Rows of saved reports and their runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.stores.app import Base, WorkRow, new_id


class SavedReport(Base):
    """A report's definition: made once, run by hand or by a clock."""

    __tablename__ = "saved_reports"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    """What the Report Center calls the organisation (org_id)."""
    name: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    report_plan: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """A `ReportPlan`; None makes the default plan of `parameters` at each run."""
    parameters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """A `Parameters`: scope, date range, comparison, metrics, formats."""
    schedule_id: Mapped[str | None] = mapped_column(sa.String(32))
    is_active: Mapped[bool] = mapped_column(default=True)
    paused_reason: Mapped[str] = mapped_column(sa.Text, default="")
    """Why an inactive report does not run, as a sentence."""
    owner_id: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    """The user whose rights the report runs with; None is the system itself."""
    visibility: Mapped[str] = mapped_column(sa.String(16), default="workspace")
    """workspace or private (the owner, those that it is shared with, and admins)."""
    is_template: Mapped[bool] = mapped_column(default=False)
    """New reports are made from it; it does not run itself."""
    archived_at: Mapped[datetime | None]
    """Kept with its results, and out of the way: it neither runs nor goes out."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    last_run_at: Mapped[datetime | None]
    last_run_status: Mapped[str | None] = mapped_column(sa.String(16))


class ReportMember(Base):
    """Somebody that a report is shared with, beside its owner."""

    __tablename__ = "report_members"

    report_id: Mapped[str] = mapped_column(sa.ForeignKey("saved_reports.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(sa.String(16))
    """editor or viewer."""
    added_at: Mapped[datetime]


class ReportVersion(Base):
    """A report's definition as somebody saved it."""

    __tablename__ = "report_versions"
    __table_args__ = (sa.UniqueConstraint("report_id", "number", name="uq_report_versions_number"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    report_id: Mapped[str] = mapped_column(sa.ForeignKey("saved_reports.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    """From 1; the highest is how the report stands."""
    content: Mapped[dict[str, Any]]
    """name, description, parameters and report_plan."""
    saved_at: Mapped[datetime]
    saved_by: Mapped[str] = mapped_column(sa.String(240), default="")
    """Name of whoever saved it, as it was then."""
    restored_from: Mapped[int | None]


class ReportRun(WorkRow, Base):
    """One execution of a report. What it produced is frozen: any format later, the same numbers."""

    __tablename__ = "report_runs"
    task = "report"
    __table_args__ = (sa.Index("ix_report_runs_report_created", "report_id", "created_at"),)

    report_id: Mapped[str] = mapped_column(sa.ForeignKey("saved_reports.id", ondelete="CASCADE"))
    occurrence_id: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    """The schedule's occurrence that asked for it."""
    portion: Mapped[str] = mapped_column(sa.String(120), default="")
    """Name of the team that it is about alone, where a schedule sends each team its own figures; else empty."""
    burst: Mapped[str | None] = mapped_column(sa.String(32))
    """The same for all portions of one time: together they are one report of the month."""
    rendered_markdown: Mapped[str | None] = mapped_column(sa.Text)
    document: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """The frozen `Document`."""
    plan: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """The plan as it ran."""
    version: Mapped[int | None]
    """Number of the definition that it ran; None of before versions were kept."""
    provenance_records: Mapped[list[Any]] = mapped_column(default=list)
    period_start: Mapped[datetime | None]
    period_end: Mapped[datetime | None]
    as_of: Mapped[datetime]
    """The moment that "last 7 days" is counted from: when it was due, however late or often it is tried."""
    failures: Mapped[list[str]] = mapped_column(default=list)
    """A sentence for each part that is missing from the document."""
    individual: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Figures that show individuals' numbers, by key: [people, teams] of all that each tells. Not for every reader.

    Runs of before that was kept have a list of keys.
    """
    data_version: Mapped[int] = mapped_column(default=0)
    announced: Mapped[bool] = mapped_column(default=False)
    """Whether whoever waits for the end of this run was told."""


class ReportDraft(Base):
    """What somebody is making of a report and has not saved yet: one a user and report, one a user for new reports."""

    __tablename__ = "report_drafts"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    """Made of workspace, user and report, so that two windows of one user meet in one row."""
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[str] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    report_id: Mapped[str | None] = mapped_column(sa.ForeignKey("saved_reports.id", ondelete="CASCADE"), index=True)
    """None for a report that was never saved."""
    content: Mapped[dict[str, Any]]
    """A `Draft`."""
    based_on: Mapped[str] = mapped_column(sa.String(64))
    """Print of the report as it was saved when the draft was begun."""
    changed_at: Mapped[datetime]
