"""Rows of components, of the rules that make them, and of what a repository's CODEOWNERS says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.stores.app import Base, new_id


class Component(Base):
    """A part of one or several repositories that numbers can be narrowed to."""

    __tablename__ = "components"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    team_id: Mapped[str | None] = mapped_column(sa.ForeignKey("teams.id", ondelete="SET NULL"))
    """Who owns it, if anybody is named."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(sa.String(240), default="")
    removed_at: Mapped[datetime | None]
    """Set where it was removed, which can be undone."""
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Name, team and rules before the last change; empty where there was none."""


class ComponentRule(Base):
    """One line of what a component is made of, in one repository."""

    __tablename__ = "component_rules"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    component_id: Mapped[str] = mapped_column(sa.ForeignKey("components.id", ondelete="CASCADE"), index=True)
    repo_id: Mapped[str] = mapped_column(sa.ForeignKey("repositories.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(sa.String(16))
    """patterns, or codeowners."""
    position: Mapped[int]
    """Order within the component and repository: of patterns, the last one that matches decides."""
    text: Mapped[str] = mapped_column(sa.String(500))
    """A pattern as gitignore has it, or an owner as the file names it."""


class CodeOwners(Base):
    """The CODEOWNERS of a repository as it was read last."""

    __tablename__ = "code_owners"

    workspace_id: Mapped[str] = mapped_column(sa.ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    repo_id: Mapped[str] = mapped_column(sa.ForeignKey("repositories.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(sa.String(240))
    """Where it stands in the repository."""
    content: Mapped[str] = mapped_column(sa.Text)
    dialect: Mapped[str] = mapped_column(sa.String(16))
    """github or gitlab: they read the same line differently."""
    is_given: Mapped[bool] = mapped_column(default=False)
    """Handed in by somebody, not read from a clone: a sync leaves it alone until the clone has one."""
    read_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    change: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What its last change did: {"added": lines, "removed": lines, "moved": paths}."""
