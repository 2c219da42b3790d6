"""Rows of exports: a document asked for as a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.stores.app import Base, WorkRow


class ExportJob(WorkRow, Base):
    """One file: what was asked for, where it is kept, and until when.

    Of the statuses that the API shows, processing is `running`, completed is `success`.
    """

    __tablename__ = "export_jobs"
    task = "export"

    requested_by: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    export_type: Mapped[str] = mapped_column(sa.String(32))
    """report, developer_profile, team_analytics, page or rows."""
    format: Mapped[str] = mapped_column(sa.String(16))
    """pdf, csv, json, xlsx, html or markdown."""
    config: Mapped[dict[str, Any]] = mapped_column(default=dict)
    run_id: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    """The report run whose frozen document it is."""
    file_path: Mapped[str] = mapped_column(sa.String(300), default="")
    """Key in the file store; empty until the file is whole."""
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    individual: Mapped[bool] = mapped_column(default=False)
    """Shows individuals' numbers: not for everybody who may export."""
    media_type: Mapped[str] = mapped_column(sa.String(120), default="")
    file_size_bytes: Mapped[int | None] = mapped_column(sa.BigInteger)
    expires_at: Mapped[datetime | None] = mapped_column(index=True)

    @property
    def error_message(self) -> str | None:
        """Why it failed, as a sentence."""
        return self.error
