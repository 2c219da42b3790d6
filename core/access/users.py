"""Who may come in: users, their roles in workspaces, and the actor a service sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access import first_start, links, passwords, sessions
from core.access.models import User, WorkspaceMember, WorkspaceRow
from core.access.workspaces import note
from core.base.errors import BadInput, Conflict, NotAllowed, NotFound, did_you_mean
from core.base.period import zone_of
from core.context import ROLES, SYSTEM, Actor, Capability, Context
from core.stores.app import AppStore

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
# People stand above access, so that their rows are named here and not imported.
_PEOPLE = sa.table("people", *(sa.column(name, sa.String) for name in ("id", "workspace_id", "merged_into_id")))


@dataclass(frozen=True, slots=True)
class UserView:
    """A member of a workspace."""

    id: str
    username: str
    name: str
    email: str
    role: str
    person_id: str | None
    is_active: bool
    is_demo: bool
    has_password: bool
    last_seen_at: datetime | None


def members(ctx: Context) -> list[UserView]:
    """Everybody who may enter this workspace, by name."""
    ctx.require(Capability.MANAGE_USERS)
    with ctx.app.reading() as session:
        found = session.execute(_inside(ctx).order_by(User.username)).all()
    return [_view(user, member) for user, member in found]


def add(
    ctx: Context, *, username: str, email: str, role: str, first_name: str = "", last_name: str = "", password: str = ""
) -> str:
    """Let somebody into this workspace; the path of their set-password link, or "" if they have a password.

    Somebody who is a user already, by the same name and address, becomes a member here too. They get no link
    from an admin who does not rule wherever they are: who sets a password is that user everywhere.
    """
    ctx.require(Capability.MANAGE_USERS)
    username, email = _checked(username, email)
    _check_role(role)
    if password:
        passwords.check_new(password, username=username)
    password_hash = passwords.hashed(password) if password else ""
    with ctx.app.session() as session:
        user = _known(session, username, email)
        if user is None:
            user = User(
                username=username, email=email, first_name=first_name.strip(), last_name=last_name.strip(),
                password_hash=password_hash, is_active=True, created_at=ctx.clock(),
            )  # fmt: skip
            session.add(user)
            session.flush()
            first_start.end_trial(session)
        elif session.get(WorkspaceMember, (ctx.workspace.id, user.id)):
            raise Conflict(f"'{username}' is a member of '{ctx.workspace.name}' already.")
        session.add(WorkspaceMember(workspace_id=ctx.workspace.id, user_id=user.id, role=role))
        note(session, ctx, "user.add", username, role=role)
        return "" if user.password_hash or _is_elsewhere(session, ctx, user) else links.setup_link(user)


def set_role(ctx: Context, username: str, role: str) -> None:
    """Give a member another role; the last admin stays admin."""
    ctx.require(Capability.MANAGE_USERS)
    _check_role(role)
    with ctx.app.session() as session:
        user, member = _member(session, ctx, username)
        if member.role == "admin" and role != "admin":
            _keep_an_admin(session, ctx, user)
        member.role = role
        note(session, ctx, "user.role", user.username, role=role)


def link_person(ctx: Context, username: str, person_id: str | None) -> None:
    """Say which person of this workspace a member is: their own numbers are always theirs to see."""
    ctx.require(Capability.MANAGE_USERS)
    with ctx.app.session() as session:
        user, member = _member(session, ctx, username)
        if person_id:
            _check_person(session, ctx, person_id)
        member.person_id = person_id or None
        note(session, ctx, "user.person", user.username, person=person_id or "")


def remove(ctx: Context, username: str) -> None:
    """Take somebody out of this workspace; their reports stay."""
    ctx.require(Capability.MANAGE_USERS)
    with ctx.app.session() as session:
        user, member = _member(session, ctx, username)
        if member.role == "admin":
            _keep_an_admin(session, ctx, user)
        session.delete(member)
        note(session, ctx, "user.remove", user.username)


def set_active(ctx: Context, username: str, active: bool) -> None:
    """Let a user in again, or keep them out and sign their browsers out."""
    ctx.require(Capability.MANAGE_USERS)
    with ctx.app.session() as session:
        user, member = _member(session, ctx, username)
        _own_all(session, ctx, user)
        if not active and member.role == "admin":
            _keep_an_admin(session, ctx, user)
        user.is_active = active
        if not active:
            sessions.revoke_all(session, user.id)
        note(session, ctx, "user.enable" if active else "user.disable", user.username)


def new_link(ctx: Context, username: str) -> str:
    """A path with which this member sets a new password; the old one works until then."""
    ctx.require(Capability.MANAGE_USERS)
    with ctx.app.session() as session:
        user, _ = _member(session, ctx, username)
        _own_all(session, ctx, user)
        if user.is_demo:
            raise NotAllowed("The demo's password is fixed.")
        note(session, ctx, "user.link", user.username)
        return links.setup_link(user)


def named(app: AppStore, username: str) -> User:
    """The user of this name or address, in whatever workspace; for the server's own commands."""
    wanted = username.strip().casefold()
    with app.reading() as session:
        user = session.scalar(sa.select(User).where((User.username == wanted) | (User.email == wanted)))
        known = [] if user else session.scalars(sa.select(User.username)).all()
    if user is None:
        raise NotFound(f"There is no user named '{username}'.{did_you_mean(wanted, known)}")
    return user


