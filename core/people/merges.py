"""The verbs of merging: look first, merge, undo, say that two are two."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.access.workspaces import note
from core.base.errors import BadInput, Conflict
from core.context import Capability, Context
from core.people.directory import own_row, person
from core.people.footprint import footprint, mark_labels, mark_old
from core.people.merging import identities_of, joined, keep_apart, parted
from core.people.models import Person, PersonMerge
from core.people.publishing import changing
from core.people.views import MergeView, Moved, Preview


def preview_merge(ctx: Context, into_id: str, from_id: str) -> Preview:
    """Which identities and numbers would move if `from_id` became part of `into_id`."""
    ctx.require(Capability.MANAGE_PEOPLE)
    into, other = person(ctx, into_id), person(ctx, from_id)
    if into.id == other.id:
        raise BadInput(f"Both are '{into.name}' already.")
    kept = footprint(ctx, [identity.id for identity in into.identities])
    moving = footprint(ctx, [identity.id for identity in other.identities])
    numbers = []
    for what in dict.fromkeys([*kept.counts, *moving.counts]):
        now, more = kept.counts.get(what, 0), moving.counts.get(what, 0)
        if now or more:
            numbers.append(Moved(what, now, more, now + more))
    return Preview(
        into.id, into.name, other.id, other.name, other.identities, tuple(numbers), moving.first_day, moving.last_day
    )


def merge(ctx: Context, into_id: str, from_id: str, reason: str = "") -> str:
    """Make `from_id` part of `into_id`; returns the id that undoes it."""
    with changing(ctx) as session:
        into, other = own_row(session, ctx, into_id), own_row(session, ctx, from_id)
        for row in (into, other):
            if row.merged_into_id:
                raise Conflict(f"'{row.name}' is part of another person already. Look the list up again.")
        moved = identities_of(session, ctx, [other.id])
        made = joined(session, ctx, into, other, is_automatic=False, reason=reason)
        note(session, ctx, "people.merge", f"{other.name} into {into.name}", merge_id=made.id, into_id=into_id,
             from_id=from_id, identities=len(moved))  # fmt: skip
        mark_old(session, ctx, "merge", moved)
        return made.id


def unmerge(ctx: Context, merge_id: str) -> None:
    """Undo one merge; earlier and later ones stay as they are."""
    with changing(ctx) as session:
        undone = parted(session, ctx, merge_id)
        returned = identities_of(session, ctx, [undone.from_id])
        note(session, ctx, "people.unmerge", session.get_one(Person, undone.from_id).name, merge_id=merge_id,
             into_id=undone.into_id, from_id=undone.from_id, identities=len(returned))  # fmt: skip
        mark_old(session, ctx, "unmerge", returned)


def say_apart(ctx: Context, one_id: str, other_id: str) -> None:
    """Say that these two are two: they are not suggested again, and automation leaves them."""
    with changing(ctx) as session:
        one, other = own_row(session, ctx, one_id), own_row(session, ctx, other_id)
        keep_apart(session, ctx, one.id, other.id)
        mark_labels(session, ctx)
        note(session, ctx, "people.keep_apart", f"{one.name} and {other.name}", one_id=one_id, other_id=other_id)


def merges(ctx: Context, *, include_undone: bool = False) -> list[MergeView]:
    """Every merge, newest first."""
    ctx.require(Capability.MANAGE_PEOPLE)
    into, other = aliased(Person), aliased(Person)
    chosen = (
        sa.select(PersonMerge, into.name, other.name)
        .join(into, into.id == PersonMerge.into_id)
        .join(other, other.id == PersonMerge.from_id)
        .where(PersonMerge.workspace_id == ctx.workspace.id)
        .order_by(PersonMerge.at.desc(), PersonMerge.id)
    )
    if not include_undone:
        chosen = chosen.where(PersonMerge.undone_at.is_(None))
    with ctx.app.reading() as session:
        return [
            MergeView(
                row.id, row.into_id, into_name, row.from_id, from_name, row.at, row.actor_name, row.is_automatic,
                row.reason, len(row.moved), row.undone_at,
            )
            for row, into_name, from_name in session.execute(chosen)
        ]  # fmt: skip
