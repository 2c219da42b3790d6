"""The library of reports: shelves, search, and one report by id or name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import User
from core.access.privacy import owned_by
from core.base.errors import BadInput, NotFound, did_you_mean
from core.context import Capability, Context
from core.reports.models import SavedReport
from core.reports.rows import edited, owns, readable, visible
from core.reports.views import ReportView, report_view

SHELVES = {
    "reports": "All reports", "mine": "Mine", "templates": "Templates", "archived": "Archived", "deleted": "Deleted",
}  # fmt: skip
"""Parts of the library: all that is in use, the actor's own, what new ones are made from, what is out of the way,
and what can still be brought back."""
UNDO_LASTS = timedelta(days=30)
"""How long a deleted report can be brought back."""


def get(ctx: Context, report_id: str) -> ReportView:
    """One report by id."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        return viewed(session, ctx, [readable(session, ctx, report_id)])[0]


def find(ctx: Context, ref: str, *, shelf: str = "reports") -> ReportView:
    """One report of a shelf by id or name; NotFound with the nearest name."""
    known = listed(ctx, shelf=shelf).items
    same = [one for one in known if one.id == ref] or [one for one in known if one.name.casefold() == ref.casefold()]
    if not same:
        noun = {"archived": "archived report", "deleted": "deleted report"}.get(shelf, "report")
        raise NotFound(f"There is no {noun} named '{ref}'.{did_you_mean(ref, [one.name for one in known])}")
    if len(same) > 1:
        raise BadInput(
            f"There are {len(same)} reports named '{ref}'. Name it by its id: {', '.join(s.id for s in same)}"
        )
    return same[0]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of reports and how many there are in all."""

    items: list[ReportView]
    total: int


def listed(
    ctx: Context, search: str = "", *, status: str = "", shelf: str = "reports", limit: int = 1000, offset: int = 0
) -> Listed:
    """Reports of a shelf that the actor may see, the latest changed first; `search` looks in names and descriptions."""
    ctx.require(Capability.VIEW_REPORTS)
    asked = found(ctx, search, status=status, shelf=shelf)
    with ctx.app.reading() as session:
        total = session.scalar(sa.select(sa.func.count()).select_from(asked.subquery())) or 0
        newest = asked.order_by(SavedReport.updated_at.desc(), SavedReport.id)
        rows = session.scalars(newest.limit(limit).offset(offset)).all()
        return Listed(viewed(session, ctx, list(rows)), total)


def found(ctx: Context, search: str = "", *, status: str = "", shelf: str = "reports") -> sa.Select[SavedReport]:
    """The question for reports of a shelf that the actor may see, with every word of `search` in them."""
    asked = _on_shelf(ctx, shelf)
    for word in search.split():
        like = f"%{word.replace('%', '').replace('_', '')}%"
        asked = asked.where(SavedReport.name.ilike(like) | SavedReport.description.ilike(like))
    return asked.where(SavedReport.last_run_status == status) if status else asked


def reports(ctx: Context, search: str = "") -> list[ReportView]:
    """Every report that the actor may see and that is neither archived nor a template, the latest changed first."""
    return listed(ctx, search).items


def _on_shelf(ctx: Context, shelf: str) -> sa.Select[SavedReport]:
    if shelf not in SHELVES:
        raise BadInput(f"There is no shelf '{shelf}'. Choose one of {', '.join(SHELVES)}.")
    asked = visible(ctx, deleted=shelf == "deleted")
    if shelf == "deleted":
        return asked.where(SavedReport.deleted_at >= ctx.clock() - UNDO_LASTS)
    if shelf == "templates":
        return asked.where(SavedReport.is_template, SavedReport.archived_at.is_(None))
    if shelf == "archived":
        return asked.where(SavedReport.archived_at.is_not(None))
    public = asked.where(SavedReport.archived_at.is_(None), ~SavedReport.is_template)
    return public.where(owned_by(ctx, SavedReport.owner_id)) if shelf == "mine" else public


def viewed(session: Session, ctx: Context, rows: list[SavedReport]) -> list[ReportView]:
    """Rows as the actor sees them, with their owners' names."""
    owners = {row.owner_id for row in rows if row.owner_id}
    named = session.scalars(sa.select(User).where(User.id.in_(owners))).all() if owners else []
    names = {user.id: user.name for user in named}
    mine = edited(session, ctx, [row.id for row in rows])
    return [
        report_view(
            row, names.get(row.owner_id or "", "Sightline" if row.owner_id is None else "Somebody who left"),
            may_edit=owns(ctx, row) or (row.id in mine and ctx.may(Capability.EDIT_REPORTS)), is_mine=owns(ctx, row),
        )
        for row in rows
    ]  # fmt: skip
