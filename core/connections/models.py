"""Rows of the connections that an installation keeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.stores.app import Base, new_id


class Connection(Base):
    """A datasource, an output or a provider's account with its settings and secrets, known by its name."""

    __tablename__ = "connections"
    __table_args__ = (sa.UniqueConstraint("workspace_id", "name"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    side: Mapped[str] = mapped_column(sa.String(16), default="datasource", server_default="datasource")
    """datasource: reports ask it; output: they are sent to it; source: sources are read with it."""
    plugin: Mapped[str] = mapped_column(sa.String(80))
    """Key of the kind."""
    args: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Settings that are no secret."""
    secrets: Mapped[str | None] = mapped_column(sa.Text)
    """Sealed JSON of path → secret, such as {"basic_auth.password": "…"}. Unsealed only where it is used, so that a key
    which has changed leaves the other connections as they are."""
    created_at: Mapped[datetime]
    created_by: Mapped[str | None] = mapped_column(sa.String(32))
    updated_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    """When it was last tried."""
    check_text: Mapped[str] = mapped_column(sa.Text, default="")
    """What was reached then."""
    last_error: Mapped[str] = mapped_column(sa.Text, default="")
    """Why it could not be reached then."""
