"""Joining two persons into one and parting them again, without losing anything in either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import WorkspaceMember
from core.base.errors import Conflict, NotFound
from core.context import Context
from core.people.models import Identity, KeptApart, Person, PersonMerge


def roots(session: Session, workspace_id: str) -> dict[str, str]:
    """For every merged person, the person it counts for now."""
    found = session.execute(
        sa.select(Person.id, Person.merged_into_id).where(
            Person.workspace_id == workspace_id, Person.merged_into_id.is_not(None)
        )
    )
    into = {person: target for person, target in found if target}
    ends = {}
    for person in into:
        end = person
        while end in into:
            end = into[end]
        ends[person] = end
    return ends


def joined(
    session: Session, ctx: Context, into: Person, other: Person, *, is_automatic: bool, reason: str
) -> PersonMerge:
    """Make `other` count for `into`; both must stand for themselves now."""
    if into.id == other.id:
        raise Conflict(f"'{into.name}' is one person already.")
    moved = identities_of(session, ctx, [other.id])
    other.merged_into_id = into.id
    merge = PersonMerge(
        workspace_id=ctx.workspace.id, into_id=into.id, from_id=other.id, at=ctx.clock(), reason=reason[:240],
        actor_name=ctx.actor.name, is_automatic=is_automatic, moved=[str(i) for i in moved],
        users=_users_moved(session, ctx, other.id, into.id),
    )  # fmt: skip
    session.add(merge)
    session.flush()
    settle(session, ctx)
    return merge


def parted(session: Session, ctx: Context, merge_id: str) -> PersonMerge:
    """Undo one merge; those made before and after it stay."""
    merge = session.get(PersonMerge, merge_id)
    if merge is None or merge.workspace_id != ctx.workspace.id:
        raise NotFound(f"There is no merge '{merge_id}' in this workspace. `sightline people merges` lists them.")
    if merge.undone_at:
        raise Conflict("This merge was undone already.")
    other = session.get_one(Person, merge.from_id)
    whole = roots(session, ctx.workspace.id)[other.id]
    other.merged_into_id = None
    _users_moved(session, ctx, whole, other.id, merge.users)
    merge.undone_at, merge.undone_by = ctx.clock(), ctx.actor.name
    if merge.is_automatic:
        keep_apart(session, ctx, merge.into_id, merge.from_id)
    session.flush()
    settle(session, ctx)
    return merge


def settle(session: Session, ctx: Context) -> None:
    """Point every identity at the person that its home counts for."""
    ends = roots(session, ctx.workspace.id)
    wrong: dict[str, list[int]] = defaultdict(list)
    found = session.execute(
        sa.select(Identity.id, Identity.home_id, Identity.person_id).where(
            Identity.workspace_id == ctx.workspace.id,
            sa.or_(Identity.home_id != Identity.person_id, Identity.home_id.in_(ends)),
        )
    )
    for identity, home, person in found:
        right = ends.get(home, home)
        if right != person:
            wrong[right].append(identity)
    for person, identities in wrong.items():
        session.execute(
            sa.update(Identity)
            .where(Identity.workspace_id == ctx.workspace.id, Identity.id.in_(identities))
            .values(person_id=person)
        )


def _users_moved(
    session: Session, ctx: Context, from_id: str, to_id: str, only: Sequence[str] | None = None
) -> list[str]:
    """Let users who are one person be the other; returns who they are."""
    chosen = sa.select(WorkspaceMember).where(
        WorkspaceMember.workspace_id == ctx.workspace.id, WorkspaceMember.person_id == from_id
    )
    moved = [member for member in session.scalars(chosen) if only is None or member.user_id in only]
    for member in moved:
        member.person_id = to_id
    return [member.user_id for member in moved]


def identities_of(session: Session, ctx: Context, person_ids: Iterable[str]) -> list[int]:
    """The identities that count for these persons now."""
    return list(
        session.scalars(
            sa.select(Identity.id)
            .where(Identity.workspace_id == ctx.workspace.id, Identity.person_id.in_(list(person_ids)))
            .order_by(Identity.id)
        )
    )


def keep_apart(session: Session, ctx: Context, one_id: str, other_id: str) -> None:
    """Remember that these two are two."""
    one, other = sorted((one_id, other_id))
    if session.get(KeptApart, (ctx.workspace.id, one, other)) is None:
        session.add(KeptApart(workspace_id=ctx.workspace.id, one_id=one, other_id=other, at=ctx.clock()))


def kept_apart(session: Session, workspace_id: str) -> set[tuple[str, str]]:
    """Pairs that are two, each in order of id."""
    found = session.execute(
        sa.select(KeptApart.one_id, KeptApart.other_id).where(KeptApart.workspace_id == workspace_id)
    )
    return {(one, other) for one, other in found}
