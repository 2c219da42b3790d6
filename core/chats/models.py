"""Rows of questions about runs, with their answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.stores.app import Base, new_id


class ReportQuestion(Base):
    """What somebody asked about a run's result, and what they were answered."""

    __tablename__ = "report_questions"
    __table_args__ = (sa.Index("ix_report_questions_run_asked", "run_id", "asked_at"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    run_id: Mapped[str] = mapped_column(sa.ForeignKey("report_runs.id", ondelete="CASCADE"))
    user_id: Mapped[str | None] = mapped_column(sa.String(32))
    """None is the system itself: the command line."""
    asked_by: Mapped[str] = mapped_column(sa.String(240))
    """Name of whoever asked, as it was then."""
    question: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[dict[str, Any]]
    """An `Answer`."""
    asked_at: Mapped[datetime]
