"""Versions of a report's definition: one is kept each time that it is saved, to compare with and go back to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import workspaces
from core.access.models import User
from core.base.errors import NotFound
from core.context import Capability, Context
from core.reports.definition import Definition, difference, told
from core.reports.models import ReportVersion, SavedReport
from core.reports.outgoing import require_sending
from core.reports.plan import Parameters, ReportPlan
from core.reports.rows import editable, readable

MOST = 2**31 - 1
"""The highest number that a version can have."""


@dataclass(frozen=True, slots=True)
class VersionView:
    """A definition as it was saved."""

    number: int
    saved_at: datetime
    saved_by: str
    restored_from: int | None
    name: str
    is_current: bool


def versions(ctx: Context, report_id: str) -> list[VersionView]:
    """Every version of a report, the newest first."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        report = readable(session, ctx, report_id)
        found = session.scalars(_of(report_id).order_by(ReportVersion.number.desc())).all() or [
            _unkept(session, report)
        ]
        return [_view(row, row.number == found[0].number) for row in found]


def definition(ctx: Context, report_id: str, number: int = 0) -> Definition:
    """A version as a definition; 0 is how the report stands."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        report = readable(session, ctx, report_id)
        row = _version(session, report, number)
        return Definition.of(
            row.content, id=report.id, version=row.number, visibility=report.visibility, template=report.is_template
        )


def text(ctx: Context, report_id: str, number: int = 0) -> str:
    """A version as its file would have it, with the names that things had when it was saved."""
    return told(definition(ctx, report_id, number))


def compared(ctx: Context, report_id: str, before: int, after: int = 0) -> str:
    """What changed from one version to another, line by line; empty where nothing did."""
    one, other = definition(ctx, report_id, before), definition(ctx, report_id, after)
    names = (f"version {one.version}", f"version {other.version}")
    return difference(_text(one), _text(other), names)


def go_back(ctx: Context, report_id: str, number: int) -> int:
    """Make an earlier version the newest one. Its number; nothing in between is lost.

    What it refers to is checked at the next run, as ever: a team may be gone since. Who may not have reports sent
    cannot bring back an output either.
    """
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.session() as session:
        report = editable(session, ctx, report_id)
        keep_first(session, report)
        wanted = _version(session, report, number).content
        plan = ReportPlan.model_validate(wanted["report_plan"]) if wanted["report_plan"] else None
        require_sending(ctx, plan, report.report_plan)
        report.name, report.description = wanted["name"], wanted["description"]
        report.parameters, report.report_plan = wanted["parameters"], wanted["report_plan"]
        report.updated_at = ctx.clock()
        made = keep(session, ctx, report, restored_from=number)
        workspaces.note(session, ctx, "report.go_back", report.name, report=report.id, version=number)
        return made


def keep(session: Session, ctx: Context, report: SavedReport, *, restored_from: int | None = None) -> int:
    """Keep how the report stands, unless its newest version is the same. The number of its newest version."""
    newest = session.scalar(_of(report.id).order_by(ReportVersion.number.desc()).limit(1))
    content = content_of(report)
    if newest and newest.content == content:
        return newest.number
    number = newest.number + 1 if newest else 1
    session.add(
        ReportVersion(
            report_id=report.id, number=number, content=content, saved_at=report.updated_at,
            saved_by=ctx.actor.name, restored_from=restored_from,
        )
    )  # fmt: skip
    session.flush()
    return number


def keep_first(session: Session, report: SavedReport) -> None:
    """Keep a report as it stands that was saved before versions were, so that the change to come can be undone."""
    if session.scalar(_of(report.id).limit(1)) is None:
        session.add(_unkept(session, report))
        session.flush()


def newest_number(session: Session, report_id: str) -> int | None:
    """Number of the version that a report stands at; None where none was kept."""
    return session.scalar(sa.select(sa.func.max(ReportVersion.number)).where(ReportVersion.report_id == report_id))


def content_of(report: SavedReport) -> dict[str, Any]:
    """What a version keeps of a report, in the shape of today's plans: a new setting is no change by somebody."""
    plan = ReportPlan.model_validate(report.report_plan).model_dump(mode="json") if report.report_plan else None
    parameters = Parameters.model_validate(report.parameters).model_dump(mode="json")
    return {
        "name": report.name, "description": report.description, "parameters": parameters, "report_plan": plan
    }  # fmt: skip


def _version(session: Session, report: SavedReport, number: int) -> ReportVersion:
    asked = _of(report.id).order_by(ReportVersion.number.desc()).limit(1)
    row = session.scalar(asked.where(ReportVersion.number == number) if number else asked) if number <= MOST else None
    if row is None and number in (0, 1):
        row = _unkept(session, report)
    if row is None:
        raise NotFound(f"'{report.name}' has no version {number}. Look at its versions.")
    return row


def _unkept(session: Session, report: SavedReport) -> ReportVersion:
    """A report without versions, as its first."""
    owner = session.get(User, report.owner_id) if report.owner_id else None
    return ReportVersion(
        report_id=report.id, number=1, content=content_of(report), saved_at=report.updated_at,
        saved_by=owner.name if owner else "", restored_from=None,
    )  # fmt: skip


def _of(report_id: str) -> sa.Select[ReportVersion]:
    return sa.select(ReportVersion).where(ReportVersion.report_id == report_id)


def _text(one: Definition) -> str:
    return told(one.model_copy(update={"id": "", "version": 0}))


def _view(row: ReportVersion, is_current: bool) -> VersionView:
    return VersionView(row.number, row.saved_at, row.saved_by, row.restored_from, row.content["name"], is_current)
