"""API tokens: what programs show at the HTTP doors instead of a session. Bound to one workspace, kept as hashes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from core.access import sessions
from core.access.models import ApiToken, User, WorkspaceMember, WorkspaceRow
from core.access.workspaces import note, workspace_of
from core.base.errors import BadInput, Conflict, NotAllowed, NotFound, did_you_mean
from core.context import SYSTEM, Actor, Capability, Context, Workspace
from core.stores.app import AppStore

PREFIX = "sl_"
SHOWN = 10
"""Letters of a token by which people tell it from others."""
SEEN_EVERY = timedelta(minutes=1)
_NUMBERS, _REPORTS = Capability.VIEW_DASHBOARDS, Capability.VIEW_REPORTS
OFFERED: dict[str, tuple[frozenset[Capability], str]] = {
    "read": (frozenset({_NUMBERS}), "read numbers"),
    "reports:read": (frozenset({_REPORTS}), "read reports and their results"),
    "reports:write": (frozenset({_REPORTS, _NUMBERS, Capability.EDIT_REPORTS}), "make and change reports"),
    "reports:run": (frozenset({_REPORTS, _NUMBERS, Capability.RUN_REPORTS}), "run reports"),
    "schedules": (frozenset({_REPORTS, Capability.SCHEDULE_REPORTS}), "schedule reports"),
    "export": (frozenset({_REPORTS, Capability.EXPORT}), "export reports and data"),
    "alerts": (frozenset({Capability.MANAGE_ALERTS}), "make and change alert rules"),
    "push": (frozenset({Capability.MANAGE_SOURCES}), "push records"),
}
"""What a token may be good for: a word, the capabilities behind it, and what people call it."""


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as people see it: never the token itself."""

    id: str
    name: str
    begins: str
    may: tuple[str, ...]
    made_by: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    is_revoked: bool
    has_ended: bool
    """Its day is over."""

    @property
    def said(self) -> list[str]:
        """What it may, in words."""
        return [OFFERED[word][1] for word in self.may if word in OFFERED]


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token this is, and what it may do right now."""

    workspace: Workspace
    actor: Actor
    token_id: str
    is_demo: bool = False
    """Made by the user whose password everybody knows."""


def make(ctx: Context, name: str, may: Iterable[str] = ("push",), days: int | None = None) -> str:
    """A new token, told this once. It does what its maker may do, and no more than `may` says."""
    _require_person(ctx)
    chosen = [_offered(word) for word in dict.fromkeys(may)]
    for word in chosen:
        for capability in sorted(OFFERED[word][0]):
            ctx.require(capability)
    if not name.strip() or not chosen:
        raise BadInput("A token needs a name that tells where it is used, and something that it may do.")
    if days is not None and days < 1:
        raise BadInput("A token lasts a day at least. Leave the days out for one that does not end.")
    token = PREFIX + secrets.token_urlsafe(32)
    with ctx.app.session() as session:
        mine = sa.and_(
            ApiToken.workspace_id == ctx.workspace.id,
            ApiToken.revoked_at.is_(None),
            ApiToken.user_id.is_not_distinct_from(ctx.actor.user_id or None),
        )
        if session.scalar(sa.select(ApiToken.id).where(mine, ApiToken.name == name.strip()[:120])):
            raise Conflict(f"There is a token named '{name.strip()}' already. Revoke it first, or choose another name.")
        session.add(
            ApiToken(
                workspace_id=ctx.workspace.id, name=name.strip()[:120], token_hash=_hash(token), begins=token[:SHOWN],
                may=chosen, user_id=ctx.actor.user_id or None, created_at=ctx.clock(),
                expires_at=ctx.clock() + timedelta(days=days) if days else None,
            )
        )  # fmt: skip
        note(session, ctx, "token.make", name.strip(), may=chosen)
    return token


def tokens(ctx: Context) -> list[TokenView]:
    """The actor's tokens, the newest first, and for an admin everybody's; revoked ones stay in the list."""
    _require_person(ctx)
    asked = sa.select(ApiToken, User).outerjoin(User, User.id == ApiToken.user_id)
    asked = asked.where(ApiToken.workspace_id == ctx.workspace.id)
    if not ctx.may(Capability.MANAGE_WORKSPACE):
        asked = asked.where(ApiToken.user_id == ctx.actor.user_id)
    with ctx.app.reading() as session:
        found = session.execute(asked.order_by(ApiToken.created_at.desc(), ApiToken.name)).all()
    return [
        TokenView(
            row.id, row.name, row.begins, tuple(row.may), user.name if user else "the command line", row.created_at,
            row.last_used_at, row.expires_at, row.revoked_at is not None,
            row.expires_at is not None and row.expires_at <= ctx.clock(),
        )
        for row, user in found
    ]  # fmt: skip


def revoke(ctx: Context, ref: str) -> str:
    """End a token, by id, name or first letters; its name. Whoever shows it next is refused."""
    _require_person(ctx)
    alive = [view for view in tokens(ctx) if not view.is_revoked]
    same = [view for view in alive if ref in (view.id, view.name, view.begins)]
    if not same:
        raise NotFound(f"There is no token named '{ref}'.{did_you_mean(ref, [view.name for view in alive])}")
    if len(same) > 1:
        begins = ", ".join(f"{view.begins} of {view.made_by}" for view in same)
        raise BadInput(f"There are {len(same)} tokens named '{ref}'. Say its first letters: {begins}.")
    found = same[0]
    with ctx.app.session() as session:
        session.get_one(ApiToken, found.id).revoked_at = ctx.clock()
        note(session, ctx, "token.revoke", found.name)
    return found.name


def bearer(app: AppStore, token: str, now: datetime) -> Bearer | None:
    """Whose token it is; None if it is made up, ended, or its maker may no longer enter the workspace."""
    with app.reading() as session:
        row = session.scalar(sa.select(ApiToken).where(ApiToken.token_hash == _hash(token)))
        if row is None or row.revoked_at is not None or (row.expires_at and row.expires_at <= now):
            return None
        home = session.get(WorkspaceRow, row.workspace_id)
        maker = session.get(User, row.user_id) if row.user_id else None
        member = session.get(WorkspaceMember, (row.workspace_id, row.user_id)) if row.user_id else None
        whose = sessions.in_workspace(session, maker, member, home) if maker and member and home else SYSTEM
    if home is None or (row.user_id and (maker is None or not maker.is_active or member is None)):
        return None
    if row.last_used_at is None or now - row.last_used_at > SEEN_EVERY:
        _seen(app, row.id, now)
    may = frozenset[Capability]().union(*(OFFERED[word][0] for word in row.may if word in OFFERED))
    shown = replace(whose, name=f"Token '{row.name}'", capabilities=may & whose.capabilities, is_token=True)
    return Bearer(workspace_of(home), shown, row.id, bool(maker and maker.is_demo))


def offered(ctx: Context) -> dict[str, str]:
    """What a token of the actor may be good for: words, and what people call them."""
    return {word: said for word, (needed, said) in OFFERED.items() if needed <= ctx.actor.capabilities}


def _require_person(ctx: Context) -> None:
    """Return quietly if it is somebody themselves who asks: no token makes, lists or ends another."""
    ctx.require(Capability.VIEW_REPORTS)
    if ctx.actor.is_token:
        raise NotAllowed("A token makes, lists and ends no tokens. Sign in, or use the command line on the server.")


def _seen(app: AppStore, token_id: str, now: datetime) -> None:
    with app.session() as session:
        session.execute(sa.update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))


def _offered(word: str) -> str:
    if word not in OFFERED:
        raise BadInput(f"A token may {', '.join(OFFERED)}; '{word}' is none of them.{did_you_mean(word, OFFERED)}")
    return word


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
