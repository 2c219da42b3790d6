"""Whom a report is shared with, and whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import workspaces
from core.access.models import User, WorkspaceMember
from core.base.errors import BadInput, Conflict, NotFound, did_you_mean
from core.context import ROLES, Capability, Context
from core.reports.models import ReportMember, SavedReport
from core.reports.rows import EDITOR, owned, readable

MEMBERS = {EDITOR: "May change it", "viewer": "May read it, if it is private"}


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody that a report is shared with."""

    username: str
    name: str
    role: str
    """editor or viewer."""


def shared_with(ctx: Context, report_id: str) -> list[MemberView]:
    """Whom a report is shared with, by name; its owner and admins are not among them."""
    ctx.require(Capability.VIEW_REPORTS)
    with ctx.app.reading() as session:
        readable(session, ctx, report_id)
        asked = sa.select(User, ReportMember.role).join(ReportMember, ReportMember.user_id == User.id)
        found = session.execute(asked.where(ReportMember.report_id == report_id)).all()
    return sorted((MemberView(user.username, user.name, role) for user, role in found), key=lambda one: one.name)


def candidates(ctx: Context, owner_id: str | None = None) -> Mapping[str, str]:
    """Names by username of everybody in the workspace but this owner, for those who may share reports."""
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.reading() as session:
        found = session.scalars(_inside(ctx)).all()
    others = sorted((user for user in found if user.id != owner_id), key=lambda user: user.name.casefold())
    return {user.username: user.name for user in others}


def share(ctx: Context, report_id: str, username: str, role: str = "viewer") -> MemberView:
    """Let somebody of the workspace read a private report, or change any; or give them the other part in it."""
    ctx.require(Capability.EDIT_REPORTS)
    if role not in MEMBERS:
        raise BadInput(f"'{role}' is no part in a report. Choose one of {', '.join(MEMBERS)}.")
    with ctx.app.session() as session:
        report = owned(session, ctx, report_id)
        user = _named(session, ctx, username)
        if user.id == report.owner_id:
            raise Conflict(f"{user.name} owns '{report.name}' already.")
        if role == EDITOR:
            _require_able(session, ctx, user)
        session.merge(ReportMember(report_id=report.id, user_id=user.id, role=role, added_at=ctx.clock()))
        workspaces.note(session, ctx, "report.share", report.name, report=report.id, user=user.username, role=role)
        return MemberView(user.username, user.name, role)


def unshare(ctx: Context, report_id: str, username: str) -> None:
    """Take somebody's part in a report away, of whoever left the workspace too; quiet if they have none."""
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.session() as session:
        report = owned(session, ctx, report_id)
        user = session.scalar(_called(_shared_with(report.id), username)) or _named(session, ctx, username)
        if row := session.get(ReportMember, (report.id, user.id)):
            session.delete(row)
            workspaces.note(session, ctx, "report.unshare", report.name, report=report.id, user=user.username)


def transfer(ctx: Context, report_id: str, username: str) -> None:
    """Give a report to somebody else: it runs with their rights from now on. Whoever owned it stays its editor."""
    ctx.require(Capability.EDIT_REPORTS)
    with ctx.app.session() as session:
        report = owned(session, ctx, report_id)
        user = _named(session, ctx, username)
        if user.id == report.owner_id:
            raise Conflict(f"{user.name} owns '{report.name}' already.")
        _require_able(session, ctx, user)
        _keep_part(session, ctx, report)
        if row := session.get(ReportMember, (report.id, user.id)):
            session.delete(row)
        report.owner_id, report.updated_at = user.id, ctx.clock()
        workspaces.note(session, ctx, "report.transfer", report.name, report=report.id, user=user.username)


def _keep_part(session: Session, ctx: Context, report: SavedReport) -> None:
    """Whoever owned a report until now can still change it, if they are still here."""
    if report.owner_id and session.get(WorkspaceMember, (ctx.workspace.id, report.owner_id)):
        session.merge(ReportMember(report_id=report.id, user_id=report.owner_id, role=EDITOR, added_at=ctx.clock()))


def _require_able(session: Session, ctx: Context, user: User) -> None:
    member = session.get_one(WorkspaceMember, (ctx.workspace.id, user.id))
    if Capability.EDIT_REPORTS not in ROLES[member.role]:
        raise BadInput(
            f"{user.name} has the role '{member.role}', which may not change reports. An admin can give another role."
        )


def _named(session: Session, ctx: Context, username: str) -> User:
    found = session.scalar(_called(_inside(ctx), username))
    if found is None:
        near = did_you_mean(username, [user.username for user in session.scalars(_inside(ctx))])
        raise NotFound(f"'{username}' is no member of '{ctx.workspace.name}'.{near}")
    return found


def _called(asked: sa.Select[User], username: str) -> sa.Select[User]:
    wanted = username.strip().casefold()
    return asked.where((User.username == wanted) | (User.email == wanted))


def _shared_with(report_id: str) -> sa.Select[User]:
    part = ReportMember.user_id == User.id
    return sa.select(User).join(ReportMember, part).where(ReportMember.report_id == report_id)


def _inside(ctx: Context) -> sa.Select[User]:
    return (
        sa.select(User)
        .join(WorkspaceMember, WorkspaceMember.user_id == User.id)
        .where(WorkspaceMember.workspace_id == ctx.workspace.id, User.is_active)
    )