def actor_for(app: AppStore, user_id: str, workspace_id: str) -> Actor:
    """This user in this workspace, as the rows say now: whoever a schedule or an export runs as."""
    with app.reading() as session:
        found = session.execute(
            sa.select(User, WorkspaceMember, WorkspaceRow)
            .join(WorkspaceMember, WorkspaceMember.user_id == User.id)
            .join(WorkspaceRow, WorkspaceRow.id == WorkspaceMember.workspace_id)
            .where(User.id == user_id, WorkspaceMember.workspace_id == workspace_id, User.is_active)
        ).first()
        if found is None:
            raise NotAllowed(
                "Whoever owns this is no longer a member of its workspace. Somebody else must take it over."
            )
        return sessions.in_workspace(session, *found)


def acting(ctx: Context, user_id: str | None, needed: Capability, otherwise: str) -> Context:
    """The context of that user, as the rows say now, or the system's where there is none.

    NotAllowed that says `otherwise` if they may not do any more what is `needed`.
    """
    if not user_id:
        return ctx.as_actor(SYSTEM)
    try:
        found = ctx.on_behalf_of(actor_for(ctx.app, user_id, ctx.workspace.id))
        found.require(needed)
    except NotAllowed as error:
        raise NotAllowed(otherwise) from error
    return found


def set_time_zone(app: AppStore, user_id: str, time_zone: str) -> None:
    """The zone in which this user reads times of day; empty means their workspace's."""
    if time_zone:
        zone_of(time_zone)
    with app.session() as session:
        session.get_one(User, user_id).time_zone = time_zone


def _inside(ctx: Context) -> sa.Select[User, WorkspaceMember]:
    return (
        sa.select(User, WorkspaceMember)
        .join(WorkspaceMember, WorkspaceMember.user_id == User.id)
        .where(WorkspaceMember.workspace_id == ctx.workspace.id)
    )


def _member(session: Session, ctx: Context, username: str) -> tuple[User, WorkspaceMember]:
    wanted = username.strip().casefold()
    found = session.execute(_inside(ctx).where((User.username == wanted) | (User.email == wanted))).first()
    if found is None:
        known = [user.username for user, _ in session.execute(_inside(ctx))]
        raise NotFound(f"'{username}' is no member of '{ctx.workspace.name}'.{did_you_mean(wanted, known)}")
    return found[0], found[1]


def _check_person(session: Session, ctx: Context, person_id: str) -> None:
    """NotFound unless somebody of this workspace has this id, and was not merged into another."""
    person = _PEOPLE.c
    standing = sa.select(person.id).where(
        person.id == person_id, person.workspace_id == ctx.workspace.id, person.merged_into_id.is_(None)
    )
    if session.scalar(standing) is None:
        raise NotFound(f"There is no person '{person_id}' in this workspace. `sightline people list` shows everybody.")


def _known(session: Session, username: str, email: str) -> User | None:
    taken = session.scalars(sa.select(User).where((User.username == username) | (User.email == email))).all()
    if not taken:
        return None
    if len(taken) == 1 and taken[0].username == username and taken[0].email == email:
        return taken[0]
    raise Conflict(f"The name '{username}' or the address '{email}' is taken. Choose another name.")


def _keep_an_admin(session: Session, ctx: Context, leaving: User) -> None:
    others = session.scalar(
        _inside(ctx)
        .where(WorkspaceMember.role == "admin", User.is_active, ~User.is_demo, User.id != leaving.id)
        .with_only_columns(sa.func.count())
    )
    if not others and not leaving.is_demo:
        raise Conflict(
            f"'{leaving.username}' is the last admin of '{ctx.workspace.name}'. Make somebody else admin first."
        )


def _own_all(session: Session, ctx: Context, user: User) -> None:
    """An admin rules over a user only if they are admin wherever that user is a member."""
    if _is_elsewhere(session, ctx, user):
        raise NotAllowed(f"'{user.username}' is a member of other workspaces too. Remove them from this one instead.")


def _is_elsewhere(session: Session, ctx: Context, user: User) -> bool:
    """Whether this user is a member where the actor is no admin."""
    if not ctx.actor.user_id:
        return False
    ruled = sa.select(WorkspaceMember.workspace_id).where(
        WorkspaceMember.user_id == ctx.actor.user_id, WorkspaceMember.role == "admin"
    )
    elsewhere = session.scalar(
        sa.select(WorkspaceMember.workspace_id)
        .where(WorkspaceMember.user_id == user.id, WorkspaceMember.workspace_id.not_in(ruled))
        .limit(1)
    )
    return elsewhere is not None


def _checked(username: str, email: str) -> tuple[str, str]:
    username, email = username.strip().casefold(), email.strip().casefold()
    if not _NAME.fullmatch(username):
        raise BadInput("A user name has 1 to 60 letters, digits, dots, hyphens or underscores.")
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        raise BadInput(f"'{email}' is no e-mail address.")
    return username, email


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise BadInput(f"There is no role '{role}'. Choose one of {', '.join(ROLES)}.{did_you_mean(role, ROLES)}")


def _view(user: User, member: WorkspaceMember) -> UserView:
    return UserView(
        user.id, user.username, user.name, user.email, member.role, member.person_id,
        user.is_active, user.is_demo, bool(user.password_hash), user.last_seen_at,
    )  # fmt: skip
